/* The `config` of an integration: what call to make. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "base/outbound_call.h"
#include "dialects/gorules/expression.h"
#include "dialects/gorules/gorules.h"
#include "dialects/gorules/template.h"

enum {
	TIMEOUT_MS = 5000,
	TIMEOUT_MAX_MS = 300000,
	URL_MAX = 2048,
	VALUE_MAX = 8192,
	OUTPUT_MAX = 1024,
};

/* What is being read; `old` is NULL for a new integration. */
struct reading {
	struct op *op;
	const json_t *value;
	const json_t *old;
	json_t *config;
	struct gorules_input *input;
};

static const char *const methods[] = {"get",   "post",	 "put",
				      "patch", "delete", NULL};
static const char *const controls[] = {"text", "bool", NULL};

static bool is_one_of(const char *text, const char *const *choices)
{
	for (; *choices; choices++)
		if (strcmp(text, *choices) == 0)
			return true;
	return false;
}

static void refuse_bad_template(struct op *op, const char *path,
				const char *text)
{
	const char *why = template_fault(&op->arena, text);

	if (why)
		op_issue(op, "body", path, "%s", why);
}

static const char *read_choice(struct op *op, const json_t *value,
			       const char *path, const char *const *choices)
{
	const struct text_rule rule = {
		.path = path, .max = GORULES_NAME_MAX, .is_required = true};
	const char *text = gorules_text(op, value, &rule);
	const char *all = "";

	if (!text || is_one_of(text, choices))
		return text;
	for (; *choices; choices++)
		all = arena_printf(&op->arena, "%s%s%s", all, *all ? ", " : "",
				   *choices);
	op_issue(op, "body", path, "must be one of %s", all);
	return NULL;
}

static void read_method(struct reading *r)
{
	const char *method =
		read_choice(r->op, json_object_get(r->value, "method"),
			    "config.method", methods);

	json_object_set_new(r->config, "method", json_string(method));
}

/* http, https, or a template that will be one; no password in it. */
static void read_url(struct reading *r)
{
	const struct text_rule rule = {
		.path = "config.url", .max = URL_MAX, .is_required = true};
	const char *url =
		gorules_text(r->op, json_object_get(r->value, "url"), &rule);

	if (!url)
		return;
	if (strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0 && strncmp(url, "{{", 2) != 0)
		op_issue(r->op, "body", rule.path,
			 "must begin with http://, https:// or {{");
	const char *host = strstr(url, "://");
	if (host && strchr("/?#:", host[3]))
		op_issue(r->op, "body", rule.path, "must name a host");
	if (host && memchr(host + 3, '@', strcspn(host + 3, "/?#")))
		op_issue(r->op, "body", rule.path,
			 "must not hold a user or password: use a header");
	if (url[strcspn(url, " \t\r\n")] && !strstr(url, "{{"))
		op_issue(r->op, "body", rule.path, "must not hold blanks");
	refuse_bad_template(r->op, rule.path, url);
	json_object_set_new(r->config, "url", json_string(url));
}

static void read_timeout(struct reading *r)
{
	const json_t *value = json_object_get(r->value, "timeout");
	json_int_t timeout = TIMEOUT_MS;

	if (value && !json_is_null(value)) {
		timeout = json_integer_value(value);
		if (timeout < 1 || timeout > TIMEOUT_MAX_MS)
			op_issue(r->op, "body", "config.timeout",
				 "must be 1 to %d milliseconds",
				 TIMEOUT_MAX_MS);
	}
	json_object_set_new(r->config, "timeout", json_integer(timeout));
}

static void read_output(struct reading *r)
{
	const struct text_rule rule = {.path = "config.output",
				       .max = OUTPUT_MAX,
				       .may_be_empty = true};
	const char *output =
		gorules_text(r->op, json_object_get(r->value, "output"), &rule);

	if (!output)
		return;
	const json_t *ignored;
	const char *why =
		*output ? expression_of(&r->op->arena, output, NULL, &ignored)
			: NULL;
	if (why)
		op_issue(r->op, "body", rule.path, "%s", why);
	json_object_set_new(r->config, "output", json_string(output));
}

static void read_enable_inputs(struct reading *r)
{
	const json_t *value = json_object_get(r->value, "enableInputs");

	if (value && !json_is_null(value) && !json_is_boolean(value))
		op_issue(r->op, "body", "config.enableInputs",
			 "must be true or false");
	json_object_set_new(r->config, "enableInputs",
			    json_boolean(json_is_true(value)));
}

/* RFC 9110, 5.6.2: what a header's name, and a cookie's, is made of. */
static bool is_token(const char *text)
{
	const char *at = text;

	while (isalnum((unsigned char)*at) ||
	       (*at && strchr("!#$%&'*+-.^_`|~", *at)))
		at++;
	return at > text && !*at;
}

static void seal_value(struct reading *r, const char *name, const char *value)
{
	struct gorules_input *input = r->input;

	input->secrets[input->secret_count++] =
		(struct new_credential){.name = name, .value = value};
}

static bool is_sealed(struct reading *r, const char *secret_name)
{
	const char *names[GORULES_SECRETS_MAX];
	size_t count = gorules_secret_names(&r->op->arena, r->old, names,
					    GORULES_SECRETS_MAX);

	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], secret_name) == 0)
			return true;
	return false;
}

/*
 * Adds entry `i` to `list`, its value sealed or as it is. A null value keeps
 * what is sealed under that name: so what was read can be sent back.
 */
static void read_entry(struct reading *r, const char *in, const json_t *entry,
		       size_t i, json_t *list)
{
	const char *path = arena_printf(&r->op->arena, "config.%s[%zu]", in, i);
	const struct text_rule rule = {
		.path = arena_printf(&r->op->arena, "%s.value", path),
		.max = VALUE_MAX,
		.may_be_empty = true};
	const char *name = gorules_entry_name(entry);
	const json_t *given = json_object_get(entry, "value");

	if (!name) {
		op_issue(r->op, "body", path,
			 "must be an object with a name (or key) and a value");
		return;
	}
	if (!is_token(name) || strlen(name) > GORULES_NAME_MAX) {
		op_issue(r->op, "body", path,
			 "must have a name of 1 to %d letters, digits and "
			 "!#$%%&'*+-.^_`|~",
			 GORULES_NAME_MAX);
		return;
	}
	const char *value = gorules_text(r->op, given, &rule);
	if (value && value[strcspn(value, "\r\n")])
		op_issue(r->op, "body", rule.path, "must be one line");
	if (value)
		refuse_bad_template(r->op, rule.path, value);
	if (strcmp(in, "headers") == 0 && outbound_header_is_reserved(name))
		op_issue(r->op, "body", path, "%s is set by the call itself",
			 name);
	bool is_secret = !value || gorules_is_secret(name, value);
	json_array_append_new(
		list, json_pack("{s:s, s:s?}",
				json_object_get(entry, "name") ? "name" : "key",
				name, "value", is_secret ? NULL : value));
	if (!is_secret)
		return;
	const char *secret = gorules_secret_name(&r->op->arena, in, list,
						 json_array_size(list) - 1);
	if (value)
		seal_value(r, secret, value);
	else if ((!given || json_is_null(given)) && !is_sealed(r, secret))
		op_issue(r->op, "body", rule.path, "is required");
}

/* A list of at most GORULES_ENTRIES_MAX; NULL when it is none. */
static const json_t *read_list(struct reading *r, const char *name,
			       json_t **ret)
{
	const json_t *list = json_object_get(r->value, name);
	const char *path = arena_printf(&r->op->arena, "config.%s", name);

	*ret = json_array();
	json_object_set_new(r->config, name, *ret);
	if (list && !json_is_null(list) && !json_is_array(list))
		op_issue(r->op, "body", path, "must be a list");
	if (json_array_size(list) <= GORULES_ENTRIES_MAX)
		return list;
	op_issue(r->op, "body", path, "must have at most %d items",
		 GORULES_ENTRIES_MAX);
	return NULL;
}

static void read_entries(struct reading *r, const char *in)
{
	json_t *entries;
	const json_t *list = read_list(r, in, &entries);

	for (size_t i = 0; i < json_array_size(list); i++)
		read_entry(r, in, json_array_get(list, i), i, entries);
}

static bool has_input(const json_t *inputs, const char *name)
{
	for (size_t i = 0; i < json_array_size(inputs); i++)
		if (strcmp(json_string_value(json_object_get(
				   json_array_get(inputs, i), "name")),
			   name) == 0)
			return true;
	return false;
}

static void read_input(struct reading *r, const json_t *input, size_t i,
		       json_t *inputs)
{
	struct arena *arena = &r->op->arena;
	const char *path = arena_printf(arena, "config.inputs[%zu]", i);
	const struct text_rule name_rule = {
		.path = arena_printf(arena, "%s.name", path),
		.max = GORULES_NAME_MAX,
		.is_required = true};
	const struct text_rule label_rule = {
		.path = arena_printf(arena, "%s.label", path),
		.max = GORULES_NAME_MAX,
		.may_be_empty = true};

	if (!json_is_object(input)) {
		op_issue(r->op, "body", path, "must be an object");
		return;
	}
	const char *control =
		read_choice(r->op, json_object_get(input, "control"),
			    arena_printf(arena, "%s.control", path), controls);
	const char *name =
		gorules_text(r->op, json_object_get(input, "name"), &name_rule);
	const char *label = gorules_text(r->op, json_object_get(input, "label"),
					 &label_rule);
	if (name && has_input(inputs, name))
		op_issue(r->op, "body", name_rule.path,
			 "must not be another input's");
	if (control && name)
		json_array_append_new(inputs,
				      json_pack("{s:s, s:s, s:s*}", "control",
						control, "name", name, "label",
						label));
}

static void read_inputs(struct reading *r)
{
	json_t *inputs;
	const json_t *list = read_list(r, "inputs", &inputs);

	for (size_t i = 0; i < json_array_size(list); i++)
		read_input(r, json_array_get(list, i), i, inputs);
}

/* Else who may execute it would choose who is sent the credentials. */
static void refuse_chosen_host(struct reading *r)
{
	const char *names[GORULES_SECRETS_MAX];
	const char *url = json_string_value(json_object_get(r->config, "url"));

	if (url && template_chooses_host(url) &&
	    gorules_secret_names(&r->op->arena, r->config, names,
				 GORULES_SECRETS_MAX))
		op_issue(r->op, "body", "config.url",
			 "must name its host itself, as a header or cookie is "
			 "a credential");
}

static void refuse_two_cookies(struct reading *r)
{
	const json_t *headers = json_object_get(r->config, "headers");

	if (!json_array_size(json_object_get(r->config, "cookies")))
		return;
	for (size_t i = 0; i < json_array_size(headers); i++)
		if (strcasecmp(gorules_entry_name(json_array_get(headers, i)),
			       "Cookie") == 0)
			op_issue(r->op, "body", "config.headers",
				 "has a Cookie beside config.cookies");
}

/* What was sealed and no longer is goes. */
static void erase_others(struct reading *r)
{
	const char *before[GORULES_SECRETS_MAX], *after[GORULES_SECRETS_MAX];
	size_t old_count = gorules_secret_names(&r->op->arena, r->old, before,
						GORULES_SECRETS_MAX);
	size_t new_count = gorules_secret_names(&r->op->arena, r->config, after,
						GORULES_SECRETS_MAX);

	for (size_t i = 0; i < old_count; i++) {
		size_t j = 0;

		while (j < new_count && strcmp(before[i], after[j]) != 0)
			j++;
		if (j == new_count)
			seal_value(r, before[i], NULL);
	}
}

enum error gorules_stored_config(struct op *op, const char *settings,
				 json_t **ret)
{
	const char *why;

	if (json_read(&op->arena, settings, strlen(settings), ret, &why) == OK)
		return OK;
	return op_fail(op, ERR_INTERNAL, "a stored config is %s", why);
}

json_t *gorules_config(struct op *op, const json_t *value, const json_t *old,
		       struct gorules_input *ret)
{
	struct reading reading = {.op = op,
				  .value = value,
				  .old = old,
				  .config = json_new_object(&op->arena),
				  .input = ret};
	struct reading *r = &reading;

	ret->secrets = arena_alloc(&op->arena,
				   GORULES_SECRETS_MAX * sizeof(*ret->secrets));
	if (!json_is_object(value)) {
		op_issue(op, "body", "config",
			 value ? "must be an object" : "is required");
		return r->config;
	}
	read_method(r);
	read_url(r);
	read_timeout(r);
	read_output(r);
	read_entries(r, "headers");
	read_entries(r, "cookies");
	read_enable_inputs(r);
	read_inputs(r);
	refuse_chosen_host(r);
	refuse_two_cookies(r);
	erase_others(r);
	return r->config;
}
