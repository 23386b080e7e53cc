/* Executing an integration: the call that it is for, and what came of it. */
#ifndef CLEAT_DIALECTS_GORULES_EXECUTION_H
#define CLEAT_DIALECTS_GORULES_EXECUTION_H

#include "base/outbound_call.h"
#include "dialects/gorules/gorules.h"
#include "http/client.h"

struct gorules_execution {
	struct outbound_call call;
	int64_t timeout_us;
	const char *output; /* what of the answer is picked; "": all of it */
};

/*
 * `config` is as stored, `secrets` what of it is sealed, `input` an object.
 * ERR_MISSHAPEN with an issue for all that can't be rendered from it.
 */
MUST_CHECK enum error gorules_render(struct op *op, const json_t *config,
				     const struct credential_list *secrets,
				     json_t *input,
				     struct gorules_execution *ret);

/*
 * What the target answered, with its output: a value of the answer, or null.
 * An error, explained, with the status that tells of it, when there is no
 * answer, or none that fits.
 */
MUST_CHECK enum error gorules_outcome(struct op *op, const char *output,
				      const struct client_answer *answer,
				      const json_t **ret_output,
				      int *ret_status);

/* As ZEN tells it: 318.5µs, 12.3ms, 1.2s. */
const char *gorules_performance(struct arena *arena, int64_t took_us);

#endif
