/*
 * A custom way's look at what a customer has put in (catalog/custom_auth.tsv):
 * a call by Basic, whose answer brings one thing more to keep. Inside of
 * obtain*.c.
 */
#ifndef CLEAT_CORE_OBTAINING_CHECK_H
#define CLEAT_CORE_OBTAINING_CHECK_H

#include "core/catalog.h"
#include "core/obtaining.h"

/* ERR_INVALID, explained, when something is not known that it needs. */
MUST_CHECK enum error obtaining_check_make(struct op *op,
					   const struct custom_connect *custom,
					   struct obtained *obtained);

/* Adds it to the secrets; false when the answer has not what is looked for. */
bool obtaining_check_read(struct op *op, const struct custom_connect *custom,
			  struct obtained *obtained, const char *json);

#endif
