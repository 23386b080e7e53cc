/* Deliveries to integrations: what may go there, and what came of a try. */
#include <inttypes.h>
#include <string.h>

#include "base/json_member.h"
#include "core/activity.h"
#include "core/listener_call.h"
#include "core/listening.h"
#include "core/sending_parts.h"
#include "core/store.h"

/* What is to neither ends as what is to a destination that is gone. */
enum error sending_find_listener(struct op *op, struct sending *sending)
{
	enum error error = store_integration_get(
		op, INTEGRATION_THIRD_PARTY, sending->delivery.destination_id,
		&sending->listener);

	sending->is_to_listener = error == OK;
	return error == ERR_NOT_FOUND ? OK : error;
}

/* How a try went, for its activity's log; a mail's says to whom it was. */
static const char *line_of(struct op *op, const struct sending *sending,
			   const struct delivery *delivery)
{
	const char *to = json_member_text(&op->arena, sending->body,
					  strlen(sending->body), "to");
	bool is_mail = to && *to;

	return arena_printf(&op->arena, "Attempt %" PRId64 "%s%s: %s\n",
			    delivery->attempts, is_mail ? " to " : "",
			    is_mail ? to : "", delivery->answer);
}

static enum error end_activity(struct op *op, const struct sending *sending,
			       const struct delivery *delivery)
{
	return listening_end(op, delivery->activity_number,
			     strcmp(delivery->state, DELIVERY_DELIVERED) == 0,
			     line_of(op, sending, delivery));
}

/* It is not sent at all. */
static enum error fail(struct op *op, struct sending *sending, const char *why)
{
	const struct outbound_answer none = {.failure = why};
	struct delivery *delivery = &sending->delivery;

	TRY(sending_record(op, delivery, &none, NULL));
	sending_finish(op, delivery, DELIVERY_FAILED);
	TRY(store_delivery_change(op, delivery));
	return end_activity(op, sending, delivery);
}

/* Somebody may have cancelled it; one that is over has nothing to say. */
static enum error is_cancelled(struct op *op, const struct delivery *delivery,
			       bool *ret)
{
	struct activity activity;
	enum error error =
		activity_get(op, delivery->activity_number, &activity);

	*ret = error == OK && strcmp(activity.state, ACTIVITY_CANCELLED) == 0;
	return error == ERR_NOT_FOUND ? OK : error;
}

enum error sending_begin_to_listener(struct op *op, struct sending *sending)
{
	const char *why =
		listener_refusal(op, &sending->listener, sending->body);
	bool is_unwanted;

	TRY(is_cancelled(op, &sending->delivery, &is_unwanted));
	if (!is_unwanted && !why)
		return credential_use(op, sending->listener.id, &sending->keys);
	TRY(is_unwanted ? sending_end_late(op, &sending->delivery,
					   DELIVERY_CANCELLED)
			: fail(op, sending, why));
	return ERR_NOT_FOUND;
}

static enum error settle(struct op *op, const struct job *job,
			 const struct sending *sending,
			 const struct outbound_answer *answer,
			 const struct listener_verdict *verdict,
			 struct delivery *delivery, struct job_end *ret)
{
	if (verdict->is_success) {
		sending_finish(op, delivery, DELIVERY_DELIVERED);
	} else if (verdict->is_final) {
		sending_finish(op, delivery, DELIVERY_FAILED);
		ret->what = JOB_FAILED;
	} else {
		sending_plan_next(op, job, answer, delivery, ret);
	}
	TRY(store_delivery_change(op, delivery));
	return ret->what == JOB_AGAIN
		       ? listening_go_on(op, delivery->activity_number,
					 line_of(op, sending, delivery))
		       : end_activity(op, sending, delivery);
}

enum error sending_end_to_listener(struct op *op, const struct job *job,
				   const struct sending *sending,
				   const struct outbound_answer *answer,
				   struct delivery *delivery,
				   struct job_end *ret)
{
	struct sending now = {.delivery = *delivery};
	struct listener_verdict verdict;

	listener_judge(op, &sending->listener, answer, &verdict);
	TRY(sending_record(op, delivery, answer, verdict.why));
	if (!sending_is_of_job(delivery, job))
		return store_delivery_change(op, delivery);
	TRY(sending_find_listener(op, &now));
	if (!now.is_to_listener && !verdict.is_success)
		return sending_end_late(op, delivery, DELIVERY_DELETED);
	return settle(op, job, sending, answer, &verdict, delivery, ret);
}
