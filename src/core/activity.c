/* Activities: begun, gone on with, ended. activity_find.c reads them. */
#include "core/activity.h"

#include <string.h>

#include "base/json_member.h"
#include "core/store.h"

/* It may be made a little later than its operation began. */
static int64_t now_of(const struct op *op, const struct activity *activity)
{
	return op->now > activity->created_at ? op->now : activity->created_at;
}

static bool is(const char *state, const char *which)
{
	return strcmp(state, which) == 0;
}

bool activity_is_over(const struct activity *activity)
{
	return is(activity->state, ACTIVITY_COMPLETE) ||
	       is(activity->state, ACTIVITY_CANCELLED);
}

bool activity_is_change(const struct activity *activity)
{
	return uuid_is_nil(activity->id);
}

/* How far on; those that are over come last. */
static int stage_of(const char *state)
{
	static const char *const order[] = {ACTIVITY_STAGED, ACTIVITY_SCHEDULED,
					    ACTIVITY_PENDING,
					    ACTIVITY_IN_PROGRESS};
	int stages = (int)(sizeof(order) / sizeof(*order));

	for (int i = 0; i < stages; i++)
		if (is(state, order[i]))
			return i;
	return stages;
}

static void refuse(struct op *op, const char *field, const char *why)
{
	op_issue(op, "body", field, "%s", why);
}

/* What is known only of one that is over. */
static void settle_open(struct op *op, struct activity *activity)
{
	if (activity->result)
		refuse(op, "result", "is there when the state is complete");
	if (activity->failure_reason)
		refuse(op, "failure_reason", "is there when it has failed");
	if (activity->completed_at)
		refuse(op, "completed_at",
		       "is there when the state is complete");
	if (activity->percent >= 100)
		refuse(op, "completion_percent",
		       "is 100 when the state is complete");
	if (is(activity->state, ACTIVITY_IN_PROGRESS) && !activity->started_at)
		activity->started_at = now_of(op, activity);
}

static void settle_over(struct op *op, struct activity *activity)
{
	bool is_cancelled = is(activity->state, ACTIVITY_CANCELLED);

	if (!activity->result)
		activity->result =
			is_cancelled ? ACTIVITY_FAILURE : ACTIVITY_SUCCESS;
	if (is_cancelled) {
		activity->cancelled_at = now_of(op, activity);
		if (!is(activity->result, ACTIVITY_FAILURE))
			refuse(op, "result",
			       "is failure when the state is cancelled");
	}
	if (activity->failure_reason && !is(activity->result, ACTIVITY_FAILURE))
		refuse(op, "failure_reason", "is there when it has failed");
	if (!activity->completed_at)
		activity->completed_at = now_of(op, activity);
	if (!activity->started_at && !is_cancelled)
		activity->started_at = activity->completed_at;
	if (activity->started_at > activity->completed_at)
		refuse(op, "completed_at", "must not be before started_at");
	activity->percent = 100;
}

/* Sets what follows from its state; issues where it does not fit. */
static enum error settle(struct op *op, struct activity *activity)
{
	size_t first = op->issue_count;

	if (activity_is_over(activity))
		settle_over(op, activity);
	else
		settle_open(op, activity);
	if (op->issue_count > first)
		return op_fail(op, ERR_INVALID, "%s %s",
			       op->issues[first].field, op->issues[first].why);
	return OK;
}

static enum error add_log(struct op *op, struct activity *activity,
			  const char *text)
{
	const struct activity_part part = {text, op->now};
	int64_t length = text ? (int64_t)strlen(text) : 0;

	if (!length)
		return OK;
	if (activity->log_bytes + length > ACTIVITY_LOG_MAX ||
	    activity->log_parts == ACTIVITY_LOG_PARTS_MAX) {
		refuse(op, "log", "would be too long, with what is there");
		return op_fail(op, ERR_INVALID, "the log would be too long");
	}
	activity->log_bytes += length;
	activity->log_parts++;
	return store_activity_log_add(op, activity->number, activity->log_parts,
				      &part);
}

static enum error tell(struct op *op, const char *type,
		       const struct activity *activity)
{
	const char *number =
		arena_printf(&op->arena, "%lld", (long long)activity->number);
	const struct event_fact facts[] = {
		{"number", number, false},
		{"type", activity->type, false},
		{"state", activity->state, false},
		{"result", activity->result, false},
		{"environments", activity->environments, true},
		{"integration", activity->integration, false},
	};

	return event_record(op, type, ACTIVITY_SUBJECT, activity->id, facts,
			    sizeof(facts) / sizeof(*facts), NULL);
}

/* What is said of it now; -1: nothing. */
static enum error check_percent(struct op *op, const struct activity *activity,
				int64_t percent)
{
	if (!activity_is_over(activity) || percent < 0 || percent == 100)
		return OK;
	refuse(op, "completion_percent",
	       "is 100 when the state is complete or cancelled");
	return op_fail(op, ERR_INVALID, "what is over is so to 100 percent");
}

enum error activity_begin(struct op *op, const struct activity_new *new,
			  struct activity *ret)
{
	struct activity made = {
		.number = event_next_number(op),
		.id = uuid_make(op->now),
		.type = new->type,
		.integration_id = new->integration_id,
		.integration = new->integration,
		.environments = new->environments ? new->environments : "[]",
		.state = new->state ? new->state : ACTIVITY_COMPLETE,
		.result = new->result,
		.failure_reason = new->failure_reason,
		.percent = new->percent < 0 ? 0 : new->percent,
		.document = new->document ? new->document : "{}",
		.started_at = new->started_at,
		.completed_at = new->completed_at,
	};

	made.created_at = made.updated_at = event_number_time(made.number);
	TRY(check_percent(op, &made, new->percent));
	TRY(settle(op, &made));
	TRY(add_log(op, &made, new->log));
	TRY(store_activity_add(op, &made));
	TRY(tell(op, "activity.created", &made));
	*ret = made;
	return OK;
}

enum error activity_tell(struct op *op, const char *type,
			 const struct integration *of, const char *what,
			 bool is_success, const char *log)
{
	const char *text = json_quote(&op->arena, what);
	const struct activity_new new = {
		.type = type,
		.integration_id = of->id,
		.integration = of->handle,
		.result = is_success ? ACTIVITY_SUCCESS : ACTIVITY_FAILURE,
		.failure_reason = is_success ? NULL : "error",
		.percent = -1,
		.document = arena_printf(&op->arena,
					 "{\"description\":%s,\"text\":%s}",
					 text, text),
		.log = log,
	};
	struct activity made;

	return activity_begin(op, &new, &made);
}

static enum error refuse_if_over(struct op *op, const struct activity *activity)
{
	if (!activity_is_over(activity))
		return OK;
	op_issue(op, "body", "state", "is %s already", activity->state);
	return op_fail(op, ERR_CHANGED, "the activity is %s already",
		       activity->state);
}

static enum error move_on(struct op *op, struct activity *activity,
			  const char *state)
{
	if (!state)
		return OK;
	if (stage_of(state) < stage_of(activity->state)) {
		op_issue(op, "body", "state", "can't go back from %s",
			 activity->state);
		return op_fail(op, ERR_INVALID, "can't go back from %s",
			       activity->state);
	}
	activity->state = state;
	return OK;
}

static enum error keep(struct op *op, const char *event_type,
		       struct activity *changed, const char *log,
		       struct activity *ret)
{
	changed->updated_at = now_of(op, changed);
	TRY(settle(op, changed));
	TRY(add_log(op, changed, log));
	TRY(store_activity_change(op, changed));
	TRY(tell(op, event_type, changed));
	*ret = *changed;
	return OK;
}

enum error activity_go_on(struct op *op, const struct activity *activity,
			  const struct activity_new *to, struct activity *ret)
{
	struct activity changed = *activity;

	TRY(refuse_if_over(op, activity));
	TRY(move_on(op, &changed, to->state));
	if (to->environments)
		changed.environments = to->environments;
	if (to->document)
		changed.document = to->document;
	if (to->percent >= 0)
		changed.percent = to->percent;
	if (to->started_at)
		changed.started_at = to->started_at;
	TRY(check_percent(op, &changed, to->percent));
	changed.result = to->result;
	changed.failure_reason = to->failure_reason;
	changed.completed_at = to->completed_at;
	return keep(op,
		    is(changed.state, ACTIVITY_CANCELLED) ? "activity.cancelled"
							  : "activity.updated",
		    &changed, to->log, ret);
}

enum error activity_cancel(struct op *op, const struct activity *activity,
			   struct activity *ret)
{
	struct activity changed = *activity;

	TRY(refuse_if_over(op, activity));
	changed.state = ACTIVITY_CANCELLED;
	return keep(op, "activity.cancelled", &changed, NULL, ret);
}
