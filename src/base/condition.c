/* Conditions on the monotonic clock. */
#include "base/condition.h"

#include <errno.h>
#include <time.h>

void condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
		    int64_t until_us)
{
	const struct timespec until = {
		.tv_sec = until_us / 1000000,
		.tv_nsec = until_us % 1000000 * 1000,
	};

	if (until_us == INT64_MAX)
		return pthread_cond_wait(condition, lock) == 0;
	return pthread_cond_timedwait(condition, lock, &until) != ETIMEDOUT;
}
