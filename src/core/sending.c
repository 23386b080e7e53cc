/* Tries of deliveries. */
#include "core/sending.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/json_member.h"
#include "base/random.h"
#include "core/store.h"
#include "core/webhook.h"

/* How long a destination rests that is overloaded and does not say so long. */
#define SLOW_DOWN_US INT64_C(5000000)

static bool is_of_job(const struct delivery *delivery, const struct job *job)
{
	return strcmp(delivery->state, DELIVERY_WAITING) == 0 &&
	       uuid_equal(delivery->job_id, job->id);
}

static void finish(struct op *op, struct delivery *delivery, const char *state)
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
static enum error end_late(struct op *op, struct delivery *delivery,
			   const char *why)
{
	delivery->answer = why;
	finish(op, delivery, DELIVERY_ENDED);
	return store_delivery_change(op, delivery);
}

static enum error record_attempt(struct op *op, struct delivery *delivery,
				 const struct outbound_answer *answer)
{
	const struct delivery_attempt attempt = {
		.number = ++delivery->attempts,
		.began_at = op->now - answer->took_us,
		.took_us = answer->took_us,
		.status = answer->status,
		.failure = answer->status ? NULL : answer->failure,
	};

	delivery->answer =
		answer->status ? arena_printf(&op->arena, "%d", answer->status)
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

	TRY(record_attempt(op, &sending->delivery, &none));
	finish(op, &sending->delivery, DELIVERY_FAILED);
	return store_delivery_change(op, &sending->delivery);
}

enum error sending_begin(struct op *op, const struct job *job,
			 struct sending *ret)
{
	const char *why;

	TRY(store_delivery_get(op, job->subject_id, &ret->delivery));
	if (!is_of_job(&ret->delivery, job))
		return ERR_NOT_FOUND;
	TRY(find_destination(op, ret->delivery.destination_id,
			     &ret->destination, &why));
	if (why) {
		TRY(end_late(op, &ret->delivery, why));
		return ERR_NOT_FOUND;
	}
	if (!destination_is_supported(ret->destination.kind)) {
		TRY(refuse_kind(op, ret));
		return ERR_NOT_FOUND;
	}
	TRY(store_delivery_body(op, ret->delivery.id, &ret->body));
	return credential_use(op, ret->destination.id, &ret->keys);
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

void sending_make(struct op *op, const struct sending *sending, int64_t now,
		  struct outbound_call *ret)
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

static bool is_overload(const struct outbound_answer *answer)
{
	return answer->status == 429 || answer->status == 502 ||
	       answer->status == 504 ||
	       (answer->status == 503 && answer->retry_after_us);
}

static void plan_next(struct op *op, const struct job *job,
		      const struct outbound_answer *answer,
		      struct delivery *delivery, struct job_end *ret)
{
	int64_t delay = webhook_delay_us(job->attempts + 1, random_u64());
	int64_t rest = answer->retry_after_us;

	if (is_overload(answer))
		ret->rest_until = op->now + (rest ? rest : SLOW_DOWN_US);
	if (delay < 0) {
		finish(op, delivery, DELIVERY_FAILED);
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
		return end_late(op, delivery, why);
	bool is_over = !why && is_hopeless(op, &destination, answer);
	if (is_success || is_over)
		finish(op, delivery,
		       is_success ? DELIVERY_DELIVERED : DELIVERY_FAILED);
	else
		plan_next(op, job, answer, delivery, ret);
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
	TRY(record_attempt(op, &delivery, answer));
	if (!is_of_job(&delivery, job))
		return store_delivery_change(op, &delivery);
	return settle(op, job, answer, &delivery, ret);
}
