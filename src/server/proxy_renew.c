/* New tokens for a call that got a 401 or has none, by the connection's own
 * refresh. */
#include "server/proxy_call.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "core/credential.h"
#include "core/refreshing.h"

enum { LOOK_MS = 50 };

/* A piece of work on the writer that a thread waits for. */
struct asking {
	struct work work;
	struct proxy_call *call;
	struct op op;
	struct refreshing_wait wait;
	bool is_renewed; /* there is another token already */
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool is_told; /* guarded by lock */
	enum error error;
};

static enum error ask(struct work *work)
{
	struct asking *asking = (struct asking *)work;
	const struct proxy_call *call = asking->call;
	struct credential_list secrets;

	TRY(credential_use(work->op, call->passing.connection_id, &secrets));
	const char *token = credential_text(&secrets, "access_token");
	asking->is_renewed = token && strcmp(token, call->passing.token) != 0;
	if (asking->is_renewed)
		return OK;
	return refreshing_ask(work->op, call->passing.connection_id,
			      REFRESH_IF_REFUSED, &asking->wait);
}

static void asked(struct work *work, enum error error)
{
	struct asking *asking = (struct asking *)work;

	pthread_mutex_lock(&asking->lock);
	asking->error = error;
	asking->is_told = true;
	pthread_cond_signal(&asking->told);
	pthread_mutex_unlock(&asking->lock);
}

static void keep_why(struct proxy_call *call, const struct op *op,
		     enum error error)
{
	call->refused = error;
	call->retry_at = op->retry_at;
	call->why =
		op->detail ? arena_strdup(&call->op.arena, op->detail) : NULL;
}

/* Asks for new tokens; has the request been made? */
static bool ask_for_tokens(struct proxy_call *call, struct asking *asking)
{
	struct proxy *proxy = call->proxy;

	*asking = (struct asking){
		.work = {.op = &asking->op, .run = ask, .done = asked},
		.call = call,
	};
	proxy_call_begin_op(call, &asking->op);
	pthread_mutex_init(&asking->lock, NULL);
	pthread_cond_init(&asking->told, NULL);
	bool is_given = writer_give(proxy->parts.writer, &asking->work);
	pthread_mutex_lock(&asking->lock);
	while (is_given && !asking->is_told)
		pthread_cond_wait(&asking->told, &asking->lock);
	pthread_mutex_unlock(&asking->lock);
	if (is_given && asking->op.has_jobs)
		jobs_wake(proxy->parts.jobs);
	pthread_cond_destroy(&asking->told);
	pthread_mutex_destroy(&asking->lock);
	if (is_given)
		keep_why(call, &asking->op, asking->error);
	op_release(&asking->op);
	return is_given && asking->error == OK &&
	       (asking->is_renewed || asking->wait.waits);
}

struct waiting {
	const struct refreshing_wait *wait;
	bool is_over;
};

static enum error look_at_refresh(struct op *op, void *context)
{
	struct waiting *waiting = context;

	return refreshing_look(op, waiting->wait, &waiting->is_over);
}

static bool wait_for_tokens(struct proxy_call *call,
			    const struct refreshing_wait *wait)
{
	struct waiting waiting = {.wait = wait};
	int64_t until = clock_monotonic() + REFRESHING_WAIT_US;

	if (until > proxy_call_ends_at(call))
		until = proxy_call_ends_at(call);
	while (clock_monotonic() < until && !stream_is_left(call->stream) &&
	       proxy_call_goes_on(call)) {
		struct op op;

		proxy_call_begin_op(call, &op);
		enum error error = proxy_call_on_session(
			call, &op, look_at_refresh, &waiting);
		op_release(&op);
		if (error == OK && waiting.is_over)
			return true;
		(void)poll(NULL, 0, LOOK_MS);
	}
	return false;
}

static enum error make_anew(struct op *op, void *context)
{
	struct proxy_call *call = context;
	struct installation_view view;
	struct passing made;

	TRY(passing_look(op, &call->passing, &view));
	TRY(passing_make(op, &view, &call->passing.asked, &made));
	if (!made.token || strcmp(made.token, call->passing.token) == 0)
		return ERR_CHANGED;
	/* on this thread nobody asks: it goes on by who did */
	made.token_id = call->passing.token_id;
	made.expires_at = call->passing.expires_at;
	call->passing = passing_copy(&call->op.arena, &made);
	return OK;
}

static enum error look_at_outcome(struct op *op, void *context)
{
	return refreshing_outcome(op, context);
}

/* It brought none: why. */
static void explain(struct proxy_call *call, struct refreshing_wait *wait)
{
	struct op op;

	proxy_call_begin_op(call, &op);
	enum error error =
		proxy_call_on_session(call, &op, look_at_outcome, wait);
	keep_why(call, &op, error);
	op_release(&op);
}

bool proxy_call_renew(struct proxy_call *call)
{
	struct asking asking;
	struct op op;

	if (!ask_for_tokens(call, &asking))
		return false;
	if (!stream_rewind(call->stream))
		return false; /* the caller's next one will have them */
	if (!asking.is_renewed && !wait_for_tokens(call, &asking.wait))
		return false;
	proxy_call_begin_op(call, &op);
	enum error error = proxy_call_on_session(call, &op, make_anew, call);
	op_release(&op);
	if (error == ERR_CHANGED && asking.wait.waits)
		explain(call, &asking.wait);
	return !proxy_call_is_lost(call, error) && error == OK;
}
