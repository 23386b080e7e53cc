/*
 * Registering a webhook at the git provider of an integration, which calls its
 * #hook from then on: a job does so when the integration is made, or what it
 * is reached by changes, where others can reach us (--public-url).
 */
#ifndef CLEAT_CORE_REGISTERING_H
#define CLEAT_CORE_REGISTERING_H

#include "core/credential.h"
#include "core/git_webhook.h"
#include "core/integration.h"
#include "core/job.h"
#include "core/registration.h"

#define REGISTERING_JOB	     "register"
#define REGISTERING_ACTIVITY "integration.register_hook"

/*
 * Before the integration's secrets change, with its settings as they become:
 * where it has moved, the webhook that it had is taken away with the secrets
 * that it was made by.
 */
MUST_CHECK enum error registering_leave(struct op *op,
					const struct integration *to);

/* After it was made, changed or restored. `is_anew`: its secrets are others,
 * or the webhook may not be as it was. */
MUST_CHECK enum error
registering_plan(struct op *op, const struct integration *of, bool is_anew);

/* The same for one that is back from the trash. OK when it is none of these. */
MUST_CHECK enum error registering_restored(struct op *op, struct uuid id);

/* A rotated token may do what the one before was refused. */
MUST_CHECK enum error registering_token_rotated(struct op *op,
						const struct integration *of);

/* One try, in the op's arena. */
struct registering {
	struct integration integration;
	struct registration registration; /* as it was before this try */
	struct credential_list secrets;
	struct git_webhook_talk talk;
};

/* ERR_NOT_FOUND when none is wanted any more. */
MUST_CHECK enum error registering_take(struct op *op, const struct job *job,
				       struct registering *ret);
/* Keeps what came of it. `*ret_next_at` is when to come again, 0: never. */
MUST_CHECK enum error registering_end(struct op *op, const struct job *job,
				      const struct registering *tried,
				      int64_t *ret_next_at);

#endif
