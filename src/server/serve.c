/*
 * A request's way: authenticate and read on a network thread's own session;
 * or hand the request to the writer and resume when its commit is on disk.
 */
#include "server/serve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "core/leaving_scope.h"
#include "db/db.h"
#include "jobs/loop.h"
#include "server/admission.h"
#include "server/answer_cache.h"
#include "server/event_waits.h"
#include "server/idempotency.h"
#include "server/outside.h"
#include "store/writer.h"

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

/* The network threads live until the server stops, and so do these. */
struct db_session *serve_reader(struct app *app)
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

enum error serve_authenticate(struct request *request,
			      const struct dialect *dialect)
{
	if (request->route->flags & ROUTE_PUBLIC)
		return OK;
	struct principal *who = arena_alloc(&request->op.arena, sizeof(*who));
	TRY(dialect->authenticate(request, who));
	request->op.principal = who;
	return OK;
}

enum error serve_admit(struct app *app, struct request *request,
		       const struct dialect *dialect)
{
	return admission_count(app->admission, request,
			       serve_authenticate(request, dialect));
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

/* What is nearly it, or twice there, would delete for real. */
static enum error refuse_doubtful(struct request *request, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < request->arg_count; i++) {
		const char *given = request->args[i].name;

		if (strcasecmp(given, name) != 0)
			continue;
		if (strcmp(given, name) == 0 && ++count < 2)
			continue;
		op_issue(&request->op, "query", name,
			 "must be written so, and once");
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "%s must be written so, and once", name);
	}
	return OK;
}

/* Any DELETE may ask what it would do. */
static enum error read_dry_run(struct request *request)
{
	struct op *op = &request->op;

	if (request->method != METHOD_DELETE)
		return OK;
	TRY(refuse_doubtful(request, "dryRun"));
	TRY(request_flag(request, "dryRun", &op->is_dry_run));
	return op->is_dry_run ? request_number(request, "cursor", 0, INT32_MAX,
					       &op->plan_from)
			      : OK;
}

static enum error handle_on_writer(struct request *request)
{
	TRY(request->route->handle(request));
	serve_name_deletion(request);
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
	serve_answer_error(own->request, own->dialect, error,
			   own->keyed.is_under_way ? 409 : 0);
}

/*
 * What it began outside ends with an event of its project. When too many wait
 * already, it is asked at once what it can say.
 */
static void wait_for_end(struct request_work *own)
{
	struct request *request = own->request;

	if (event_waits_add(own->app->event_waits, request, own->dialect,
			    own->mark) != OK)
		serve_on(own->app, request, own->dialect);
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
	serve_answer_error(request, dialect, ERR_BUSY, 503);
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
void serve_on(void *context, struct request *request,
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
	TRY(serve_admit(app, request, dialect));
	TRY(read_json(request));
	TRY(read_dry_run(request));
	*ret_writes = needs_writer(request);
	return *ret_writes ? OK : read_answer(app, request);
}

/* The store may be away for a moment: then it is looked at again. */
static void look_outside(struct request *request, const struct dialect *dialect)
{
	bool is_over = false;
	enum error error = serve_authenticate(request, dialect);

	if (error == OK && request->is_over(request, &is_over) != OK)
		return;
	if (error != OK)
		serve_answer_error(request, dialect, error, 0);
	if (error != OK || is_over)
		request->waits_us = 0;
}

/* Who waited is asked again who it is: a token may have been revoked. */
void serve_again(struct request *request, const struct dialect *dialect,
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
	enum error error = serve_authenticate(request, dialect);
	if (error == OK)
		error = request->route->handle(request);
	if (error != OK)
		serve_answer_error(request, dialect, error, 0);
}

static void wait_for_event(struct app *app, struct request *request,
			   const struct dialect *dialect, uint64_t mark)
{
	http_suspend(request);
	if (event_waits_add(app->event_waits, request, dialect, mark) == OK)
		return;
	op_explain(&request->op, "too many requests wait for events");
	serve_answer_error(request, dialect, ERR_BUSY, 503);
	http_resume(request);
}

static void serve_route(struct app *app, struct request *request,
			const struct dialect *dialect)
{
	struct db_session *session = serve_reader(app);
	uint64_t mark = event_waits_mark(app->event_waits);
	bool writes = false;
	enum error error = session ? db_begin(session) : ERR_STORE;

	if (error == OK) {
		error = serve_here(app, request, dialect, session, &writes);
		if (db_commit(session) != OK && error == OK)
			error = ERR_STORE;
	}
	if (error == ERR_PLANNED)
		serve_answer_plan(request);
	else if (error != OK)
		serve_answer_error(request, dialect, error, 0);
	else if (writes)
		hand_to_writer(app, request, dialect);
	else if (request->goes_out)
		outside_begin(app->outside, request, dialect);
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

void serve_request(void *context, struct request *request,
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
		serve_answer_error(request, dialect, ERR_METHOD, 0);
		response_header(request, "Allow", match->allow);
		return;
	}
	op_explain(&request->op, "there is nothing at this path");
	serve_answer_error(request, dialect, ERR_NOT_FOUND, 0);
}

void serve_refusal(void *context, struct request *request,
		   const struct route_match *match, int status, const char *why)
{
	const struct dialect *dialect = dialect_of(context, request, match);

	op_explain(&request->op, "%s", why);
	serve_answer_error(request, dialect,
			   status == 400 ? ERR_MALFORMED : ERR_TOO_LARGE,
			   status);
}
