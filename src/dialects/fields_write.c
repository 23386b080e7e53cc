/* Writing typed settings by their table, and looking tables up. */
#include "dialects/fields.h"

#include <string.h>

#include "base/json_read.h"

/* One writing. */
struct output {
	struct op *op;
	struct json_writer *w;
	const struct credential_list *secrets;
};

static bool has(const struct field *field, unsigned flag)
{
	return (field->flags & flag) != 0;
}

static void write_secret(struct output *out, const struct field *field,
			 const char *prefix)
{
	const char *path = *prefix ? arena_printf(&out->op->arena, "%s.%s",
						  prefix, field->name)
				   : field->name;
	const struct credential *secret =
		out->secrets ? credential_find(out->secrets, path) : NULL;
	const char *text = secret ? (const char *)secret->value.bytes : NULL;

	if (!text && field->initial)
		json_put_raw(out->w, field->name, field->initial);
	else if (text && field->type != FIELD_STRING)
		json_put_raw(out->w, field->name, text);
	else
		json_put_string(out->w, field->name, text);
}

static void write_members(struct output *out, const struct field_table *table,
			  const char *prefix, const json_t *settings);

static void write_object(struct output *out, const struct field_table *members,
			 const char *key, const char *prefix,
			 const json_t *value)
{
	json_begin_object(out->w, key);
	write_members(out, members, prefix, value);
	json_end_object(out->w);
}

static void write_list(struct output *out, const struct field *field,
		       const json_t *value)
{
	json_begin_array(out->w, field->name);
	for (size_t i = 0; i < json_array_size(value); i++)
		write_object(out, field->members, NULL, "",
			     json_array_get(value, i));
	json_end_array(out->w);
}

static void write_map(struct output *out, const struct field *field,
		      json_t *value)
{
	const char *key;
	json_t *entry;

	json_begin_object(out->w, field->name);
	json_object_foreach (value, key, entry)
		write_object(out, field->members, key, "", entry);
	json_end_object(out->w);
}

static void write_setting(struct output *out, const struct field *field,
			  json_t *value)
{
	if (!value)
		json_put_raw(out->w, field->name,
			     field->initial ? field->initial : "null");
	else if (field->type == FIELD_MAP && json_is_object(value))
		write_map(out, field, value);
	else if (field->members && json_is_object(value))
		write_object(out, field->members, field->name, field->name,
			     value);
	else if (field->members && json_is_array(value))
		write_list(out, field, value);
	else
		json_put_raw(out->w, field->name,
			     json_text(&out->op->arena, value));
}

static void write_members(struct output *out, const struct field_table *table,
			  const char *prefix, const json_t *settings)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->fields[i];

		if (has(field, FIELD_SECRET)) {
			if (has(field, FIELD_SHOWN))
				write_secret(out, field, prefix);
		} else if (!has(field, FIELD_HIDDEN)) {
			write_setting(out, field,
				      json_object_get(settings, field->name));
		}
	}
}

enum error fields_write(struct op *op, struct json_writer *w,
			const struct field_table *table, const char *settings,
			const struct credential_list *secrets)
{
	struct output out = {op, w, secrets};
	const char *why;
	json_t *stored;

	if (json_read(&op->arena, settings, strlen(settings), &stored, &why) !=
		    OK ||
	    !json_is_object(stored))
		return op_fail(op, ERR_INTERNAL, "stored settings are damaged");
	write_members(&out, table, "", stored);
	return OK;
}

bool field_table_shows_secrets(const struct field_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->fields[i];

		if (has(field, FIELD_SHOWN) ||
		    (field->members &&
		     field_table_shows_secrets(field->members)))
			return true;
	}
	return false;
}
