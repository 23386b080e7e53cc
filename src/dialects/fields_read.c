/* Reading typed settings by their table. */
#include "dialects/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "dialects/fields_fault.h"

/* One reading; its faults are issues of the op. */
struct reader {
	struct op *op;
	const struct field_policy *policy;
	struct field_values *ret;
};

static bool has(const struct field *field, unsigned flag)
{
	return (field->flags & flag) != 0;
}

static void put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set(object, name, value) != 0)
		abort(); /* out of memory */
}

static const char *path_of(struct op *op, const char *prefix, const char *name)
{
	return *prefix ? arena_printf(&op->arena, "%s.%s", prefix, name) : name;
}

static json_t *initial_value(struct op *op, const struct field *field)
{
	const char *why;
	json_t *value;

	if (!field->initial)
		return NULL;
	if (json_read(&op->arena, field->initial, strlen(field->initial),
		      &value, &why) != OK)
		abort(); /* the table is wrong */
	return value;
}

static json_t *fold_text(struct op *op, const struct field *field,
			 const json_t *value)
{
	return json_keep(&op->arena, json_string(field_allowed_value(
					     field, json_string_value(value))));
}

/* With the allowed values as the table spells them. */
static json_t *fold(struct op *op, const struct field *field, json_t *value)
{
	json_t *list;

	if (!field->values || !has(field, FIELD_FOLDED))
		return value;
	if (json_is_string(value))
		return fold_text(op, field, value);
	list = json_new_array(&op->arena);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (json_array_append(
			    list,
			    fold_text(op, field, json_array_get(value, i))))
			abort(); /* out of memory */
	return list;
}

static json_t *read_members(struct reader *r, const struct field_table *table,
			    const char *prefix, json_t *given,
			    const json_t *stored);

static json_t *read_item(struct reader *r, const struct field *field,
			 const char *path, size_t i, json_t *item)
{
	const char *at = arena_printf(&r->op->arena, "%s[%zu]", path, i);

	if (json_is_object(item))
		return read_members(r, field->members, at, item, NULL);
	op_issue(r->op, "body", at, "must be an object");
	return json_new_object(&r->op->arena);
}

static json_t *read_entry(struct reader *r, const struct field *field,
			  const char *path, const char *key, json_t *value)
{
	const char *at = arena_printf(&r->op->arena, "%s.%.64s", path, key);

	if (json_is_object(value))
		return read_members(r, field->members, at, value, NULL);
	op_issue(r->op, "body", at, "must be an object");
	return json_new_object(&r->op->arena);
}

static json_t *read_map(struct reader *r, const struct field *field,
			const char *path, json_t *given)
{
	json_t *map = json_new_object(&r->op->arena);
	const char *key;
	json_t *value;

	json_object_foreach (given, key, value)
		put(map, key, read_entry(r, field, path, key, value));
	return map;
}

/* NULL, with an issue, when it is not what the field takes. */
static json_t *read_value(struct reader *r, const struct field *field,
			  const char *path, json_t *value)
{
	const char *why = field_fault(r->op, field, value);
	json_t *list;

	if (why) {
		op_issue(r->op, "body", path, "%s", why);
		return NULL;
	}
	if (!field->members)
		return fold(r->op, field, value);
	if (field->type == FIELD_OBJECT)
		return read_members(r, field->members, path, value, NULL);
	if (field->type == FIELD_MAP)
		return read_map(r, field, path, value);

	list = json_new_array(&r->op->arena);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (json_array_append(list,
				      read_item(r, field, path, i,
						json_array_get(value, i))))
			abort(); /* out of memory */
	return list;
}

static void add_secret(struct reader *r, const char *path, const char *value)
{
	struct field_values *ret = r->ret;

	if (ret->secret_count == FIELD_SECRETS_MAX)
		abort(); /* the table is wrong */
	ret->secrets[ret->secret_count++] =
		(struct new_credential){.name = path, .value = value};
}

/* An object that became null takes its secrets with it. */
static void erase_members(struct reader *r, const struct field_table *table,
			  const char *prefix)
{
	for (size_t i = 0; i < table->count; i++)
		if (has(&table->fields[i], FIELD_SECRET))
			add_secret(
				r,
				path_of(r->op, prefix, table->fields[i].name),
				NULL);
}

/* Is it null where null may stand? Where it may not, that is an issue. */
static bool is_null(struct reader *r, const struct field *field,
		    const char *path, const json_t *value)
{
	if (!json_is_null(value))
		return false;
	if (!has(field, FIELD_NULLABLE))
		op_issue(r->op, "body", path, "must not be null");
	return true;
}

static void read_secret(struct reader *r, const struct field *field,
			const char *path, json_t *value, bool is_patch)
{
	bool is_empty_text = json_is_string(value) &&
			     json_string_length(value) == 0 &&
			     !has(field, FIELD_REQUIRED);
	const char *why;

	if (!value)
		return;
	if (is_empty_text || is_null(r, field, path, value)) {
		if (is_patch)
			add_secret(r, path, NULL);
		return;
	}
	why = field_fault(r->op, field, value);
	if (why)
		op_issue(r->op, "body", path, "%s", why);
	else
		add_secret(r, path,
			   json_is_string(value)
				   ? json_string_value(value)
				   : json_text(&r->op->arena, value));
}

/* What the settings are to hold; NULL for nothing. */
static json_t *read_setting(struct reader *r, const struct field *field,
			    const char *path, json_t *value,
			    const json_t *stored)
{
	json_t *old = json_object_get(stored, field->name);

	if (!value)
		return old ? old : initial_value(r->op, field);
	if (!is_null(r, field, path, value))
		return read_value(r, field, path, value);
	if (field->type == FIELD_OBJECT && field->members && stored)
		erase_members(r, field->members, path);
	return value;
}

/* What was given for the field, as the policy and its flags let it pass. */
static json_t *given_value(struct reader *r, const struct field *field,
			   const char *path, json_t *given)
{
	json_t *value = json_object_get(given, field->name);

	if (json_is_null(value) && r->policy->null_is_absent)
		return NULL;
	if (!value || !has(field, FIELD_READ_ONLY))
		return value;
	if (!r->policy->ignores_unknown)
		op_issue(r->op, "body", path, "is read-only");
	return NULL;
}

static bool is_known(const struct reader *r, const struct field_table *table,
		     const char *prefix, const char *name)
{
	const char *const *others = r->policy->others;

	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return true;
	for (; !*prefix && others && *others; others++)
		if (strcmp(*others, name) == 0)
			return true;
	return false;
}

static void refuse_unknown(struct reader *r, const struct field_table *table,
			   const char *prefix, json_t *given)
{
	const char *name;
	json_t *value;

	if (r->policy->ignores_unknown)
		return;
	json_object_foreach (given, name, value)
		if (!is_known(r, table, prefix, name))
			op_issue(r->op, "body", path_of(r->op, prefix, name),
				 "is not a known field");
}

/* With `stored` NULL as something new, else as a patch over it. */
static json_t *read_members(struct reader *r, const struct field_table *table,
			    const char *prefix, json_t *given,
			    const json_t *stored)
{
	json_t *settings = json_new_object(&r->op->arena);

	refuse_unknown(r, table, prefix, given);
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->fields[i];
		const char *path = path_of(r->op, prefix, field->name);
		json_t *value = given_value(r, field, path, given);

		if (!value && !stored && has(field, FIELD_REQUIRED)) {
			op_issue(r->op, "body", path, "is required");
		} else if (has(field, FIELD_SECRET)) {
			read_secret(r, field, path, value, stored != NULL);
		} else {
			value = read_setting(r, field, path, value, stored);
			if (value)
				put(settings, field->name, value);
		}
	}
	if (table->complete)
		table->complete(r->op, given, settings);
	return settings;
}

static enum error parse_stored(struct op *op, const char *text, json_t **ret)
{
	const char *why;

	if (json_read(&op->arena, text, strlen(text), ret, &why) != OK ||
	    !json_is_object(*ret))
		return op_fail(op, ERR_INTERNAL, "stored settings are damaged");
	return OK;
}

enum error fields_read(struct op *op, const struct field_table *table,
		       json_t *given, const char *stored,
		       const struct field_policy *policy,
		       struct field_values *ret)
{
	struct field_values values = {0};
	struct reader reader = {op, policy, &values};
	size_t first = op->issue_count;
	json_t *old = NULL;
	json_t *settings;

	if (!json_is_object(given)) {
		op_issue(op, "body", "body", "must be a JSON object");
		return op_fail(op, ERR_MISSHAPEN, "must be a JSON object");
	}
	if (stored)
		TRY(parse_stored(op, stored, &old));
	settings = read_members(&reader, table, "", given, old);
	if (op->issue_count > first)
		return op_fail(op, ERR_MISSHAPEN, "%s %s",
			       op->issues[first].field, op->issues[first].why);
	values.settings = json_text(&op->arena, settings);
	*ret = values;
	return OK;
}
