/* Activities that a client tells of, and what becomes of them. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "core/event_type.h"
#include "core/principal.h"
#include "dialects/upsun/upsun.h"

static const struct field_policy policy = {0};

/* NULL when it was not said, or null. */
static const char *text(const json_t *said, const char *name)
{
	return json_string_value(json_object_get(said, name));
}

static int64_t time_of(const json_t *said, const char *name)
{
	const char *given = text(said, name);
	int64_t time = 0;

	return given && clock_parse(given, &time) ? time : 0;
}

/* The part of what was said that the core keeps unseen. */
static const char *document_of(struct op *op, const json_t *said)
{
	const struct field_table *table = &upsun_activity_document;
	json_t *document = json_new_object(&op->arena);

	for (size_t i = 0; i < table->count; i++) {
		const char *name = table->fields[i].name;
		json_t *value = json_object_get(said, name);

		if (value && json_object_set(document, name, value) != 0)
			abort(); /* out of memory */
	}
	return json_text(&op->arena, document);
}

static enum error find_integration(struct op *op, const char *id,
				   struct activity_new *ret)
{
	struct integration found;
	enum error error;

	if (!id)
		return OK;
	error = integration_find(op, INTEGRATION_THIRD_PARTY, id, &found);
	if (error == ERR_NOT_FOUND) {
		op_issue(op, "body", "integration",
			 "is no integration of this project");
		return op_fail(op, ERR_INVALID, "there is no integration %s",
			       id);
	}
	TRY(error);
	ret->integration_id = found.id;
	ret->integration = found.handle;
	return OK;
}

/* `stored` is the document so far, NULL of a new one. */
static enum error read_body(struct request *request, const char *stored,
			    struct activity_new *ret)
{
	struct op *op = &request->op;
	struct field_values values;
	const json_t *percent, *environments;
	const char *why;
	json_t *said;

	TRY(fields_read(op, &upsun_activity_fields, request->json, stored,
			&policy, &values));
	TRY(json_read(&op->arena, values.settings, strlen(values.settings),
		      &said, &why));
	percent = json_object_get(said, "completion_percent");
	environments = json_object_get(said, "environments");
	*ret = (struct activity_new){
		.type = text(said, "type"),
		.environments = environments
					? json_text(&op->arena, environments)
					: NULL,
		.state = text(said, "state"),
		.result = text(said, "result"),
		.failure_reason = text(said, "failure_reason"),
		.percent = percent ? json_integer_value(percent) : -1,
		.started_at = time_of(said, "started_at"),
		.completed_at = time_of(said, "completed_at"),
		.log = text(said, "log"),
	};
	TRY(find_integration(op, text(said, "integration"), ret));
	ret->document = document_of(op, said);
	return OK;
}

enum error upsun_post_activity(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct activity_new new;
	struct activity activity;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(read_body(request, NULL, &new));
	TRY(activity_begin(op, &new, &activity));
	return upsun_write_activity_result(request, 201, &project, &activity);
}

/* A patch may name them, but not others. */
static enum error refuse_another(struct op *op, const struct activity *activity,
				 const struct activity_new *to)
{
	size_t first = op->issue_count;

	if (to->type && strcmp(to->type, activity->type) != 0)
		op_issue(op, "body", "type", "can't change");
	if (to->integration &&
	    !uuid_equal(to->integration_id, activity->integration_id))
		op_issue(op, "body", "integration", "can't change");
	return op->issue_count > first
		       ? op_fail(op, ERR_INVALID, "%s can't change",
				 op->issues[first].field)
		       : OK;
}

/* Else what came of a delivery or a try could be made up. */
static enum error refuse_own(struct op *op, const struct activity *activity)
{
	if (activity_is_over(activity) || !event_type_is_own(activity->type))
		return OK;
	op_issue(op, "body", "type",
		 "is of what the project tells of itself: it can be cancelled");
	return op_fail(op, ERR_FORBIDDEN, "the project's own activity");
}

enum error upsun_update_activity(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct activity activity, changed;
	struct activity_new to;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(upsun_enter_activity(request, &project, &activity));
	TRY(refuse_own(op, &activity));
	TRY(read_body(request, activity.document ? activity.document : "{}",
		      &to));
	TRY(refuse_another(op, &activity, &to));
	TRY(activity_go_on(op, &activity, &to, &changed));
	return upsun_write_activity_result(request, 200, &project, &changed);
}
