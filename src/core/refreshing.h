/*
 * Keeping a connection's tokens alive: refreshed before they expire, and from
 * time to time in any case, by one job for each connection. Its lane has room
 * for one, so one call is under way whatever the number of those who ask and
 * of processes; new tokens are there for nobody before their commit.
 */
#ifndef CLEAT_CORE_REFRESHING_H
#define CLEAT_CORE_REFRESHING_H

#include "base/outbound_call.h"
#include "core/credential.h"
#include "core/grant_call.h"
#include "core/job.h"

/* The kind of job, in a lane of the connection's own. */
#define REFRESHING_JOB "refresh"
/* How long a request waits for it at most. */
#define REFRESHING_WAIT_US (INT64_C(35) * 1000000)

/* A connection, as far as its tokens' refresh needs to know it. */
struct refreshing {
	struct uuid id, group_id;
	const char *provider, *auth_scheme, *status;
	struct uuid provider_app_id; /* nil: not known */
	const char *workspace_ref;   /* NULL: none */
	const char *metadata, *settings;
	int64_t tries;	   /* that have ended */
	int64_t failures;  /* since the last success */
	int64_t due_at;	   /* the next; 0: none is */
	int64_t wanted_at; /* somebody asked for one; 0: nobody */
	int64_t sent_at;   /* one is under way, or its answer was lost; 0: no */
	const char *answer; /* of the last failure; NULL: none */
};

/*
 * It has tokens now: says when they are refreshed. Nothing for a connection
 * that has none that can be.
 */
MUST_CHECK enum error refreshing_plan(struct op *op, struct uuid id);

/* May a connection that authenticates so have tokens? Else it has no job. */
bool refreshing_has_tokens(const char *auth_scheme);

/* It is erased: so is its job. */
MUST_CHECK enum error refreshing_forget(struct op *op, struct uuid id);

enum refreshing_when {
	REFRESH_IF_EXPIRED,
	REFRESH_IF_REFUSED, /* the provider does not take the token */
	REFRESH_BY_FORCE,
};

/* One who waits for a refresh. */
struct refreshing_wait {
	bool waits; /* else there is nothing to wait for */
	struct uuid id;
	int64_t tries;
};

/*
 * Asks for a refresh, on the writer. ERR_NOT_FOUND; ERR_INVALID, explained,
 * when the provider has refused the tokens for good or one can't be asked for;
 * ERR_BUSY, with the op's retry_at, when it fails just now and it is not time
 * yet to try again. By force it is tried all the same, unless another one that
 * has the same grant waits for its time.
 */
MUST_CHECK enum error refreshing_ask(struct op *op, struct uuid id,
				     enum refreshing_when when,
				     struct refreshing_wait *ret);

/* Has a try ended since? Also when the connection is gone. */
MUST_CHECK enum error
refreshing_look(struct op *op, const struct refreshing_wait *wait, bool *ret);

/* What came of it: OK, or an error as above. */
MUST_CHECK enum error refreshing_outcome(struct op *op,
					 const struct refreshing_wait *wait);

/* One try, in the op's arena. */
struct refreshing_try {
	struct refreshing refreshing;
	bool is_there, is_sent;
	bool is_unsure;	  /* an earlier one was sent, its answer lost */
	const char *lack; /* what is missing for the call; NULL: nothing */
	struct credential_list secrets;
	struct grant_credentials grant;
	struct outbound_call call;
};

/* What to send, if anything. */
MUST_CHECK enum error refreshing_begin(struct op *op, const struct job *job,
				       struct refreshing_try *ret);

/* Records what came of it, and plans the next. */
MUST_CHECK enum error refreshing_end(struct op *op, const struct job *job,
				     const struct refreshing_try *tried,
				     const struct outbound_answer *answer);

#endif
