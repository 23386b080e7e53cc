/* Requests whose bodies go on to a provider as they come (server/proxy.h). */
#include "server/serve.h"

#include "db/db.h"
#include "http/stream.h"
#include "server/proxy.h"

/* Looks, on this thread's session, whether and where it is passed on. */
static enum error look_where(struct app *app, struct request *request,
			     const struct dialect *dialect)
{
	struct db_session *session = serve_reader(app);

	if (!session)
		return ERR_STORE;
	TRY(db_begin(session));
	request->op.session = session;
	enum error error = serve_admit(app, request, dialect);
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
	/* it is the call's and the request's */
	stream_let_go(request->stream);
	stream_let_go(request->stream);
	request->stream = NULL;
	return op_fail(&request->op, ERR_BUSY, "there is no thread for it");
}

enum error serve_passed_on(void *context, struct request *request,
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
	serve_answer_error(request, dialect, error, 0);
	return error;
}

void serve_failure(void *context, struct request *request, enum error error,
		   int status, const char *why, int64_t retry_after_s)
{
	const struct dialect *dialect = router_owner_at(
		((struct app *)context)->router, request->route_number);

	op_explain(&request->op, "%s", why);
	request->retry_after_s = retry_after_s;
	serve_answer_error(request, dialect, error, status);
}
