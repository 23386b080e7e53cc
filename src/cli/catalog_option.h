/* --catalog FILE: providers of an operator's own. */
#ifndef CLEAT_CLI_CATALOG_OPTION_H
#define CLEAT_CLI_CATALOG_OPTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/op.h"

/*
 * Adds the file's providers to the catalog; they live in the op's arena.
 * False, with a line in `err` for each fault, when it is not one that can be.
 * Nothing when `file` is NULL.
 */
bool catalog_option(struct op *op, const char *file, struct buf *err);

#endif
