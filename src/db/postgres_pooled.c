/*
 * What the server's session keeps for us: settings, and statements by their
 * names. Behind pgbouncer in transaction mode each transaction may have
 * another one: there the settings are made in each transaction, and a
 * statement is sent whole each time. Nobody can listen there.
 */
#include "db/postgres.h"

#include <stdio.h>

/*
 * Every query is written to follow indexes, and joins in its own order; a plan
 * that was made while a table was small must do so still when it is large.
 */
#define SETTINGS(is_local)                                                     \
	"SELECT set_config(name, value, " is_local ") FROM (VALUES "           \
	"('client_min_messages', 'warning'), ('synchronous_commit', 'on'), "   \
	"('statement_timeout', '5s'), ('lock_timeout', '3s'), "                \
	"('idle_in_transaction_session_timeout', '60s'), "                     \
	"('join_collapse_limit', '1'), ('enable_seqscan', 'off'), "            \
	"('enable_bitmapscan', 'off'), ('enable_hashjoin', 'off'), "           \
	"('enable_mergejoin', 'off'), ('jit', 'off')) settings (name, value)"

bool postgres_is_pooled(const struct postgres_session *session)
{
	return ((const struct postgres_db *)session->base.db)->is_pooled;
}

/* With an end of its own: in a transaction it would be undone with that. */
enum error postgres_set_up_session(struct postgres_session *session)
{
	if (postgres_is_pooled(session))
		return OK;
	TRY(postgres_post(session, SETTINGS("false")));
	return postgres_ask(session, "settings", NULL);
}

enum error postgres_set_up_transaction(struct postgres_session *session)
{
	if (!postgres_is_pooled(session))
		return OK;
	TRY(postgres_post(session, SETTINGS("true")));
	return postgres_post_share(session);
}

/* q and its number; none where it would be another session's. */
static void name_of(const struct postgres_session *session, enum query query,
		    char ret[static 16])
{
	ret[0] = '\0';
	if (!postgres_is_pooled(session))
		(void)snprintf(ret, 16, "q%d", (int)query);
}

enum error postgres_post_preparation(struct postgres_session *session,
				     enum query query)
{
	char name[16];

	name_of(session, query, name);
	TRY(postgres_posted(session,
			    PQsendPrepare(session->connection, name,
					  query_texts[query], 0, NULL)));
	return postgres_posted(
		session, PQsendDescribePrepared(session->connection, name));
}

enum error postgres_post_prepared(struct postgres_session *session,
				  enum query query, const char *const *values,
				  const int *lengths, const int *formats)
{
	const struct postgres_statement *statement =
		&session->statements[query];
	int count = statement->parameter_count;
	char name[16];

	name_of(session, query, name);
	return postgres_posted(
		session,
		name[0] ? PQsendQueryPrepared(session->connection, name, count,
					      values, lengths, formats, 1)
			: PQsendQueryParams(session->connection,
					    query_texts[query], count,
					    statement->parameters, values,
					    lengths, formats, 1));
}
