/*
 * Each request: the guard on the first call, then its body, then the
 * application, which answers at once or suspends and resumes.
 */
#include "http/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

enum {
	CONNECTION_MEMORY = 42 * 1024, /* the line, the headers, the answer's */
	CONNECTION_TIMEOUT_S = 30,
	CONNECTIONS_MAX = 20000,
	DRAIN_MS = 30000,
	QUIET_MS = 300, /* no request for so long: the clients are done */
};

struct http_server {
	const struct http_app *app;
	struct MHD_Daemon *daemon;
	uint16_t port;
	_Atomic bool is_draining;
	_Atomic int active;    /* requests begun and not ended */
	_Atomic int suspended; /* of them: waiting for the writer */
	_Atomic int64_t last_ended_at;

	pthread_mutex_t spare_lock;
	struct request *spare; /* guarded by spare_lock */
	int spare_count;       /* guarded by spare_lock */
};

enum { SPARE_MAX = 256 };

const char *http_reason(int status)
{
	const char *reason = MHD_get_reason_phrase_for((unsigned)status);

	return reason ? reason : "Error";
}

static struct request *take_request(struct http_server *server)
{
	pthread_mutex_lock(&server->spare_lock);
	struct request *request = server->spare;
	if (request) {
		server->spare = request->next;
		server->spare_count--;
	}
	pthread_mutex_unlock(&server->spare_lock);
	if (request)
		return request;

	request = memory_zalloc(sizeof(*request));
	op_init(&request->op, server->app->keys, 0);
	buf_init(&request->body, REQUEST_BODY_MAX);
	buf_init(&request->response.body, RESPONSE_BODY_MAX);
	return request;
}

static void free_request(struct request *request)
{
	op_release(&request->op);
	buf_release(&request->body);
	buf_release(&request->response.body);
	free(request);
}

static void give_request(struct http_server *server, struct request *request)
{
	if (request->body.capacity > 64 * 1024)
		buf_release(&request->body);
	buf_release(&request->response.body);
	arena_reset(&request->op.arena); /* wipes what secrets it had */

	pthread_mutex_lock(&server->spare_lock);
	bool keeps = server->spare_count < SPARE_MAX;
	if (keeps) {
		request->next = server->spare;
		server->spare = request;
		server->spare_count++;
	}
	pthread_mutex_unlock(&server->spare_lock);
	if (!keeps)
		free_request(request);
}

/* Called first of all for each request, with the target as it came. */
static void *begin_request(void *context, const char *uri,
			   struct MHD_Connection *connection)
{
	struct http_server *server = context;
	struct request *request = take_request(server);

	atomic_fetch_add(&server->active, 1);
	request->server = server;
	request->connection = connection;
	request->route = NULL;
	request->route_number = router_count(server->app->router);
	request->arg_count = 0;
	request->json = NULL;
	request->discarded = 0;
	request->state = REQUEST_NEW;
	request->closes = false;
	request->error = OK;
	request->started_at = clock_monotonic();
	request->response.status = 0;
	request->response.content_type = NULL;
	request->response.header_count = 0;
	buf_clear(&request->body);
	buf_clear(&request->response.body);
	op_reset(&request->op, clock_now());
	uuid_format(uuid_make(request->op.now), request->op.request_id);
	request->target = arena_strdup(&request->op.arena, uri);
	return request;
}

static enum method method_of(const char *name)
{
	static const char *const names[METHOD_OTHER] = {
		"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

	for (int m = 0; m < METHOD_OTHER; m++)
		if (strcmp(name, names[m]) == 0)
			return (enum method)m;
	return METHOD_OTHER;
}

static void add_headers(struct MHD_Response *answer, struct request *request)
{
	struct response *response = &request->response;
	struct http_server *server = request->server;

	MHD_add_response_header(answer, "X-Request-Id",
				request->op.request_id);
	if (response->content_type)
		MHD_add_response_header(answer, "Content-Type",
					response->content_type);
	for (size_t i = 0; i < response->header_count; i++)
		MHD_add_response_header(answer, response->headers[i].name,
					response->headers[i].value);
	if (request->closes || atomic_load(&server->is_draining))
		MHD_add_response_header(answer, "Connection", "close");
}

static enum MHD_Result send_answer(struct request *request)
{
	struct response *response = &request->response;
	size_t length;

	if (response->body.is_overfull) {
		buf_release(&response->body);
		response->status = 413;
	}
	char *bytes = buf_take(&response->body, &length);
	struct MHD_Response *answer = MHD_create_response_from_buffer(
		length, bytes, MHD_RESPMEM_MUST_FREE);
	if (!answer) {
		free(bytes);
		return MHD_NO;
	}
	add_headers(answer, request);
	enum MHD_Result result = MHD_queue_response(
		request->connection, (unsigned)response->status, answer);
	MHD_destroy_response(answer);
	request->state = REQUEST_ANSWERED;
	return result;
}

/* The guard's word, on the first call, when no body has been read. */
static enum MHD_Result refuse(struct http_server *server,
			      struct request *request,
			      const struct route_match *match, int status,
			      const char *why)
{
	request->closes = true;
	server->app->refuse(server->app->context, request, match, status, why);
	return send_answer(request);
}

static enum MHD_Result first_look(struct http_server *server,
				  struct request *request, const char *version)
{
	struct guard_verdict verdict = guard_check(request->connection,
						   request->target, version);
	struct route_match match = {0};

	if (verdict.status) {
		/* for the form of the answer only: whose path was it? */
		if (router_match(server->app->router, request, &match) != OK)
			match.owner = NULL;
		return refuse(server, request, &match, verdict.status,
			      verdict.why);
	}
	request->state = REQUEST_READING;
	return MHD_YES;
}

static enum MHD_Result take_body(struct request *request, const char *bytes,
				 size_t length)
{
	buf_add(&request->body, bytes, length);
	if (!request->body.is_overfull)
		return MHD_YES;
	request->discarded += length;
	return request->discarded > REQUEST_DISCARD_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result serve(struct http_server *server,
			     struct request *request)
{
	const struct http_app *app = server->app;
	struct route_match match;

	enum error error = router_match(app->router, request, &match);
	request->route = match.route;
	if (match.route)
		request->route_number = match.number;
	if (error != OK)
		app->refuse(app->context, request, &match, 400,
			    request->op.detail);
	else if (request->body.is_overfull)
		app->refuse(app->context, request, &match, 413,
			    "the body is over 1 MiB");
	else
		app->serve(app->context, request, &match);
	if (request->state == REQUEST_SUSPENDED)
		return MHD_YES;
	return send_answer(request);
}

static enum MHD_Result on_access(void *context,
				 struct MHD_Connection *connection,
				 const char *url, const char *method,
				 const char *version, const char *bytes,
				 size_t *length, void **slot)
{
	struct http_server *server = context;
	struct request *request = *slot;

	(void)connection;
	(void)url;
	switch (request->state) {
	case REQUEST_NEW:
		request->method = method_of(method);
		return first_look(server, request, version);
	case REQUEST_READING:
		if (!*length)
			return serve(server, request);
		size_t taken = *length;
		*length = 0;
		return take_body(request, bytes, taken);
	case REQUEST_SUSPENDED:
		return send_answer(request);
	case REQUEST_ANSWERED:
		break;
	}
	return MHD_YES;
}

void http_suspend(struct request *request)
{
	request->state = REQUEST_SUSPENDED;
	atomic_fetch_add(&request->server->suspended, 1);
	MHD_suspend_connection(request->connection);
}

void http_resume(struct request *request)
{
	struct http_server *server = request->server;

	MHD_resume_connection(request->connection);
	atomic_fetch_sub(&server->suspended, 1);
}

static char *put_text(char *out, const char *text)
{
	size_t length = strlen(text);

	memcpy(out, text, length);
	return out + length;
}

static char *put_number(char *out, int64_t number)
{
	char digits[20];
	int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (count)
		*out++ = digits[--count];
	return out;
}

/* One line a request. It names the route, not the path: ids can be keys. */
static void log_access(const struct request *request, int64_t took_us)
{
	char line[512], when[CLOCK_TEXT];

	clock_format(request->op.now, when);
	char *out = put_text(line, "{\"time\":\"");
	out = put_text(out, when);
	out = put_text(out, "\",\"level\":\"info\",\"message\":\"request\",\"request_id\":\"");
	out = put_text(out, request->op.request_id);
	out = put_text(out, "\",\"route\":\"");
	out = put_text(out,
		       request->route ? request->route->operation : "none");
	out = put_text(out, "\",\"status\":");
	out = put_number(out, request->response.status);
	out = put_text(out, ",\"took_us\":");
	out = put_number(out, took_us);
	if (request->error != OK) {
		out = put_text(out, ",\"error\":\"");
		out = put_text(out, error_name(request->error));
		out = put_text(out, "\"");
	}
	out = put_text(out, "}\n");
	log_raw(line, (size_t)(out - line));
}

static void end_request(void *context, struct MHD_Connection *connection,
			void **slot, enum MHD_RequestTerminationCode code)
{
	struct http_server *server = context;
	struct request *request = *slot;

	(void)connection;
	(void)code;
	if (!request)
		return;
	*slot = NULL;

	int64_t took = clock_monotonic() - request->started_at;
	if (request->response.status) {
		metrics_count(server->app->metrics, request->route_number,
			      request->response.status, took);
		log_access(request, took);
	}
	give_request(server, request);
	atomic_store(&server->last_ended_at, clock_monotonic());
	atomic_fetch_sub(&server->active, 1);
}

/* We decode the target ourselves, strictly. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection,
			    char *text)
{
	(void)context;
	(void)connection;
	return strlen(text);
}

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
		flags, options->port, NULL, NULL, on_access, server,
		MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
		MHD_OPTION_SOCK_ADDR, &address->base,
		MHD_OPTION_THREAD_POOL_SIZE, options->threads,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_TIMEOUT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
		MHD_OPTION_URI_LOG_CALLBACK, begin_request, server,
		MHD_OPTION_NOTIFY_COMPLETED, end_request, server,
		MHD_OPTION_END);
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
	server->daemon = start_daemon(server, options, &address);
	if (!server->daemon) {
		http_free(server);
		return NULL;
	}
	server->port = MHD_get_daemon_info(server->daemon,
					   MHD_DAEMON_INFO_BIND_PORT)
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
 * Requests that come on open connections are still answered, each with
 * `Connection: close`.
 */
void http_drain(struct http_server *server)
{
	int64_t began = clock_monotonic();
	int listener = MHD_quiesce_daemon(server->daemon);

	atomic_store(&server->is_draining, true);
	if (listener >= 0)
		close(listener);
	atomic_store(&server->last_ended_at, began);
	while (!is_drained(server, began))
		(void)poll(NULL, 0, 10);
	MHD_stop_daemon(server->daemon);
	server->daemon = NULL;
}

void http_free(struct http_server *server)
{
	while (server->spare) {
		struct request *next = server->spare->next;

		free_request(server->spare);
		server->spare = next;
	}
	pthread_mutex_destroy(&server->spare_lock);
	free(server);
}
