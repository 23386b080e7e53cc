/* Personal access tokens: of the organization's service user, or a member. */
#include <string.h>

#include "core/personal_token.h"
#include "dialects/gorules/gorules.h"

#define DAY_US (INT64_C(86400) * 1000000)

enum { PERMISSIONS_MAX = 16 };

static const struct {
	const char *name;
	int64_t lifetime_us;
} expiries[] = {
	{"week", 7 * DAY_US},
	{"month", 30 * DAY_US},
	{"three_months", 90 * DAY_US},
	{"year", 365 * DAY_US},
	{"indefinite", 0},
};
enum { EXPIRIES = sizeof(expiries) / sizeof(*expiries) };

/* As scopes of core/principal.h; an owner has none of them, but all. */
static const struct {
	const char *name, *scope;
} permissions[] = {
	{"integrations:manage", "integrations"},
	{"integrations:execute", "execute"},
	{"project:manage", "project"},
	{"owner", "full"},
};
enum { PERMISSIONS = sizeof(permissions) / sizeof(*permissions) };

static const char *expiry_of(const struct access_token *token)
{
	if (!token->lifetime_us)
		return token->expires_at ? NULL : "indefinite";
	for (size_t i = 0; i < EXPIRIES; i++)
		if (expiries[i].lifetime_us == token->lifetime_us)
			return expiries[i].name;
	return NULL;
}

static bool has_scope(const char *scopes, const char *scope)
{
	size_t length = strlen(scope);

	for (const char *at = scopes; *at; at += *at == ',') {
		size_t end = strcspn(at, ",");

		if (end == length && strncmp(at, scope, length) == 0)
			return true;
		at += end;
	}
	return false;
}

static void write_projects(struct json_writer *w,
			   const struct personal_token *token)
{
	json_begin_array(w, "projects");
	for (size_t i = 0; i < token->project_count; i++)
		json_put_uuid(w, NULL, token->projects[i]);
	json_end_array(w);
}

static void write_permissions(struct json_writer *w,
			      const struct access_token *token)
{
	json_begin_array(w, "permissions");
	for (size_t i = 0; i < PERMISSIONS; i++)
		if (has_scope(token->scopes, permissions[i].scope) ||
		    (token->role == ROLE_ADMIN &&
		     strcmp(permissions[i].name, "owner") == 0))
			json_put_string(w, NULL, permissions[i].name);
	json_end_array(w);
}

/* `text` is the token itself, NULL when it is not to be shown. */
static void write_token(struct json_writer *w,
			const struct personal_token *token, const char *text)
{
	const struct access_token *of = &token->token;

	json_begin_object(w, NULL);
	json_put_uuid(w, "id", of->id);
	json_put_uuid(w, "userId", token->user_id);
	json_put_string(w, "note", of->label);
	json_put_bool(w, "allProjects", token->is_for_all);
	write_projects(w, token);
	write_permissions(w, of);
	json_put_string(w, "expiry", expiry_of(of));
	json_put_time(w, "expiresAt", of->expires_at);
	json_put_time(w, "createdAt", of->created_at);
	if (text)
		json_put_string(w, "token", text);
	json_end_object(w);
}

static enum error user_of(struct request *request, struct uuid *ret)
{
	return personal_token_user(&request->op, request->params[0], ret);
}

static void read_expiry(struct op *op, const json_t *value,
			struct personal_token_new *ret)
{
	const struct text_rule rule = {
		.path = "expiry", .max = GORULES_NAME_MAX, .is_required = true};
	const char *name = gorules_text(op, value, &rule);

	for (size_t i = 0; name && i < EXPIRIES; i++)
		if (strcmp(expiries[i].name, name) == 0) {
			ret->lifetime_us = expiries[i].lifetime_us;
			return;
		}
	if (name)
		op_issue(op, "body", "expiry",
			 "must be one of week, month, three_months, year, "
			 "indefinite");
}

static void read_all_projects(struct op *op, const json_t *value,
			      struct personal_token_new *ret)
{
	if (value && !json_is_boolean(value) && !json_is_null(value))
		op_issue(op, "body", "allProjects", "must be true or false");
	ret->is_for_all = json_is_true(value);
}

/* Not looked at when it is for all. */
static void read_projects(struct op *op, const json_t *list,
			  struct personal_token_new *ret)
{
	size_t count = json_array_size(list);
	struct uuid *ids = arena_alloc(&op->arena, (count + 1) * sizeof(*ids));

	if (list && !json_is_array(list) && !json_is_null(list)) {
		op_issue(op, "body", "projects", "must be a list");
		return;
	}
	if (ret->is_for_all)
		return;
	if (!count || count > PERSONAL_PROJECTS_MAX) {
		op_issue(op, "body", "projects",
			 "must have 1 to %d items, unless allProjects is true",
			 PERSONAL_PROJECTS_MAX);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!text || !uuid_parse(text, &ids[i]))
			op_issue(op, "body",
				 arena_printf(&op->arena, "projects[%zu]", i),
				 "must be the uuid of a project");
	}
	ret->projects = ids;
	ret->project_count = count;
}

static const char *scope_of(const char *name)
{
	for (size_t i = 0; name && i < PERMISSIONS; i++)
		if (strcmp(permissions[i].name, name) == 0)
			return permissions[i].scope;
	return NULL;
}

static void read_permissions(struct op *op, const json_t *list,
			     struct personal_token_new *ret)
{
	const char *scopes = "";

	if (!json_is_array(list) || json_array_size(list) > PERMISSIONS_MAX) {
		op_issue(op, "body", "permissions",
			 list ? "must be a list of at most %d" : "is required",
			 PERMISSIONS_MAX);
		return;
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *scope =
			scope_of(json_string_value(json_array_get(list, i)));

		if (!scope)
			op_issue(
				op, "body",
				arena_printf(&op->arena, "permissions[%zu]", i),
				"must be one of integrations:manage, "
				"integrations:execute, project:manage, owner");
		else if (strcmp(scope, "full") == 0)
			ret->is_owner = true;
		else if (!has_scope(scopes, scope))
			scopes = arena_printf(&op->arena, "%s%s%s", scopes,
					      *scopes ? "," : "", scope);
	}
	ret->scopes = scopes;
}

static enum error read_new(struct request *request,
			   struct personal_token_new *ret)
{
	const struct text_rule note = {
		.path = "note", .max = PERSONAL_NOTE_MAX, .is_required = true};
	const json_t *body = request->json;
	struct op *op = &request->op;

	if (!json_is_object(body))
		return op_fail(op, ERR_MISSHAPEN, "the body must be an object");
	*ret = (struct personal_token_new){
		.note = gorules_text(op, json_object_get(body, "note"), &note),
	};
	read_all_projects(op, json_object_get(body, "allProjects"), ret);
	read_projects(op, json_object_get(body, "projects"), ret);
	read_permissions(op, json_object_get(body, "permissions"), ret);
	read_expiry(op, json_object_get(body, "expiry"), ret);
	return gorules_verdict(op);
}

enum error gorules_token_list(struct request *request)
{
	struct personal_token_list list;
	struct gorules_page page;
	struct uuid user;

	TRY(user_of(request, &user));
	TRY(gorules_page_read(request, &page));
	TRY(personal_token_list(&request->op, user, &list));
	size_t first, last;
	gorules_page_cut(&page, list.count, &first, &last);
	struct json_writer w = gorules_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_array(&w, "results");
	for (size_t i = first; i < last; i++)
		write_token(&w, &list.items[i], NULL);
	json_end_array(&w);
	gorules_page_write(&w, &page, (int64_t)(last - first),
			   (int64_t)list.count);
	json_end_object(&w);
	return OK;
}

enum error gorules_token_create(struct request *request)
{
	struct personal_token_new new;
	struct personal_token made;
	char text[TOKEN_TEXT];
	struct uuid user;

	TRY(user_of(request, &user));
	TRY(read_new(request, &new));
	TRY(personal_token_create(&request->op, user, &new, &made, text));
	struct json_writer w = gorules_answer(request, 201);
	write_token(&w, &made, text);
	return OK;
}

enum error gorules_token_regenerate(struct request *request)
{
	struct personal_token token;
	char text[TOKEN_TEXT];
	struct uuid user;

	TRY(user_of(request, &user));
	TRY(personal_token_regenerate(&request->op, user, request->params[1],
				      &token, text));
	struct json_writer w = gorules_answer(request, 200);
	write_token(&w, &token, text);
	return OK;
}

enum error gorules_token_delete(struct request *request)
{
	struct uuid user;

	TRY(user_of(request, &user));
	TRY(personal_token_delete(&request->op, user, request->params[1]));
	gorules_answer_ok(request);
	return OK;
}
