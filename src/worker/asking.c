/*
 * What the worker asks of its server, time and again: to be known, what it is
 * to have, and that it is there. Whoever was stopped or cut off does not know
 * it, and nobody tells it what it missed: so it asks once a second.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/log.h"
#include "base/random.h"
#include "worker/inside.h"

#define ASK_US	   INT64_C(1000000)
#define REFUSED_US INT64_C(4000000)
/* Then it is not on its way, and later: will not be. */
#define LATE_US	   INT64_C(3000000)
#define MISSING_US INT64_C(30000000)

enum { SAID_MAX = 512 };

/* The thread's own. Times are monotonic. */
struct asking {
	struct worker_process *process;
	struct arena arena; /* of one round */
	struct holding_known known;
	bool is_registered; /* since the start, or since the server forgot it */
	bool was_away;	    /* the server did not answer, the last time */
	bool wants_again;   /* what waits for this worker is to be tried */
	int64_t beat_every_us;
	int64_t beat_at;
	int64_t missing_from;	 /* 0: nothing is missing */
	int64_t lost_from;	 /* 0: nothing that the server takes for here */
	char said[SAID_MAX];	 /* the last fault, to log it once */
	enum upstream_answer to; /* the last answer */
};

static void complain(struct asking *asking, const char *what,
		     const struct upstream_said *said)
{
	const char *why = said->why ? said->why : "";
	char status[16], text[SAID_MAX];

	(void)snprintf(status, sizeof(status), "%d", said->status);
	(void)snprintf(text, sizeof(text), "%s %s %s", what, status, why);
	if (strcmp(text, asking->said) == 0)
		return;
	memcpy(asking->said, text, sizeof(text));
	log_error(what, "status", status, "why", why, NULL);
}

/*
 * The server knows neither this worker nor its environment any more, or not
 * who asks: what it held was to be removed, and the call for it may never come.
 * If it is known again, it is to be given all anew.
 */
static void drop_all(struct asking *asking, const char *why)
{
	struct holding_counts counts;

	holding_count(asking->process->holding, &counts);
	bool is_saved = holding_drop_all(asking->process->holding);
	asking->is_registered = false;
	atomic_store(&asking->process->is_registered, false);
	if (counts.connections && is_saved)
		log_info("dropped all", "why", why, NULL);
}

/* What it says of the way to the server; false when there is none. */
static bool hears(struct asking *asking, const char *what,
		  const struct upstream_said *said)
{
	asking->to = said->answer;
	if (said->answer == UPSTREAM_ENDED) {
		atomic_store(&asking->process->has_ended, true);
		drop_all(asking, "it may not ask any more");
	}
	if (said->answer == UPSTREAM_AWAY || said->answer == UPSTREAM_REFUSED ||
	    said->answer == UPSTREAM_ENDED) {
		asking->was_away = true;
		complain(asking, what, said);
		return false;
	}
	if (asking->was_away) {
		log_info("the server answers again", NULL);
		asking->wants_again = true;
		asking->was_away = false;
		asking->said[0] = '\0';
	}
	return true;
}

static void take_registration(struct asking *asking,
			      const struct holding_known *known,
			      int64_t heartbeat_s)
{
	const struct worker_options *options = asking->process->options;
	bool is_saved = holding_set_known(asking->process->holding, known);

	(void)is_saved; /* if not, that is logged, and it registers again */
	asking->known = *known;
	asking->is_registered = true;
	asking->beat_every_us = heartbeat_s * CLOCK_SECOND;
	asking->beat_at = clock_monotonic() + asking->beat_every_us;
	asking->missing_from = asking->lost_from = 0;
	asking->wants_again = false; /* registering asks for it */
	atomic_store(&asking->process->has_ended, false);
	atomic_store(&asking->process->is_registered, true);
	log_info("registered", "server", options->server, "environment",
		 options->environment, "name", options->name, "url", known->url,
		 NULL);
}

/* True when it is registered from now on. */
static bool enter(struct asking *asking)
{
	struct worker_process *process = asking->process;
	const struct upstream_me me = {
		.environment = process->options->environment,
		.name = process->options->name,
		.url = atomic_load(&process->url),
	};
	struct holding_known known;
	int64_t heartbeat_s;

	struct upstream_said said = upstream_register(
		&process->upstream, &asking->arena, &me, &known, &heartbeat_s);
	if (!hears(asking, "the server does not register it", &said))
		return false;
	if (said.answer == UPSTREAM_OK)
		take_registration(asking, &known, heartbeat_s);
	else
		complain(asking, "the server knows no such environment", &said);
	return said.answer == UPSTREAM_OK;
}

static void reconcile(struct asking *asking, int64_t since,
		      const struct upstream_set *set)
{
	char text[32];
	size_t dropped;

	bool is_saved =
		holding_reconcile(asking->process->holding, set->version,
				  set->items, set->count, &dropped);
	(void)is_saved; /* if not, that is logged, and tried in a second */
	if (set->version < since) {
		log_info("the server's versions begin anew", NULL);
		asking->is_registered = false;
	}
	if (!dropped)
		return;
	asking->wants_again = true;
	(void)snprintf(text, sizeof(text), "%zu", dropped);
	log_info("dropped what it is not to have", "connections", text, NULL);
}

/* When it began; 0 while there is none. */
static void time_absence(int64_t *from, size_t count, int64_t now)
{
	if (!count)
		*from = 0;
	else if (!*from)
		*from = now;
}

/* What it has not got in time is tried again. Of what the server takes for here
 * it asks for all; what the server has yet to bring comes when it can. */
static void look_for_missing(struct asking *asking)
{
	struct holding_counts counts;
	int64_t now = clock_monotonic();

	holding_count(asking->process->holding, &counts);
	time_absence(&asking->missing_from, counts.missing, now);
	time_absence(&asking->lost_from, counts.lost, now);
	if (asking->lost_from && now - asking->lost_from > MISSING_US)
		asking->is_registered = false;
}

/* False when the server can't be asked now. */
static bool compare(struct asking *asking)
{
	struct worker_process *process = asking->process;
	struct holding_counts counts;
	struct upstream_set set;

	holding_count(process->holding, &counts);
	struct upstream_said said =
		upstream_get_set(&process->upstream, &asking->arena,
				 asking->known.id, counts.version, &set);
	if (!hears(asking, "the server does not say what it is to have", &said))
		return false;
	if (said.answer == UPSTREAM_UNKNOWN) {
		asking->is_registered = false;
		return true;
	}
	if (said.answer == UPSTREAM_OK)
		reconcile(asking, counts.version, &set);
	atomic_store(&process->compared_at, clock_now());
	look_for_missing(asking);
	return true;
}

static void beat(struct asking *asking)
{
	int64_t now = clock_monotonic();
	bool is_late =
		asking->missing_from && now - asking->missing_from > LATE_US;

	if (now < asking->beat_at && !asking->wants_again)
		return;
	struct upstream_said said =
		upstream_beat(&asking->process->upstream, &asking->arena,
			      asking->known.id, asking->wants_again || is_late);
	if (!hears(asking, "the server takes no heartbeat", &said))
		return;
	if (said.answer == UPSTREAM_UNKNOWN)
		asking->is_registered = false;
	asking->wants_again = false;
	asking->beat_at = now + asking->beat_every_us;
}

/*
 * First what it is not to have any more: that is a small call, and who comes
 * back has it in its file who it is. True when there is more to ask at once.
 */
static bool go_round(struct asking *asking)
{
	bool was_known = !uuid_is_nil(asking->known.id);

	if (was_known && !compare(asking))
		return false;
	if (asking->is_registered) {
		beat(asking);
		return false;
	}
	bool is_forgotten = was_known && asking->to == UPSTREAM_UNKNOWN;
	if (enter(asking))
		return true;
	if (is_forgotten && asking->to == UPSTREAM_UNKNOWN)
		drop_all(asking, "its environment is gone");
	return false;
}

static int64_t pause_us(const struct asking *asking)
{
	bool is_refused =
		asking->to == UPSTREAM_REFUSED || asking->to == UPSTREAM_ENDED;
	int64_t pause = is_refused ? REFUSED_US : ASK_US;

	/* so that many workers do not ask in step */
	return pause - (int64_t)(random_u64() % (uint64_t)(pause / 4));
}

/* False when the worker is to stop. */
static bool wait_for_next(struct worker_process *process, int64_t until)
{
	pthread_mutex_lock(&process->lock);
	while (!process->is_stopping &&
	       condition_wait(&process->wake, &process->lock, until))
		;
	bool is_stopping = process->is_stopping;
	pthread_mutex_unlock(&process->lock);
	return !is_stopping;
}

void *asking_run(void *context)
{
	struct asking asking = {.process = context};
	struct worker_process *process = context;
	bool goes_on = true;

	arena_init(&asking.arena);
	holding_get_known(process->holding, &asking.known);
	while (goes_on) {
		bool has_more = go_round(&asking);
		bool is_saved = holding_settle(process->holding);

		(void)is_saved; /* if not, that is logged, and tried again */
		arena_reset(&asking.arena);
		goes_on = wait_for_next(
			process,
			has_more ? 0 : clock_monotonic() + pause_us(&asking));
	}
	explicit_bzero(&asking.known, sizeof(asking.known));
	arena_release(&asking.arena);
	return NULL;
}
