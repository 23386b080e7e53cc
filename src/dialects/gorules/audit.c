/* The audit log, from the events. */
#include <string.h>

#include "base/clock.h"
#include "core/audit_log.h"
#include "dialects/gorules/gorules.h"

enum { DATE_LENGTH = 10 };
#define DAY_US (INT64_C(86400) * 1000000)

/* A time, or a date: its first moment, or its last one. */
static enum error read_time(struct request *request, const char *name,
			    bool is_end, int64_t *ret)
{
	const char *text = request_arg(request, name);
	struct op *op = &request->op;

	if (!text)
		return OK;
	bool is_date = strlen(text) == DATE_LENGTH;
	if (is_date)
		text = arena_printf(&op->arena, "%sT00:00:00Z", text);
	if (!clock_parse(text, ret)) {
		op_issue(op, "query", name,
			 "must be an RFC 3339 time or a date");
		return op_fail(op, ERR_MISSHAPEN, "%s is no time", name);
	}
	if (is_date && is_end)
		*ret += DAY_US - 1;
	return OK;
}

static enum error read_user(struct request *request, struct uuid *ret)
{
	const char *text = request_arg(request, "userId");

	if (!text || uuid_parse(text, ret))
		return OK;
	op_issue(&request->op, "query", "userId", "must be a uuid");
	return op_fail(&request->op, ERR_MISSHAPEN, "userId is no uuid");
}

/* Before anything else is looked at, as where a path has it. */
static enum error enter(struct request *request)
{
	const char *id = request_arg(request, "projectId");
	struct project project;

	if (id)
		TRY(project_enter(&request->op, PROJECT_BY_ID, id, &project));
	return access_to(&request->op, PERMISSION_PROJECT);
}

/* Which of these; `*ret` stays when it is not said. */
static enum error read_choice(struct request *request, const char *name,
			      const char *const *choices, int *ret)
{
	const char *text = request_arg(request, name);
	const char *all = "";

	if (!text)
		return OK;
	for (int i = 0; choices[i]; i++) {
		if (strcmp(choices[i], text) == 0) {
			*ret = i;
			return OK;
		}
		all = arena_printf(&request->op.arena, "%s%s%s", all,
				   *all ? ", " : "", choices[i]);
	}
	op_issue(&request->op, "query", name, "must be one of %s", all);
	return op_fail(&request->op, ERR_MISSHAPEN, "%s is none of %s", name,
		       all);
}

static enum error read_order(struct request *request, struct audit_filter *ret)
{
	static const char *const orders[] = {"createdAt", "type", "action",
					     NULL};
	static const char *const sorts[] = {"desc", "asc", NULL};
	int order = AUDIT_BY_TIME, sort = 0;

	TRY(read_choice(request, "orderBy", orders, &order));
	TRY(read_choice(request, "sort", sorts, &sort));
	ret->order = (enum audit_order)order;
	ret->is_ascending = sort == 1;
	return OK;
}

static enum error read_page(struct request *request, struct gorules_page *page,
			    struct audit_filter *ret)
{
	TRY(gorules_page_read(request, page));
	if (page->offset + page->size > AUDIT_REACH) {
		op_issue(&request->op, "query", "page",
			 "must be among the first %d entries: ask for a "
			 "narrower range of dates",
			 AUDIT_REACH);
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "the page is too far");
	}
	ret->offset = page->offset;
	ret->limit = page->size;
	return OK;
}

static enum error read_filter(struct request *request,
			      struct gorules_page *page,
			      struct audit_filter *ret)
{
	*ret = (struct audit_filter){
		.project = request_arg(request, "projectId"),
		.type = request_arg(request, "type"),
		.action = request_arg(request, "action"),
	};
	TRY(read_user(request, &ret->user_id));
	TRY(read_time(request, "fromDate", false, &ret->since));
	TRY(read_time(request, "toDate", true, &ret->until));
	TRY(read_order(request, ret));
	return read_page(request, page, ret);
}

/* Who has no token of a user's is known by what stands in the event. */
static void write_user(struct op *op, struct json_writer *w,
		       const struct audit_entry *entry)
{
	const char *colon = strchr(entry->event.actor, ':');
	char id[UUID_TEXT];

	if (!uuid_is_nil(entry->origin.user_id))
		uuid_format(entry->origin.user_id, id);
	else if (!colon) {
		json_put_null(w, "user");
		return;
	}
	json_begin_object(w, "user");
	json_put_string(w, "id",
			uuid_is_nil(entry->origin.user_id)
				? arena_strdup(&op->arena, colon + 1)
				: id);
	json_put_string(w, "email", entry->user.email);
	json_put_string(w, "firstName", entry->user.first_name);
	json_put_string(w, "lastName", entry->user.last_name);
	json_end_object(w);
}

static void write_entry(struct op *op, struct json_writer *w,
			const struct audit_entry *entry)
{
	const struct event *event = &entry->event;

	json_begin_object(w, NULL);
	json_put_uuid(w, "id", audit_entry_id(entry));
	json_put_time(w, "createdAt", event->created_at);
	json_put_string(w, "type",
			arena_strndup(&op->arena, event->type,
				      strcspn(event->type, ".")));
	json_put_string(w, "action", audit_action(event->type));
	json_put_string(w, "ipAddress", entry->origin.address);
	json_put_string(w, "userAgent", entry->origin.agent);
	json_put_uuid(w, "refId", event->subject_id);
	json_put_uuid(w, "organisationId", entry->project.organization_id);
	write_user(op, w, entry);
	json_begin_object(w, "project");
	json_put_uuid(w, "id", entry->project.id);
	json_put_string(w, "name", entry->project.title);
	json_end_object(w);
	json_put_raw(w, "data", event->payload);
	json_end_object(w);
}

enum error gorules_audit_list(struct request *request)
{
	struct audit_filter filter;
	struct gorules_page page;
	struct audit_list list;

	TRY(enter(request));
	TRY(read_filter(request, &page, &filter));
	TRY(audit_log_list(&request->op, &filter, &list));
	struct json_writer w = gorules_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "results");
	for (size_t i = 0; i < list.count; i++)
		write_entry(&request->op, &w, &list.items[i]);
	json_end_array(&w);
	gorules_page_write(&w, &page, (int64_t)list.count, list.total);
	json_end_object(&w);
	return OK;
}

enum error gorules_audit_get(struct request *request)
{
	struct op *op = &request->op;
	struct audit_entry entry;
	struct uuid id;
	enum error error = ERR_NOT_FOUND;

	TRY(access_to(op, PERMISSION_PROJECT));
	if (uuid_parse(request->params[0], &id))
		error = audit_log_get(op, id, &entry);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no audit log entry %s",
			       request->params[0]);
	TRY(error);
	struct json_writer w = gorules_answer(request, 200);
	write_entry(op, &w, &entry);
	return OK;
}
