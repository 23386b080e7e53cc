/* Starting, draining and freeing the server. */
#include "http/exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/wake.h"

enum {
	CONNECTION_MEMORY = 42 * 1024, /* the line, the headers, the answer's */
	CONNECTION_TIMEOUT_S = 30,
	CONNECTIONS_MAX = 20000,
	DRAIN_MS = 30000,
	QUIET_MS = 300, /* no request for so long: the clients are done */
};
const char *http_reason(int status)
{
	const char *reason = MHD_get_reason_phrase_for((unsigned)status);

	return reason ? reason : "Error";
}
/* We decode the target ourselves, strictly. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection,
			    char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

PRINTF_LIKE(2, 0)
static void log_library(void *context, const char *format, va_list args)
{
	char text[256];

	(void)context;
	(void)vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\r\n")] = '\0';
	log_info("http library", "says", text, NULL);
}

union any_address {
	struct sockaddr base;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool read_address(const struct http_options *options,
			 union any_address *ret)
{
	char text[64];
	size_t length = strlen(options->address);

	*ret = (union any_address){.v4.sin_family = AF_INET};
	if (options->address[0] != '[') {
		ret->v4.sin_port = htons(options->port);
		return inet_pton(AF_INET, options->address,
				 &ret->v4.sin_addr) == 1;
	}
	if (length < 3 || length > sizeof(text) ||
	    options->address[length - 1] != ']')
		return false;
	memcpy(text, options->address + 1, length - 2);
	text[length - 2] = '\0';
	*ret = (union any_address){.v6 = {.sin6_family = AF_INET6,
					  .sin6_port = htons(options->port)}};
	return inet_pton(AF_INET6, text, &ret->v6.sin6_addr) == 1;
}

static void count_connection(void *context, struct MHD_Connection *connection,
			     void **slot,
			     enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = context;

	(void)connection;
	(void)slot;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		wake_connected(server->wake);
	else
		wake_disconnected(server->wake);
}

static struct MHD_Daemon *start_daemon(struct http_server *server,
				       const struct http_options *options,
				       const union any_address *address)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
			 MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
			 MHD_USE_TURBO;

	if (address->base.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	/* the log goes first: the options after it may already use it */
	return MHD_start_daemon(
		flags, options->port, NULL, NULL, exchange_access, server,
		MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
		MHD_OPTION_SOCK_ADDR, &address->base,
		MHD_OPTION_THREAD_POOL_SIZE, options->threads,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_TIMEOUT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
		/* the guard looks at what strictness would refuse unseen */
		MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_UNESCAPE_CALLBACK,
		leave_escaped, NULL, MHD_OPTION_URI_LOG_CALLBACK,
		exchange_begin, server, MHD_OPTION_NOTIFY_CONNECTION,
		count_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
		exchange_end, server, MHD_OPTION_END);
}

struct http_server *http_start(const struct http_app *app,
			       const struct http_options *options)
{
	union any_address address;

	if (!read_address(options, &address))
		return NULL;
	struct http_server *server = memory_zalloc(sizeof(*server));
	server->app = app;
	pthread_mutex_init(&server->spare_lock, NULL);
	server->wake = wake_start();
	server->daemon = start_daemon(server, options, &address);
	if (!server->daemon) {
		http_free(server);
		return NULL;
	}
	server->port =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)
			->port;
	return server;
}

uint16_t http_port(const struct http_server *server)
{
	return server->port;
}

void http_write_metrics(struct http_server *server, struct buf *out)
{
	const struct http_app *app = server->app;

	metrics_write(app->metrics, out);
	app->write_metrics(app->context, out);
}

bool http_is_draining(const struct http_server *server)
{
	return atomic_load(&server->is_draining);
}

static unsigned connections(struct http_server *server)
{
	return MHD_get_daemon_info(server->daemon,
				   MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
		->num_connections;
}

/*
 * Nobody has asked for a while, or it has taken too long; but never while a
 * request waits for the writer: the library does not stop with one.
 */
static bool is_drained(struct http_server *server, int64_t began)
{
	int64_t now = clock_monotonic();
	int64_t quiet = now - atomic_load(&server->last_ended_at);

	if (atomic_load(&server->suspended))
		return false;
	if (now - began > DRAIN_MS * INT64_C(1000))
		return true;
	return atomic_load(&server->active) == 0 &&
	       (connections(server) == 0 || quiet > QUIET_MS * INT64_C(1000));
}

/*
 * Closes the port under the library: another socket, of no use, takes the
 * descriptor. MHD_quiesce_daemon is for this, but with epoll it races with
 * the library's own threads, and the loser aborts the process ("Failed to
 * remove listen FD from epoll set").
 */
static void stop_listening(struct http_server *server)
{
	int listener =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_LISTEN_FD)
			->listen_fd;
	int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* refused from here on, even if there is no descriptor to be had */
	(void)shutdown(listener, SHUT_RDWR);
	if (other < 0)
		return;
	(void)dup2(other, listener);
	(void)close(other);
}

/*
 * Requests that come on open connections are still answered, each with
 * `Connection: close`.
 */
void http_drain(struct http_server *server)
{
	int64_t began = clock_monotonic();

	atomic_store(&server->is_draining, true);
	stop_listening(server);
	atomic_store(&server->last_ended_at, began);
	while (!is_drained(server, began))
		(void)poll(NULL, 0, 10);
	MHD_stop_daemon(server->daemon);
	server->daemon = NULL;
}

void http_free(struct http_server *server)
{
	wake_stop(server->wake);
	exchange_free_spare(server);
	pthread_mutex_destroy(&server->spare_lock);
	free(server);
}
