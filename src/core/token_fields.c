/* Facts in token answers. */
#include "core/token_fields.h"

#include <regex.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_read.h"

enum { GROUPS = 2 }; /* all of it, and its first group */

const char *token_fields_capture_fault(const char *capture)
{
	regex_t made;

	if (regcomp(&made, capture, REG_EXTENDED) != 0)
		return "is no POSIX extended regular expression";
	size_t groups = made.re_nsub;
	regfree(&made);
	return groups > 1 ? "has more than one group" : NULL;
}

const char *token_fields_path_fault(const char *path)
{
	static const char *const secrets[] = {"access_token", "refresh_token",
					      "id_token"};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
		if (strcmp(path, secrets[i]) == 0)
			return "would show a token";
	return NULL;
}

/* What the expression finds in the text; NULL: nothing. */
static const char *captured(struct op *op, const char *capture,
			    const char *text)
{
	regmatch_t found[GROUPS];
	regex_t made;

	if (regcomp(&made, capture, REG_EXTENDED) != 0)
		return NULL;
	bool matches = regexec(&made, text, GROUPS, found, 0) == 0;
	const regmatch_t *part = &found[made.re_nsub ? 1 : 0];
	regfree(&made);
	if (!matches || part->rm_so < 0)
		return NULL;
	return arena_strndup(&op->arena, text + part->rm_so,
			     (size_t)(part->rm_eo - part->rm_so));
}

/* An object, a list and null are no fact; "" is none either. */
static const char *value_of(struct op *op, const struct catalog_field *field,
			    const char *json)
{
	struct arena *arena = &op->arena;
	const char *text =
		json_member_text(arena, json, strlen(json), field->path);

	if (!text) {
		text = json_member(arena, json, strlen(json), field->path);
		if (!text ||
		    (strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
			return NULL;
	}
	if (strlen(text) > TOKEN_FIELD_MAX)
		return NULL;
	if (field->capture)
		text = captured(op, field->capture, text);
	return text && *text ? text : NULL;
}

static void put(struct op *op, json_t *to, const struct catalog_field *field,
		const char *value)
{
	json_t *fact = json_new_object(&op->arena);
	json_t *text = json_string(value);

	if (!text) /* an expression may cut within a character */
		return;
	json_object_set_new(fact, "value", text);
	json_object_set_new(fact, "source", json_string("token"));
	json_object_set_new(fact, "displayName",
			    json_string(field->display_name));
	json_object_set(to, field->name, fact);
}

const char *token_fields_read(struct op *op, const struct provider *provider,
			      const char *json)
{
	const struct catalog_field *fields = provider->token_fields.items;
	json_t *all = json_new_object(&op->arena);

	for (size_t i = 0; i < provider->token_fields.count; i++) {
		const char *value = value_of(op, &fields[i], json);

		if (value)
			put(op, all, &fields[i], value);
	}
	return json_object_size(all) ? json_text(&op->arena, all) : NULL;
}

const char *token_fields_over(struct op *op, const char *metadata,
			      const char *fields)
{
	json_t *under = NULL, *over = NULL;
	const char *why;

	if (!metadata || !fields)
		return metadata ? metadata : fields;
	/* both were written by us */
	if (json_read(&op->arena, metadata, strlen(metadata), &under, &why) !=
		    OK ||
	    json_read(&op->arena, fields, strlen(fields), &over, &why) != OK)
		return metadata;
	json_object_update(under, over);
	return json_text(&op->arena, under);
}
