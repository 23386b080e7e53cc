/* Bringing a database's tables up to what this program expects. */
#ifndef CLEAT_DB_MIGRATE_H
#define CLEAT_DB_MIGRATE_H

#include "db/db.h"

/*
 * Applies, in one transaction, the migrations that the database has not had.
 * ERR_NOT_FOUND when that is all of them, unless it is to become a store.
 * ERR_INVALID, logged, when an applied one differs from ours or is unknown
 * to this program (a newer one wrote the store), or when the store is a copy
 * that is not whole.
 */
MUST_CHECK enum error migrate(struct db_session *writer, bool is_new);

/*
 * For who only reads: ERR_INVALID, logged, unless it has had them all, and is
 * whole.
 */
MUST_CHECK enum error migrate_check(struct db_session *session);

/* The same of a copy, whole or not. */
MUST_CHECK enum error migrate_check_tables(struct db_session *session);

#endif
