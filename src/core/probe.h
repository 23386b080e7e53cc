/*
 * Trying an integration: one call or a few to its provider or target, which
 * show that its credentials and what it names are good. Sends nothing itself:
 * whoever tries makes each call and brings what came of it.
 */
#ifndef CLEAT_CORE_PROBE_H
#define CLEAT_CORE_PROBE_H

#include <stdbool.h>

#include "base/outbound_call.h"
#include "core/credential.h"
#include "core/integration.h"

enum { PROBE_CALLS_MAX = 24 };

struct probe;

/* How one type is tried. */
struct probe_way {
	const char *kind;
	/* The call of this step. False, with the fault, when there can be none.
	 */
	bool (*ask)(struct probe *probe, struct outbound_call *ret);
	/* Judges its answer: a fault, or on to another step, or it works. */
	void (*judge)(struct probe *probe,
		      const struct outbound_answer *answer);
};

struct probe {
	struct op *op; /* its arena alone is used */
	const struct probe_way *way;
	const struct integration *integration;
	const struct credential_list *secrets;
	struct uuid id;	      /* of this try */
	const char *activity; /* that it is, for whom activities are sent to */
	int64_t now;
	int step, calls;
	const char *found; /* by a call, for the next; NULL: nothing */

	bool is_over;
	const char
		*field;	 /* that is at fault; NULL: it works, or is not over */
	const char *why; /* as the rest of a sentence */
	const char *log; /* a line for each call */
};

/* Is there a way to try this type? */
bool probe_knows(const char *kind);

/*
 * `activity` is what a webhook is sent of this try, `has_recipients` whether a
 * type that sends mail has anybody to send to.
 */
void probe_begin(struct op *op, const struct integration *integration,
		 const struct credential_list *secrets, struct uuid id,
		 const char *activity, bool has_recipients, struct probe *ret);

/* The next call, or false when it is over. */
bool probe_next(struct probe *probe, struct outbound_call *ret);
void probe_take(struct probe *probe, const struct outbound_answer *answer);

/* For ways: what they read, say and go on to. */
const char *probe_setting(const struct probe *probe, const char *name);
/* "" when there is none. */
const char *probe_secret(const struct probe *probe, const char *name);
void probe_fault(struct probe *probe, const char *field, const char *format,
		 ...) PRINTF_LIKE(3, 4);
void probe_works(struct probe *probe);
void probe_go_on(struct probe *probe, int step);
void probe_get(struct outbound_call *ret, const char *url);
void probe_header(struct outbound_call *ret, const char *name,
		  const char *value);
void probe_post(struct outbound_call *ret, const char *url, const char *type,
		const char *body);
/* A member of the answer's JSON; NULL when there is none. */
const char *probe_said(const struct probe *probe,
		       const struct outbound_answer *answer, const char *path);
/* "Basic " and what follows. */
const char *probe_basic(const struct probe *probe, const char *user,
			const char *password);

/* The call that brings an access token of Bitbucket's, by the credentials that
 * there are; false, with the fault, when there are none. */
bool probe_log_in_bitbucket(struct probe *probe, struct outbound_call *ret);

extern const struct probe_way probe_git_ways[], probe_listener_ways[],
	probe_log_ways[];
extern const size_t probe_git_count, probe_listener_count, probe_log_count;

#endif
