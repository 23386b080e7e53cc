/*
 * Hearing what other processes tell: LISTEN and NOTIFY on a connection of its
 * own, with a thread. While there is none, and always behind pgbouncer, who
 * listens is told every second that something may have been missed.
 *
 * The same thread looks for a server that others have lost (postgres_is_down):
 * it may wait for that, and they, who answer requests, may not.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "db/postgres.h"

enum {
	RETRY_MS = 1000,
	QUIET_MS = 3000, /* then the server is asked whether it is there */
	ANSWER_MS = 3000,
};

struct db_listener {
	struct postgres_db *db;
	db_heard *heard;
	void *context;
	pthread_t thread;
	int stop; /* an eventfd */
	PGconn *connection;
	uint64_t server;
};

/* False when it is to stop. */
static bool pause_for(const struct db_listener *listener, int milliseconds)
{
	struct pollfd stop = {.fd = listener->stop, .events = POLLIN};

	return poll(&stop, 1, milliseconds) <= 0;
}

/* False when the server, which may be paused, says nothing in time. */
static bool next_result(PGconn *connection, PGresult **ret)
{
	struct pollfd waited = {.fd = PQsocket(connection), .events = POLLIN};

	while (PQisBusy(connection))
		if (poll(&waited, 1, ANSWER_MS) <= 0 ||
		    !PQconsumeInput(connection))
			return false;
	*ret = PQgetResult(connection);
	return true;
}

static bool run(const struct db_listener *listener, const char *sql)
{
	bool is_done = PQsendQuery(listener->connection, sql);
	PGresult *result;

	while (is_done && next_result(listener->connection, &result)) {
		ExecStatusType status = PQresultStatus(result);

		PQclear(result);
		if (!result)
			return true;
		is_done =
			status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	}
	return false;
}

static void disconnect(struct db_listener *listener)
{
	postgres_hears(listener->db, false);
	PQfinish(listener->connection);
	listener->connection = NULL;
}

static bool connect_and_run(struct db_listener *listener, const char *sql)
{
	listener->connection = postgres_connect(listener->db, "cleat listener",
						&listener->server);
	if (PQstatus(listener->connection) == CONNECTION_OK &&
	    run(listener, sql)) {
		postgres_hears(listener->db, !listener->db->is_pooled);
		postgres_is_there(listener->db);
		return true;
	}
	disconnect(listener);
	return false;
}

/* Behind pgbouncer there is nothing to keep, but something to look for. */
static bool connect_listener(struct db_listener *listener)
{
	if (!listener->db->is_pooled)
		return connect_and_run(listener, "LISTEN cleat");
	if (postgres_is_looked_for(listener->db) &&
	    connect_and_run(listener, "SELECT 1"))
		disconnect(listener);
	return false;
}

/* That it takes what we send says nothing. */
static bool answers(struct db_listener *listener)
{
	eventfd_t ignored;

	(void)eventfd_read(listener->db->wake, &ignored);
	if (!run(listener, "SELECT 1"))
		return false;
	postgres_is_there(listener->db);
	return true;
}

static void hear_all(const struct db_listener *listener)
{
	PGnotify *told;

	while ((told = PQnotifies(listener->connection))) {
		postgres_has_changed(listener->db);
		listener->heard(listener->context, told->extra);
		PQfreemem(told);
	}
}

/* False when it is to stop; without a connection when that is lost. */
static bool hear_some(struct db_listener *listener)
{
	struct pollfd waited[] = {
		{.fd = listener->stop, .events = POLLIN},
		{.fd = PQsocket(listener->connection), .events = POLLIN},
		{.fd = listener->db->wake, .events = POLLIN},
	};
	int count = poll(waited, 3, QUIET_MS);

	if (count < 0)
		return true; /* interrupted */
	if (waited[0].revents)
		return false;
	bool is_there = PQconsumeInput(listener->connection) &&
			((count && !waited[2].revents) || answers(listener));
	if (is_there && !postgres_has_moved(listener->db, listener->server))
		hear_all(listener);
	else
		disconnect(listener);
	return true;
}

static void *listen_on(void *context)
{
	struct db_listener *listener = context;
	bool goes_on = true;

	while (goes_on) {
		if (listener->connection) {
			goes_on = hear_some(listener);
			continue;
		}
		if (!connect_listener(listener))
			goes_on = pause_for(listener, RETRY_MS);
		listener->heard(listener->context, NULL);
	}
	disconnect(listener);
	return NULL;
}

struct db_listener *postgres_listen(struct db *db, db_heard *heard,
				    void *context)
{
	struct db_listener *listener = memory_zalloc(sizeof(*listener));

	listener->db = (struct postgres_db *)db;
	listener->heard = heard;
	listener->context = context;
	listener->stop = eventfd(0, EFD_CLOEXEC);
	if (listener->db->wake < 0)
		listener->db->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (listener->stop >= 0 && listener->db->wake >= 0 &&
	    pthread_create(&listener->thread, NULL, listen_on, listener) == 0) {
		atomic_store(&listener->db->is_watched, true);
		return listener;
	}
	log_error("a listener does not start", NULL);
	if (listener->stop >= 0)
		close(listener->stop);
	free(listener);
	return NULL;
}

void postgres_listen_stop(struct db_listener *listener)
{
	/* from here on each tries by itself again */
	atomic_store(&listener->db->is_watched, false);
	(void)eventfd_write(listener->stop, 1);
	pthread_join(listener->thread, NULL);
	postgres_is_there(listener->db);
	close(listener->stop);
	free(listener);
}

enum error postgres_tell(struct db_session *base, const char *text)
{
	struct postgres_session *session = (struct postgres_session *)base;
	const char *const values[] = {text};

	if (!session->connection)
		return ERR_BUSY;
	session->has_told = true;
	return postgres_posted(
		session, PQsendQueryParams(session->connection,
					   "SELECT pg_notify('cleat', $1)", 1,
					   NULL, values, NULL, NULL, 1));
}
