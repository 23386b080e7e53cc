/* Tries of deliveries. */
#include "core/sending.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/json_member.h"
#include "base/random.h"
#include "core/listener_call.h"
#include "core/sending_parts.h"
#include "core/store.h"
#include "core/webhook.h"

/* How long a destination rests that is overloaded and does not say so long. */
#define SLOW_DOWN_US INT64_C(5000000)

bool sending_is_of_job(const struct delivery *delivery, const struct job *job)
{
	return strcmp(delivery->state, DELIVERY_WAITING) == 0 &&
	       uuid_equal(delivery->job_id, job->id);
}

void sending_finish(struct op *op, struct delivery *delivery, const char *state)
{
	delivery->state = state;
	delivery->next_at = 0;
	delivery->ended_at = op->now;
}

/* Why nothing can be sent there; NULL: it can. */
static enum error find_destination(struct op *op, struct uuid id,
				   struct destination *ret,
				   const char **ret_why)
{
	enum error error = store_destination_get(op, id, ret);

	*ret_why = NULL;
	if (error == ERR_NOT_FOUND)
		*ret_why = DELIVERY_DELETED;
	else if (error == OK && ret->is_disabled)
		*ret_why = DELIVERY_DISABLED;
	return error == ERR_NOT_FOUND ? OK : error;
}

/* What was on its way when the others ended. */
enum error sending_end_late(struct op *op, struct delivery *delivery,
			    const char *why)
{
	delivery->answer = why;
	sending_finish(op, delivery, DELIVERY_ENDED);
	TRY(store_delivery_change(op, delivery));
	return delivery_end_activity(op, delivery->activity_number, why);
}

enum error sending_record(struct op *op, struct delivery *delivery,
			  const struct outbound_answer *answer, const char *why)
{
	const struct delivery_attempt attempt = {
		.number = ++delivery->attempts,
		.began_at = op->now - answer->took_us,
		.took_us = answer->took_us,
		.status = answer->status,
		.failure = answer->status ? why : answer->failure,
	};

	delivery->answer =
		answer->status
			? arena_printf(&op->arena, "%d%s%s", answer->status,
				       why ? ": " : "", why ? why : "")
			: answer->failure;
	return store_delivery_attempt_add(op, delivery->id, &attempt);
}

/* It is in the delivery's log until such destinations are supported. */
static enum error refuse_kind(struct op *op, struct sending *sending)
{
	const struct outbound_answer none = {
		.failure = arena_printf(
			&op->arena,
			"501: destinations of type %s are not supported yet",
			sending->destination.kind),
	};

	TRY(sending_record(op, &sending->delivery, &none, NULL));
	sending_finish(op, &sending->delivery, DELIVERY_FAILED);
	return store_delivery_change(op, &sending->delivery);
}

static enum error begin_to_destination(struct op *op, struct sending *sending)
{
	const char *why;

	TRY(find_destination(op, sending->delivery.destination_id,
			     &sending->destination, &why));
	if (why) {
		TRY(sending_end_late(op, &sending->delivery, why));
		return ERR_NOT_FOUND;
	}
	if (!destination_is_supported(sending->destination.kind)) {
		TRY(refuse_kind(op, sending));
		return ERR_NOT_FOUND;
	}
	return credential_use(op, sending->destination.id, &sending->keys);
}

enum error sending_begin(struct op *op, const struct job *job,
			 struct sending *ret)
{
	TRY(store_delivery_get(op, job->subject_id, &ret->delivery));
	if (!sending_is_of_job(&ret->delivery, job))
		return ERR_NOT_FOUND;
	TRY(store_delivery_body(op, ret->delivery.id, &ret->body));
	TRY(sending_find_listener(op, ret));
	return ret->is_to_listener ? sending_begin_to_listener(op, ret)
				   : begin_to_destination(op, ret);
}

/* False when it is one of those that are there already. */
static bool is_free(const struct outbound_call *call, const char *name)
{
	static const char *const framing[] = {"Connection", "Content-Length",
					      "Host", "Transfer-Encoding"};

	for (size_t i = 0; i < sizeof(framing) / sizeof(*framing); i++)
		if (strcasecmp(framing[i], name) == 0)
			return false;
	for (size_t i = 0; i < call->header_count; i++)
		if (strcasecmp(call->headers[i].name, name) == 0)
			return false;
	return true;
}

static void add_header(struct outbound_call *call, const char *name,
		       const char *value)
{
	if (call->header_count < OUTBOUND_HEADERS_MAX && is_free(call, name))
		call->headers[call->header_count++] =
			(struct outbound_header){name, value};
}

/* Those that its owner wants to be sent along; ours are not replaced. */
static void add_own_headers(struct op *op, const struct sending *sending,
			    struct outbound_call *call)
{
	const char *metadata = sending->destination.metadata;
	struct json_text own[OUTBOUND_HEADERS_MAX];
	size_t count = json_texts(&op->arena, metadata, strlen(metadata),
				  "headers", own, OUTBOUND_HEADERS_MAX);

	for (size_t i = 0; i < count; i++)
		add_header(call, own[i].name, own[i].value);
}

/* Under both names: receivers look for one or the other. */
static void sign(struct op *op, const struct sending *sending, int64_t now,
		 struct outbound_call *call)
{
	char *id = arena_alloc(&op->arena, UUID_TEXT);
	int64_t seconds = now / 1000000;

	uuid_format(sending->delivery.id, id);
	const char *time = arena_printf(&op->arena, "%" PRId64, seconds);
	const char *signature = webhook_signature(
		op, id, seconds, sending->body, &sending->keys);
	add_header(call, "webhook-id", id);
	add_header(call, "webhook-timestamp", time);
	add_header(call, "webhook-signature", signature ? signature : "");
	add_header(call, "svix-id", id);
	add_header(call, "svix-timestamp", time);
	add_header(call, "svix-signature", signature ? signature : "");
}

static void make_to_destination(struct op *op, const struct sending *sending,
				int64_t now, struct outbound_call *ret)
{
	const char *url = destination_url(op, &sending->destination);

	*ret = (struct outbound_call){
		.method = "POST",
		.url = url ? url : "",
		.body = sending->body,
		.body_length = strlen(sending->body),
	};
	add_header(ret, "Content-Type", "application/json");
	sign(op, sending, now, ret);
	add_own_headers(op, sending, ret);
}

void sending_make(struct op *op, const struct sending *sending, int64_t now,
		  struct outbound_call *ret)
{
	const struct listener_message message = {sending->delivery.id,
						 sending->body, now};

	if (sending->is_to_listener)
		listener_call(op, &sending->listener, &sending->keys, &message,
			      ret);
	else
		make_to_destination(op, sending, now, ret);
}

static bool is_overload(const struct outbound_answer *answer)
{
	return answer->status == 429 || answer->status == 502 ||
	       answer->status == 504 ||
	       (answer->status == 503 && answer->retry_after_us);
}

void sending_plan_next(struct op *op, const struct job *job,
		       const struct outbound_answer *answer,
		       struct delivery *delivery, struct job_end *ret)
{
	int64_t delay = webhook_delay_us(job->attempts + 1, random_u64());
	int64_t rest = answer->retry_after_us;

	if (is_overload(answer))
		ret->rest_until = op->now + (rest ? rest : SLOW_DOWN_US);
	if (delay < 0) {
		sending_finish(op, delivery, DELIVERY_FAILED);
		ret->what = JOB_FAILED;
		return;
	}
	delivery->next_at = op->now + (rest > delay ? rest : delay);
	ret->what = JOB_AGAIN;
	ret->due_at = delivery->next_at;
}

/* 410 says that nobody wants it; so does a long time of failures. */
static bool is_hopeless(const struct op *op,
			const struct destination *destination,
			const struct outbound_answer *answer)
{
	int64_t since = destination->failing_since;

	if (answer->status / 100 == 2)
		return false;
	return answer->status == 410 ||
	       (since && op->now >= since + DESTINATION_PATIENCE_US);
}

/* Of one that its job still has; `delivery` is as it is now. */
static enum error settle(struct op *op, const struct job *job,
			 const struct outbound_answer *answer,
			 struct delivery *delivery, struct job_end *ret)
{
	struct destination destination;
	bool is_success = answer->status / 100 == 2;
	const char *why;

	TRY(find_destination(op, delivery->destination_id, &destination, &why));
	if (why && !is_success)
		return sending_end_late(op, delivery, why);
	bool is_over = !why && is_hopeless(op, &destination, answer);
	if (is_success || is_over)
		sending_finish(op, delivery,
			       is_success ? DELIVERY_DELIVERED
					  : DELIVERY_FAILED);
	else
		sending_plan_next(op, job, answer, delivery, ret);
	TRY(store_delivery_change(op, delivery));
	if (is_over) {
		ret->what = JOB_FAILED;
		return destination_disable(op, &destination);
	}
	return why ? OK : destination_note(op, &destination, is_success);
}

enum error sending_end(struct op *op, const struct job *job,
		       const struct sending *sending,
		       const struct outbound_answer *answer,
		       struct job_end *ret)
{
	struct delivery delivery;

	*ret = (struct job_end){.what = JOB_DONE};
	enum error error =
		store_delivery_get(op, sending->delivery.id, &delivery);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	if (sending->is_to_listener)
		return sending_end_to_listener(op, job, sending, answer,
					       &delivery, ret);
	TRY(sending_record(op, &delivery, answer, NULL));
	if (!sending_is_of_job(&delivery, job))
		return store_delivery_change(op, &delivery);
	return settle(op, job, answer, &delivery, ret);
}
