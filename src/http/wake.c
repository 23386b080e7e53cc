/* A thread that interrupts the waiting of others by an empty signal. */
#include "http/wake.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/memory.h"

enum {
	THREADS_MAX = 64,
	EVENTS_AT_ONCE = 128,
	OTHER_EVENTS = 2, /* of the listening socket, and its own pipe */
	EVERY_US = 20000,
};

struct served {
	pthread_t thread;
	int connections;
};

struct wake {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool is_stopping;		   /* guarded by lock */
	struct served served[THREADS_MAX]; /* guarded by lock */
	int count;			   /* guarded by lock */
};

static void interrupt(int number)
{
	(void)number;
}

/* epoll_wait ends with EINTR: the handler is there, and nothing restarts. */
static void take_signal(void)
{
	struct sigaction action = {.sa_handler = interrupt};

	sigemptyset(&action.sa_mask);
	(void)sigaction(SIGUSR1, &action, NULL);
}

static void wait_a_while(struct wake *wake)
{
	condition_wait(&wake->stop, &wake->lock, clock_monotonic() + EVERY_US);
}

static void *wake_busy_threads(void *context)
{
	struct wake *wake = context;

	pthread_mutex_lock(&wake->lock);
	while (!wake->is_stopping) {
		for (int i = 0; i < wake->count; i++)
			if (wake->served[i].connections + OTHER_EVENTS >=
			    EVENTS_AT_ONCE)
				(void)pthread_kill(wake->served[i].thread,
						   SIGUSR1);
		wait_a_while(wake);
	}
	pthread_mutex_unlock(&wake->lock);
	return NULL;
}

struct wake *wake_start(void)
{
	struct wake *wake = memory_zalloc(sizeof(*wake));

	take_signal();
	pthread_mutex_init(&wake->lock, NULL);
	condition_init(&wake->stop);
	if (pthread_create(&wake->thread, NULL, wake_busy_threads, wake) != 0)
		abort(); /* as without memory: nothing runs without threads */
	return wake;
}

void wake_stop(struct wake *wake)
{
	if (!wake)
		return;
	pthread_mutex_lock(&wake->lock);
	wake->is_stopping = true;
	pthread_cond_signal(&wake->stop);
	pthread_mutex_unlock(&wake->lock);
	pthread_join(wake->thread, NULL);
	pthread_mutex_destroy(&wake->lock);
	pthread_cond_destroy(&wake->stop);
	free(wake);
}

/* Under the lock; NULL when there are more threads than we watch. */
static struct served *own_place(struct wake *wake)
{
	for (int i = 0; i < wake->count; i++)
		if (pthread_equal(wake->served[i].thread, pthread_self()))
			return &wake->served[i];
	if (wake->count == THREADS_MAX)
		return NULL;
	wake->served[wake->count].thread = pthread_self();
	return &wake->served[wake->count++];
}

static void add(struct wake *wake, int connections)
{
	pthread_mutex_lock(&wake->lock);
	struct served *own = own_place(wake);
	if (own)
		own->connections += connections;
	pthread_mutex_unlock(&wake->lock);
}

void wake_connected(struct wake *wake)
{
	add(wake, 1);
}

void wake_disconnected(struct wake *wake)
{
	add(wake, -1);
}
