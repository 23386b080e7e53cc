/* The steps of credentials of a provider's own making. */
#include "core/custom_auth.h"

#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"
#include "base/url_encode.h"
#include "core/step.h"
#include "core/store.h"

enum { URL_MAX = 64 * 1024 };

static enum error refuse(struct op *op, const char *field, const char *why)
{
	op_issue(op, "body", field, "%s", why);
	return op_fail(op, ERR_INVALID, "%s %s", field, why);
}

static struct obtaining_new obtaining_of(const struct custom_new *new)
{
	return (struct obtaining_new){
		.stage = OBTAINING_COME,
		.way = OBTAINING_BY_CUSTOM,
		.provider = new->custom->provider,
		.provider_app_id = new->provider_app_id,
		.parties = new->parties,
		.workspace_ref = new->workspace_ref,
		.metadata = new->metadata,
		.scopes = new->custom->token_scope,
		.secrets = new->inputs,
		.secret_count = new->input_count,
	};
}

/* The text with these two words more, which are no fact of anybody's. */
static const char *fill_own(struct op *op, const char *text,
			    const char *redirect, const char *state)
{
	const struct {
		const char *word, *value;
	} own[] = {{"{{.redirect}}", redirect}, {"{{.state}}", state}};

	for (size_t i = 0; i < 2; i++) {
		const char *at = strstr(text, own[i].word);

		if (at)
			text = arena_printf(
				&op->arena, "%.*s%s%s", (int)(at - text), text,
				url_encode(&op->arena, own[i].value),
				at + strlen(own[i].word));
	}
	return text;
}

/* A person is to agree in a browser first. */
static enum error ask(struct op *op, const struct custom_new *new,
		      struct custom_step *ret)
{
	struct obtaining_new with = obtaining_of(new);
	char *session = arena_alloc(&op->arena, OBTAINING_TICKET_TEXT);
	struct obtaining made;
	struct provider_app app;
	const char *url, *own;

	TRY(consent_app(op, with.provider, new->provider_app_id, &app));
	TRY(consent_own_url(op, &app, &own));
	const struct grant_credentials grant = {
		.client_id = app.client_id,
		.workspace = new->workspace_ref,
		.metadata = new->metadata,
		.params = step_param(op, &app, STEP_PARAMS),
	};
	struct grant_call making = {.op = op, .grant = &grant};

	with.stage = OBTAINING_ASKED;
	with.provider_app_id = app.id;
	with.redirect_uri = arena_printf(&op->arena, "%s%s", new->origin,
					 CONSENT_CUSTOM_CALLBACK);
	TRY(obtaining_add(op, &with, session, &made));
	/* the state says which session it is, and is no way into it */
	char state[UUID_TEXT];
	uuid_format(made.id, state);
	url = fill_own(op, own ? own : new->custom->redirect, with.redirect_uri,
		       state);
	TRY(consent_explain_lack(
		op, grant_call_fill(&making, url, IN_ADDRESS, &ret->url)));
	ret->session = session;
	return OK;
}

static enum error make(struct op *op, const struct custom_new *new,
		       struct custom_step *ret)
{
	const struct connection_new connection = {
		.provider = new->custom->provider,
		.auth_scheme = "none",
		.workspace_ref = new->workspace_ref,
		.metadata = new->metadata,
		.settings = "{}",
		.parties = new->parties,
		.secrets = new->inputs,
		.secret_count = new->input_count,
	};

	ret->is_made = true;
	return connection_create(op, &connection, &ret->connection);
}

enum error custom_auth_begin(struct op *op, const struct custom_new *new,
			     struct custom_step *ret)
{
	struct obtaining_new with = obtaining_of(new);
	struct obtaining made;

	const char *keeps = new->custom->keeps;
	struct provider_app app;

	*ret = (struct custom_step){.is_made = false};
	if (!uuid_is_nil(new->provider_app_id))
		TRY(consent_app(op, with.provider, new->provider_app_id, &app));
	if (keeps && json_member(&op->arena, new->metadata,
				 strlen(new->metadata), keeps))
		return refuse(op, "providerMetadata",
			      arena_printf(&op->arena,
					   "may not say %s: the provider does",
					   keeps));
	if (new->custom->redirect)
		return ask(op, new, ret);
	if (!new->custom->check_url && !new->custom->assertion)
		return make(op, new, ret);
	TRY(obtaining_add(op, &with, NULL, &made));
	ret->obtaining_id = made.id;
	return OK;
}

static const char *param(const struct new_credential *params, size_t count,
			 const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(params[i].name) == length &&
		    strncmp(params[i].name, name, length) == 0)
			return params[i].value;
	return NULL;
}

static bool has_agreed(const struct custom_connect *custom,
		       const struct new_credential *params, size_t count)
{
	size_t name = strcspn(custom->agreed, "=");
	const char *value = param(params, count, custom->agreed, name);

	return value && strcmp(value, custom->agreed + name + 1) == 0;
}

/* {NAME: {"value": ..., "source": "provider"}} beside what there is. */
static const char *with_fact(struct op *op, const char *metadata,
			     const char *name, const char *value)
{
	size_t length = strlen(metadata);
	struct buf text;

	buf_init(&text, OBTAINING_FACTS_MAX);
	buf_add(&text, metadata, length - 1);
	struct json_writer w = json_writer_on(&text);
	w.needs_comma = length > 2;
	json_begin_object(&w, name);
	json_put_string(&w, "value", value);
	json_put_string(&w, "source", "provider");
	json_end_object(&w);
	json_end_object(&w);
	const char *copy = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return copy;
}

static enum error find_session(struct op *op, const char *session,
			       struct obtaining *ret)
{
	struct uuid own = op->project_id;
	enum error error = obtaining_of_ticket(op, session, ret);
	bool is_of_project = uuid_equal(op->project_id, own);

	op->project_id = own;
	if (error == OK &&
	    (!is_of_project || strcmp(ret->stage, OBTAINING_ASKED) != 0 ||
	     strcmp(ret->way, OBTAINING_BY_CUSTOM) != 0 ||
	     ret->expires_at <= op->now))
		error = ERR_NOT_FOUND;
	if (error == ERR_NOT_FOUND)
		return refuse(op, "sessionId",
			      "is not known, was used already, or is over ten "
			      "minutes old");
	return error;
}

enum error custom_auth_go_on(struct op *op, const char *session,
			     const struct new_credential *params, size_t count,
			     struct custom_step *ret)
{
	struct obtaining found;
	char id[UUID_TEXT];

	*ret = (struct custom_step){.is_made = false};
	TRY(find_session(op, session, &found));
	const struct custom_connect *custom = catalog_custom(found.provider);
	uuid_format(found.id, id);
	const char *state = param(params, count, "state", 5);
	const char *kept = custom ? param(params, count, custom->keeps,
					  strlen(custom->keeps))
				  : NULL;
	if (!state || strcmp(state, id) != 0)
		return refuse(op, "callbackParams.state",
			      "is not that of this session");
	if (!custom || !has_agreed(custom, params, count))
		return refuse(op, "callbackParams",
			      "do not say that it was "
			      "agreed to");
	if (!kept)
		return refuse(
			op, "callbackParams",
			arena_printf(&op->arena, "lack %s", custom->keeps));
	TRY(obtaining_keep_metadata(
		op, &found,
		with_fact(op, obtaining_fact(op, &found, "metadata"),
			  custom->keeps, kept)));
	TRY(obtaining_come(op, &found));
	ret->obtaining_id = found.id;
	return OK;
}

enum error custom_auth_inputs(struct op *op, const struct connection *of,
			      const struct new_credential **ret,
			      size_t *ret_count)
{
	struct credential_list has;

	*ret_count = 0;
	if (!catalog_assertion(of->kind))
		return OK;
	TRY(credential_use(op, of->id, &has));
	struct new_credential *inputs =
		arena_alloc(&op->arena, (has.count + 1) * sizeof(*inputs));
	for (size_t i = 0; i < has.count; i++)
		if (strcmp(has.items[i].name, "access_token") != 0)
			inputs[(*ret_count)++] = (struct new_credential){
				.name = has.items[i].name,
				.value =
					(const char *)has.items[i].value.bytes};
	*ret = inputs;
	return OK;
}
