/* Buckets in sets of a few, found by a keyed hash that nobody can aim at. */
#include "base/rate.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

enum { SETS = 16384, WAYS = 4, LOCKS = 64, BURST_S = 2 };

struct bucket {
	uint64_t who;	 /* 0: nobody's */
	int64_t full_at; /* microseconds */
};

struct rate {
	int64_t period;	   /* microseconds until one comes in */
	int64_t tolerance; /* how far off `full_at` may be */
	unsigned char key[crypto_shorthash_KEYBYTES];
	pthread_mutex_t locks[LOCKS];
	struct bucket (*sets)[WAYS]; /* guarded by the lock of its number */
};

struct rate *rate_new(int64_t per_s)
{
	struct rate *rate = memory_zalloc(sizeof(*rate));

	rate->period = CLOCK_SECOND / per_s;
	rate->tolerance = BURST_S * CLOCK_SECOND - rate->period;
	randombytes_buf(rate->key, sizeof(rate->key));
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&rate->locks[i], NULL);
	rate->sets = memory_zalloc(SETS * sizeof(*rate->sets));
	return rate;
}

void rate_free(struct rate *rate)
{
	if (!rate)
		return;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&rate->locks[i]);
	free(rate->sets);
	free(rate);
}

static uint64_t hash(const struct rate *rate, const void *who, size_t length)
{
	uint64_t number;

	_Static_assert(sizeof(number) == crypto_shorthash_BYTES, "a word");
	crypto_shorthash((unsigned char *)&number, who, length, rate->key);
	return number ? number : 1;
}

/* Its bucket, or else the one to forget for it. */
static struct bucket *find(struct bucket set[static WAYS], uint64_t who)
{
	struct bucket *fullest = &set[0];

	for (int i = 0; i < WAYS; i++) {
		if (set[i].who == who)
			return &set[i];
		if (set[i].full_at < fullest->full_at)
			fullest = &set[i];
	}
	*fullest = (struct bucket){.who = who};
	return fullest;
}

static int64_t take(const struct rate *rate, struct bucket *bucket, int64_t now)
{
	if (bucket->full_at < now)
		bucket->full_at = now;
	int64_t wait = bucket->full_at - now - rate->tolerance;
	if (wait > 0)
		return wait;
	bucket->full_at += rate->period;
	return 0;
}

int64_t rate_take(struct rate *rate, const void *who, size_t length,
		  int64_t now)
{
	uint64_t number = hash(rate, who, length);
	size_t at = number % SETS;
	pthread_mutex_t *lock = &rate->locks[at % LOCKS];

	pthread_mutex_lock(lock);
	int64_t wait = take(rate, find(rate->sets[at], number), now);
	pthread_mutex_unlock(lock);
	return wait;
}
