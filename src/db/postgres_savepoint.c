/*
 * A savepoint for each operation of a writer's transaction. What was posted in
 * it is waited for at its end, so that it fails by itself; it is released with
 * the next one's begin, and until then can be undone.
 */
#include "db/postgres.h"

static struct postgres_session *session_of(struct db_session *session)
{
	return (struct postgres_session *)session;
}

enum error postgres_savepoint(struct db_session *base)
{
	struct postgres_session *session = session_of(base);

	session->saved_lock_count = session->lock_count;
	if (session->has_savepoint)
		TRY(postgres_post(session, "RELEASE SAVEPOINT operation"));
	session->has_savepoint = true;
	return postgres_post(session, "SAVEPOINT operation");
}

enum error postgres_savepoint_release(struct db_session *base)
{
	struct postgres_session *session = session_of(base);

	return session->posted
		       ? postgres_ask(session, "an operation's end", NULL)
		       : OK;
}

static enum error undo(struct postgres_session *session)
{
	/* what fails now would take along what is posted behind it */
	if (session->posted && postgres_ask(session, "undo", NULL) != OK &&
	    !session->connection)
		return ERR_BUSY;
	session->has_savepoint = false;
	TRY(postgres_post(session, "ROLLBACK TO SAVEPOINT operation"));
	TRY(postgres_post(session, "RELEASE SAVEPOINT operation"));
	return postgres_ask(session, "undo", NULL);
}

void postgres_savepoint_rollback(struct db_session *base)
{
	struct postgres_session *session = session_of(base);

	/* locks that were taken since are given back with it */
	session->lock_count = session->saved_lock_count;
	session->has_told = false; /* what was told since is not */
	postgres_forget(session);
	/* what was not undone must not be committed with others' changes */
	if (undo(session) != OK && session->connection)
		postgres_disconnect(session);
}
