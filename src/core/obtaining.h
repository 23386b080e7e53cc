/*
 * Obtaining tokens at a provider for a connection: it is made, or has new ones,
 * when they are there. Whoever asks for it waits for a job's call. The call is
 * sent once: a code is good for one, and after a crash nobody knows what came
 * of it.
 */
#ifndef CLEAT_CORE_OBTAINING_H
#define CLEAT_CORE_OBTAINING_H

#include "base/outbound_call.h"
#include "core/connection.h"
#include "core/job.h"
#include "core/token_call.h"

/* The kind of job: one for each, until its record goes. */
#define OBTAINING_JOB "obtain"
/* How long a person may take, and how long what came of it is kept. */
#define OBTAINING_LIFE_US (INT64_C(600) * 1000000)
/* How long a request waits for it at most. */
#define OBTAINING_WAIT_US (INT64_C(35) * 1000000)

/* Stages. */
#define OBTAINING_ASKED	 "asked"  /* of a person at the provider */
#define OBTAINING_COME	 "come"	  /* what the call needs is there */
#define OBTAINING_SENT	 "sent"	  /* the call was made, or will be at once */
#define OBTAINING_DONE	 "done"	  /* there is a connection */
#define OBTAINING_FAILED "failed" /* there will be none */

/* Ways. */
#define OBTAINING_BY_CODE     "code"
#define OBTAINING_BY_CLIENT   "client"
#define OBTAINING_BY_PASSWORD "password"
#define OBTAINING_BY_CUSTOM   "custom" /* by catalog/custom_auth.tsv */

enum { OBTAINING_FACTS_MAX = 2 * 1024 * 1024, OBTAINING_TICKET_TEXT = 65 };

struct obtaining {
	struct uuid id;
	const char *stage, *way;
	const char *provider;
	struct uuid provider_app_id; /* nil: none */
	struct uuid connection_id;   /* to change, or made; nil: not yet */
	bool is_update;
	const char *facts;   /* JSON object */
	const char *failure; /* why, for people; NULL: it has not failed */
	int64_t created_at, expires_at;
};

/* What is known of the connection beforehand; NULL where it is not. */
struct obtaining_new {
	const char *stage, *way;
	const char *provider;
	struct uuid provider_app_id;
	struct uuid connection_id; /* to change; nil: one is to be made */
	struct parties parties;
	const char *workspace_ref;
	const char *metadata; /* JSON object */
	const char *scopes;   /* as they are sent */
	const char *redirect_uri, *issuer, *auth_origin;
	const struct new_credential *secrets;
	size_t secret_count;
};

/*
 * Records it, with its job. `ret_ticket` is what a browser takes along: a
 * digest alone is kept of it. NULL: none does.
 */
MUST_CHECK enum error obtaining_add(struct op *op,
				    const struct obtaining_new *new,
				    char *ret_ticket, struct obtaining *ret);

/* Its own project becomes the op's. ERR_NOT_FOUND for what is no ticket. */
MUST_CHECK enum error obtaining_of_ticket(struct op *op, const char *ticket,
					  struct obtaining *ret);

/* ERR_NOT_FOUND. */
MUST_CHECK enum error obtaining_get(struct op *op, struct uuid id,
				    struct obtaining *ret);

/* Other facts of the connection: a JSON object; stored with its next stage. */
MUST_CHECK enum error obtaining_keep_metadata(struct op *op,
					      struct obtaining *obtaining,
					      const char *metadata);

/* A member of its facts; NULL when there is none. */
const char *obtaining_fact(struct op *op, const struct obtaining *obtaining,
			   const char *name);

/* Whose the connection is to be. */
struct parties obtaining_parties(struct op *op,
				 const struct obtaining *obtaining);

/* The call can be made: its job is due now. */
MUST_CHECK enum error obtaining_come(struct op *op,
				     struct obtaining *obtaining);
/* It ends so; records authorization.failed. */
MUST_CHECK enum error obtaining_fail(struct op *op, struct obtaining *obtaining,
				     const char *why);

/* Is it by this one of the ways above? */
bool obtaining_is_way(const struct obtaining *obtaining, const char *way);

/* DONE or FAILED. */
bool obtaining_has_ended(const struct obtaining *obtaining);

/* One call, in the op's arena. */
struct obtained {
	struct obtaining obtaining;
	struct credential_list secrets;
	struct grant_credentials grant;
	bool is_sent;	  /* there is a call to make */
	const char *lack; /* what is missing for it; NULL: nothing */
	struct outbound_call call;
};

/* What to send. ERR_NOT_FOUND when its record is gone. */
MUST_CHECK enum error obtaining_begin(struct op *op, struct uuid id,
				      struct obtained *ret);

/*
 * Makes or changes the connection, or records why not. `*ret_next_at` is when
 * its job looks again, 0 when the record is gone.
 */
MUST_CHECK enum error obtaining_end(struct op *op, struct obtained *obtained,
				    const struct outbound_answer *answer,
				    int64_t *ret_next_at);

#endif
