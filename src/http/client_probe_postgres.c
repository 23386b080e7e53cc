/*
 * PostgreSQL, by libpq: it is told the addresses that the guard lets it go to,
 * and resolves none itself. Nothing of the environment or of files counts.
 */
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>

#include "http/client_talk.h"

enum { PARAMS_MAX = 24, SQLSTATE = 5 };

#define SYSTEM_AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"

struct params {
	const char *names[PARAMS_MAX + 1];
	const char *values[PARAMS_MAX + 1];
	size_t count;
};

static void add(struct params *to, const char *name, const char *value)
{
	to->names[to->count] = name;
	to->values[to->count++] = value;
}

/* Without TLS a server that wants it says so; with it there is no other way. */
static const char *tls_mode(const struct probe *probe)
{
	if (probe->tls == PROBE_PLAIN)
		return probe->trusts_anybody ? "prefer" : "disable";
	if (probe->trusts_anybody)
		return "require";
	return probe->trusts_any_name ? "verify-ca" : "verify-full";
}

/* All of them, as libpq wants them; with the host's name for each. */
static void add_addresses(struct talk *talk, const struct client_addresses *to,
			  struct params *ret)
{
	const char *names = "", *addresses = "";
	char text[NI_MAXHOST];

	for (size_t i = 0; i < to->count; i++) {
		const struct client_address *one = &to->items[i];
		const char *comma = *addresses ? "," : "";

		if (getnameinfo((const struct sockaddr *)&one->address,
				one->length, text, sizeof(text), NULL, 0,
				NI_NUMERICHOST) != 0)
			continue;
		addresses = arena_printf(talk->arena, "%s%s%s", addresses,
					 comma, text);
		names = arena_printf(talk->arena, "%s%s%s", names, comma,
				     talk->probe->host);
	}
	add(ret, "host", names);
	add(ret, "hostaddr", addresses);
}

static void set_params(struct talk *talk, const struct client_addresses *to,
		       struct params *ret)
{
	const struct probe *probe = talk->probe;
	bool verifies = probe->tls != PROBE_PLAIN && !probe->trusts_anybody;

	*ret = (struct params){.count = 0};
	add_addresses(talk, to, ret);
	add(ret, "port", arena_printf(talk->arena, "%d", probe->port));
	add(ret, "dbname", probe->path ? probe->path : "postgres");
	add(ret, "user", probe->user ? probe->user : "postgres");
	add(ret, "password", probe->password ? probe->password : "");
	add(ret, "passfile", "/dev/null");
	add(ret, "sslmode", tls_mode(probe));
	/* a file that is there makes "require" verify */
	add(ret, "sslrootcert",
	    verifies ? SYSTEM_AUTHORITIES : "/dev/null/none");
	add(ret, "sslcert", "/dev/null/none");
	add(ret, "sslkey", "/dev/null/none");
	add(ret, "sslcrl", "");
	add(ret, "sslcrldir", "");
	add(ret, "gssencmode", "disable");
	add(ret, "channel_binding", "prefer");
	add(ret, "target_session_attrs", "any");
	add(ret, "application_name", "cleat");
	add(ret, "client_encoding", "UTF8");
	add(ret, "options", "");
	add(ret, "replication", "false");
}

static bool fail_at(struct talk *talk, enum probe_step step,
		    enum probe_fault fault, const char *detail)
{
	talk_step(talk, step);
	return talk_fail(talk, fault, detail);
}

static bool is_sqlstate(const char *text)
{
	for (int i = 0; i < SQLSTATE; i++)
		if (!(text[i] >= '0' && text[i] <= '9') &&
		    !(text[i] >= 'A' && text[i] <= 'Z'))
			return false;
	return text[SQLSTATE] == '\n' || !text[SQLSTATE];
}

/* What the server refused us with; NULL when it did not. It stands behind the
 * severity, which is in the server's language. */
static const char *sqlstate_of(const char *message)
{
	const char *at = message;

	while ((at = strstr(at, ":  "))) {
		at += 3;
		if (is_sqlstate(at))
			return at;
	}
	return NULL;
}

static bool is_state(const char *state, const char *wanted)
{
	return strncmp(state, wanted, strlen(wanted)) == 0;
}

static bool judge_refusal(struct talk *talk, const char *state)
{
	if (is_state(state, "28"))
		return fail_at(talk, PROBE_STEP_LOGIN, PROBE_DENIED,
			       "user or password was refused, or this user "
			       "may not log in from here or without TLS");
	if (is_state(state, "3D000"))
		return fail_at(talk, PROBE_STEP_USE, PROBE_MISSING,
			       "there is no such database");
	return fail_at(talk, PROBE_STEP_USE, PROBE_FAILING,
		       arena_printf(talk->arena,
				    "the server refuses us with SQLSTATE %.5s",
				    state));
}

/* By libpq's own words where there is no better sign. */
static bool judge(struct talk *talk, PGconn *conn)
{
	const char *message = PQerrorMessage(conn);
	const char *state = sqlstate_of(message);

	if (state)
		return judge_refusal(talk, state);
	if (strstr(message, "does not support SSL"))
		return fail_at(talk, PROBE_STEP_TLS, PROBE_NO_TLS,
			       "the server does not offer TLS");
	if (strstr(message, "certificate"))
		return fail_at(talk, PROBE_STEP_TLS, PROBE_UNTRUSTED,
			       "its certificate is not trusted, or not that of "
			       "the host");
	if (strstr(message, "SSL error"))
		return fail_at(talk, PROBE_STEP_TLS, PROBE_NO_TLS,
			       "the server and we do not agree on TLS");
	if (strstr(message, "no password supplied"))
		return fail_at(talk, PROBE_STEP_LOGIN, PROBE_DENIED,
			       "the server wants a password");
	if (strstr(message, "authentication method") ||
	    strstr(message, "SASL") || strstr(message, "SCRAM"))
		return fail_at(talk, PROBE_STEP_LOGIN, PROBE_DENIED,
			       "the server offers no login that we know");
	if (strstr(message, "expected authentication request") ||
	    strstr(message, "invalid response to SSL") ||
	    strstr(message, "unexpected message"))
		return fail_at(talk, PROBE_STEP_GREETING, PROBE_UNEXPECTED,
			       "the server speaks something else");
	if (strstr(message, "Connection refused") ||
	    strstr(message, "No route") || strstr(message, "unreachable"))
		return fail_at(talk, PROBE_STEP_CONNECT, PROBE_REFUSED,
			       "nobody takes connections there");
	return talk_fail(talk, PROBE_CUT_OFF, "the connection was cut off");
}

static void see_step(struct talk *talk, PGconn *conn)
{
	switch (PQstatus(conn)) {
	case CONNECTION_SSL_STARTUP:
		talk_step(talk, PROBE_STEP_TLS);
		break;
	case CONNECTION_MADE:
	case CONNECTION_AWAITING_RESPONSE:
		talk_step(talk, PROBE_STEP_GREETING);
		break;
	case CONNECTION_AUTH_OK:
		talk_step(talk, PROBE_STEP_LOGIN);
		break;
	default:
		break;
	}
}

static bool connect_by(struct talk *talk, PGconn *conn)
{
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	if (PQstatus(conn) == CONNECTION_BAD)
		return judge(talk, conn);
	/* of a refusal the code alone: the server's words are its own */
	(void)PQsetErrorVerbosity(conn, PQERRORS_SQLSTATE);
	while (next != PGRES_POLLING_OK) {
		if (next == PGRES_POLLING_FAILED)
			return judge(talk, conn);
		see_step(talk, conn);
		if (!talk_await(talk, PQsocket(conn),
				next == PGRES_POLLING_READING ? POLLIN
							      : POLLOUT))
			return false;
		next = PQconnectPoll(conn);
	}
	talk_step(talk, PROBE_STEP_USE);
	return true;
}

bool probe_postgres(struct talk *talk)
{
	struct client_addresses to;
	struct params params;

	if (!talk_resolve(talk, &to))
		return false;
	set_params(talk, &to, &params);
	PGconn *conn = PQconnectStartParams(params.names, params.values, 0);
	if (!conn)
		return talk_fail(talk, PROBE_FAILING, "libpq does not start");
	bool is_well = connect_by(talk, conn);
	PQfinish(conn);
	return is_well;
}
