/* Providers that an operator adds, in the form that listProviders answers. */
#ifndef CLEAT_DIALECTS_AMPERSAND_CATALOG_FILE_H
#define CLEAT_DIALECTS_AMPERSAND_CATALOG_FILE_H

#include "base/op.h"
#include "core/catalog.h"

/*
 * JSON to providers, in the op's arena, for catalog_extend. ERR_INVALID,
 * explained by the first fault, with an issue for each: the line when it is
 * no JSON, else the key, as acme.oauth2Opts.tokenURL.
 */
MUST_CHECK enum error amp_read_catalog(struct op *op, const char *text,
				       size_t length,
				       const struct provider ***ret,
				       size_t *ret_count);

#endif
