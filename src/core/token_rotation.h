/*
 * Rotating a GitLab integration's token: when it asks for that, a job gets a
 * new token from the provider at once, which ends the one before there, and
 * again when a quarter of the new one's life is left.
 */
#ifndef CLEAT_CORE_TOKEN_ROTATION_H
#define CLEAT_CORE_TOKEN_ROTATION_H

#include "base/outbound_call.h"
#include "core/credential.h"
#include "core/integration.h"
#include "core/job.h"

#define TOKEN_ROTATION_JOB	"rotate_token"
#define TOKEN_ROTATION_ACTIVITY "integration.rotate_token"

/*
 * After it was made or changed: its job is due now when its token is another
 * one or none waits, and is no more when it is not wanted.
 */
MUST_CHECK enum error token_rotation_plan(struct op *op,
					  const struct integration *of,
					  bool has_new_token);

/* Is a new token being got, or about to be. */
MUST_CHECK enum error token_rotation_is_under_way(struct op *op,
						  const struct integration *of,
						  bool *ret);

/* One try, in the op's arena. */
struct token_rotation {
	struct integration integration;
	struct credential_list secrets;
};

/* ERR_NOT_FOUND when it is not wanted any more. */
MUST_CHECK enum error token_rotation_take(struct op *op, const struct job *job,
					  struct token_rotation *ret);
void token_rotation_make(struct op *op, const struct token_rotation *rotation,
			 struct outbound_call *ret);
/*
 * Seals the new token in the place of the old one, in one transaction with
 * when it expires; or records why there is none. `*ret_next_at` is when to come
 * again, 0: never.
 */
MUST_CHECK enum error token_rotation_end(struct op *op, const struct job *job,
					 const struct token_rotation *rotation,
					 const struct outbound_answer *answer,
					 int64_t *ret_next_at);

#endif
