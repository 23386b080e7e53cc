/* Random bytes from the system, through libsodium. */
#include "base/random.h"

#include <sodium.h>

void random_bytes(void *ret, size_t length)
{
	randombytes_buf(ret, length);
}

uint64_t random_u64(void)
{
	uint64_t number;

	random_bytes(&number, sizeof(number));
	return number;
}
