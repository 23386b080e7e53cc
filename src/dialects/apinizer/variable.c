/* Environment variables: ${NAME} in a project's connections. */
#include "core/variable.h"

#include <string.h>

#include "core/deletion.h"
#include "core/environment.h"
#include "dialects/apinizer/apinizer.h"
#include "dialects/body.h"

static enum error explain_missing(struct op *op, enum error error,
				  const char *name)
{
	if (error != ERR_NOT_FOUND)
		return error;
	return op_fail(op, ERR_INVALID,
		       "Environment variable (name: %s) was not found!", name);
}

static enum error explain_taken(struct op *op, enum error error,
				const char *name)
{
	if (error == ERR_TAKEN)
		op_explain(op,
			   "Environment variable (name: %s) already exists!",
			   name);
	return error;
}

static enum error check_name(struct op *op, const char *name)
{
	if (variable_name_is_valid(name))
		return OK;
	return op_fail(op, ERR_INVALID,
		       "Environment variable name (%s) must be letters, "
		       "digits, '_', '.' and '-', at most %d, and begin with a "
		       "letter or '_'!",
		       name, VARIABLE_NAME_MAX);
}

static enum error find(struct request *request, struct variable *ret)
{
	const char *name = request->params[1];
	struct op *op = &request->op;

	return explain_missing(op, variable_find(op, name, ret), name);
}

/* A value that is hidden is null. */
static void put_value(struct json_writer *w, const struct variable_value *value)
{
	json_begin_object(w, NULL);
	json_put_string(w, "environmentName", value->environment);
	json_put_string(w, "value", value->value);
	json_put_bool(w, "visible", value->is_visible);
	json_end_object(w);
}

static void put_variable(struct json_writer *w, const struct project *project,
			 const struct variable_view *view)
{
	const struct variable *variable = &view->variable;

	json_begin_object(w, NULL);
	json_put_uuid(w, "projectId", project->id);
	json_put_string(w, "projectName", project->name);
	json_put_string(w, "name", variable->name);
	json_put_string(w, "description", variable->description);
	json_put_bool(w, "global", variable->is_global);
	json_put_string(w, "globalValue", view->value);
	json_put_bool(w, "globalVisible", variable->is_visible);
	json_begin_array(w, "environmentValueList");
	for (size_t i = 0; i < view->count; i++)
		put_value(w, &view->values[i]);
	json_end_array(w);
	json_end_object(w);
}

enum error apinizer_variable_list(struct request *request)
{
	struct variable_list list;
	struct op *op = &request->op;
	struct project project;

	TRY(apinizer_enter(request, &project));
	TRY(variable_list(op, &list));
	struct json_writer w = apinizer_begin_list(request);
	for (size_t i = 0; i < list.count; i++) {
		struct variable_view view;

		TRY(variable_show(op, &list.items[i], &view));
		put_variable(&w, &project, &view);
	}
	apinizer_end_list(&w, list.count);
	return OK;
}

enum error apinizer_variable_get(struct request *request)
{
	struct variable variable;
	struct variable_view view;
	struct project project;

	TRY(apinizer_enter(request, &project));
	TRY(find(request, &variable));
	TRY(variable_show(&request->op, &variable, &view));
	struct json_writer w = apinizer_begin_list(request);
	put_variable(&w, &project, &view);
	apinizer_end_list(&w, 1);
	return OK;
}

static bool is_given(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return value && !json_is_null(value);
}

/* What is left out or null stays as it is. */
static const char *read_text(const struct body_reader *in, const char *name,
			     size_t max, const char *otherwise)
{
	return is_given(in->object, name) ? body_string(in, name, false, max)
					  : otherwise;
}

static bool read_flag(const struct body_reader *in, const char *name,
		      bool otherwise)
{
	return is_given(in->object, name) ? body_bool(in, name) : otherwise;
}

static enum error find_environment(struct op *op, const char *name,
				   struct variable_value *ret)
{
	struct environment environment;
	enum error error = environment_find(op, name, &environment);

	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_INVALID,
			       "Environment (name: %s) was not found!", name);
	TRY(error);
	ret->environment_id = environment.id;
	ret->environment = environment.name;
	return OK;
}

static enum error refuse_twice(struct op *op, const struct variable_view *to,
			       const struct variable_value *value)
{
	for (size_t i = 0; i < to->count; i++)
		if (uuid_equal(to->values[i].environment_id,
			       value->environment_id))
			return op_fail(op, ERR_INVALID,
				       "environmentValueList has %s twice",
				       value->environment);
	return OK;
}

static enum error read_value(struct op *op, const struct body_reader *in,
			     const json_t *from, size_t index,
			     struct variable_view *to)
{
	const char *place =
		arena_printf(&op->arena, "environmentValueList[%zu]", index);
	struct body_reader one = body_inside(in, place, from);
	struct variable_value value = {.is_visible = true};
	const char *name = body_string(&one, "environmentName", true,
				       ENVIRONMENT_NAME_MAX);

	value.is_visible = read_flag(&one, "visible", true);
	value.value = read_text(&one, "value", VARIABLE_VALUE_MAX, NULL);
	TRY(body_done(&one));
	TRY(find_environment(op, name, &value));
	TRY(refuse_twice(op, to, &value));
	to->values[to->count++] = value;
	return OK;
}

static enum error read_values(struct op *op, const struct body_reader *in,
			      struct variable_view *to)
{
	static const char key[] = "environmentValueList";
	const json_t *list = json_object_get(in->object, key), *value;
	size_t i;

	if (!is_given(in->object, key))
		return OK;
	if (!json_is_array(list) || json_array_size(list) > VARIABLE_VALUES_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "%s must be a list of at most %d", key,
			       VARIABLE_VALUES_MAX);
	to->count = 0;
	to->values = arena_alloc(&op->arena, (json_array_size(list) + 1) *
						     sizeof(*to->values));
	json_array_foreach (list, i, value) {
		if (!json_is_object(value))
			return op_fail(op, ERR_MISSHAPEN,
				       "%s[%zu] must be an object", key, i);
		TRY(read_value(op, in, value, i, to));
	}
	return OK;
}

/* What the body has, in place of what `to` has. */
static enum error read_body(struct request *request, bool is_new,
			    struct variable_view *to)
{
	struct variable *variable = &to->variable;
	struct op *op = &request->op;
	struct body_reader in;

	TRY(body_read(request, &in));
	variable->name =
		read_text(&in, "name", VARIABLE_NAME_MAX, variable->name);
	variable->description =
		read_text(&in, "description", VARIABLE_DESCRIPTION_MAX,
			  variable->description);
	variable->is_global = read_flag(
		&in, "global",
		variable->is_global ||
			(is_new && is_given(in.object, "globalValue")));
	variable->is_visible =
		read_flag(&in, "globalVisible", variable->is_visible);
	to->value = read_text(&in, "globalValue", VARIABLE_VALUE_MAX, NULL);
	TRY(body_done(&in));
	TRY(check_name(op, variable->name));
	return read_values(op, &in, to);
}

enum error apinizer_variable_create(struct request *request)
{
	struct variable_view made = {.values = NULL};
	const char *name = request->params[1];
	struct op *op = &request->op;
	struct awaiting awaiting;

	TRY(apinizer_enter_to_manage(request));
	if (request->kept)
		return apinizer_write_deployed(request);
	made.variable.name = name;
	made.variable.is_visible = true;
	TRY(check_name(op, name));
	TRY(read_body(request, true, &made));
	if (strcmp(made.variable.name, name) != 0)
		return op_fail(op, ERR_INVALID,
			       "Environment variable name in the path (%s) and "
			       "in the body (%s) must be the same!",
			       name, made.variable.name);
	TRY(explain_taken(op, variable_create(op, &made, &awaiting), name));
	return apinizer_wait_for_all(request, &awaiting);
}

enum error apinizer_variable_update(struct request *request)
{
	struct op *op = &request->op;
	struct awaiting awaiting;
	struct variable variable;
	struct variable_view to;

	TRY(apinizer_enter_to_manage(request));
	if (request->kept)
		return apinizer_write_deployed(request);
	TRY(find(request, &variable));
	TRY(variable_show(op, &variable, &to));
	TRY(read_body(request, false, &to));
	TRY(explain_taken(op, variable_update(op, &variable, &to, &awaiting),
			  to.variable.name));
	return apinizer_wait_for_all(request, &awaiting);
}

enum error apinizer_variable_delete(struct request *request)
{
	struct op *op = &request->op;
	struct awaiting awaiting;
	struct variable variable;
	bool is_forced = false;

	TRY(apinizer_enter_to_manage(request));
	if (request->kept)
		return apinizer_write_deployed(request);
	TRY(find(request, &variable));
	TRY(request_flag(request, "force", &is_forced));
	enum error error = delete_variable(op, &variable, is_forced, &awaiting);
	if (error == ERR_IN_USE)
		return op_fail(op, error,
			       "Environment variable (name: %s) is used by: %s",
			       variable.name, op->detail);
	TRY(error);
	return apinizer_wait_for_all(request, &awaiting);
}
