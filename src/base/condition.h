/* Conditions that are waited for by the monotonic clock (base/clock.h). */
#ifndef CLEAT_BASE_CONDITION_H
#define CLEAT_BASE_CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* pthread_cond_destroy ends it. */
void condition_init(pthread_cond_t *condition);

/*
 * With the lock held: until it is signalled, or until this time (as of
 * clock_monotonic); INT64_MAX is no limit. False when the time is over.
 */
bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
		    int64_t until_us);

#endif
