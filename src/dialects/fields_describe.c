/* A table told to others: documents and papers are made of it. */
#include "dialects/fields.h"

static const char *const type_names[] = {
	[FIELD_STRING] = "string",
	[FIELD_INTEGER] = "integer",
	[FIELD_BOOLEAN] = "boolean",
	[FIELD_STRING_LIST] = "list of strings",
	[FIELD_STRING_MAP] = "map of strings",
	[FIELD_LIST] = "list",
	[FIELD_OBJECT] = "object",
	[FIELD_MAP] = "map",
};

static void put_flag(struct json_writer *w, const struct field *field,
		     const char *name, unsigned flag)
{
	if (field->flags & flag)
		json_put_bool(w, name, true);
}

static void put_values(struct json_writer *w, const struct field *field)
{
	if (!field->values)
		return;
	json_begin_array(w, "values");
	for (const char *const *v = field->values; *v; v++)
		json_put_string(w, NULL, *v);
	json_end_array(w);
}

static void put_range(struct json_writer *w, const struct field *field)
{
	if (!field->least && !field->most)
		return;
	json_put_integer(w, "least", field->least);
	json_put_integer(w, "most", field->most);
}

static void put_fields(struct json_writer *w, const struct field_table *table);

static void put_field(struct json_writer *w, const struct field *field)
{
	json_begin_object(w, NULL);
	json_put_string(w, "name", field->name);
	json_put_string(w, "type", type_names[field->type]);
	put_flag(w, field, "required", FIELD_REQUIRED);
	put_flag(w, field, "secret", FIELD_SECRET);
	put_flag(w, field, "readOnly", FIELD_READ_ONLY);
	put_flag(w, field, "nullable", FIELD_NULLABLE);
	if (field->initial)
		json_put_raw(w, "default", field->initial);
	put_values(w, field);
	put_range(w, field);
	if (field->feature)
		json_put_string(w, "feature", field->feature);
	if (field->choice)
		json_put_string(w, "choice", field->choice);
	if (field->about)
		json_put_string(w, "about", field->about);
	if (field->members)
		put_fields(w, field->members);
	json_end_object(w);
}

static void put_fields(struct json_writer *w, const struct field_table *table)
{
	json_begin_array(w, "fields");
	for (size_t i = 0; i < table->count; i++)
		put_field(w, &table->fields[i]);
	json_end_array(w);
}

void fields_describe(struct json_writer *w, const struct field_table *table)
{
	json_begin_object(w, NULL);
	json_put_string(w, "type", table->type);
	put_fields(w, table);
	json_end_object(w);
}
