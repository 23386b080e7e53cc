/*
 * libssh2 reads lines before a server's greeting as long as some come, and
 * returns to nobody who would look at the time. A thread shuts its sockets
 * down when that is over, or the client is stopped.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/condition.h"
#include "http/client_call.h"

#define LOOK_US INT64_C(250000)

static void *watch_it(void *context)
{
	struct client_watch *watch = context;

	pthread_mutex_lock(&watch->lock);
	while (!watch->is_over) {
		int64_t now = clock_monotonic();

		if (now >= watch->ends_at || client_is_stopped(watch->client))
			for (size_t i = 0; i < watch->count; i++)
				(void)shutdown(watch->descriptors[i],
					       SHUT_RDWR);
		(void)condition_wait(&watch->wake, &watch->lock, now + LOOK_US);
	}
	pthread_mutex_unlock(&watch->lock);
	return NULL;
}

bool client_watch_start(struct client_watch *watch, struct client *client,
			int64_t ends_at)
{
	*watch = (struct client_watch){.client = client, .ends_at = ends_at};
	pthread_mutex_init(&watch->lock, NULL);
	condition_init(&watch->wake);
	if (pthread_create(&watch->thread, NULL, watch_it, watch) == 0)
		return true;
	pthread_cond_destroy(&watch->wake);
	pthread_mutex_destroy(&watch->lock);
	return false;
}

void client_watch_stop(struct client_watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->is_over = true;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
	pthread_join(watch->thread, NULL);
	for (size_t i = 0; i < watch->count; i++)
		(void)close(watch->descriptors[i]);
	pthread_cond_destroy(&watch->wake);
	pthread_mutex_destroy(&watch->lock);
}

/* A descriptor of its own: the library's number may be another's by then. */
bool client_watch_add(struct client_watch *watch, int descriptor)
{
	int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);

	pthread_mutex_lock(&watch->lock);
	bool has_room = own >= 0 && watch->count < CLIENT_ADDRESSES_MAX;
	if (has_room)
		watch->descriptors[watch->count++] = own;
	pthread_mutex_unlock(&watch->lock);
	if (!has_room && own >= 0)
		(void)close(own);
	return has_room;
}
