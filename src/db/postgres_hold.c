/*
 * Having a database to oneself. Each session has a lock on it that others
 * share, for as long as it is connected; who holds all has it alone, and then
 * nobody else comes in. They are of a schema: other stores may be beside it.
 */
#include <poll.h>

#include "base/log.h"
#include "db/postgres.h"

/* Apart from postgres_exclude's, by its first number. */
#define LOCK "(1668048237, hashtext(coalesce(current_schema(), '')))"

/* The session of one that was killed ends when its statement does. */
enum { TRIES = 30, PAUSE_MS = 100 };

/* Before pipeline mode. */
enum error postgres_come_in(struct postgres_session *session)
{
	/* a new connection has not what the lost one had */
	if (session->is_holding)
		return ERR_STORE;
	PGresult *done = PQexec(session->connection,
				"SELECT pg_try_advisory_lock_shared" LOCK);
	bool is_asked = PQresultStatus(done) == PGRES_TUPLES_OK;
	bool is_in = is_asked && PQgetvalue(done, 0, 0)[0] == 't';

	PQclear(done);
	if (is_asked && !is_in)
		log_error("another process has the store to itself", NULL);
	return is_in ? OK : is_asked ? ERR_TAKEN : ERR_BUSY;
}

static enum error try_once(struct postgres_session *session, bool *ret)
{
	PGresult *done;

	TRY(postgres_post(session, "SELECT pg_try_advisory_lock" LOCK));
	TRY(postgres_ask(session, "hold", &done));
	*ret = PQgetvalue(done, 0, 0)[0] != 0;
	PQclear(done);
	return OK;
}

enum error postgres_hold(struct db_session *base)
{
	struct postgres_session *session = (struct postgres_session *)base;
	bool is_alone = false;

	TRY(postgres_ensure_connected(session));
	for (int i = 0; i < TRIES && !is_alone; i++) {
		if (i)
			(void)poll(NULL, 0, PAUSE_MS);
		TRY(try_once(session, &is_alone));
	}
	if (!is_alone)
		return ERR_TAKEN;
	session->is_holding = true;
	TRY(postgres_post(session, "SET statement_timeout = 0"));
	TRY(postgres_post(session,
			  "SET idle_in_transaction_session_timeout = 0"));
	return postgres_ask(session, "hold", NULL);
}
