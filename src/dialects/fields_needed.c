/* What a feature needs when it is on: the part of fields.h that asks so. */
#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "dialects/fields.h"

/* One asking. */
struct asking {
	const struct field_table *table;
	const struct field_values *values;
	const struct credential_names *stored;
	const json_t *settings;
};

static const struct field *find(const struct field_table *table,
				const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].name, name) == 0)
			return &table->fields[i];
	return NULL;
}

static bool is_chosen(const struct field *field, const json_t *value)
{
	if (!field->choice)
		return json_is_true(value);
	return json_is_string(value) &&
	       strcasecmp(json_string_value(value), field->choice) == 0;
}

/* A choice that is there while what it belongs to is off turns nothing on. */
static bool is_on(const struct asking *asking, const struct field *field)
{
	while (field && field->feature) {
		if (!is_chosen(field, json_object_get(asking->settings,
						      field->feature)))
			return false;
		field = find(asking->table, field->feature);
	}
	return true;
}

static bool has_secret(const struct asking *asking, const char *name)
{
	const struct field_values *values = asking->values;

	for (size_t i = 0; i < values->secret_count; i++)
		if (strcmp(values->secrets[i].name, name) == 0)
			return values->secrets[i].value != NULL;
	for (size_t i = 0; i < asking->stored->count; i++)
		if (strcmp(asking->stored->items[i], name) == 0)
			return true;
	return false;
}

static bool has_value(const struct asking *asking, const struct field *field)
{
	const json_t *value = json_object_get(asking->settings, field->name);

	if (field->flags & FIELD_SECRET)
		return has_secret(asking, field->name);
	if (json_is_string(value))
		return json_string_length(value) > 0;
	if (json_is_array(value))
		return json_array_size(value) > 0;
	return value && !json_is_null(value);
}

static void add_issue(struct op *op, const struct field *field)
{
	if (field->choice)
		op_issue(op, "body", field->name, "is required when %s is %s",
			 field->feature, field->choice);
	else
		op_issue(op, "body", field->name, "is required with %s",
			 field->feature);
}

enum error fields_needed(struct op *op, const struct field_table *table,
			 const struct field_values *values,
			 const struct credential_names *stored)
{
	size_t first = op->issue_count;
	const char *why;
	json_t *settings;

	if (json_read(&op->arena, values->settings, strlen(values->settings),
		      &settings, &why) != OK)
		return op_fail(op, ERR_INTERNAL, "settings are damaged");
	const struct asking asking = {table, values, stored, settings};
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->fields[i];

		if (field->feature && is_on(&asking, field) &&
		    !has_value(&asking, field))
			add_issue(op, field);
	}
	if (op->issue_count > first)
		return op_fail(op, ERR_MISSHAPEN, "%s %s",
			       op->issues[first].field, op->issues[first].why);
	return OK;
}
