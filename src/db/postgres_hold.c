/*
 * Having a database to oneself. Each session has a lock on it that others
 * share, for as long as it is connected; who holds all has it alone, and then
 * nobody else comes in. They are of a schema: other stores may be beside it.
 * Behind pgbouncer it is shared in each transaction, and nobody has it alone.
 */
#include <poll.h>

#include "base/log.h"
#include "db/postgres.h"

/* Apart from postgres_exclude's, by its first number. */
#define LOCK "(1668048237, hashtext(coalesce(current_schema(), '')))"

/* The session of one that was killed ends when its statement does. */
enum { TRIES = 30, PAUSE_MS = 100 };

static bool pause_before(int number)
{
	if (number)
		(void)poll(NULL, 0, PAUSE_MS);
	return number < TRIES;
}

static enum error try_once(struct postgres_session *session, const char *sql,
			   const char *doing, bool *ret)
{
	PGresult *done;

	TRY(postgres_post(session, sql));
	TRY(postgres_ask(session, doing, &done));
	*ret = PQgetvalue(done, 0, 0)[0] != 0;
	PQclear(done);
	return OK;
}

enum error postgres_post_share(struct postgres_session *session)
{
	return postgres_post(session,
			     "SELECT pg_advisory_xact_lock_shared" LOCK);
}

enum error postgres_come_in(struct postgres_session *session)
{
	bool is_in = false;

	if (postgres_is_pooled(session))
		return OK;
	/* a new connection has not what the lost one had */
	if (session->is_holding)
		return ERR_STORE;
	for (int i = 0; !is_in && pause_before(i); i++)
		TRY(try_once(session, "SELECT pg_try_advisory_lock_shared" LOCK,
			     "come in", &is_in));
	if (is_in)
		return OK;
	log_error("another process has the store to itself", NULL);
	return ERR_TAKEN;
}

enum error postgres_hold(struct db_session *base)
{
	struct postgres_session *session = (struct postgres_session *)base;
	bool is_alone = false;

	TRY(postgres_ensure_connected(session));
	if (postgres_is_pooled(session)) {
		log_error("what needs the store to itself goes to the server, "
			  "not through pgbouncer",
			  NULL);
		return ERR_STORE;
	}
	for (int i = 0; !is_alone && pause_before(i); i++)
		TRY(try_once(session, "SELECT pg_try_advisory_lock" LOCK,
			     "hold", &is_alone));
	if (!is_alone)
		return ERR_TAKEN;
	session->is_holding = true;
	TRY(postgres_post(session, "SET statement_timeout = 0"));
	TRY(postgres_post(session,
			  "SET idle_in_transaction_session_timeout = 0"));
	return postgres_ask(session, "hold", NULL);
}
