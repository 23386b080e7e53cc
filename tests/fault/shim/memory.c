/* Allocations of the program and of its libraries that fail when told to. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "control.h"

/* glibc's own */
void *__libc_malloc(size_t size);		/* NOLINT */
void *__libc_calloc(size_t count, size_t size); /* NOLINT */
void *__libc_realloc(void *old, size_t size);	/* NOLINT */

static int fails(void)
{
	if (!control_verdict(CALL_ALLOCATE, 0))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
	return fails() ? NULL : __libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
	return fails() ? NULL : __libc_realloc(ptr, size);
}
