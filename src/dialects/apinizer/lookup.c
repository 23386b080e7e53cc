/* Connections by their ids, whichever project of the caller's has them. */
#include "dialects/apinizer/apinizer.h"

enum { LOOKED_UP_MAX = 256 };

/* The connection, and its project, which becomes the op's. ERR_NOT_FOUND. */
static enum error find(struct op *op, struct uuid id,
		       const struct project_list *projects,
		       const struct project **ret_project,
		       struct connection *ret)
{
	for (size_t i = 0; i < projects->count; i++) {
		op->project_id = projects->items[i].id;
		enum error error = target_get(op, id, ret);
		if (error == ERR_NOT_FOUND)
			continue;
		*ret_project = &projects->items[i];
		return error;
	}
	return ERR_NOT_FOUND;
}

/* That of the path. */
static enum error find_asked(struct request *request,
			     const struct project **ret_project,
			     struct connection *ret)
{
	const char *text = request->params[0];
	struct op *op = &request->op;
	enum error error = ERR_NOT_FOUND;
	struct project_list projects;
	struct uuid id;

	TRY(project_list(op, &projects));
	if (uuid_parse(text, &id))
		error = find(op, id, &projects, ret_project, ret);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_INVALID,
			       "Connection (id: %s) was not found!", text);
	return error;
}

static void put_name(struct json_writer *w, const struct connection *connection)
{
	char id[UUID_TEXT];

	uuid_format(connection->id, id);
	json_put_string(w, "id", id);
	json_put_string(w, "name", connection->name);
}

enum error apinizer_connection_name(struct request *request)
{
	const struct project *project = NULL;
	struct connection connection;

	TRY(find_asked(request, &project, &connection));
	struct json_writer w = apinizer_begin_list(request);
	json_begin_object(&w, NULL);
	put_name(&w, &connection);
	json_put_string(&w, "description", connection.description);
	json_end_object(&w);
	apinizer_end_list(&w, 1);
	return OK;
}

enum error apinizer_connection_full(struct request *request)
{
	const struct project *project = NULL;
	struct connection connection;

	TRY(find_asked(request, &project, &connection));
	return apinizer_write_whole(request, project, &connection);
}

static enum error check_ids(struct op *op, const json_t *ids)
{
	if (!json_is_array(ids))
		return op_fail(op, ERR_MISSHAPEN,
			       "the body must be a list of connections' ids");
	if (json_array_size(ids) > LOOKED_UP_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "the body must have at most %d ids",
			       LOOKED_UP_MAX);
	for (size_t i = 0; i < json_array_size(ids); i++)
		if (!json_is_string(json_array_get(ids, i)))
			return op_fail(op, ERR_MISSHAPEN,
				       "id %zu of the body must be a string",
				       i + 1);
	return OK;
}

/* What names none of the caller's connections is left out. */
enum error apinizer_connection_names(struct request *request)
{
	struct op *op = &request->op;
	struct project_list projects;
	size_t count = 0;

	TRY(check_ids(op, request->json));
	TRY(project_list(op, &projects));
	struct json_writer w = apinizer_begin_list(request);
	for (size_t i = 0; i < json_array_size(request->json); i++) {
		const char *text =
			json_string_value(json_array_get(request->json, i));
		const struct project *project = NULL;
		struct connection connection;
		struct uuid id;

		if (!uuid_parse(text, &id))
			continue;
		enum error error =
			find(op, id, &projects, &project, &connection);
		if (error == ERR_NOT_FOUND)
			continue;
		TRY(error);
		json_begin_object(&w, NULL);
		put_name(&w, &connection);
		json_end_object(&w);
		count++;
	}
	apinizer_end_list(&w, count);
	return OK;
}
