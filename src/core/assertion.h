/*
 * Tokens that are got by what a customer's own key signs: the grant of RFC
 * 7523, 2.1, or a client that shows itself so (2.2), as the catalog says
 * (catalog/assertions.tsv). Sends nothing itself.
 */
#ifndef CLEAT_CORE_ASSERTION_H
#define CLEAT_CORE_ASSERTION_H

#include "core/catalog.h"
#include "core/credential.h"
#include "core/grant_call.h"

/*
 * NULL when something can be signed with what the customer has put in. Else
 * why not, a sentence without a subject, and which of the inputs it is.
 */
const char *assertion_fault(struct op *op, const struct assertion_way *way,
			    const struct new_credential *inputs, size_t count,
			    const char **ret_input);

/*
 * The request for a token, in the arena, with an assertion made now: to the
 * grant's own token address, or the catalog's. `inputs` may have tokens among
 * them. ERR_INVALID, explained, when something that it needs is not known.
 */
MUST_CHECK enum error assertion_call_make(struct op *op,
					  const struct assertion_way *way,
					  const struct grant_credentials *grant,
					  const struct credential_list *inputs,
					  struct outbound_call *ret);

/* Can these get a token: is the key among them? */
bool assertion_is_possible(struct op *op, const struct assertion_way *way,
			   const struct credential_list *inputs);

/*
 * How long a token of this provider lives of which its answer says `said_s`,
 * or 0; 0: not known.
 */
int64_t assertion_token_life_s(const char *provider, int64_t said_s);

#endif
