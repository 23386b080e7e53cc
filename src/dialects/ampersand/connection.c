/* Connections: listed, shown, deleted. */
#include <string.h>

#include "core/deletion.h"
#include "core/refreshing.h"
#include "dialects/ampersand/ampersand.h"

enum error amp_list_connections(struct request *request)
{
	const struct connection_filter filter = {
		.provider = request_arg(request, "provider"),
		.group_ref = request_arg(request, "groupRef"),
		.consumer_ref = request_arg(request, "consumerRef"),
	};
	struct connection_list list;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(connection_list(&request->op, &filter, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		amp_put_connection(&w, NULL, project.id, &list.items[i], NULL,
				   false);
	json_end_array(&w);
	return OK;
}

static bool wants(const struct request *request, const char *name)
{
	const char *value = request_arg(request, name);

	return value && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

/* Reading credentials is an event, written before the answer. */
bool amp_connection_needs_writer(const struct request *request)
{
	return wants(request, "includeCreds") ||
	       request_arg(request, "refresh") != NULL;
}

/* False when it is not asked for. */
static enum error read_refresh(struct request *request, bool *ret,
			       enum refreshing_when *ret_when)
{
	const char *refresh = request_arg(request, "refresh");

	*ret = refresh != NULL;
	if (!refresh)
		return OK;
	if (strcmp(refresh, "force") != 0 &&
	    strcmp(refresh, "ifExpired") != 0) {
		op_issue(&request->op, "query", "refresh",
			 "must be force or ifExpired");
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "refresh must be force or ifExpired");
	}
	*ret_when = strcmp(refresh, "force") == 0 ? REFRESH_BY_FORCE
						  : REFRESH_IF_EXPIRED;
	return access_to_write(&request->op);
}

static enum error has_ended(struct request *request, bool *ret)
{
	return refreshing_look(&request->op, request->kept, ret);
}

static enum error name_query(struct op *op, enum error error)
{
	if (error == ERR_INVALID && !op->issue_count)
		op_issue(op, "query", "refresh", "can't be: %s", op->detail);
	return error;
}

/* Its second run is told what came of it. */
static enum error refresh_first(struct request *request, struct uuid id,
				enum refreshing_when when)
{
	struct refreshing_wait *wait = request->kept;
	struct op *op = &request->op;

	if (wait)
		return name_query(op, refreshing_outcome(op, wait));
	wait = arena_alloc(&op->arena, sizeof(*wait));
	TRY(name_query(op, refreshing_ask(op, id, when, wait)));
	if (!wait->waits)
		return OK;
	request->kept = wait;
	request->is_over = has_ended;
	request->waits_us = REFRESHING_WAIT_US;
	return OK;
}

enum error amp_get_connection(struct request *request)
{
	bool with_creds = false, with_refresh = false, refreshes;
	struct credential_list credentials;
	struct op *op = &request->op;
	struct connection_view view;
	enum refreshing_when when;
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(request_flag(request, "includeCreds", &with_creds));
	TRY(request_flag(request, "includeRefreshToken", &with_refresh));
	if (with_creds)
		TRY(access_to_manage(op));
	TRY(amp_path_id(request, 1, "connection", &id));
	TRY(connection_get(op, id, &view));
	TRY(read_refresh(request, &refreshes, &when));
	if (refreshes) {
		TRY(refresh_first(request, id, when));
		if (request->is_over)
			return OK;
		TRY(connection_get(op, id, &view));
	}
	if (with_creds)
		TRY(credential_read(op, "connection", id, &credentials));
	struct json_writer w = amp_answer(request, 200);
	amp_put_connection(&w, NULL, project.id, &view,
			   with_creds ? &credentials : NULL, with_refresh);
	return OK;
}

enum error amp_delete_connection(struct request *request)
{
	struct project project;
	bool force = false;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "connection", &id));
	TRY(request_flag(request, "force", &force));
	TRY(delete_connection(&request->op, id, force));
	return amp_no_content(request);
}
