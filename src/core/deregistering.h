/*
 * Taking webhooks of ours away at git providers: by a step of the deletion
 * that the integration went with, or by a job alone where it has only moved.
 */
#ifndef CLEAT_CORE_DEREGISTERING_H
#define CLEAT_CORE_DEREGISTERING_H

#include "core/credential.h"
#include "core/effect.h"
#include "core/git_webhook.h"
#include "core/job.h"
#include "core/receipt.h"
#include "core/registration.h"

/* The kind of step and of job. A job's subject is the step, or the
 * registration of what has moved. */
#define STEP_DEREGISTER	       "deregister"
#define DEREGISTERING_ACTIVITY "integration.deregister_hook"

/* Of one that may be at the provider, and so is to be taken away. */
bool deregistering_is_needed(const struct registration *of);
struct effect deregistering_effect(const struct registration *of);

/* Those of an integration that are to be taken away; nil: of the project. */
MUST_CHECK enum error deregistering_find(struct op *op,
					 struct uuid integration_id,
					 struct registration_list *ret);

/*
 * Its integration is being erased: a step takes it away, with copies of what
 * that needs, and the effect is recorded. Before the secrets go.
 */
MUST_CHECK enum error deregister(struct op *op, struct record *record,
				 const struct registration *of);
/* All that an integration has. */
MUST_CHECK enum error deregister_all(struct op *op, struct record *record,
				     struct uuid integration_id);

/* Its integration has moved: a job takes it away. */
MUST_CHECK enum error deregister_moved(struct op *op,
				       const struct registration *of);

/* Something of it was under way, and is over: no need to wait for that. */
MUST_CHECK enum error deregistering_hurry(struct op *op,
					  struct uuid integration_id);

/* The provider gave `token` in place of `old`: what waits goes on with it. */
MUST_CHECK enum error deregistering_take_token(struct op *op,
					       struct uuid integration_id,
					       const char *old,
					       const char *token);

/* The waiting step's job is due now. */
MUST_CHECK enum error deregistering_retry(struct op *op, struct uuid step_id);

/* One try, in the op's arena. */
struct deregistering {
	struct step step;	/* kind NULL: of one that has moved */
	struct registration of; /* as the step's facts or the store say */
	struct credential_list secrets;
	struct git_webhook_talk talk;
};

/* ERR_NOT_FOUND when it is done, or was given up. */
MUST_CHECK enum error deregistering_take(struct op *op, const struct job *job,
					 struct deregistering *ret);
MUST_CHECK enum error deregistering_end(struct op *op, const struct job *job,
					const struct deregistering *tried,
					int64_t *ret_next_at);

#endif
