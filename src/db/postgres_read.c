/*
 * Reading sessions. Nothing is sent before their first statement: with it goes
 * the begin, or none at all when the statement is one that needs no other. The
 * project that they have entered stays with the connection, where it is our
 * own. What they read may be remembered for a moment, while other processes'
 * commits are heard of.
 */
#include "base/clock.h"
#include "db/postgres.h"

/* A commit that nobody was told of is seen after this long. */
#define REMEMBERED_US INT64_C(900000)

/* No two are the same, of whatever store: a thread may read several. */
static uint64_t new_number(void)
{
	static _Atomic uint64_t last;

	return atomic_fetch_add(&last, 1) + 1;
}

void postgres_has_changed(struct postgres_db *db)
{
	atomic_store(&db->read_since, clock_monotonic());
	atomic_store(&db->reading, new_number());
}

void postgres_forget(struct postgres_session *session)
{
	if (session->access == DB_WRITE)
		session->snapshot = new_number();
}

void postgres_hears(struct postgres_db *db, bool is_heard)
{
	postgres_has_changed(db);
	atomic_store(&db->is_heard, is_heard);
}

/* 0 while others could commit and not be heard of. */
static uint64_t number_now(struct postgres_db *db)
{
	if (!atomic_load(&db->is_heard))
		return 0;
	if (clock_monotonic() - atomic_load(&db->read_since) > REMEMBERED_US)
		postgres_has_changed(db);
	return atomic_load(&db->reading);
}

/* From the begin on: before anything is read. */
uint64_t postgres_recent(const struct db_session *base)
{
	return ((const struct postgres_session *)base)->snapshot;
}

/* A reader's next one may see what another process has changed meanwhile. */
uint64_t postgres_snapshot(const struct db_session *base)
{
	const struct postgres_session *session =
		(const struct postgres_session *)base;

	return session->access == DB_WRITE ? session->snapshot : 0;
}

void postgres_begin_reading(struct postgres_session *session)
{
	session->snapshot = number_now((struct postgres_db *)session->base.db);
	session->has_begun = session->has_entering = false;
	if (postgres_is_pooled(session))
		session->has_setting = false;
}

static enum error begin(struct postgres_session *session)
{
	TRY(postgres_post(session,
			  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
	session->has_begun = true;
	return postgres_set_up_transaction(session);
}

/* Who has entered nothing sees nothing, whoever was here before. */
static enum error set_project(struct postgres_session *session)
{
	bool is_same = session->has_setting == session->has_entering &&
		       (!session->has_setting ||
			uuid_equal(session->setting, session->entering));

	if (is_same)
		return OK;
	TRY(postgres_post_setting(
		session, session->has_entering ? &session->entering : NULL,
		postgres_is_pooled(session)));
	session->setting = session->entering;
	session->has_setting = session->has_entering;
	return OK;
}

enum error postgres_lead_in(struct postgres_session *session, bool is_alone)
{
	if (session->access != DB_READ || !session->is_open)
		return OK;
	if (!session->has_begun && (!is_alone || postgres_is_pooled(session)))
		TRY(begin(session));
	return set_project(session);
}

void postgres_end_reading(struct postgres_session *session, const char *how)
{
	if (!session->has_begun || !session->connection)
		return;
	session->has_begun = false;
	if (postgres_post(session, how) == OK)
		postgres_send(session);
}
