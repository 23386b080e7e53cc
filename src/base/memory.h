/* malloc that does not return without memory. */
#ifndef CLEAT_BASE_MEMORY_H
#define CLEAT_BASE_MEMORY_H

#include <stddef.h>

/* Never NULL; aborts when there is no memory. The caller frees. */
void *memory_alloc(size_t size);
void *memory_zalloc(size_t size);
void *memory_realloc(void *old, size_t size);
char *memory_strdup(const char *text);
char *memory_join(const char *text, const char *more);

#endif
