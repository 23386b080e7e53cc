/* Random bytes for keys, tokens and identifiers. */
#ifndef CLEAT_BASE_RANDOM_H
#define CLEAT_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_bytes(void *ret, size_t length);
uint64_t random_u64(void);

#endif
