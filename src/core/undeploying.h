/*
 * What a deletion removes from workers: a step for each that has, or may have,
 * what goes. It waits for nothing else, and nothing waits for it: a removal
 * needs no secret.
 */
#ifndef CLEAT_CORE_UNDEPLOYING_H
#define CLEAT_CORE_UNDEPLOYING_H

#include "core/deployment.h"
#include "core/ending.h"
#include "core/event.h"

/* The kind of step. Its job is the deployment's. */
#define STEP_UNDEPLOY "undeploy"

struct undeploying {
	struct deployment_list deployments;
	struct worker_list workers; /* that go with their environment */
	struct effect *effects;	    /* in this order */
	size_t effect_count;
};

/* What goes from workers with a connection, an environment or one of them. */
MUST_CHECK enum error undeploying_find(struct op *op, enum thing_kind kind,
				       struct uuid id, struct undeploying *ret);

/* Makes it so, with steps, and records the effects. */
MUST_CHECK enum error undeploy(struct op *op, struct record *record,
			       enum thing_kind kind, struct uuid id);

/*
 * An environment goes with its workers; those that hold something are
 * forgotten when they have confirmed its removal, or it was abandoned.
 * Records environment.deleted.
 */
MUST_CHECK enum error environment_let_go(struct ending *ending,
					 const struct thing *thing,
					 struct event *ret);

/*
 * A worker that nobody expects back: what it has is not asked of it any more,
 * which is what its steps say. One that comes back registers anew. Records
 * worker.deleted.
 */
MUST_CHECK enum error worker_let_go(struct ending *ending,
				    const struct thing *thing,
				    struct event *ret);

/* The worker has it no more: steps that wait for that are done. */
MUST_CHECK enum error undeploying_done(struct op *op,
				       const struct deployment *deployment,
				       const char *reason);

/* A removal failed and is tried again. */
MUST_CHECK enum error undeploying_failed(struct op *op,
					 const struct deployment *deployment,
					 const char *answer, int64_t next_at);

/*
 * Its worker is not called any more: steps that wait for it are abandoned, for
 * this reason, and it is forgotten.
 */
MUST_CHECK enum error undeploying_end(struct op *op,
				      const struct deployment *deployment,
				      const char *reason);

/* Its step is to be tried at once; or it was abandoned. */
MUST_CHECK enum error undeploying_retry(struct op *op, const struct step *step);
MUST_CHECK enum error undeploying_give_up(struct op *op,
					  const struct step *step);

#endif
