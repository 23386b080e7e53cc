/* Environment variables: made, changed, deleted, shown. */
#include "core/variable.h"

#include <string.h>

#include "core/credential.h"
#include "core/event.h"
#include "core/filling.h"
#include "core/store.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* Of the sealed values: the environment's id, or this. */
#define GLOBAL "global"

bool variable_name_is_valid(const char *name)
{
	return *name && strchr(LETTERS, *name) &&
	       strlen(name) <= VARIABLE_NAME_MAX &&
	       !name[strspn(name, LETTERS "0123456789.-")];
}

enum error variable_find(struct op *op, const char *name, struct variable *ret)
{
	enum error error = store_variable_find(op, name, ret);

	if (error == ERR_NOT_FOUND)
		op_explain(op, "there is no variable %s", name);
	return error;
}

enum error variable_list(struct op *op, struct variable_list *ret)
{
	return store_variable_list(op, ret);
}

static const char *name_in(struct op *op, struct uuid environment_id)
{
	char *text = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(environment_id, text);
	return text;
}

static const char *text_of(const struct credential_list *list, const char *name)
{
	const struct credential *found = credential_find(list, name);

	return found ? (const char *)found->value.bytes : NULL;
}

enum error variable_show(struct op *op, const struct variable *variable,
			 struct variable_view *ret)
{
	struct variable_view view = {.variable = *variable};
	struct credential_list sealed;

	TRY(store_variable_values(op, variable->id, &view.values, &view.count));
	TRY(credential_use(op, variable->id, &sealed));
	if (variable->is_global && variable->is_visible)
		view.value = text_of(&sealed, GLOBAL);
	for (size_t i = 0; i < view.count; i++)
		if (view.values[i].is_visible)
			view.values[i].value = text_of(
				&sealed,
				name_in(op, view.values[i].environment_id));
	*ret = view;
	return OK;
}

static enum error record(struct op *op, const char *type,
			 const struct variable *variable)
{
	const struct event_fact facts[] = {{"name", variable->name, false}};

	return event_record(op, type, "variable", variable->id, facts, 1, NULL);
}

/* NULL: none. */
static const struct variable_value *
value_there(const struct variable_value *values, size_t count,
	    struct uuid environment_id)
{
	for (size_t i = 0; i < count; i++)
		if (uuid_equal(values[i].environment_id, environment_id))
			return &values[i];
	return NULL;
}

static enum error refuse_to_show(struct op *op, const char *what)
{
	return op_fail(op, ERR_INVALID,
		       "%s was hidden: it is shown again with a new value "
		       "alone",
		       what);
}

/* Whose environment is not named any more. */
static enum error drop_others(struct op *op, const struct variable_view *to,
			      const struct variable_value *had, size_t count)
{
	struct uuid id = to->variable.id;

	for (size_t i = 0; i < count; i++) {
		struct uuid of = had[i].environment_id;

		if (value_there(to->values, to->count, of))
			continue;
		TRY(store_variable_value_remove(op, id, of));
		TRY(credential_drop(op, id, name_in(op, of)));
	}
	return OK;
}

static enum error put_value(struct op *op, struct uuid id,
			    const struct variable_value *value,
			    const struct variable_value *had)
{
	if (!value->value && !had)
		return op_fail(op, ERR_INVALID, "%s needs a value",
			       value->environment);
	if (!value->value && value->is_visible && !had->is_visible)
		return refuse_to_show(op, value->environment);
	TRY(store_variable_value_put(op, id, value));
	if (!value->value)
		return OK;
	return credential_put(op, id, name_in(op, value->environment_id),
			      value->value, 0);
}

static enum error refuse_value(struct op *op)
{
	return op_fail(op, ERR_INVALID,
		       "globalValue is for a global variable: global must be "
		       "true");
}

static enum error put_global(struct op *op, const struct variable_view *to,
			     const struct variable *was)
{
	struct uuid id = to->variable.id;
	bool was_global = was && was->is_global;

	if (was_global && !to->value && to->variable.is_visible &&
	    to->variable.is_global && !was->is_visible)
		return refuse_to_show(op, "globalValue");
	if (!to->variable.is_global)
		return to->value && *to->value
			       ? refuse_value(op)
			       : credential_drop(op, id, GLOBAL);
	if (to->value)
		return credential_put(op, id, GLOBAL, to->value, 0);
	return was_global ? OK
			  : op_fail(op, ERR_INVALID,
				    "a global variable needs a value");
}

static enum error put_values(struct op *op, const struct variable_view *to,
			     const struct variable *was)
{
	struct variable_value *had;
	size_t count;

	TRY(store_variable_values(op, to->variable.id, &had, &count));
	TRY(drop_others(op, to, had, count));
	for (size_t i = 0; i < to->count; i++)
		TRY(put_value(
			op, to->variable.id, &to->values[i],
			value_there(had, count, to->values[i].environment_id)));
	return put_global(op, to, was);
}

static enum error explain_taken(struct op *op, enum error error,
				const char *name)
{
	if (error == ERR_TAKEN)
		op_explain(op, "there is a variable %s already", name);
	return error;
}

/* All of them are awaited together. */
static enum error deploy_users(struct op *op, const char *name,
			       struct awaiting *ret)
{
	struct connection_list users;

	TRY(filling_users(op, name, &users));
	for (size_t i = 0; i < users.count; i++) {
		const struct connection *user = &users.items[i].connection;

		TRY(deploy_target(op, user));
		TRY(awaiting_add(op, ret, user->id));
	}
	return OK;
}

enum error variable_create(struct op *op, const struct variable_view *new,
			   struct awaiting *ret)
{
	struct variable_view made = *new;
	struct awaiting awaiting = {.began_at = op->now};

	made.variable.id = uuid_make(op->now);
	made.variable.created_at = op->now;
	TRY(explain_taken(op, store_variable_add(op, &made.variable),
			  made.variable.name));
	TRY(put_values(op, &made, NULL));
	TRY(record(op, "variable.created", &made.variable));
	TRY(deploy_users(op, made.variable.name, &awaiting));
	*ret = awaiting;
	return OK;
}

enum error variable_update(struct op *op, const struct variable *was,
			   const struct variable_view *to, struct awaiting *ret)
{
	struct variable_view made = *to;
	struct awaiting awaiting = {.began_at = op->now};

	made.variable.id = was->id;
	made.variable.updated_at = op->now;
	TRY(explain_taken(op, store_variable_change(op, &made.variable),
			  made.variable.name));
	TRY(put_values(op, &made, was));
	TRY(record(op, "variable.updated", &made.variable));
	TRY(deploy_users(op, made.variable.name, &awaiting));
	if (strcmp(was->name, made.variable.name) != 0)
		TRY(deploy_users(op, was->name, &awaiting));
	*ret = awaiting;
	return OK;
}

enum error variable_await_users(struct op *op, const char *name,
				struct awaiting *ret)
{
	struct awaiting awaiting = {.began_at = op->now};
	struct connection_list users;

	TRY(filling_users(op, name, &users));
	for (size_t i = 0; i < users.count; i++)
		TRY(awaiting_add(op, &awaiting, users.items[i].connection.id));
	*ret = awaiting;
	return OK;
}

enum error variable_refuse_if_used(struct op *op, const char *name)
{
	struct connection_list users;
	const char *names = "";

	TRY(filling_users(op, name, &users));
	for (size_t i = 0; i < users.count; i++)
		names = arena_printf(&op->arena, "%s%s%s", names,
				     *names ? ", " : "",
				     users.items[i].connection.name);
	return users.count ? op_fail(op, ERR_IN_USE, "%s", names) : OK;
}

enum error variable_erase(struct op *op, struct uuid id)
{
	struct awaiting ignored = {.began_at = op->now};
	struct variable variable;

	TRY(store_variable_get(op, id, &variable));
	TRY(store_variable_remove(op, id));
	TRY(record(op, "variable.deleted", &variable));
	return deploy_users(op, variable.name, &ignored);
}

enum error variable_forget_environment(struct op *op,
				       struct uuid environment_id)
{
	return store_variable_forget_environment(op, environment_id);
}

enum error variable_value_in(struct op *op, const char *name,
			     struct uuid environment_id, const char **ret)
{
	struct credential_list sealed;
	struct variable variable;

	*ret = NULL;
	enum error error = store_variable_find(op, name, &variable);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	TRY(credential_use(op, variable.id, &sealed));
	*ret = text_of(&sealed, name_in(op, environment_id));
	if (!*ret && variable.is_global)
		*ret = text_of(&sealed, GLOBAL);
	return OK;
}
