/* A bump allocator over blocks that grow with what is asked of them. */
#include "base/arena.h"

#include <ctype.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_BLOCK = 16 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena_cleanup {
	struct arena_cleanup *next;
	void (*run)(void *what);
	void *what;
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){0};
}

static void run_cleanups(struct arena *arena)
{
	struct arena_cleanup *cleanup = arena->cleanups;

	arena->cleanups = NULL;
	for (; cleanup; cleanup = cleanup->next)
		cleanup->run(cleanup->what);
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_reset(struct arena *arena)
{
	run_cleanups(arena);
	if (!arena->blocks)
		return;

	struct arena_block *newest = arena->blocks;
	free_blocks(newest->next);
	newest->next = NULL;
	if (newest->size > FIRST_BLOCK) {
		free(newest);
		arena->blocks = NULL;
		return;
	}
	newest->used = 0;
}

void arena_release(struct arena *arena)
{
	run_cleanups(arena);
	free_blocks(arena->blocks);
	arena->blocks = NULL;
}

static struct arena_block *add_block(struct arena *arena, size_t least)
{
	size_t size = least > FIRST_BLOCK ? least : FIRST_BLOCK;
	struct arena_block *block = memory_alloc(sizeof(*block) + size);

	block->size = size;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *block = arena->blocks;

	if (size > SIZE_MAX / 2)
		abort();
	size = (size + align - 1) / align * align;
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);

	void *start = block->bytes + block->used;
	block->used += size;
	return memset(start, 0, size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_lower(struct arena *arena, const char *text)
{
	char *lower = arena_strdup(arena, text);

	for (char *at = lower; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return lower;
}

char *arena_join(struct arena *arena, const char *const *texts, size_t count)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += strlen(texts[i]);
	char *joined = arena_alloc(arena, length + 1);
	char *at = joined;
	for (size_t i = 0; i < count; i++) {
		size_t more = strlen(texts[i]);

		memcpy(at, texts[i], more);
		at += more;
	}
	return joined;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length < 0)
		abort();
	char *text = arena_alloc(arena, (size_t)length + 1);
	(void)vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void arena_on_reset(struct arena *arena, void (*run)(void *what), void *what)
{
	struct arena_cleanup *cleanup = arena_alloc(arena, sizeof(*cleanup));

	cleanup->run = run;
	cleanup->what = what;
	cleanup->next = arena->cleanups;
	arena->cleanups = cleanup;
}
