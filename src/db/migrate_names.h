/* The part of migration 0028 that SQL can't do. */
#ifndef CLEAT_DB_MIGRATE_NAMES_H
#define CLEAT_DB_MIGRATE_NAMES_H

#include "db/db.h"

enum { MIGRATE_NAMES = 28 };

/*
 * Each target is found by its name as name_fold has it, from now on. Of two
 * that are one by that, the one whose name is so already keeps it, or else the
 * older; the other one is renamed to NAME-1, NAME-2 ..., which is logged. In
 * the migration's transaction.
 */
MUST_CHECK enum error migrate_names(struct db_session *writer);

#endif
