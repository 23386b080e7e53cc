/* Connections: named targets of a project. */
#include <strings.h>

#include "core/connection_use.h"
#include "core/deletion.h"
#include "dialects/apinizer/apinizer.h"

enum { USERS_NAMED = 20 };

bool apinizer_may_manage(const struct request *request)
{
	return request->op.principal &&
	       request->op.principal->role == ROLE_ADMIN;
}

enum error apinizer_explain_missing(struct op *op, enum error error,
				    const char *name)
{
	if (error != ERR_NOT_FOUND)
		return error;
	return op_fail(op, ERR_INVALID, "Connection (name: %s) was not found!",
		       name);
}

static enum error explain_taken(struct op *op, enum error error,
				const char *name)
{
	if (error == ERR_TAKEN)
		op_explain(op, "Connection (name: %s) already exists!", name);
	return error;
}

static enum error find(struct request *request, struct connection *ret)
{
	struct op *op = &request->op;
	const char *name;

	TRY(apinizer_path_name(request, &name));
	return apinizer_explain_missing(op, target_find(op, name, ret), name);
}

/* NULL for all types. */
static enum error read_wanted_type(struct request *request, const char **ret)
{
	const char *type = request_arg(request, "type");
	const struct field_table *table;
	struct op *op = &request->op;

	if (!type || !*type)
		return op_fail(op, ERR_MISSHAPEN,
			       "Connection type parameter is required!");
	*ret = NULL;
	if (strcasecmp(type, "all") == 0)
		return OK;
	table = apinizer_type(type);
	if (!table)
		return op_fail(op, ERR_INVALID,
			       "Connection type (%s) is not valid!", type);
	*ret = table->type;
	return OK;
}

enum error apinizer_connection_list(struct request *request)
{
	struct connection_list list;
	struct op *op = &request->op;
	struct project project;
	const char *type;

	TRY(apinizer_enter(request, &project));
	TRY(read_wanted_type(request, &type));
	TRY(target_list(op, type, &list));

	struct json_writer w = apinizer_begin_list(request);
	for (size_t i = 0; i < list.count; i++)
		TRY(apinizer_write_connection(op, &w, &project,
					      &list.items[i].connection, NULL));
	apinizer_end_list(&w, list.count);
	return OK;
}

enum error apinizer_write_whole(struct request *request,
				const struct project *project,
				const struct connection *connection)
{
	struct credential_list secrets = {0};
	struct op *op = &request->op;

	if (apinizer_may_manage(request))
		TRY(credential_read(op, "connection", connection->id,
				    &secrets));
	struct json_writer w = apinizer_begin_list(request);
	TRY(apinizer_write_connection(op, &w, project, connection, &secrets));
	apinizer_end_list(&w, 1);
	return OK;
}

enum error apinizer_connection_get(struct request *request)
{
	struct connection connection;
	struct project project;

	TRY(apinizer_enter(request, &project));
	TRY(find(request, &connection));
	return apinizer_write_whole(request, &project, &connection);
}

static enum error change(struct request *request, const struct connection *old,
			 const char *path_name)
{
	struct apinizer_input input;
	struct connection connection;
	struct op *op = &request->op;

	TRY(apinizer_read_change(request, old, path_name, &input));
	TRY(explain_taken(op,
			  target_update(op, &input.connection,
					input.values.secrets,
					input.values.secret_count, &connection),
			  input.connection.name));
	return apinizer_wait_for_workers(request, connection.id);
}

enum error apinizer_connection_create(struct request *request)
{
	bool is_upsert = false;
	struct apinizer_input input;
	struct connection connection;
	struct op *op = &request->op;
	const char *name;

	TRY(apinizer_enter_to_manage(request));
	if (request->kept)
		return apinizer_write_deployed(request);
	TRY(apinizer_path_name(request, &name));
	TRY(request_flag(request, "upsert", &is_upsert));
	enum error error =
		is_upsert ? target_find(op, name, &connection) : ERR_NOT_FOUND;
	if (error == OK)
		return change(request, &connection, name);
	if (error != ERR_NOT_FOUND)
		return error;

	TRY(apinizer_read_new(request, name, &input));
	TRY(explain_taken(op,
			  target_create(op, &input.connection,
					input.values.secrets,
					input.values.secret_count, &connection),
			  name));
	return apinizer_wait_for_workers(request, connection.id);
}

enum error apinizer_connection_update(struct request *request)
{
	struct connection connection;

	TRY(apinizer_enter_to_manage(request));
	if (request->kept)
		return apinizer_write_deployed(request);
	TRY(find(request, &connection));
	return change(request, &connection, NULL);
}

/* Names of those that use it, at most USERS_NAMED. */
static enum error explain_used(struct op *op, enum error error,
			       const struct connection *connection)
{
	struct connection_user_list users;
	const char *names = "";

	if (error != ERR_IN_USE)
		return error;
	TRY(connection_users(op, connection->id, USERS_NAMED, &users));
	for (size_t i = 0; i < users.count; i++)
		names = arena_printf(&op->arena, "%s%s%s %s", names,
				     *names ? ", " : "", users.items[i].kind,
				     users.items[i].name);
	op->issue_count = 0; /* they name it by its id */
	return op_fail(op, ERR_IN_USE, "Connection (name: %s) is used by: %s",
		       connection->name, names);
}

enum error apinizer_connection_delete(struct request *request)
{
	struct connection connection;
	bool is_forced = false;

	TRY(apinizer_enter_to_manage(request));
	if (request->kept)
		return apinizer_write_deployed(request);
	TRY(find(request, &connection));
	TRY(request_flag(request, "force", &is_forced));
	TRY(explain_used(
		&request->op,
		delete_target(&request->op, connection.name, is_forced),
		&connection));
	return apinizer_wait_for_workers(request, connection.id);
}
