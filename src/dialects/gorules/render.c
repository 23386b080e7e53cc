/* From an integration's config and an input to the call that is made. */
#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "dialects/gorules/execution.h"
#include "dialects/gorules/template.h"
#include "http/outbound.h"

struct rendering {
	struct op *op;
	const json_t *config;
	const struct credential_list *secrets;
	json_t *root; /* what expressions are about */
	struct gorules_execution *to;
};

static const char *config_text(const json_t *of, const char *name)
{
	const char *text = json_string_value(json_object_get(of, name));

	return text ? text : "";
}

/* NULL, with an issue, when it can't be. */
static const char *render(struct rendering *r, enum template_place place,
			  const char *text, const char *path)
{
	const char *rendered = NULL;
	const char *why =
		template_render(&r->op->arena, place, text, r->root, &rendered);

	if (why)
		op_issue(r->op, "body", path, "%s", why);
	return why ? NULL : rendered;
}

static size_t dots_of(const char *at)
{
	if (*at == '.')
		return 1;
	return strncasecmp(at, "%2e", 3) == 0 ? 3 : 0;
}

/* Many a server takes /users/../admin for /admin. */
static bool has_dot_segment(const char *path)
{
	while (*path == '/') {
		size_t dots = 0, length;

		path++;
		while (dots < 2 && (length = dots_of(path)) > 0) {
			path += length;
			dots++;
		}
		length = strcspn(path, "/?#");
		if (dots && !length)
			return true;
		path += length;
	}
	return false;
}

static const char *url_fault(const char *url)
{
	const char *host = strstr(url, "://");

	if (strlen(url) > OUTBOUND_URL_MAX)
		return "becomes too long";
	for (const char *c = url; *c; c++)
		if ((unsigned char)*c <= 0x20 || *c == 0x7f || *c == '\\')
			return "would hold a blank, a backslash or a control "
			       "character";
	if (host && has_dot_segment(host + 3 + strcspn(host + 3, "/?#")))
		return "would have a step . or .. in its path";
	return outbound_url_form_fault(url);
}

static void render_url(struct rendering *r)
{
	static const char path[] = "config.url";
	const char *text = config_text(r->config, "url");
	const char *url = NULL;

	if (r->secrets->count && template_chooses_host(text))
		op_issue(r->op, "body", path,
			 "must name its host itself, as a header or cookie is "
			 "a credential");
	else
		url = render(r, TEMPLATE_URL, text, path);
	const char *fault = url ? url_fault(url) : NULL;
	if (fault)
		op_issue(r->op, "body", path, "%s", fault);
	r->to->call.url = url;
}

/* As it is stored, or opened; with an expression's value in it. */
static const char *render_entry(struct rendering *r, enum template_place place,
				const char *in, const json_t *list, size_t i)
{
	struct arena *arena = &r->op->arena;
	const char *text = json_string_value(
		json_object_get(json_array_get(list, i), "value"));
	const char *path = arena_printf(arena, "config.%s[%zu].value", in, i);

	if (!text) {
		const struct credential *secret = credential_find(
			r->secrets, gorules_secret_name(arena, in, list, i));

		text = secret ? (const char *)secret->value.bytes : "";
	}
	return render(r, place, text, path);
}

static void put_header(struct rendering *r, const char *name, const char *value)
{
	struct outbound_call *call = &r->to->call;

	call->headers[call->header_count++] =
		(struct outbound_header){name, value};
}

static bool has_header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcasecmp(call->headers[i].name, name) == 0)
			return true;
	return false;
}

static void render_headers(struct rendering *r)
{
	const json_t *list = json_object_get(r->config, "headers");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = gorules_entry_name(json_array_get(list, i));
		const char *value =
			render_entry(r, TEMPLATE_HEADER, "headers", list, i);

		if (name && value)
			put_header(r, name, value);
	}
	if (!has_header(&r->to->call, "Accept"))
		put_header(r, "Accept", "application/json");
}

static void render_cookies(struct rendering *r)
{
	const json_t *list = json_object_get(r->config, "cookies");
	const char *all = "";

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = gorules_entry_name(json_array_get(list, i));
		const char *value =
			render_entry(r, TEMPLATE_COOKIE, "cookies", list, i);

		if (name && value)
			all = arena_printf(&r->op->arena, "%s%s%s=%s", all,
					   *all ? "; " : "", name, value);
	}
	if (*all)
		put_header(r, "Cookie", all);
}

/* A bool is true or false, also as text; left out, it is false. */
static json_t *bool_of(struct rendering *r, const json_t *given,
		       const char *path)
{
	const char *text = json_string_value(given);

	if (text && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
		return json_boolean(*text == 't');
	if (given && !json_is_null(given) && !json_is_boolean(given))
		op_issue(r->op, "body", path, "must be true or false");
	return json_boolean(json_is_true(given));
}

/* A text, which may be a template; left out, it is null. */
static json_t *text_of(struct rendering *r, const json_t *given,
		       const char *path)
{
	const char *text = json_string_value(given);

	if (text)
		text = render(r, TEMPLATE_TEXT, text, path);
	else if (json_is_number(given) || json_is_boolean(given))
		text = json_text_short(&r->op->arena, given);
	else if (given && !json_is_null(given))
		op_issue(r->op, "body", path, "must be a text");
	return text ? json_string(text) : json_null();
}

/*
 * What the node's fields are filled in with, by name. They become values of
 * their names for url, headers and cookies; each was rendered from what came,
 * not from another.
 */
static json_t *render_inputs(struct rendering *r)
{
	const json_t *list = json_object_get(r->config, "inputs");
	json_t *values = json_new_object(&r->op->arena);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *input = json_array_get(list, i);
		const char *name = config_text(input, "name");
		const char *path =
			arena_printf(&r->op->arena, "input.%s", name);
		const json_t *given = json_object_get(r->root, name);
		bool is_bool =
			strcmp(config_text(input, "control"), "bool") == 0;

		json_object_set_new(values, name,
				    is_bool ? bool_of(r, given, path)
					    : text_of(r, given, path));
	}
	return values;
}

static const char *method_of(const json_t *config)
{
	static const char *const methods[] = {"GET", "POST", "PUT", "PATCH",
					      "DELETE"};
	const char *name = config_text(config, "method");

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (strcasecmp(name, methods[i]) == 0)
			return methods[i];
	return methods[0];
}

static void set_body(struct rendering *r, const json_t *body)
{
	struct outbound_call *call = &r->to->call;

	if (strcmp(call->method, "GET") == 0 ||
	    strcmp(call->method, "DELETE") == 0)
		return;
	call->body = json_text_short(&r->op->arena, body);
	call->body_length = strlen(call->body);
	if (!has_header(call, "Content-Type"))
		put_header(r, "Content-Type", "application/json");
}

enum error gorules_render(struct op *op, const json_t *config,
			  const struct credential_list *secrets, json_t *input,
			  struct gorules_execution *ret)
{
	struct rendering r = {op, config, secrets, input, ret};
	const json_t *body = input;

	*ret = (struct gorules_execution){
		.call.method = method_of(config),
		.timeout_us =
			json_integer_value(json_object_get(config, "timeout")) *
			1000,
		.output = config_text(config, "output"),
	};
	if (json_is_true(json_object_get(config, "enableInputs"))) {
		json_t *values = render_inputs(&r);

		r.root = json_keep(&op->arena, json_copy(input));
		json_object_update(r.root, values);
		body = values;
	}
	render_url(&r);
	render_headers(&r);
	render_cookies(&r);
	set_body(&r, body);
	if (!op->issue_count)
		return OK;
	return op_fail(op, ERR_MISSHAPEN, "the input does not fit");
}
