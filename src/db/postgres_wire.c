/*
 * Sending and waiting, by libpq's non-blocking calls and poll(2): a server
 * that is paused must not hold a thread for longer than its deadline.
 */
#include "db/postgres.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "base/log.h"

/* Longer than the server's own statement_timeout. */
#define PATIENCE_US	 INT64_C(6000000)
#define HOLD_PATIENCE_US INT64_C(600000000) /* of who waits for nobody */
#define PAUSE_US	 INT64_C(500000) /* until somebody tries a lost server */
#define REMIND_US	 INT64_C(60000000)

void postgres_disconnect(struct postgres_session *session)
{
	PQfinish(session->connection);
	session->connection = NULL;
	session->posted = session->syncs_owed = 0;
	session->is_demoted = false;
	session->lock_count = 0;
	session->has_begun = session->has_setting = false;
	memset(session->statements, 0, sizeof(session->statements));
}

static _Atomic int64_t *told_at(const struct postgres_session *session,
				enum postgres_trouble trouble)
{
	return &((struct postgres_db *)session->base.db)->told_at[trouble];
}

static void tell(struct postgres_session *session,
		 enum postgres_trouble trouble, const char *doing,
		 const char *why)
{
	static const char *const what[POSTGRES_TROUBLES] = {
		"postgresql is away", "postgresql takes no changes"};
	int64_t now = clock_monotonic();
	int64_t before = atomic_load(told_at(session, trouble));

	if ((!before || now >= before + REMIND_US) &&
	    atomic_compare_exchange_strong(told_at(session, trouble), &before,
					   now))
		log_error(what[trouble], "doing", doing, "why", why, NULL);
}

void postgres_is_over(struct postgres_session *session,
		      enum postgres_trouble trouble)
{
	static const char *const what[POSTGRES_TROUBLES] = {
		"postgresql is back", "postgresql takes changes again"};

	if (atomic_load(told_at(session, trouble)) &&
	    atomic_exchange(told_at(session, trouble), 0))
		log_info(what[trouble], NULL);
}

void postgres_is_down(struct postgres_session *session, const char *doing)
{
	struct postgres_db *db = (struct postgres_db *)session->base.db;

	if (atomic_load(&db->is_watched)) {
		atomic_store(&db->down_until, POSTGRES_UNTIL_SEEN);
		(void)eventfd_write(db->wake, 1);
	} else {
		atomic_store(&db->down_until, clock_monotonic() + PAUSE_US);
	}
	tell(session, POSTGRES_AWAY, doing,
	     session->connection ? PQerrorMessage(session->connection)
				 : "the connection is lost");
}

/* Others would wait for an answer as long as this one did. */
static void note_silence(struct postgres_session *session)
{
	struct postgres_db *db = (struct postgres_db *)session->base.db;

	if (atomic_load(&db->is_watched))
		atomic_store(&db->is_silent, true);
}

bool postgres_is_looked_for(struct postgres_db *db)
{
	return atomic_load(&db->is_silent) ||
	       atomic_load(&db->down_until) == POSTGRES_UNTIL_SEEN;
}

/* Who was refused a connection is not to ask for one all the time. */
void postgres_is_there(struct postgres_db *db)
{
	int64_t until = POSTGRES_UNTIL_SEEN;

	atomic_store(&db->is_silent, false);
	(void)atomic_compare_exchange_strong(&db->down_until, &until,
					     clock_monotonic() + PAUSE_US);
}

/* What works later; codes: PostgreSQL's documentation, appendix A. */
static const struct {
	const char *state;
	enum postgres_trouble trouble; /* POSTGRES_TROUBLES: of a moment */
} later[] = {
	{"08000", POSTGRES_AWAY},     /* connection_exception */
	{"08006", POSTGRES_AWAY},     /* connection_failure */
	{"08P01", POSTGRES_AWAY},     /* protocol_violation: pgbouncer's own */
	{"40001", POSTGRES_TROUBLES}, /* serialization_failure */
	{"40P01", POSTGRES_TROUBLES}, /* deadlock_detected */
	{"53000", POSTGRES_REFUSES},  /* insufficient_resources */
	{"53100", POSTGRES_REFUSES},  /* disk_full */
	{"53200", POSTGRES_REFUSES},  /* out_of_memory */
	{"53300", POSTGRES_AWAY},     /* too_many_connections */
	{"53400", POSTGRES_REFUSES},  /* configuration_limit_exceeded */
	{"55P03", POSTGRES_TROUBLES}, /* lock_not_available */
	{"57014", POSTGRES_TROUBLES}, /* query_canceled: statement_timeout */
	{"57P01", POSTGRES_AWAY},     /* admin_shutdown */
	{"57P02", POSTGRES_AWAY},     /* crash_shutdown */
	{"57P03", POSTGRES_AWAY},     /* cannot_connect_now */
	{"58030", POSTGRES_REFUSES},  /* io_error */
};

static enum error error_of_state(const char *state,
				 enum postgres_trouble *ret_trouble)
{
	*ret_trouble = POSTGRES_TROUBLES;
	if (strcmp(state, "23505") == 0) /* unique_violation */
		return ERR_TAKEN;
	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
		if (strcmp(state, later[i].state) == 0) {
			*ret_trouble = later[i].trouble;
			return ERR_BUSY;
		}
	return ERR_STORE;
}

/* A writer's server that only reads was the primary, and is not any more. */
static bool is_demotion(const struct postgres_session *session,
			const char *state)
{
	return session->access == DB_WRITE &&
	       strcmp(state, "25006") == 0; /* read_only_sql_transaction */
}

/* Without a state the connection is lost: before a commit, so try again. */
static enum error error_of(struct postgres_session *session,
			   const PGresult *result, const char *doing)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	enum postgres_trouble trouble = POSTGRES_AWAY;
	enum error error = state ? error_of_state(state, &trouble) : ERR_BUSY;

	if (state && is_demotion(session, state)) {
		session->is_demoted = true;
		error = ERR_BUSY;
	}

	/* the primary message alone: a detail may have values in it */
	const char *why = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (!why)
		why = "the connection is lost";
	if (trouble != POSTGRES_TROUBLES)
		tell(session, trouble, doing, why);
	else if (error != ERR_TAKEN)
		log_error("postgresql failed", "doing", doing, "state", state,
			  "why", why, NULL);
	return error;
}

static enum error lost(struct postgres_session *session, const char *doing)
{
	postgres_is_down(session, doing);
	postgres_disconnect(session);
	return ERR_BUSY;
}

/* False when the time is up, or the connection gone. */
static bool wait_on(struct postgres_session *session, short events,
		    int64_t deadline)
{
	struct pollfd waited = {.fd = PQsocket(session->connection),
				.events = events};
	int64_t left;

	while (waited.fd >= 0 && (left = deadline - clock_monotonic()) > 0) {
		int count = poll(&waited, 1, (int)(left / 1000) + 1);

		if (count > 0)
			return true;
		/* who is stopped and goes on is interrupted */
		if (count < 0 && errno != EINTR)
			return false;
	}
	if (waited.fd >= 0)
		note_silence(session);
	return false;
}

static bool flush(struct postgres_session *session, int64_t deadline)
{
	for (;;) {
		int left = PQflush(session->connection);

		if (left <= 0)
			return left == 0;
		/* what the server says must be taken, or it takes no more */
		if (!wait_on(session, POLLIN | POLLOUT, deadline) ||
		    !PQconsumeInput(session->connection))
			return false;
	}
}

/* False when it is lost. `*ret` is NULL at the end of one statement's. */
static bool next_result(struct postgres_session *session, int64_t deadline,
			PGresult **ret)
{
	while (PQisBusy(session->connection))
		if (!wait_on(session, POLLIN, deadline) ||
		    !PQconsumeInput(session->connection))
			return false;
	*ret = PQgetResult(session->connection);
	return true;
}

/* Up to the sync that nobody has waited for. */
static bool skip_owed(struct postgres_session *session, int64_t deadline)
{
	PGresult *result;

	while (session->syncs_owed) {
		if (!next_result(session, deadline, &result))
			return false;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
			session->syncs_owed--;
		if (!result && PQstatus(session->connection) != CONNECTION_OK)
			return false;
		PQclear(result);
	}
	return true;
}

static bool is_good(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* One statement's; the caller clears. NULL: the connection is lost. */
static PGresult *result_of_one(struct postgres_session *session,
			       int64_t deadline)
{
	PGresult *result, *end;

	if (!next_result(session, deadline, &result) || !result)
		return NULL;
	if (PQresultStatus(result) != PGRES_PIPELINE_SYNC &&
	    !next_result(session, deadline, &end)) {
		PQclear(result);
		return NULL;
	}
	return result;
}

enum error postgres_posted(struct postgres_session *session, int is_sent)
{
	if (!is_sent)
		return lost(session, "send");
	if (session->posted < POSTGRES_POSTED_MAX)
		session->must_change[session->posted] = false;
	session->posted++;
	return OK;
}

enum error postgres_post(struct postgres_session *session, const char *sql)
{
	if (!session->connection)
		return ERR_BUSY;
	return postgres_posted(session,
			       PQsendQueryParams(session->connection, sql, 0,
						 NULL, NULL, NULL, NULL, 1));
}

static bool has_failed_to_change(const struct postgres_session *session, int at,
				 PGresult *result)
{
	return at < POSTGRES_POSTED_MAX && session->must_change[at] &&
	       strcmp(PQcmdTuples(result), "0") == 0;
}

/* Of the one that was posted at this place. */
static enum error outcome(struct postgres_session *session, int at,
			  PGresult *result, const char *doing)
{
	if (!is_good(result)) {
		enum error error = error_of(session, result, doing);

		/* a key is held: it is who asked last that can go on then */
		return error == ERR_TAKEN && session->posted > 1 ? ERR_STORE
								 : error;
	}
	if (!has_failed_to_change(session, at, result))
		return OK;
	log_error("what was to be changed is not there", "doing", doing, NULL);
	return ERR_INTERNAL;
}

/* `*ret_last` is the last good one's. */
static enum error take_results(struct postgres_session *session,
			       const char *doing, int64_t deadline,
			       PGresult **ret_last)
{
	enum error error = OK;

	*ret_last = NULL;
	for (int at = 0; session->posted >= 0; at++, session->posted--) {
		PGresult *result = result_of_one(session, deadline);

		if (!result)
			return lost(session, doing);
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			break;
		}
		if (error == OK)
			error = outcome(session, at, result, doing);
		if (is_good(result)) {
			PQclear(*ret_last);
			*ret_last = result;
			continue;
		}
		PQclear(result);
	}
	session->posted = 0;
	return error;
}

enum error postgres_ask(struct postgres_session *session, const char *doing,
			PGresult **ret)
{
	int64_t deadline =
		clock_monotonic() +
		(session->is_holding ? HOLD_PATIENCE_US : PATIENCE_US);
	PGresult *last = NULL;

	if (!session->connection)
		return ERR_BUSY;
	if (!PQpipelineSync(session->connection) || !flush(session, deadline) ||
	    !skip_owed(session, deadline))
		return lost(session, doing);
	enum error error = take_results(session, doing, deadline, &last);
	if (error == OK && ret) {
		*ret = last;
		return OK;
	}
	PQclear(last);
	if (error !=
	    OK) /* its transaction is undone, and with it what it set */
		session->has_setting = false;
	/* an administrator, or a crash, has ended it */
	if (session->connection &&
	    (session->is_demoted ||
	     PQstatus(session->connection) != CONNECTION_OK))
		postgres_disconnect(session);
	return error;
}

void postgres_send(struct postgres_session *session)
{
	if (!session->connection)
		return;
	if (!PQpipelineSync(session->connection) ||
	    PQflush(session->connection) < 0) {
		(void)lost(session, "send");
		return;
	}
	session->posted = 0;
	session->syncs_owed++;
}
