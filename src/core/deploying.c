/* What workers are sent, and what their answers mean. */
#include "core/deploying.h"

#include <sodium.h>
#include <string.h>

#include "base/json_write.h"
#include "core/credential.h"
#include "core/event.h"
#include "core/filling.h"
#include "core/job.h"
#include "core/store.h"
#include "core/undeploying.h"

enum { BODY_MAX = 1024 * 1024 }; /* what a worker takes */

static const char *text_of(const struct credential *secret)
{
	return (const char *)secret->value.bytes;
}

static void put_connection(struct json_writer *w,
			   const struct deployment *deployment,
			   const struct connection *target,
			   const struct credential_list *secrets,
			   struct filling *filling)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", target->id);
	json_put_integer(w, "version", deployment->version);
	json_put_string(w, "environment", deployment->environment);
	json_put_string(w, "type", target->kind);
	json_put_string(w, "name", target->name);
	json_put_string(w, "description", target->description);
	json_put_raw(w, "settings", filling_json(filling, target->settings));
	json_begin_object(w, "secrets");
	for (size_t i = 0; i < secrets->count; i++)
		json_put_string(
			w, secrets->items[i].name,
			filling_text(filling, text_of(&secrets->items[i])));
	json_end_object(w);
	json_end_object(w);
}

static void wipe(void *text)
{
	sodium_memzero(text, strlen(text));
}

/* Wiped when the op ends. */
static const char *keep(struct op *op, const char *text)
{
	char *copy = arena_strdup(&op->arena, text);

	arena_on_reset(&op->arena, wipe, copy);
	return copy;
}

/* Why it can't be sent as it is; NULL: it can. */
static const char *lack_of(struct op *op, const struct filling *filling,
			   const struct buf *text)
{
	if (filling->missing)
		return arena_printf(&op->arena,
				    "environment variable %s has no value here",
				    filling->missing);
	return filling->is_too_large || text->is_overfull
		       ? "it is too large for a worker"
		       : NULL;
}

static enum error write_body(struct op *op, struct deploying *ret)
{
	const struct deployment *deployment = &ret->deployment;
	struct filling filling = filling_of(op, deployment->environment_id);
	struct credential_list secrets;
	struct connection target;
	struct buf text;

	enum error error =
		store_deployment_target(op, deployment->connection_id, &target);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_INTERNAL,
			       "a deployment has no connection");
	TRY(error);
	TRY(credential_read(op, "connection", target.id, &secrets));
	buf_init(&text, BODY_MAX);
	struct json_writer w = json_writer_on(&text);
	put_connection(&w, deployment, &target, &secrets, &filling);
	ret->call.body_length = text.length;
	ret->call.body = keep(op, buf_cstr(&text));
	ret->lack = lack_of(op, &filling, &text);
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	return filling.error;
}

static void add_header(struct outbound_call *call, const char *name,
		       const char *value)
{
	call->headers[call->header_count++] =
		(struct outbound_header){name, value};
}

static enum error make_call(struct op *op, struct deploying *deploying)
{
	const struct deployment *deployment = &deploying->deployment;
	struct outbound_call *call = &deploying->call;
	char id[UUID_TEXT], worker[UUID_TEXT], key[WORKER_KEY_TEXT];

	call->method = deployment->is_wanted ? "PUT" : "DELETE";
	uuid_format(deployment->connection_id, id);
	uuid_format(deployment->worker_id, worker);
	call->url = arena_printf(
		&op->arena, "%s/connections/%s?version=%lld&worker=%s",
		deployment->url, id, (long long)deployment->version, worker);
	worker_key(op, deployment->url, key);
	add_header(call, "Authorization",
		   arena_printf(&op->arena, "Bearer %s", key));
	if (!deployment->is_wanted)
		return OK;
	add_header(call, "Content-Type", "application/json");
	return write_body(op, deploying);
}

enum error deploying_begin(struct op *op, struct uuid id, struct deploying *ret)
{
	struct deploying deploying = {.lack = NULL};

	TRY(store_deployment_get(op, id, &deploying.deployment));
	if (deployment_is_settled(&deploying.deployment))
		return ERR_NOT_FOUND;
	op->has_secrets = true;
	TRY(make_call(op, &deploying));
	*ret = deploying;
	return OK;
}

static bool is_success(const struct deployment *tried,
		       const struct outbound_answer *answer)
{
	return (answer->status >= 200 && answer->status < 300) ||
	       (!tried->is_wanted && answer->status == 404);
}

/* One for each version: it may be tried often. */
static enum error tell(struct op *op, const char *type,
		       const struct deployment *deployment, const char *reason)
{
	const struct event_fact facts[] = {
		{"worker", deployment->worker, false},
		{"environment", deployment->environment, false},
		{"version",
		 arena_printf(&op->arena, "%lld",
			      (long long)deployment->version),
		 true},
		{"reason", reason, false},
	};

	return event_record(op, type, "connection", deployment->connection_id,
			    facts, 4, NULL);
}

static enum error end_success(struct op *op, struct deployment *now,
			      const struct outbound_answer *answer)
{
	if (!now->is_wanted)
		return undeploying_done(op, now,
					answer->status == 404 ? "already gone"
							      : "removed");
	now->worker_version = now->tried_version = now->version;
	now->tried_at = op->now;
	now->answer = NULL;
	TRY(store_deployment_tried(op, now));
	return tell(op, "deployment.confirmed", now, NULL);
}

static enum error end_failure(struct op *op, struct deployment *now,
			      const struct outbound_answer *answer,
			      int64_t next_at)
{
	bool is_first = now->tried_version != now->version;

	now->answer = answer->failure;
	if (answer->status)
		now->answer = arena_printf(&op->arena, "%d", answer->status);
	now->tried_version = now->version;
	now->tried_at = op->now;
	TRY(store_deployment_tried(op, now));
	if (is_first)
		TRY(tell(op, "deployment.failed", now, now->answer));
	return now->is_wanted
		       ? OK
		       : undeploying_failed(op, now, now->answer, next_at);
}

/* Is another version wanted by now, what was tried does not matter. */
enum error deploying_end(struct op *op, const struct deploying *tried,
			 const struct outbound_answer *answer, int64_t attempts,
			 int64_t *ret_next_at)
{
	struct deployment now;

	*ret_next_at = 0;
	enum error error = store_deployment_get(op, tried->deployment.id, &now);
	if (error == ERR_NOT_FOUND)
		return OK; /* it was given up meanwhile */
	TRY(error);
	*ret_next_at = op->now;
	if (now.version != tried->deployment.version)
		return OK;
	if (is_success(&now, answer)) {
		*ret_next_at = 0;
		return end_success(op, &now, answer);
	}
	*ret_next_at = job_next_at(op, attempts + 1, answer->retry_after_us);
	return end_failure(op, &now, answer, *ret_next_at);
}
