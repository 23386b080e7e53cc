/* Bringing a database's tables up to what this program expects. */
#ifndef CLEAT_DB_MIGRATE_H
#define CLEAT_DB_MIGRATE_H

#include "db/db.h"

/*
 * Applies, in one transaction, the migrations that the database has not had.
 * ERR_INVALID, logged, when an applied one differs from ours or is unknown
 * to this program (a newer one wrote the store).
 */
MUST_CHECK enum error migrate(struct db_session *writer);

/* For who only reads: ERR_INVALID, logged, unless it has had them all. */
MUST_CHECK enum error migrate_check(struct db_session *session);

#endif
