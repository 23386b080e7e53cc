/* Validations: asked for, tried, ended. */
#include "core/validation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "core/alert.h"
#include "core/listening.h"
#include "core/store.h"

/* The job's subject is the integration, its payload the activity's number. */
static enum error add_job(struct op *op, struct uuid integration_id,
			  int64_t number)
{
	const struct job_new job = {
		.kind = VALIDATION_JOB,
		.subject_id = integration_id,
		.payload = arena_printf(
			&op->arena, "{\"activity\":\"%" PRId64 "\"}", number),
	};

	return job_add(op, &job, NULL);
}

enum error validation_begin(struct op *op,
			    const struct integration *integration,
			    struct activity *ret)
{
	const struct activity_new new = {
		.type = VALIDATION_ACTIVITY,
		.integration_id = integration->id,
		.integration = integration->handle,
		.state = ACTIVITY_PENDING,
		.percent = -1,
		.document = "{\"description\":\"Trying an integration\","
			    "\"text\":\"Trying an integration\"}",
	};

	if (!probe_knows(integration->kind)) {
		op_issue(op, "body", "type", "is none that can be tried");
		return op_fail(op, ERR_INVALID,
			       "integrations of type %s can't be tried",
			       integration->kind);
	}
	TRY(activity_begin(op, &new, ret));
	return add_job(op, integration->id, ret->number);
}

static const char *fact(struct op *op, const struct activity *activity,
			const char *name)
{
	return json_member_text(&op->arena, activity->document,
				strlen(activity->document), name);
}

enum error validation_outcome(struct op *op, int64_t number,
			      struct activity *ret)
{
	const char *field, *why;

	TRY(activity_get(op, number, ret));
	if (!activity_is_over(ret))
		return op_fail(op, ERR_BUSY, "it has not answered yet");
	if (ret->result && strcmp(ret->result, ACTIVITY_SUCCESS) == 0)
		return OK;
	field = fact(op, ret, "payload.field");
	why = fact(op, ret, "payload.why");
	op_issue(op, "body", field ? field : "type", "%s",
		 why ? why : "the try was cancelled");
	return op_fail(op, ERR_INVALID, "%s", why ? why : "it was cancelled");
}

static enum error find(struct op *op, const struct job *job,
		       struct validation *ret)
{
	const char *number = json_member_text(&op->arena, job->payload,
					      strlen(job->payload), "activity");

	if (!number)
		return ERR_NOT_FOUND;
	TRY(activity_get(op, strtoll(number, NULL, 10), &ret->activity));
	if (activity_is_over(&ret->activity))
		return ERR_NOT_FOUND;
	return store_integration_get(op, INTEGRATION_THIRD_PARTY,
				     job->subject_id, &ret->integration);
}

enum error validation_take(struct op *op, const struct job *job,
			   struct validation *ret)
{
	struct alert_recipients by_mail = {.count = 1};
	const char *told;

	TRY(find(op, job, ret));
	TRY(credential_use(op, ret->integration.id, &ret->secrets));
	if (strcmp(ret->integration.kind, "health.email") == 0)
		TRY(alert_recipients(op, ret->integration.settings, &by_mail));
	TRY(listening_write(op, &ret->activity, &told));
	probe_begin(op, &ret->integration, &ret->secrets, ret->activity.id,
		    told, by_mail.count > 0, &ret->probe);
	return OK;
}

static const char *document_of(struct op *op, const struct probe *probe)
{
	struct arena *arena = &op->arena;

	if (!probe->field)
		return "{\"description\":\"Tried an integration\","
		       "\"text\":\"Tried an integration\"}";
	return arena_printf(arena,
			    "{\"description\":\"Tried an integration\","
			    "\"text\":\"Tried an integration\","
			    "\"payload\":{\"field\":%s,\"why\":%s}}",
			    json_quote(arena, probe->field),
			    json_quote(arena, probe->why));
}

enum error validation_end(struct op *op, const struct validation *validation)
{
	const struct probe *probe = &validation->probe;
	bool works = !probe->field;
	const struct activity_new to = {
		.state = ACTIVITY_COMPLETE,
		.result = works ? ACTIVITY_SUCCESS : ACTIVITY_FAILURE,
		.failure_reason = works ? NULL : "error",
		.percent = -1,
		.document = document_of(op, probe),
		.log = works ? arena_printf(&op->arena, "%sIt works.\n",
					    probe->log)
			     : arena_printf(&op->arena, "%s%s %s.\n",
					    probe->log, probe->field,
					    probe->why),
	};
	struct activity now, changed;

	TRY(activity_get(op, validation->activity.number, &now));
	return activity_is_over(&now) ? OK
				      : activity_go_on(op, &now, &to, &changed);
}
