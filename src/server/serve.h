/*
 * Requests on their way: what a network thread does by itself, what it hands
 * to the writer, what it passes on. For app.c, which puts all together.
 */
#ifndef CLEAT_SERVER_SERVE_H
#define CLEAT_SERVER_SERVE_H

#include <pthread.h>

#include "dialects/dialect.h"
#include "http/cors.h"
#include "http/server.h"

enum { READERS_MAX = 64 };

struct admission;

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
	struct proxy *_Atomic proxy; /* jobs commit before it is there */
	struct outside *outside;
	struct admission *admission;
	struct http_app http;
	struct cors cors;
	struct db_listener *listener; /* NULL: the store is not shared */

	pthread_mutex_t readers_lock;
	struct db_session *readers[READERS_MAX]; /* guarded by readers_lock */
	int reader_count;			 /* guarded by readers_lock */
};

/* The slots of struct http_app; `context` is the app. */
void serve_request(void *context, struct request *request,
		   const struct route_match *match);
void serve_refusal(void *context, struct request *request,
		   const struct route_match *match, int status,
		   const char *why);
enum error serve_passed_on(void *context, struct request *request,
			   const struct route_match *match);
void serve_failure(void *context, struct request *request, enum error error,
		   int status, const char *why, int64_t retry_after_s);

/* What event_waits_start takes: looks again, and what follows a wait. */
void serve_again(struct request *request, const struct dialect *dialect,
		 struct db_session *session);
void serve_on(void *context, struct request *request,
	      const struct dialect *dialect);

/* This thread's reading session; NULL when it cannot be opened. */
struct db_session *serve_reader(struct app *app);
/* Once a request: authenticates it, and counts it (server/admission.h). */
MUST_CHECK enum error serve_admit(struct app *app, struct request *request,
				  const struct dialect *dialect);
MUST_CHECK enum error serve_authenticate(struct request *request,
					 const struct dialect *dialect);
/* The error in the dialect's own form; status 0: the error's own. */
void serve_answer_error(struct request *request, const struct dialect *dialect,
			enum error error, int status);
/* What a dry run planned. */
void serve_answer_plan(struct request *request);
/* By the header Cleat-Deletion, where there was one. */
void serve_name_deletion(struct request *request);

#endif
