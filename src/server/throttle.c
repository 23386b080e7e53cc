/* A small table that forgets who is free soonest. */
#include "server/throttle.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

enum { HELD_MAX = 256 };

struct held {
	struct uuid connection_id;
	int64_t until;
};

struct throttle {
	pthread_mutex_t lock;
	struct held held[HELD_MAX]; /* guarded by lock */
};

struct throttle *throttle_new(void)
{
	struct throttle *throttle = memory_zalloc(sizeof(*throttle));

	pthread_mutex_init(&throttle->lock, NULL);
	return throttle;
}

void throttle_free(struct throttle *throttle)
{
	if (!throttle)
		return;
	pthread_mutex_destroy(&throttle->lock);
	free(throttle);
}

/* Its place, or else that of the one that is free soonest. With the lock. */
static struct held *find(struct throttle *throttle, struct uuid connection_id)
{
	struct held *soonest = &throttle->held[0];

	for (int i = 0; i < HELD_MAX; i++) {
		struct held *held = &throttle->held[i];

		if (uuid_equal(held->connection_id, connection_id))
			return held;
		if (held->until < soonest->until)
			soonest = held;
	}
	return soonest;
}

void throttle_hold(struct throttle *throttle, struct uuid connection_id,
		   int64_t now, int64_t seconds)
{
	pthread_mutex_lock(&throttle->lock);
	*find(throttle, connection_id) =
		(struct held){connection_id, now + seconds * CLOCK_SECOND};
	pthread_mutex_unlock(&throttle->lock);
}

int64_t throttle_left_s(struct throttle *throttle, struct uuid connection_id,
			int64_t now)
{
	int64_t left = 0;

	pthread_mutex_lock(&throttle->lock);
	const struct held *held = find(throttle, connection_id);
	if (uuid_equal(held->connection_id, connection_id))
		left = held->until - now;
	pthread_mutex_unlock(&throttle->lock);
	return left > 0 ? (left + CLOCK_SECOND - 1) / CLOCK_SECOND : 0;
}
