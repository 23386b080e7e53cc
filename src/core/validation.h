/*
 * Validating an integration: a job tries it outside (core/probe.h), while
 * whoever asked waits. It is an activity of the integration, which says in its
 * document and its log what came of it.
 */
#ifndef CLEAT_CORE_VALIDATION_H
#define CLEAT_CORE_VALIDATION_H

#include "core/activity.h"
#include "core/credential.h"
#include "core/integration.h"
#include "core/job.h"
#include "core/probe.h"

#define VALIDATION_JOB	    "validate"
#define VALIDATION_ACTIVITY "integration.validate"
/* How long a request waits for it, and one of its calls may take. */
#define VALIDATION_WAIT_US (INT64_C(35) * 1000000)
#define VALIDATION_CALL_US (INT64_C(10) * 1000000)

/* Begins it, with its job. ERR_INVALID, with an issue, when there is no way to
 * try this type. */
MUST_CHECK enum error validation_begin(struct op *op,
				       const struct integration *integration,
				       struct activity *ret);

/*
 * Of one that is over: OK when it works, ERR_INVALID, with the field and why,
 * when it does not. ERR_BUSY before that.
 */
MUST_CHECK enum error validation_outcome(struct op *op, int64_t number,
					 struct activity *ret);

/* One try, in the op's arena. */
struct validation {
	struct activity activity;
	struct integration integration;
	struct credential_list secrets;
	struct probe probe;
};

/* ERR_NOT_FOUND when nobody wants it any more. */
MUST_CHECK enum error validation_take(struct op *op, const struct job *job,
				      struct validation *ret);
/* Its probe is over. */
MUST_CHECK enum error validation_end(struct op *op,
				     const struct validation *validation);

#endif
