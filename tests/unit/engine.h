/*
 * The engine that a unit test's store is on: SQLite, or PostgreSQL when
 * CLEAT_TEST_POSTGRES has the URL of a cluster (tools/cluster), reached by
 * CLEAT_TEST_PGBOUNCER where that is set.
 */
#ifndef CLEAT_TESTS_UNIT_ENGINE_H
#define CLEAT_TESTS_UNIT_ENGINE_H

#include "support.h"

bool engine_is_postgres(void);

/* In a test of what SQLite alone does. */
void engine_sqlite_or_skip(void);

/* Fills in `folder` and `url`, and opens the store empty, as migrated. */
void engine_make(struct store *store);
/* The next test's store is made anew, since this one's tables are changed. */
void engine_spoil(void);
void engine_drop(struct store *store);

/* With literals of bytes and uuids, x'...', as the engine has them. */
const char *engine_sql(const char *sql);

/* The first column of the first row, of what is committed. */
int64_t engine_number(struct store *store, const char *sql);
/* Whether what is committed has these bytes anywhere, as they are. */
bool engine_holds(struct store *store, const char *bytes);

#endif
