/* Allocation that aborts instead of failing; limits at the edges come first. */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_abort(void *memory)
{
	if (!memory) {
		(void)fputs("cleat: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *memory_alloc(size_t size)
{
	return or_abort(malloc(size ? size : 1));
}

void *memory_zalloc(size_t size)
{
	return or_abort(calloc(1, size ? size : 1));
}

void *memory_realloc(void *old, size_t size)
{
	return or_abort(realloc(old, size ? size : 1));
}

char *memory_strdup(const char *text)
{
	return or_abort(strdup(text));
}

char *memory_join(const char *text, const char *more)
{
	size_t length = strlen(text), more_size = strlen(more) + 1;
	char *joined = memory_alloc(length + more_size);

	memcpy(joined, text, length);
	memcpy(joined + length, more, more_size);
	return joined;
}
