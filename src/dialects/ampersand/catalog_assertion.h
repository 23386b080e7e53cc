/* An operator's provider whose tokens are got by what a customer's key signs:
 * customOpts.assertion of a file (catalog_file.c). */
#ifndef CLEAT_DIALECTS_AMPERSAND_CATALOG_ASSERTION_H
#define CLEAT_DIALECTS_AMPERSAND_CATALOG_ASSERTION_H

#include "core/catalog.h"
#include "dialects/ampersand/manifest.h"

/* An issue for each fault that its members have beside each other; `node` is
 * the assertion's. Its token address is looked at with the others. */
void amp_check_assertion(const struct amp_node *node, const struct provider *p);

#endif
