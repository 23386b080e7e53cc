/*
 * Each request: the guard on the first call, then its body, then the
 * application, which answers at once or suspends and resumes.
 */
#include "http/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/cors.h"
#include "http/stream_exchange.h"

enum { SPARE_MAX = 64, KEPT_BODY_MAX = 128 * 1024 };

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
	request->op.rules = server->app->rules;
	request->op.rule_count = server->app->rule_count;
	request->op.batch_over = server->app->batch_over;
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

static void empty_body(struct buf *body, bool has_secrets)
{
	if (body->length && has_secrets)
		explicit_bzero(body->bytes, body->length);
	if (body->capacity > KEPT_BODY_MAX)
		buf_release(body);
	buf_clear(body);
}

static void give_request(struct http_server *server, struct request *request)
{
	empty_body(&request->body, true); /* it may have brought some */
	empty_body(&request->response.body, request->op.has_secrets);
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

/*
 * We read the query ourselves. The library would next, into a pool that many
 * arguments exhaust, and then neither answers nor ends the request. `uri` is
 * its own buffer.
 */
static void hide_query(const char *uri)
{
	char *query = strchr((char *)(uintptr_t)uri, '?');

	if (query)
		query[1] = '\0';
}

void *exchange_begin(void *context, const char *uri,
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
	request->cors.varies = false;
	request->cors.origin = NULL;
	request->waits_us = 0;
	request->retry_after_s = 0;
	request->is_over = NULL;
	request->goes_out = NULL;
	request->kept = NULL;
	request->stream = NULL;
	request->public_url = server->app->public_url;
	request->error = OK;
	request->started_at = clock_monotonic();
	request->response.status = 0;
	request->response.content_type = NULL;
	request->response.header_count = 0;
	op_reset(&request->op, clock_now());
	uuid_format(uuid_make(request->op.now), request->op.request_id);
	request->target = arena_strdup(&request->op.arena, uri);
	request->target_end = uri + strlen(uri);
	hide_query(uri);
	return request;
}

void exchange_add_headers(struct MHD_Response *answer, struct request *request)
{
	struct response *response = &request->response;
	struct http_server *server = request->server;
	struct header cors[CORS_HEADERS];
	size_t cors_count = cors_headers(request, cors);

	MHD_add_response_header(answer, "X-Request-Id", request->op.request_id);
	if (response->content_type)
		MHD_add_response_header(answer, "Content-Type",
					response->content_type);
	for (size_t i = 0; i < cors_count; i++)
		MHD_add_response_header(answer, cors[i].name, cors[i].value);
	for (size_t i = 0; i < response->header_count; i++)
		MHD_add_response_header(answer, response->headers[i].name,
					response->headers[i].value);
	if (request->closes || atomic_load(&server->is_draining))
		MHD_add_response_header(answer, "Connection", "close");
}

enum MHD_Result exchange_send(struct request *request)
{
	struct response *response = &request->response;

	if (response->body.is_overfull) {
		buf_release(&response->body);
		response->status = 413;
	}
	/* exchange_end comes after its last byte is sent, or never will be */
	struct MHD_Response *answer = MHD_create_response_from_buffer(
		response->body.length, response->body.bytes,
		MHD_RESPMEM_PERSISTENT);
	if (!answer)
		return MHD_NO;
	exchange_add_headers(answer, request);
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
	return exchange_send(request);
}

/*
 * Its body is not ours to read. A refusal waits for the body's end, as that of
 * any other request does.
 */
static void pass_on(struct http_server *server, struct request *request,
		    const struct route_match *match, const char *method)
{
	request->route = match->route;
	request->route_number = match->number;
	request->method_text = arena_strdup(&request->op.arena, method);
	if (server->app->pass_on(server->app->context, request, match) != OK)
		request->state = REQUEST_REFUSED;
}

static enum MHD_Result first_look(struct http_server *server,
				  struct request *request, const char *method,
				  const char *version)
{
	struct route_match match = {0};

	router_address(server->app->router, request);
	bool is_stream =
		router_match_tail(server->app->router, request, &match);
	struct guard_verdict verdict =
		guard_check(request->connection, method, request->target,
			    request->target_end, version, is_stream);
	if (verdict.status) {
		/* for the form of the answer only: whose path was it? It says
		 * so for a target that cannot be decoded as well */
		enum error ignored =
			router_match(server->app->router, request, &match);
		(void)ignored;
		return refuse(server, request, &match, verdict.status,
			      verdict.why);
	}
	request->state = REQUEST_READING;
	if (is_stream)
		pass_on(server, request, &match, method);
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
	return exchange_send(request);
}

enum MHD_Result exchange_access(void *context,
				struct MHD_Connection *connection,
				const char *url, const char *method,
				const char *version, const char *bytes,
				size_t *length, void **slot)
{
	struct http_server *server = context;
	struct request *request = *slot;

	(void)connection;
	(void)url;
	if (request->stream)
		return stream_access(request, bytes, length);
	switch (request->state) {
	case REQUEST_NEW:
		request->method = method_named(method);
		return first_look(server, request, method, version);
	case REQUEST_READING:
		if (!*length)
			return serve(server, request);
		size_t taken = *length;
		*length = 0;
		return take_body(request, bytes, taken);
	case REQUEST_REFUSED:
		request->discarded += *length;
		if (!*length)
			return exchange_send(request);
		*length = 0;
		return request->discarded > REQUEST_DISCARD_MAX ? MHD_NO
								: MHD_YES;
	case REQUEST_SUSPENDED:
		return exchange_send(request);
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

bool http_is_left(const struct request *request)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	char next;
	ssize_t got = recv(info->connect_fd, &next, 1, MSG_PEEK | MSG_DONTWAIT);

	return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
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
	out = put_text(out, "\",\"level\":\"info\",\"message\":\"request\","
			    "\"request_id\":\"");
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

void exchange_end(void *context, struct MHD_Connection *connection, void **slot,
		  enum MHD_RequestTerminationCode code)
{
	struct http_server *server = context;
	struct request *request = *slot;

	(void)connection;
	(void)code;
	if (!request)
		return;
	*slot = NULL;
	stream_leave(request);

	int64_t ended_at = clock_monotonic();
	int64_t took = ended_at - request->started_at;
	if (request->response.status) {
		metrics_count(server->app->metrics, request->route_number,
			      request->response.status, took);
		log_access(request, took);
	}
	give_request(server, request);
	atomic_store(&server->last_ended_at, ended_at);
	atomic_fetch_sub(&server->active, 1);
}

void exchange_free_spare(struct http_server *server)
{
	while (server->spare) {
		struct request *next = server->spare->next;

		free_request(server->spare);
		server->spare = next;
	}
}
