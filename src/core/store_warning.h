/* What core needs of a store: warnings. See store.h. */
#ifndef CLEAT_CORE_STORE_WARNING_H
#define CLEAT_CORE_STORE_WARNING_H

#include "core/warning.h"

MUST_CHECK enum error store_warning_get(struct op *op, const char *name,
					struct warning *ret);
/* By name. */
MUST_CHECK enum error store_warning_list(struct op *op,
					 struct warning_list *ret);
MUST_CHECK enum error store_warning_count(struct op *op, int64_t *ret);
MUST_CHECK enum error store_warning_add(struct op *op,
					const struct warning *new);
/* All but its name and raised_at. */
MUST_CHECK enum error store_warning_change(struct op *op,
					   const struct warning *to);
MUST_CHECK enum error store_warning_remove(struct op *op, const char *name);

#endif
