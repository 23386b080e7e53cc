/* cleat token create, cleat token list, cleat token revoke */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/utf8.h"
#include "cli/store_command.h"
#include "core/access_token.h"
#include "core/builder.h"
#include "core/deletion.h"

/* What --api and --role mean. */
static const struct {
	const char *api, *kind;
} apis[] = {
	{"ampersand", TOKEN_AMPERSAND}, {"upsun", TOKEN_UPSUN},
	{"gorules", TOKEN_GORULES},	{"apinizer", TOKEN_APINIZER},
	{"worker", TOKEN_WORKER},
};

static const struct {
	const char *name;
	enum role role;
	const char *scopes;
} roles[] = {
	{"admin", ROLE_ADMIN, "full"},
	{"viewer", ROLE_VIEWER, "viewer"},
	{"frontend", ROLE_FRONTEND, "frontend"},
};

enum {
	APIS = sizeof(apis) / sizeof(*apis),
	ROLES = sizeof(roles) / sizeof(*roles),
};

static const char *api_of(const char *kind)
{
	for (int i = 0; i < APIS; i++)
		if (strcmp(apis[i].kind, kind) == 0)
			return apis[i].api;
	return "";
}

static const char *role_name(enum role role)
{
	for (int i = 0; i < ROLES; i++)
		if (roles[i].role == role)
			return roles[i].name;
	return "";
}

static enum error read_kind(struct op *op, const char *api, const char **ret)
{
	for (int i = 0; i < APIS; i++)
		if (strcmp(apis[i].api, api) == 0) {
			*ret = apis[i].kind;
			return OK;
		}
	return op_fail(op, ERR_MISSHAPEN,
		       "there is no API %s: --api is "
		       "ampersand, upsun, gorules, apinizer or worker",
		       api);
}

static enum error read_role(struct op *op, const char *name,
			    struct access_token_new *new)
{
	for (int i = 0; i < ROLES; i++) {
		if (strcmp(roles[i].name, name) != 0)
			continue;
		new->role = roles[i].role;
		new->scopes = roles[i].scopes;
		if (new->role == ROLE_FRONTEND &&
		    strcmp(new->kind, TOKEN_AMPERSAND) != 0)
			break;
		return OK;
	}
	return op_fail(op, ERR_MISSHAPEN,
		       "there is no role %s: --role is "
		       "admin, viewer or, for ampersand, frontend",
		       name);
}

#define EXPIRES_MAX_S 100000000LL /* some three years */

static enum error read_expiry(struct op *op, const char *text, int64_t *ret)
{
	char *end;

	*ret = 0;
	if (!text)
		return OK;
	long long seconds = strtoll(text, &end, 10);
	if (!*text || *end || seconds < 1 || seconds > EXPIRES_MAX_S)
		return op_fail(op, ERR_MISSHAPEN,
			       "--expires is a number of seconds, 1 to %lld",
			       EXPIRES_MAX_S);
	*ret = op->now + seconds * CLOCK_SECOND;
	return OK;
}

static void put_token(struct json_writer *w, const struct access_token *token,
		      const char *text)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", token->id);
	json_put_string(w, "api", api_of(token->kind));
	json_put_string(w, "role", role_name(token->role));
	json_put_string(w, "label", token->label);
	if (!uuid_is_nil(token->builder_id))
		json_put_uuid(w, "builderId", token->builder_id);
	json_put_string(w, text ? "token" : "handle",
			text ? text : token->handle);
	json_put_time(w, "createdAt", token->created_at);
	json_put_time(w, "expiresAt", token->expires_at);
	json_end_object(w);
}

/* Whom an API token of Upsun acts for; made when it is somebody new. */
static enum error read_builder(struct op *op, const char *handle,
			       struct access_token_new *new)
{
	struct builder builder;

	if (!handle)
		return OK;
	if (strcmp(new->kind, TOKEN_UPSUN) != 0)
		return op_fail(op, ERR_MISSHAPEN,
			       "--builder goes with --api upsun");
	TRY(builder_ensure(op, handle, &builder));
	new->builder_id = builder.id;
	return OK;
}

static enum error create(struct op *op, const struct args *args,
			 struct buf *out)
{
	const char *role = args_get(args, "--role");
	const char *label = args_get(args, "--label");
	struct access_token_new new = {.label = label ? label : ""};
	struct access_token token;
	struct project project;
	char text[TOKEN_TEXT];

	if (utf8_count(new.label) > TOKEN_LABEL_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "--label is over %d characters",
			       TOKEN_LABEL_MAX);
	TRY(read_kind(op, args_get(args, "--api"), &new.kind));
	TRY(read_role(op, role ? role : "admin", &new));
	TRY(read_expiry(op, args_get(args, "--expires"), &new.expires_at));
	TRY(store_command_enter(op, args_get(args, "--project"), &project));
	TRY(read_builder(op, args_get(args, "--builder"), &new));
	TRY(access_token_create(op, &new, &token, text));
	struct json_writer w = json_writer_on(out);
	put_token(&w, &token, text);
	buf_char(out, '\n');
	return OK;
}

#define PROJECT_OPTION                                                         \
	{                                                                      \
		"--project", "PROJECT", "whose tokens: its name or uuid", true \
	}

static const struct arg_spec create_options[] = {
	PROJECT_OPTION,
	{"--api", "API", "ampersand, upsun, gorules, apinizer or worker", true},
	{"--role", "ROLE", "admin (default), viewer, or frontend", false},
	{"--builder", "EMAIL",
	 "for upsun: whom it acts for, by address or id; default: who owns "
	 "the organization",
	 false},
	{"--label", "TEXT", "what it is for", false},
	{"--expires", "SECONDS", "from now; default: never", false},
	{NULL, NULL, NULL, false},
};

const struct store_command token_create_command = {
	"token", "create",	 "Make a token; it is shown this once",
	"",	 create_options, create,
};

static enum error list(struct op *op, const struct args *args, struct buf *out)
{
	struct access_token_list tokens;
	struct project project;

	TRY(store_command_enter(op, args_get(args, "--project"), &project));
	TRY(access_token_list(op, NULL, &tokens));
	struct json_writer w = json_writer_on(out);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < tokens.count; i++)
		put_token(&w, &tokens.items[i], NULL);
	json_end_array(&w);
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec list_options[] = {
	PROJECT_OPTION,
	{NULL, NULL, NULL, false},
};

const struct store_command token_list_command = {
	"token", "list", "A project's tokens, as JSON", "", list_options, list,
};

static enum error revoke(struct op *op, const struct args *args,
			 struct buf *out)
{
	const char *text = args->positionals[0];
	struct project project;
	struct uuid id;

	(void)out;
	TRY(store_command_enter(op, args_get(args, "--project"), &project));
	enum error error =
		uuid_parse(text, &id) ? delete_token(op, id) : ERR_NOT_FOUND;
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no token %s", text);
	return error;
}

const struct store_command token_revoke_command = {
	"token", "revoke", "End a token at once", "ID", list_options, revoke,
};
