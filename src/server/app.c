/* The running server: its parts, put together, started and stopped. */
#include "server/app.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "dialects/dialect.h"
#include "http/client.h"
#include "http/server.h"
#include "jobs/kinds.h"
#include "server/answer_cache.h"
#include "server/control.h"
#include "server/event_waits.h"
#include "server/idempotency.h"
#include "server/job_work.h"
#include "server/outside.h"
#include "server/proxy.h"
#include "server/sealing.h"
#include "server/serve.h"
#include "store/telling.h"

static const struct dialect *const dialects[] = {
	/* a path that two share is the first one's: /api is GoRules' */
	&ampersand_dialect, &gorules_dialect, &upsun_dialect,
	&apinizer_dialect,  &cleat_dialect,   &workers_dialect,
};
enum {
	DIALECTS = sizeof(dialects) / sizeof(*dialects),
	KEPT_BYTES = 8 * 1024 * 1024, /* of answers */
};

static void write_metrics(void *context, struct buf *out)
{
	const struct app *app = context;

	writer_write_metrics(app->writer, out);
	jobs_write_metrics(app->jobs, out);
	event_waits_write_metrics(app->event_waits, out);
	answer_cache_write_metrics(app->answers, out);
	proxy_write_metrics(app->proxy, out);
	outside_write_metrics(app->outside, out);
	admission_write_metrics(app->admission, out);
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

static void set_listening(const char *public_url)
{
	for (int i = 0; i < DIALECTS; i++)
		if (dialects[i]->listening)
			listening_set_form(dialects[i]->listening, public_url);
}

static unsigned thread_count(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (processors < 1)
		return 1;
	return processors > READERS_MAX ? READERS_MAX : (unsigned)processors;
}

static bool start_writer(struct app *app)
{
	const struct writer_hooks hooks = {
		.before_commit = seal_batch,
		.after_commit = tell_waiting,
		.context = app,
	};

	if (db_session_open(app->db, DB_WRITE, &app->writer_session) != OK)
		return false;
	app->event_waits =
		event_waits_start(app->db, serve_again, serve_on, app);
	if (!app->event_waits)
		return false;
	app->writer = writer_start(app->writer_session, &hooks);
	return app->writer != NULL;
}

/* What calls others: jobs, the proxy, requests that do so themselves. */
static bool start_callers(struct app *app, const struct app_options *options)
{
	app->client = client_new(options->rules, options->rule_count);
	if (!app->client)
		return false;
	client_set_relay(app->client, options->relay);
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
		.timeout_us = options->proxy_timeout_us,
	});
	if (!app->proxy)
		return false;
	app->outside =
		outside_start(app->writer, options->rules, options->rule_count);
	return app->outside != NULL;
}

/* False, with what was started to be freed, when a part does not start. */
static bool start_parts(struct app *app, const struct app_options *options)
{
	const struct http_options http = {
		.address = options->address,
		.port = options->port,
		.threads = thread_count(),
	};

	if (!start_writer(app) || !start_callers(app, options))
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
	set_listening(options->public_url);
	app->idempotency = idempotency_new();
	app->answers = answer_cache_new(KEPT_BYTES);
	app->cors = options->cors;
	app->admission = admission_new(&options->admission);
	app->http = (struct http_app){
		.context = app,
		.keys = keys,
		.rules = options->rules,
		.rule_count = options->rule_count,
		.batch_over = options->batch_over,
		.public_url = options->public_url,
		.router = app->router,
		.metrics = metrics_new(app->router, dialect_name),
		.serve = serve_request,
		.refuse = serve_refusal,
		.pass_on = serve_passed_on,
		.fail = serve_failure,
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
	outside_end(app->outside);
	if (app->server)
		http_drain(app->server);
	control_stop(app->control);
	db_listen_stop(app->db, app->listener);
	if (app->client)
		client_stop(app->client);
	proxy_drain(app->proxy);
	outside_drain(app->outside);
	jobs_stop(app->jobs);
	writer_stop(app->writer);
	proxy_free(app->proxy);
	outside_free(app->outside);
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
	admission_free(app->admission);
	router_free(app->router);
	pthread_mutex_destroy(&app->readers_lock);
	free(app);
}
