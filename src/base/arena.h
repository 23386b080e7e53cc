/* Memory with one end of life: allocate freely, release all at once. */
#ifndef CLEAT_BASE_ARENA_H
#define CLEAT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/error.h"

struct arena_block;
struct arena_cleanup;

struct arena {
	struct arena_block *blocks;	/* newest first */
	struct arena_cleanup *cleanups; /* newest first */
};

void arena_init(struct arena *arena);

/* Runs the cleanups, newest first, and frees everything but one block. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/*
 * Aligned for any type, zeroed. Never NULL: running out of memory aborts,
 * since the limits on input keep it far away.
 */
void *arena_alloc(struct arena *arena, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
/* One text of them all. */
char *arena_join(struct arena *arena, const char *const *texts, size_t count);
/* A copy with the letters of ASCII in lower case. */
char *arena_lower(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...)
	PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	PRINTF_LIKE(2, 0);

/* Calls `run(what)` when the arena is reset or released. */
void arena_on_reset(struct arena *arena, void (*run)(void *what), void *what);

#endif
