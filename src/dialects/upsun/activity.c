/* What goes on in a project, or with one integration: newest first. */
#include <string.h>

#include "core/principal.h"
#include "dialects/upsun/upsun.h"
#include "http/server.h"

/* Moves the newest `limit` of both, which are newest first, into `into`. */
static void merge(struct op *op, struct activity_list *into,
		  const struct activity_list *from, int64_t limit)
{
	struct activity_list both = {
		arena_alloc(&op->arena, (into->count + from->count + 1) *
						sizeof(*both.items)),
		0};
	size_t a = 0, b = 0;

	while ((a < into->count || b < from->count) &&
	       (int64_t)both.count < limit) {
		bool takes_a = b == from->count ||
			       (a < into->count &&
				into->items[a].number > from->items[b].number);

		both.items[both.count++] =
			takes_a ? into->items[a++] : from->items[b++];
	}
	*into = both;
}

static bool is_repeated(const struct request *request, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(request->args[j].name, "type") == 0 &&
		    strcmp(request->args[j].value, request->args[i].value) == 0)
			return true;
	return false;
}

/* Those of each type asked for, or of all. */
static enum error find_activities(struct request *request,
				  struct activity_filter *filter,
				  struct activity_list *ret)
{
	struct activity_list found;
	bool is_typed = false;

	*ret = (struct activity_list){0};
	for (size_t i = 0; i < request->arg_count; i++) {
		const struct argument *arg = &request->args[i];

		if (strcmp(arg->name, "type") != 0 || is_repeated(request, i))
			continue;
		is_typed = true;
		filter->type = upsun_event_type(arg->value);
		TRY(activity_list(&request->op, filter, &found));
		merge(&request->op, ret, &found, filter->limit);
	}
	return is_typed ? OK : activity_list(&request->op, filter, ret);
}

static enum error write_list(struct request *request,
			     const struct project *project,
			     struct uuid integration_id)
{
	struct activity_filter filter = {.integration_id = integration_id};
	struct upsun_reader reader = upsun_reader_of(request, project);
	struct activity_list list;

	TRY(upsun_read_activity_filter(request, &filter));
	TRY(find_activities(request, &filter, &list));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		TRY(upsun_write_activity(&request->op, &w, &reader, NULL,
					 &list.items[i]));
	json_end_array(&w);
	return OK;
}

enum error upsun_list_activities(struct request *request)
{
	const struct uuid any = {0};
	struct project project;

	TRY(upsun_enter(request, &project));
	return write_list(request, &project, any);
}

enum error upsun_list_integration_activities(struct request *request)
{
	struct project project;
	struct integration integration;

	TRY(upsun_enter(request, &project));
	TRY(upsun_find_integration(request, &integration));
	return write_list(request, &project, integration.id);
}

static enum error find_activity(struct request *request, const char *id,
				struct activity *ret)
{
	enum error error = ERR_NOT_FOUND;
	uint64_t number;

	if (id13_parse(id, &number) && number <= INT64_MAX)
		error = activity_get(&request->op, (int64_t)number, ret);
	if (error == ERR_NOT_FOUND)
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "there is no activity %s", id);
	return error;
}

enum error upsun_enter_activity(struct request *request,
				struct project *project,
				struct activity *activity)
{
	TRY(upsun_enter(request, project));
	return find_activity(request, request->params[1], activity);
}

static enum error enter_integration_activity(struct request *request,
					     struct project *project,
					     struct activity *activity)
{
	struct integration integration;

	TRY(upsun_enter(request, project));
	TRY(upsun_find_integration(request, &integration));
	TRY(find_activity(request, request->params[2], activity));
	if (!uuid_equal(activity->integration_id, integration.id))
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "that is another's activity");
	return OK;
}

static enum error write_one(struct request *request,
			    const struct project *project,
			    const struct activity *activity)
{
	struct upsun_reader reader = upsun_reader_of(request, project);
	struct json_writer w = upsun_answer(request, 200);

	return upsun_write_activity(&request->op, &w, &reader, NULL, activity);
}

enum error upsun_get_activity(struct request *request)
{
	struct project project;
	struct activity activity;

	TRY(upsun_enter_activity(request, &project, &activity));
	return write_one(request, &project, &activity);
}

enum error upsun_get_activity_log(struct request *request)
{
	struct project project;
	struct activity activity;

	TRY(upsun_enter_activity(request, &project, &activity));
	return upsun_write_activity_log(request, &activity);
}

enum error upsun_get_integration_activity(struct request *request)
{
	struct project project;
	struct activity activity;

	TRY(enter_integration_activity(request, &project, &activity));
	return write_one(request, &project, &activity);
}

enum error upsun_get_integration_activity_log(struct request *request)
{
	struct project project;
	struct activity activity;

	TRY(enter_integration_activity(request, &project, &activity));
	return upsun_write_activity_log(request, &activity);
}

enum error upsun_write_activity_result(struct request *request, int status,
				       const struct project *project,
				       const struct activity *activity)
{
	struct op *op = &request->op;
	struct upsun_reader reader = upsun_reader_of(request, project);
	struct json_writer w = upsun_answer(request, status);
	char id[ID13_TEXT];

	id13_format((uint64_t)activity->number, id);
	json_begin_object(&w, NULL);
	json_put_string(&w, "status", http_reason(status));
	json_put_integer(&w, "code", status);
	json_begin_object(&w, "_embedded");
	TRY(upsun_write_activity(op, &w, &reader, "entity", activity));
	json_begin_array(&w, "activities");
	TRY(upsun_write_activity(op, &w, &reader, NULL, activity));
	json_end_array(&w);
	json_end_object(&w);
	upsun_begin_links(request, &w,
			  arena_printf(&op->arena, "%s/activities/%s",
				       upsun_project_path(op, project), id),
			  "Activity");
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}

static enum error cancel(struct request *request, const struct project *project,
			 const struct activity *activity)
{
	struct activity cancelled;

	TRY(activity_cancel(&request->op, activity, &cancelled));
	return upsun_write_activity_result(request, 200, project, &cancelled);
}

enum error upsun_cancel_activity(struct request *request)
{
	struct project project;
	struct activity activity;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(upsun_enter_activity(request, &project, &activity));
	return cancel(request, &project, &activity);
}

enum error upsun_cancel_integration_activity(struct request *request)
{
	struct project project;
	struct activity activity;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(enter_integration_activity(request, &project, &activity));
	return cancel(request, &project, &activity);
}
