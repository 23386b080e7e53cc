/*
 * What the planner knows of tables that grow. A plan that was made while one
 * was nearly empty may follow another index than the query was written for,
 * and walk through a whole project; autovacuum looks once a minute. So when
 * the writer has nothing else to do, tables that are several times as large as
 * when they were last looked at are looked at again.
 */
#include "db/postgres.h"

enum {
	CHANGES_BETWEEN = 1000, /* two looks at the tables' sizes */
	NOT_SOON = -1000000,	/* after one that failed */
};

/* Our tables alone: others may be in the same database. */
#define ANALYZE_TABLES(which)                                                  \
	"DO $$ DECLARE name text; BEGIN "                                      \
	"FOR name IN SELECT oid::regclass FROM pg_class "                      \
	"WHERE relkind = 'r' "                                                 \
	"AND relnamespace = current_schema()::regnamespace " which             \
	"LOOP EXECUTE 'ANALYZE ' || name; END LOOP; END $$"

static const char look_again[] = ANALYZE_TABLES(
	"AND pg_relation_size(oid) > 8192 * (8 + 3 * relpages::bigint) "
	/* it takes a moment then, and is autovacuum's */
	"AND pg_relation_size(oid) < 268435456 ");

void postgres_idle(struct db_session *base, bool is_idle)
{
	struct postgres_session *session = (struct postgres_session *)base;

	if (!is_idle || session->written < CHANGES_BETWEEN ||
	    !session->connection)
		return;
	session->written =
		postgres_script(base, look_again) == OK ? 0 : NOT_SOON;
}

enum error postgres_loaded(struct db_session *base)
{
	return postgres_script(base, ANALYZE_TABLES(""));
}
