/*
 * A request's way: authenticate and read on a network thread's own session;
 * or hand the request to the writer and resume when its commit is on disk.
 */
#include "server/app.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/leaving_scope.h"
#include "dialects/dialect.h"
#include "http/client.h"
#include "http/server.h"
#include "jobs/kinds.h"
#include "server/answer_cache.h"
#include "server/control.h"
#include "server/event_waits.h"
#include "server/idempotency.h"
#include "server/job_work.h"
#include "server/proxy.h"
#include "server/sealing.h"
#include "store/telling.h"

static const struct dialect *const dialects[] = {
	&ampersand_dialect, &upsun_dialect, &gorules_dialect,
	&apinizer_dialect,  &cleat_dialect, &workers_dialect,
};
enum {
	DIALECTS = sizeof(dialects) / sizeof(*dialects),
	READERS_MAX = 64,
	KEPT_BYTES = 8 * 1024 * 1024, /* of answers */
};

struct app {
	struct db *db;
	const struct keyring *keys;
	struct writer *writer;
	struct db_session *writer_session;
	struct router *router;
	struct http_server *server;
	struct control *control;
	struct client *client;
	struct jobs *jobs;
	struct idempotency *idempotency;
	struct event_waits *event_waits;
	struct answer_cache *answers;
	struct proxy *proxy;
	struct http_app http;
	struct cors cors;
	struct db_listener *listener; /* NULL: the store is not shared */

	pthread_mutex_t readers_lock;
	struct db_session *readers[READERS_MAX]; /* guarded by readers_lock */
	int reader_count;			 /* guarded by readers_lock */
};

/* A request on its way through the writer; in the request's arena. */
struct request_work {
	struct work work;
	struct app *app;
	struct request *request;
	const struct dialect *dialect;
	struct keyed keyed;
	void *kept;    /* by the handler, before this run */
	uint64_t mark; /* of the waits, before it */
};

static void answer_error(struct request *request, const struct dialect *dialect,
			 enum error error, int status)
{
	struct response *response = &request->response;

	buf_clear(&response->body);
	response->status = 0;
	response->content_type = NULL;
	response->header_count = 0;
	request->error = error;
	if (error == ERR_STORE) /* not for what was explained on the way */
		op_explain(&request->op, "the store failed");
	dialect->write_error(request, error, status);
	if (response->status == 503 || error == ERR_BUSY)
		response_header(request, "Retry-After", "1");
	if (error == ERR_STORE || error == ERR_INTERNAL)
		log_error("request failed", "request_id",
			  request->op.request_id, "error", error_name(error),
			  "detail",
			  request->op.detail ? request->op.detail : "", NULL);
}

/* The network threads live until the server stops, and so do these. */
static struct db_session *reader_of_thread(struct app *app)
{
	static _Thread_local struct db_session *session;
	static _Thread_local const struct app *owner;

	if (owner == app)
		return session;
	if (db_session_open(app->db, DB_READ, &session) != OK)
		return NULL;
	pthread_mutex_lock(&app->readers_lock);
	if (app->reader_count == READERS_MAX)
		abort(); /* more network threads than app_start asked for */
	app->readers[app->reader_count++] = session;
	pthread_mutex_unlock(&app->readers_lock);
	owner = app;
	return session;
}

static enum error authenticate(struct request *request,
			       const struct dialect *dialect)
{
	if (request->route->flags & ROUTE_PUBLIC)
		return OK;
	struct principal *who = arena_alloc(&request->op.arena, sizeof(*who));
	TRY(dialect->authenticate(request, who));
	request->op.principal = who;
	return OK;
}

static enum error read_json(struct request *request)
{
	const char *why = NULL;

	if (!(request->route->flags & ROUTE_JSON))
		return OK;
	if (!request->body.length)
		return op_fail(&request->op, ERR_MALFORMED,
			       "a JSON body is needed");
	if (json_read(&request->op.arena, request->body.bytes,
		      request->body.length, &request->json, &why) != OK)
		return op_fail(&request->op, ERR_MALFORMED, "%s", why);
	return OK;
}

/* A dry run plans on this thread's session, which cannot write. */
static bool needs_writer(const struct request *request)
{
	const struct route *route = request->route;

	if (request->op.is_dry_run)
		return false;
	return route->flags & ROUTE_WRITE ||
	       (route->writes && route->writes(request));
}

/* Any DELETE may ask what it would do. */
static enum error read_dry_run(struct request *request)
{
	if (request->method != METHOD_DELETE)
		return OK;
	return request_flag(request, "dryRun", &request->op.is_dry_run);
}

static void answer_plan(struct request *request)
{
	buf_clear(&request->response.body);
	request->response.status = 200;
	request->response.content_type = "application/vnd.cleat.plan+json";
	buf_text(&request->response.body, request->op.plan);
}

static void name_deletion(struct request *request)
{
	char *id;

	if (uuid_is_nil(request->op.deletion_id))
		return;
	id = arena_alloc(&request->op.arena, UUID_TEXT);
	uuid_format(request->op.deletion_id, id);
	response_header(request, "Cleat-Deletion", id);
}

static enum error handle_on_writer(struct request *request)
{
	TRY(request->route->handle(request));
	name_deletion(request);
	return OK;
}

static enum error run_on_writer(struct work *work)
{
	struct request_work *own = (struct request_work *)work;

	/* it may have begun before, and be run anew */
	buf_clear(&own->request->response.body);
	own->request->response.header_count = 0;
	own->request->waits_us = 0;
	own->request->is_over = NULL;
	own->request->kept = own->kept;
	return idempotency_run(&own->keyed, own->request, handle_on_writer);
}

/* Whom another request with the same key keeps waiting: 409, not 503. */
static void answer_error_of(struct request_work *own, enum error error)
{
	answer_error(own->request, own->dialect, error,
		     own->keyed.is_under_way ? 409 : 0);
}

/* What it began outside ends with an event of its project. */
static void wait_for_end(struct request_work *own)
{
	struct request *request = own->request;

	if (event_waits_add(own->app->event_waits, request, own->dialect,
			    own->mark) == OK)
		return;
	op_explain(&request->op, "too many requests wait for an end");
	answer_error(request, own->dialect, ERR_BUSY, 503);
	http_resume(request);
}

static void resume_after_writer(struct work *work, enum error error)
{
	struct request_work *own = (struct request_work *)work;

	idempotency_leave(own->app->idempotency, &own->keyed);
	if (error != OK)
		answer_error_of(own, error);
	else if (own->request->op.has_jobs)
		jobs_wake(own->app->jobs);
	if (error == OK && own->request->is_over)
		wait_for_end(own);
	else
		http_resume(own->request);
}

/* Its own first commit is not to be recorded with its second one. */
static void forget_first_run(struct op *op)
{
	op->recorded = NULL;
	op->has_jobs = false;
	op->unrouted_project_id = (struct uuid){{0}};
	op->detail = op->remedy = NULL;
	leaving_see_all(op);
	op->now = clock_now();
}

static void give_to_writer(struct app *app, struct request *request,
			   const struct dialect *dialect,
			   struct request_work *own)
{
	if (writer_give(app->writer, &own->work))
		return;
	idempotency_leave(app->idempotency, &own->keyed);
	op_explain(&request->op, "too many changes are waiting");
	answer_error(request, dialect, ERR_BUSY, 503);
	http_resume(request);
}

static struct request_work *new_work(struct app *app, struct request *request,
				     const struct dialect *dialect)
{
	struct request_work *own =
		arena_alloc(&request->op.arena, sizeof(*own));

	*own = (struct request_work){
		.work = {.op = &request->op,
			 .run = run_on_writer,
			 .done = resume_after_writer},
		.app = app,
		.request = request,
		.dialect = dialect,
		.kept = request->kept,
		.mark = event_waits_mark(app->event_waits),
	};
	return own;
}

/* What it began outside has ended, or its time is over. */
static void go_on(void *context, struct request *request,
		  const struct dialect *dialect)
{
	struct app *app = context;

	if (request->response.status) { /* it may not, any more */
		http_resume(request);
		return;
	}
	forget_first_run(&request->op);
	give_to_writer(app, request, dialect, new_work(app, request, dialect));
}

static void hand_to_writer(struct app *app, struct request *request,
			   const struct dialect *dialect)
{
	struct request_work *own = new_work(app, request, dialect);
	enum error error =
		idempotency_enter(app->idempotency, request, &own->keyed);
	if (error != OK) {
		answer_error_of(own, error);
		return;
	}
	http_suspend(request);
	give_to_writer(app, request, dialect, own);
}

static enum error read_answer(struct app *app, struct request *request)
{
	if (answer_cache_give(app->answers, request))
		return OK;
	TRY(request->route->handle(request));
	answer_cache_keep(app->answers, request);
	return OK;
}

/* What needs no writer; `*ret_writes` says that the rest is the writer's. */
static enum error serve_here(struct app *app, struct request *request,
			     const struct dialect *dialect,
			     struct db_session *session, bool *ret_writes)
{
	request->op.session = session;
	TRY(authenticate(request, dialect));
	TRY(read_json(request));
	TRY(read_dry_run(request));
	*ret_writes = needs_writer(request);
	return *ret_writes ? OK : read_answer(app, request);
}

/* The store may be away for a moment: then it is looked at again. */
static void look_outside(struct request *request, const struct dialect *dialect)
{
	bool is_over = false;
	enum error error = authenticate(request, dialect);

	if (error == OK && request->is_over(request, &is_over) != OK)
		return;
	if (error != OK)
		answer_error(request, dialect, error, 0);
	if (error != OK || is_over)
		request->waits_us = 0;
}

/* Who waited is asked again who it is: a token may have been revoked. */
static void look_again(struct request *request, const struct dialect *dialect,
		       struct db_session *session)
{
	struct op *op = &request->op;

	buf_clear(&request->response.body);
	request->response.header_count = 0;
	op->session = session;
	op->now = clock_now();
	if (request->is_over) {
		look_outside(request, dialect);
		return;
	}
	request->waits_us = 0;
	op->project_id = (struct uuid){{0}};
	enum error error = authenticate(request, dialect);
	if (error == OK)
		error = request->route->handle(request);
	if (error != OK)
		answer_error(request, dialect, error, 0);
}

static void wait_for_event(struct app *app, struct request *request,
			   const struct dialect *dialect, uint64_t mark)
{
	http_suspend(request);
	if (event_waits_add(app->event_waits, request, dialect, mark) == OK)
		return;
	op_explain(&request->op, "too many requests wait for events");
	answer_error(request, dialect, ERR_BUSY, 503);
	http_resume(request);
}

static void serve_route(struct app *app, struct request *request,
			const struct dialect *dialect)
{
	struct db_session *session = reader_of_thread(app);
	uint64_t mark = event_waits_mark(app->event_waits);
	bool writes = false;
	enum error error = session ? db_begin(session) : ERR_STORE;

	if (error == OK) {
		error = serve_here(app, request, dialect, session, &writes);
		if (db_commit(session) != OK && error == OK)
			error = ERR_STORE;
	}
	if (error == ERR_PLANNED)
		answer_plan(request);
	else if (error != OK)
		answer_error(request, dialect, error, 0);
	else if (writes)
		hand_to_writer(app, request, dialect);
	else if (request->waits_us)
		wait_for_event(app, request, dialect, mark);
}

/* Whose path it is; a browser may be told that a page may read the answer. */
static const struct dialect *dialect_of(const struct app *app,
					struct request *request,
					const struct route_match *match)
{
	const struct dialect *dialect =
		match->owner ? match->owner : &cleat_dialect;

	if (dialect->is_for_browsers)
		cors_look(&app->cors, request);
	return dialect;
}

static void serve(void *context, struct request *request,
		  const struct route_match *match)
{
	const struct dialect *dialect = dialect_of(context, request, match);

	if (cors_is_preflight(request)) {
		cors_answer_preflight(request);
		return;
	}
	if (match->route) {
		serve_route(context, request, dialect);
		return;
	}
	if (match->allow) {
		op_explain(&request->op, "this path answers %s", match->allow);
		answer_error(request, dialect, ERR_METHOD, 0);
		response_header(request, "Allow", match->allow);
		return;
	}
	op_explain(&request->op, "there is nothing at this path");
	answer_error(request, dialect, ERR_NOT_FOUND, 0);
}

static void refuse(void *context, struct request *request,
		   const struct route_match *match, int status, const char *why)
{
	const struct dialect *dialect = dialect_of(context, request, match);

	op_explain(&request->op, "%s", why);
	answer_error(request, dialect,
		     status == 400 ? ERR_MALFORMED : ERR_TOO_LARGE, status);
}

/* Looks, on this thread's session, whether and where it is passed on. */
static enum error look_where(struct app *app, struct request *request,
			     const struct dialect *dialect)
{
	struct db_session *session = reader_of_thread(app);

	if (!session)
		return ERR_STORE;
	TRY(db_begin(session));
	request->op.session = session;
	enum error error = authenticate(request, dialect);
	if (error == OK)
		error = request->route->handle(request);
	if (db_commit(session) != OK && error == OK)
		error = ERR_STORE;
	return error;
}

static enum error begin_passing(struct app *app, struct request *request,
				const struct dialect *dialect,
				struct proxy_call *call)
{
	TRY(look_where(app, request, dialect));
	request->stream = stream_new(request);
	if (proxy_pass(call, &request->op, request->kept, request->stream))
		return OK;
	stream_let_go(request->stream);
	stream_let_go(request->stream);
	request->stream = NULL;
	return op_fail(&request->op, ERR_BUSY, "there is no thread for it");
}

static enum error pass_on(void *context, struct request *request,
			  const struct route_match *match)
{
	struct app *app = context;
	const struct dialect *dialect = match->owner;
	/* before it is looked for: what goes from here on ends it */
	struct proxy_call *call = proxy_enter(app->proxy);
	enum error error = ERR_BUSY;

	if (call)
		error = begin_passing(app, request, dialect, call);
	else
		op_explain(&request->op, "too many calls are being passed on");
	if (error == OK)
		return OK;
	if (call)
		proxy_leave(call);
	answer_error(request, dialect, error, 0);
	return error;
}

static const char *in_seconds(struct request *request, int64_t seconds)
{
	return arena_printf(&request->op.arena, "%lld", (long long)seconds);
}

static void fail(void *context, struct request *request, enum error error,
		 int status, const char *why, int64_t retry_after_s)
{
	const struct dialect *dialect = router_owner_at(
		((struct app *)context)->router, request->route_number);

	op_explain(&request->op, "%s", why);
	answer_error(request, dialect, error, status);
	if (!retry_after_s)
		return;
	response_header(request, "X-Amp-Retry-After",
			in_seconds(request, retry_after_s));
	response_header(request, "X-Amp-Retryable", "true");
}

static void write_metrics(void *context, struct buf *out)
{
	const struct app *app = context;

	writer_write_metrics(app->writer, out);
	jobs_write_metrics(app->jobs, out);
	event_waits_write_metrics(app->event_waits, out);
	answer_cache_write_metrics(app->answers, out);
	proxy_write_metrics(app->proxy, out);
}

static const char *dialect_name(const void *owner)
{
	return ((const struct dialect *)owner)->name;
}

static enum error notify(void *context, struct op *op, struct uuid project_id)
{
	const struct app *app = context;

	(void)op;
	event_waits_notify(app->event_waits, project_id);
	proxy_notify(app->proxy, project_id);
	return OK;
}

static void tell_waiting(void *context, const struct work *batch)
{
	enum error never = batch_projects(batch, notify, context);

	(void)never;
}

/* From another process, or our own. */
static void heard(void *context, const char *text)
{
	struct app *app = context;
	struct told told = {.is_jobs = true};

	if (text && !told_read(text, &told))
		return;
	if (told.is_jobs)
		jobs_wake(app->jobs);
	if (text && told.is_jobs)
		return;
	event_waits_notify(app->event_waits, told.project_id);
	proxy_notify(app->proxy, told.project_id);
}

static struct router *make_router(void)
{
	struct route_set sets[DIALECTS];

	for (int i = 0; i < DIALECTS; i++)
		sets[i] = (struct route_set){dialects[i], dialects[i]->routes,
					     dialects[i]->route_count,
					     dialects[i]->hosts,
					     dialects[i]->host_count};
	return router_new(sets, DIALECTS);
}

static void set_installation_writer(void)
{
	for (int i = 0; i < DIALECTS; i++)
		if (dialects[i]->write_installation)
			installation_set_writer(
				dialects[i]->write_installation);
}

static unsigned thread_count(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (processors < 1)
		return 1;
	return processors > READERS_MAX ? READERS_MAX : (unsigned)processors;
}

/* False, with what was started to be freed, when a part does not start. */
static bool start_parts(struct app *app, const struct app_options *options)
{
	const struct http_options http = {
		.address = options->address,
		.port = options->port,
		.threads = thread_count(),
	};
	const struct writer_hooks hooks = {
		.before_commit = seal_batch,
		.after_commit = tell_waiting,
		.context = app,
	};

	if (db_session_open(app->db, DB_WRITE, &app->writer_session) != OK)
		return false;
	app->event_waits = event_waits_start(app->db, look_again, go_on, app);
	if (!app->event_waits)
		return false;
	app->writer = writer_start(app->writer_session, &hooks);
	if (!app->writer)
		return false;
	app->client = client_new(options->rules, options->rule_count);
	if (!app->client)
		return false;
	if (options->webhook_timeout_us)
		deliver_set_timeout(options->webhook_timeout_us);
	app->jobs = jobs_on_writer(app->writer, app->keys, app->client,
				   !db_is_shared(app->db));
	if (!app->jobs)
		return false;
	app->proxy = proxy_start(&(struct proxy_parts){
		.db = app->db,
		.keys = app->keys,
		.writer = app->writer,
		.client = app->client,
		.jobs = app->jobs,
	});
	if (!app->proxy)
		return false;
	if (options->control_path) {
		app->control = control_start(options->control_path, app->writer,
					     app->jobs, app->keys,
					     options->batch_over);
		if (!app->control)
			return false;
	}
	app->listener = db_listen(app->db, heard, app);
	if (!app->listener && db_is_shared(app->db))
		return false;
	app->server = http_start(&app->http, &http);
	if (!app->server)
		log_error("cannot listen", "address", options->address, NULL);
	return app->server != NULL;
}

struct app *app_start(struct db *db, const struct keyring *keys,
		      const struct app_options *options)
{
	struct app *app = memory_zalloc(sizeof(*app));

	app->db = db;
	app->keys = keys;
	pthread_mutex_init(&app->readers_lock, NULL);
	app->router = make_router();
	set_installation_writer();
	app->idempotency = idempotency_new();
	app->answers = answer_cache_new(KEPT_BYTES);
	app->cors = options->cors;
	app->http = (struct http_app){
		.context = app,
		.keys = keys,
		.rules = options->rules,
		.rule_count = options->rule_count,
		.batch_over = options->batch_over,
		.public_url = options->public_url,
		.router = app->router,
		.metrics = metrics_new(app->router, dialect_name),
		.serve = serve,
		.refuse = refuse,
		.pass_on = pass_on,
		.fail = fail,
		.write_metrics = write_metrics,
	};
	if (!start_parts(app, options)) {
		app_stop(app);
		return NULL;
	}
	return app;
}

uint16_t app_port(const struct app *app)
{
	return http_port(app->server);
}

void app_stop(struct app *app)
{
	event_waits_end(app->event_waits);
	proxy_end(app->proxy);
	if (app->server)
		http_drain(app->server);
	control_stop(app->control);
	db_listen_stop(app->db, app->listener);
	if (app->client)
		client_stop(app->client);
	proxy_drain(app->proxy);
	jobs_stop(app->jobs);
	writer_stop(app->writer);
	proxy_free(app->proxy);
	if (app->server)
		http_free(app->server);
	event_waits_free(app->event_waits);
	for (int i = 0; i < app->reader_count; i++)
		db_session_close(app->readers[i]);
	db_session_close(app->writer_session);
	metrics_free(app->http.metrics);
	client_free(app->client);
	idempotency_free(app->idempotency);
	answer_cache_free(app->answers);
	router_free(app->router);
	pthread_mutex_destroy(&app->readers_lock);
	free(app);
}
