/*
 * Row-level security: a second wall behind the project in each query. A row
 * is there for who has entered its project (postgres_enter.c), or the whole
 * store; for who has entered nothing, as somebody with a client of his own,
 * there is none. It binds the tables' owner as well, but no superuser.
 * (PostgreSQL's documentation, 5.8: row security policies.)
 */
#include "db/postgres.h"

/* On each table of projects that has none yet. */
static const char wall[] =
	"DO $$ DECLARE name text; BEGIN "
	"FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a "
	"ON a.attrelid = c.oid AND a.attname = 'project_id' "
	"WHERE c.relkind = 'r' AND NOT c.relrowsecurity "
	"AND c.relnamespace = current_schema()::regnamespace LOOP "
	"EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name); "
	"EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name); "
	"EXECUTE format('CREATE POLICY own_project ON %I USING ("
	/* sub-selects, so that it is found out once a query */
	"project_id = (SELECT CASE current_setting(''cleat.project'', true) "
	"WHEN ''store'' THEN NULL WHEN '''' THEN NULL "
	"ELSE current_setting(''cleat.project'', true)::uuid END) "
	"OR (SELECT current_setting(''cleat.project'', true) = ''store''))', "
	"name); END LOOP; END $$";

enum error postgres_wall(struct db_session *base)
{
	struct postgres_session *session = (struct postgres_session *)base;

	TRY(postgres_post(session, wall));
	return postgres_ask(session, "row security", NULL);
}
