/* Operations: listed, shown, with their logs and how far a backfill is. */
#include "core/operation.h"

#include "dialects/ampersand/ampersand.h"

enum { PAGE_SIZE = 200 };

static void put_retry(struct json_writer *w, const struct operation *o)
{
	json_begin_object(w, "retry");
	json_put_integer(w, "attempts", o->attempts);
	if (o->attempted_at)
		json_put_time(w, "lastAttempt", o->attempted_at);
	if (o->notified_at)
		json_put_time(w, "lastNotified", o->notified_at);
	json_end_object(w);
}

/* The members that an operation's and a backfill's own answer share. */
static void put_progress(struct json_writer *w, const struct operation *o)
{
	json_put_uuid(w, "installationId", o->installation_id);
	json_put_string(w, "objectName", o->progress.object);
	json_put_uuid(w, "operationId", o->id);
	json_put_integer(w, "recordsProcessed", o->progress.records);
	if (o->progress.estimated)
		json_put_integer(w, "recordsEstimatedTotal",
				 o->progress.estimated);
}

static void put_metadata(struct json_writer *w, const struct operation *o)
{
	if (!o->objects && !o->record_ids && !o->attempts &&
	    !o->progress.object)
		return;
	json_begin_object(w, "metadata");
	if (o->objects)
		json_put_raw(w, "objects", o->objects);
	if (o->attempts)
		put_retry(w, o);
	if (o->progress.object) {
		json_begin_object(w, "progress");
		put_progress(w, o);
		json_end_object(w);
	}
	if (o->record_ids)
		json_put_raw(w, "successfulRecordIds", o->record_ids);
	json_end_object(w);
}

static void put_operation(struct json_writer *w, struct uuid project,
			  const struct operation *o)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", o->id);
	json_put_uuid(w, "projectId", project);
	json_put_uuid(w, "integrationId", o->integration_id);
	json_put_uuid(w, "installationId", o->installation_id);
	json_put_uuid(w, "configId", o->config_id);
	json_put_string(w, "actionType", o->action);
	json_put_string(w, "status", o->status);
	json_put_optional(w, "result", o->result);
	put_metadata(w, o);
	json_put_time(w, "createTime", o->created_at);
	json_end_object(w);
}

enum error amp_find_installation(struct request *request,
				 struct installation_view *ret)
{
	struct uuid integration_id, id;

	TRY(amp_path_id(request, 1, "integration", &integration_id));
	TRY(amp_path_id(request, 2, "installation", &id));
	return installation_get(&request->op, integration_id, id, ret);
}

static enum error read_page(struct request *request, int64_t *ret_size,
			    struct uuid *ret_before)
{
	const char *token = request_arg(request, "pageToken");

	*ret_size = PAGE_SIZE;
	*ret_before = (struct uuid){{0}};
	TRY(request_number(request, "pageSize", 1, AMP_PAGE_MAX, ret_size));
	if (!token || uuid_parse(token, ret_before))
		return OK;
	op_issue(&request->op, "query", "pageToken",
		 "is not one that a list gave");
	return op_fail(&request->op, ERR_MISSHAPEN,
		       "pageToken is not one that a list gave");
}

/* One more was asked for, to know whether it goes on. */
static void put_page(struct json_writer *w, struct uuid project, size_t size,
		     const struct operation_list *list)
{
	bool is_done = list->count <= size;
	size_t count = is_done ? list->count : size;

	json_begin_object(w, NULL);
	json_begin_array(w, "results");
	for (size_t i = 0; i < count; i++)
		put_operation(w, project, &list->items[i]);
	json_end_array(w);
	json_begin_object(w, "pagination");
	json_put_bool(w, "done", is_done);
	if (!is_done)
		json_put_uuid(w, "nextPageToken", list->items[count - 1].id);
	json_end_object(w);
	json_end_object(w);
}

enum error amp_list_operations(struct request *request)
{
	struct installation_view view;
	struct operation_list list;
	struct project project;
	struct uuid before;
	int64_t size;

	TRY(amp_enter(request, &project));
	TRY(amp_find_installation(request, &view));
	TRY(read_page(request, &size, &before));
	TRY(operation_list(&request->op, view.installation.id, before, size + 1,
			   &list));
	struct json_writer w = amp_answer(request, 200);
	put_page(&w, project.id, (size_t)size, &list);
	return OK;
}

/* In the project that was entered. */
static enum error find_operation(struct request *request, struct operation *ret)
{
	struct uuid id;

	TRY(amp_path_id(request, 1, "operation", &id));
	return operation_get(&request->op, id, ret);
}

enum error amp_get_operation(struct request *request)
{
	struct operation operation;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(find_operation(request, &operation));
	struct json_writer w = amp_answer(request, 200);
	put_operation(&w, project.id, &operation);
	return OK;
}

enum error amp_list_operation_logs(struct request *request)
{
	struct operation_line_list lines;
	struct operation operation;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(find_operation(request, &operation));
	TRY(operation_lines(&request->op, operation.id, &lines));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < lines.count; i++) {
		json_begin_object(&w, NULL);
		json_put_time(&w, "timestamp", lines.items[i].created_at);
		json_put_string(&w, "severity", lines.items[i].severity);
		json_put_raw(&w, "message", lines.items[i].message);
		json_end_object(&w);
	}
	json_end_array(&w);
	return OK;
}

enum error amp_get_backfill_progress(struct request *request)
{
	struct installation_view view;
	struct operation operation;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(amp_find_installation(request, &view));
	TRY(operation_backfill(&request->op, view.installation.id,
			       request->params[3], &operation));
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	put_progress(&w, &operation);
	json_put_time(&w, "createTime", operation.created_at);
	if (operation.updated_at)
		json_put_time(&w, "updateTime", operation.updated_at);
	json_end_object(&w);
	return OK;
}
