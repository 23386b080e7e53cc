/* What happened in a project, or to one integration: newest first. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dialects/upsun/upsun.h"

enum { PAGE_MAX = 25 };

static const char *const states[] = {"cancelled", "complete",  "in_progress",
				     "pending",	  "scheduled", "staged",
				     NULL};
static const char *const results[] = {"failure", "success", NULL};

static enum error refuse(struct request *request, const char *name,
			 const char *why)
{
	op_issue(&request->op, "query", name, "%s", why);
	return op_fail(&request->op, ERR_MISSHAPEN, "%s %s", name, why);
}

static bool is_one_of(const char *const *values, const char *text)
{
	for (; *values; values++)
		if (strcmp(*values, text) == 0)
			return true;
	return false;
}

/*
 * A repeatable filter of which all that we have answer to one value, `ours`:
 * whether anything is left.
 */
static enum error read_choice(struct request *request, const char *name,
			      const char *const *values, const char *ours,
			      bool *ret_any)
{
	bool is_given = false, is_ours = false;

	for (size_t i = 0; i < request->arg_count; i++) {
		const struct argument *arg = &request->args[i];

		if (strcmp(arg->name, name) != 0)
			continue;
		if (!is_one_of(values, arg->value))
			return refuse(request, name, "has no such value");
		is_given = true;
		is_ours |= strcmp(arg->value, ours) == 0;
	}
	*ret_any &= !is_given || is_ours;
	return OK;
}

/*
 * The newest time wanted, as seconds since the epoch or RFC 3339. Clients go
 * on from the last activity they have, some with its fraction cut off: so a
 * whole second is meant to its end.
 */
static enum error read_starts_at(struct request *request, int64_t *ret_before)
{
	const char *text = request_arg(request, "starts_at");
	int64_t time;
	char *end;

	if (!text)
		return OK;
	if (*text >= '0' && *text <= '9' && strlen(text) <= 10) {
		time = strtoll(text, &end, 10) * CLOCK_SECOND;
		if (*end && !clock_parse(text, &time))
			return refuse(request, "starts_at", "is no time");
	} else if (!clock_parse(text, &time)) {
		return refuse(request, "starts_at", "is no time");
	}
	bool is_whole = time % CLOCK_SECOND == 0;
	*ret_before = time + (is_whole ? CLOCK_SECOND : 1);
	return OK;
}

/* `*ret_any` is false when nothing can match. */
static enum error read_filter(struct request *request, struct event_filter *ret,
			      bool *ret_any)
{
	int64_t count = PAGE_MAX;

	*ret_any = true;
	TRY(read_choice(request, "state", states, "complete", ret_any));
	TRY(read_choice(request, "result", results, "success", ret_any));
	TRY(read_starts_at(request, &ret->before));
	TRY(request_number(request, "count", 1, INT32_MAX, &count));
	ret->limit = count < PAGE_MAX ? count : PAGE_MAX;
	ret->changes_only = true;
	return OK;
}

/* Moves the newest `limit` of both, which are newest first, into `into`. */
static void merge(struct op *op, struct event_list *into,
		  const struct event_list *from, int64_t limit)
{
	struct event_list both = {
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
static enum error find_events(struct request *request,
			      struct event_filter *filter,
			      struct event_list *ret)
{
	struct event_list found;
	bool is_typed = false;

	*ret = (struct event_list){0};
	for (size_t i = 0; i < request->arg_count; i++) {
		const struct argument *arg = &request->args[i];

		if (strcmp(arg->name, "type") != 0 || is_repeated(request, i))
			continue;
		is_typed = true;
		filter->type = upsun_event_type(arg->value);
		TRY(event_list(&request->op, filter, &found));
		merge(&request->op, ret, &found, filter->limit);
	}
	return is_typed ? OK : event_list(&request->op, filter, ret);
}

static enum error write_list(struct request *request,
			     const struct project *project,
			     struct uuid integration_id)
{
	struct event_filter filter = {.integration_id = integration_id};
	struct event_list list = {0};
	bool any;

	TRY(read_filter(request, &filter, &any));
	if (any)
		TRY(find_events(request, &filter, &list));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		TRY(upsun_write_activity(request, &w, project, &list.items[i]));
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
				struct event *ret)
{
	uint64_t number;
	struct event found;
	enum error error = ERR_NOT_FOUND;

	if (id13_parse(id, &number) && number <= INT64_MAX)
		error = event_get(&request->op, (int64_t)number, &found);
	if (error == OK && !event_is_change(&found))
		error = ERR_NOT_FOUND;
	if (error == ERR_NOT_FOUND)
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "there is no activity %s", id);
	TRY(error);
	*ret = found;
	return OK;
}

static enum error enter_activity(struct request *request,
				 struct project *project, struct event *event)
{
	TRY(upsun_enter(request, project));
	return find_activity(request, request->params[1], event);
}

static enum error enter_integration_activity(struct request *request,
					     struct project *project,
					     struct event *event)
{
	struct integration integration;

	TRY(upsun_enter(request, project));
	TRY(upsun_find_integration(request, &integration));
	TRY(find_activity(request, request->params[2], event));
	if (!uuid_equal(event->subject_id, integration.id))
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "that is another's activity");
	return OK;
}

static enum error write_one(struct request *request,
			    const struct project *project,
			    const struct event *event)
{
	struct json_writer w = upsun_answer(request, 200);

	return upsun_write_activity(request, &w, project, event);
}

/* Lines of JSON, of which an event has one; `seal`: nothing follows. */
static void write_log(struct request *request, const struct event *event)
{
	struct json_writer w = upsun_answer(request, 200);

	json_begin_object(&w, NULL);
	json_put_string(&w, "_id", "1");
	json_put_bool(&w, "seal", true);
	json_begin_object(&w, "data");
	json_put_time(&w, "timestamp", event->created_at);
	json_put_string(&w, "message",
			upsun_activity_text(&request->op, event));
	json_end_object(&w);
	json_end_object(&w);
	buf_char(&request->response.body, '\n');
}

enum error upsun_get_activity(struct request *request)
{
	struct project project;
	struct event event;

	TRY(enter_activity(request, &project, &event));
	return write_one(request, &project, &event);
}

enum error upsun_get_activity_log(struct request *request)
{
	struct project project;
	struct event event;

	TRY(enter_activity(request, &project, &event));
	write_log(request, &event);
	return OK;
}

enum error upsun_get_integration_activity(struct request *request)
{
	struct project project;
	struct event event;

	TRY(enter_integration_activity(request, &project, &event));
	return write_one(request, &project, &event);
}

enum error upsun_get_integration_activity_log(struct request *request)
{
	struct project project;
	struct event event;

	TRY(enter_integration_activity(request, &project, &event));
	write_log(request, &event);
	return OK;
}
