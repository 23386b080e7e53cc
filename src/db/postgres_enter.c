/*
 * Entering a project. A writer holds a lock on each project that it works in
 * until its commit (pg_advisory_xact_lock), so that the rules of a project,
 * which look before they change, hold with any number of processes, and its
 * events are in one order. A transaction that holds a lock never waits for
 * another one: no two wait for each other.
 */
#include "db/postgres.h"

#include <endian.h>
#include <string.h>

/* The last half of a version 7 uuid is random; the sign is of no matter. */
static uint64_t lock_number(const struct uuid *project)
{
	uint64_t number;

	memcpy(&number, project->bytes + UUID_BYTES / 2, sizeof(number));
	return number; /* in the network's order already */
}

static bool holds(const struct postgres_session *session,
		  const struct uuid *project)
{
	for (size_t i = 0; i < session->lock_count; i++)
		if (uuid_equal(session->locks[i], *project))
			return true;
	return false;
}

static enum error post_with_number(struct postgres_session *session,
				   const char *sql, const struct uuid *project)
{
	const uint64_t number = lock_number(project);
	const char *const values[] = {(const char *)&number};
	const int lengths[] = {sizeof(number)}, formats[] = {1};

	return postgres_posted(session, PQsendQueryParams(session->connection,
							  sql, 1, NULL, values,
							  lengths, formats, 1));
}

/* Of the first lock one may be waited for, up to lock_timeout. */
static enum error take_lock(struct postgres_session *session,
			    const struct uuid *project)
{
	PGresult *result;

	if (session->lock_count == POSTGRES_LOCKS_MAX)
		return ERR_ELSEWHERE;
	if (!session->lock_count) {
		TRY(post_with_number(
			session, "SELECT pg_advisory_xact_lock($1)", project));
	} else {
		TRY(post_with_number(session,
				     "SELECT pg_try_advisory_xact_lock($1)",
				     project));
		TRY(postgres_ask(session, "lock", &result));
		bool is_taken = PQgetvalue(result, 0, 0)[0] != 0;
		PQclear(result);
		if (!is_taken)
			return ERR_ELSEWHERE;
	}
	session->locks[session->lock_count++] = *project;
	return OK;
}

/* As postgres_wall.c's policies have it. */
enum error postgres_post_setting(struct postgres_session *session,
				 const struct uuid *project, bool is_local)
{
	char text[UUID_TEXT] = "";
	const char *const values[] = {text, is_local ? "t" : "f"};

	if (project)
		uuid_format(*project, text);
	if (project && uuid_is_nil(*project))
		memcpy(text, "store", sizeof("store"));
	return postgres_posted(
		session,
		PQsendQueryParams(session->connection,
				  "SELECT set_config('cleat.project', $1, $2)",
				  2, NULL, values, NULL, NULL, 1));
}

enum error postgres_enter(struct db_session *base, const struct uuid *project,
			  bool *ret_may_have_changed)
{
	struct postgres_session *session = (struct postgres_session *)base;

	if (!session->connection)
		return ERR_BUSY;
	if (session->access == DB_READ) { /* it goes before the next query */
		session->entering = *project;
		session->has_entering = true;
		return OK;
	}
	if (!uuid_is_nil(*project) && !holds(session, project)) {
		TRY(take_lock(session, project));
		postgres_forget(session);
		*ret_may_have_changed = true;
	}
	return postgres_post_setting(session, project, true);
}
