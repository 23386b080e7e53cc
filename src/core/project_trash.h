/*
 * Projects in the trash: nobody can enter one, and it keeps all that it has
 * until it is restored, or its time is over and it goes for good.
 */
#ifndef CLEAT_CORE_PROJECT_TRASH_H
#define CLEAT_CORE_PROJECT_TRASH_H

#include "core/project.h"
#include "core/receipt.h"

/*
 * The op's project goes there, for the retention of the kind "http". ERR_HELD
 * when it is protected; a dry run plans it. Records project.deleted.
 */
MUST_CHECK enum error project_trash(struct op *op, const struct project *which);

/* Those that the principal may see there, oldest first. */
MUST_CHECK enum error project_trash_list(struct op *op,
					 struct project_list *ret);

/* ERR_NOT_FOUND when it is not there, or its time is over, or the principal
 * may not see it. */
MUST_CHECK enum error project_trash_find(struct op *op, struct uuid id,
					 struct project *ret);

/*
 * Back it comes, under its name or, when that is taken, one with a number at
 * its end; and is the op's project. ERR_NOT_FOUND as above. Records
 * project.restored.
 */
MUST_CHECK enum error project_trash_restore(struct op *op, struct uuid id,
					    struct project *ret);

/* Its time is over: it is deleted for good. ERR_HELD, with nothing changed. */
MUST_CHECK enum error project_trash_purge(struct op *op,
					  const struct deletion *deletion);

#endif
