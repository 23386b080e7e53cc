/* The one call of tokens that are being obtained: what comes of it. */
#include "core/obtaining.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "core/assertion.h"
#include "core/catalog.h"
#include "core/event.h"
#include "core/grant.h"
#include "core/obtaining_check.h"
#include "core/store.h"
#include "core/token_fields.h"

enum { SETTINGS_MAX = 256 * 1024, KEPT_MAX = 16 };

static void put_time_of(struct json_writer *w, const char *name, int64_t time)
{
	char text[CLOCK_TEXT];

	clock_format(time, text);
	json_put_string(w, name, text);
}

/* Scopes are parted by spaces, and at some by commas. */
static void put_scopes(struct op *op, struct json_writer *w, const char *scopes)
{
	json_begin_array(w, "scopes");
	while (*scopes) {
		size_t length = strcspn(scopes, " ,");

		if (length)
			json_put_string(
				w, NULL,
				arena_strndup(&op->arena, scopes, length));
		scopes += length + (scopes[length] != '\0');
	}
	json_end_array(w);
}

/* What a connection shows of its tokens besides themselves. */
static const char *settings_of(struct op *op, const struct obtaining *from,
			       const struct tokens *tokens)
{
	const char *scopes = tokens->scopes
				     ? tokens->scopes
				     : obtaining_fact(op, from, "scopes");
	struct buf text;

	buf_init(&text, SETTINGS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	if (tokens->access_token)
		put_time_of(&w, "accessIssuedAt", op->now);
	if (tokens->refresh_token)
		put_time_of(&w, "refreshIssuedAt", op->now);
	if (scopes)
		put_scopes(op, &w, scopes);
	if (!obtaining_is_way(from, OBTAINING_BY_CODE))
		json_put_optional(&w, "requestedScopes",
				  obtaining_fact(op, from, "scopes"));
	json_put_optional(&w, CONNECTION_USER, tokens->consumer);
	json_end_object(&w);
	const char *settings =
		text.is_overfull ? "{}"
				 : arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return settings;
}

static void keep(struct new_credential *kept, size_t *count, const char *name,
		 const char *value, int64_t expires_at)
{
	if (*count < KEPT_MAX)
		kept[(*count)++] =
			(struct new_credential){name, value, expires_at};
}

/* What the connection is to have: tokens, and what gets the next ones. */
static size_t secrets_of(const struct op *op, const struct obtained *obtained,
			 const struct tokens *tokens,
			 struct new_credential *ret)
{
	int64_t life = assertion_token_life_s(obtained->obtaining.provider,
					      tokens->expires_in_s);
	size_t count = 0;

	if (tokens->access_token)
		keep(ret, &count, "access_token", tokens->access_token,
		     life ? op->now + life * CLOCK_SECOND : 0);
	/* an update without one: the old one is of another grant */
	if (tokens->refresh_token || obtained->obtaining.is_update)
		keep(ret, &count, "refresh_token", tokens->refresh_token, 0);
	if (obtaining_is_way(&obtained->obtaining, OBTAINING_BY_CODE))
		return count;
	for (size_t i = 0; i < obtained->secrets.count; i++)
		keep(ret, &count, obtained->secrets.items[i].name,
		     (const char *)obtained->secrets.items[i].value.bytes, 0);
	return count;
}

static const char *scheme_of(struct op *op, const struct obtaining *obtaining)
{
	const struct provider *provider = catalog_find(obtaining->provider);

	if (obtaining_is_way(obtaining, OBTAINING_BY_CUSTOM) || !provider)
		return "none";
	if (obtaining_is_way(obtaining, OBTAINING_BY_CLIENT))
		return "oauth2/clientCredentials";
	if (obtaining_is_way(obtaining, OBTAINING_BY_PASSWORD))
		return "oauth2/password";
	return arena_printf(&op->arena, "oauth2/%s", provider->grant_type);
}

static enum error make_connection(struct op *op, struct obtained *obtained,
				  const struct tokens *tokens)
{
	struct obtaining *from = &obtained->obtaining;
	struct new_credential secrets[KEPT_MAX];
	const char *workspace = obtaining_fact(op, from, "workspace");
	struct connection_view view;
	const struct connection_new new = {
		.provider = from->provider,
		.auth_scheme = scheme_of(op, from),
		.workspace_ref = workspace ? workspace : tokens->workspace,
		.metadata = token_fields_over(
			op, obtaining_fact(op, from, "metadata"),
			tokens->fields),
		.settings = settings_of(op, from, tokens),
		.parties = obtaining_parties(op, from),
		.provider_app_id = from->provider_app_id,
		.provider_user = tokens->consumer,
		.secrets = secrets,
		.secret_count = secrets_of(op, obtained, tokens, secrets),
	};

	TRY(connection_create(op, &new, &view));
	from->connection_id = view.connection.id;
	return OK;
}

/* With a client's own credentials came all its facts: the change says them. */
static bool has_facts(const struct obtaining *from)
{
	return !obtaining_is_way(from, OBTAINING_BY_CODE);
}

/* Where addresses are made of it, it stays what the customer said; NULL: as it
 * was. */
static const char *new_workspace(struct op *op, const struct obtaining *from,
				 const struct tokens *tokens)
{
	const struct provider *provider = catalog_find(from->provider);

	if (has_facts(from)) {
		const char *said = obtaining_fact(op, from, "workspace");

		return said ? said : tokens->workspace ? tokens->workspace : "";
	}
	return provider && provider->needs_workspace ? NULL : tokens->workspace;
}

static enum error change_connection(struct op *op, struct obtained *obtained,
				    const struct tokens *tokens)
{
	struct obtaining *from = &obtained->obtaining;
	struct new_credential secrets[KEPT_MAX];
	const struct connection_renewal renewal = {
		.provider_app_id = from->provider_app_id,
		.provider_user = tokens->consumer,
		.workspace_ref = new_workspace(op, from, tokens),
		.metadata = has_facts(from)
				    ? obtaining_fact(op, from, "metadata")
				    : NULL,
		.fields = tokens->fields,
		.settings = settings_of(op, from, tokens),
		.secrets = secrets,
		.secret_count = secrets_of(op, obtained, tokens, secrets),
	};

	return connection_renew(op, from->connection_id, &renewal);
}

/* NULL as well when it looks like something that was sent. */
static const char *code_of(struct op *op, const struct obtained *obtained,
			   const char *json)
{
	const struct credential_list *sent = &obtained->secrets;
	const char *code = grant_answer_code(op, json, strlen(json));

	for (size_t i = 0; code && i < sent->count; i++)
		if (grant_answer_echoes(
			    code, (const char *)sent->items[i].value.bytes))
			return NULL;
	return code;
}

/* True when it brought what was asked for; else `*ret_why` says why not. */
static bool read_answer(struct op *op, struct obtained *obtained,
			const struct outbound_answer *answer,
			struct tokens *ret, const char **ret_why)
{
	const struct obtaining *from = &obtained->obtaining;
	const struct custom_connect *custom = catalog_custom(from->provider);
	const char *json = token_answer_json(op, answer->body, answer->length);

	*ret = (struct tokens){.access_token = NULL};
	bool is_right = answer->status == 200 || answer->status == 201;
	if (is_right && custom && custom->check_url)
		is_right = obtaining_check_read(op, custom, obtained, json);
	else if (is_right)
		is_right = token_answer_read(op, from->provider, json, ret);
	if (is_right)
		return true;
	const char *code = code_of(op, obtained, json);
	bool is_success = answer->status >= 200 && answer->status < 300;

	*ret_why = arena_printf(
		&op->arena, "the provider answered %s%s",
		grant_answer_said(op, &obtained->grant, answer->status, code),
		is_success && !code ? " without what was asked for" : "");
	return false;
}

/* It may have gone while the call was made. */
static enum error find_app(struct op *op, struct uuid id)
{
	struct provider_app app;

	return uuid_is_nil(id) ? OK : provider_app_get(op, id, &app);
}

static enum error take(struct op *op, struct obtained *obtained,
		       const struct tokens *tokens)
{
	struct obtaining *from = &obtained->obtaining;

	enum error error = find_app(op, from->provider_app_id);
	if (error == ERR_NOT_FOUND)
		return obtaining_fail(op, from, "the provider app is gone");
	TRY(error);
	error = from->is_update ? change_connection(op, obtained, tokens)
				: make_connection(op, obtained, tokens);
	if (error == ERR_NOT_FOUND)
		return obtaining_fail(op, from, "the connection is gone");
	TRY(error);
	from->stage = OBTAINING_DONE;
	from->expires_at = op->now + OBTAINING_LIFE_US;
	TRY(credential_drop(op, from->id, NULL));
	return store_obtaining_change(op, from);
}

/* Its time is over: nobody came back, or has asked what came of it. */
static enum error forget(struct op *op, const struct obtaining *obtaining,
			 int64_t *ret_next_at)
{
	*ret_next_at =
		obtaining->expires_at > op->now ? obtaining->expires_at : 0;
	if (*ret_next_at)
		return OK;
	TRY(credential_drop(op, obtaining->id, NULL));
	return store_obtaining_remove(op, obtaining->id);
}

enum error obtaining_end(struct op *op, struct obtained *obtained,
			 const struct outbound_answer *answer,
			 int64_t *ret_next_at)
{
	struct obtaining *from = &obtained->obtaining;
	const char *why = obtained->lack;
	struct tokens tokens;

	if (!obtained->lack && !obtained->is_sent) {
		/* as it is now: somebody may have come back meanwhile */
		TRY(store_obtaining_get(op, from->id, from));
		if (strcmp(from->stage, OBTAINING_COME) != 0)
			return forget(op, from, ret_next_at);
		*ret_next_at = op->now;
		return OK;
	}
	if (!why && !answer->status)
		why = arena_printf(&op->arena,
				   "the provider did not answer: %s",
				   answer->failure);
	if (!why && read_answer(op, obtained, answer, &tokens, &why))
		TRY(take(op, obtained, &tokens));
	else
		TRY(obtaining_fail(op, from, why));
	*ret_next_at = from->expires_at;
	return OK;
}
