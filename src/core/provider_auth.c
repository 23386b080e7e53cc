/* Tokens, keys and passwords in headers and queries, as providers take them. */
#include "core/provider_auth.h"

#include <sodium.h>
#include <string.h>

#include "base/url_encode.h"
#include "core/grant_call.h"
#include "core/refresh_plan.h"
#include "core/store.h"

static const char *secret(const struct provider_auth *auth, const char *name)
{
	return credential_text(auth->secrets, name);
}

static enum error lacks(struct op *op, const char *what)
{
	return op_fail(op, ERR_INVALID, "the connection has no %s", what);
}

enum error provider_auth_header(struct op *op, struct outbound_call *call,
				const char *name, const char *value)
{
	if (call->header_count == OUTBOUND_HEADERS_MAX)
		return op_fail(op, ERR_INVALID,
			       "there are over %d headers to send",
			       OUTBOUND_HEADERS_MAX);
	call->headers[call->header_count++] =
		(struct outbound_header){name, value};
	return OK;
}

static enum error put_header(struct provider_auth *auth, const char *name,
			     const char *value)
{
	return provider_auth_header(auth->op, auth->call, name, value);
}

/* In place of whatever the caller has under this name. */
static void put_query(struct provider_auth *auth, const char *name,
		      const char *value)
{
	struct arena *arena = &auth->op->arena;
	const char *url = auth->call->url;
	size_t length = strcspn(url, "?");
	const char *at = url + length;
	const char *made = arena_strndup(arena, url, length);

	made = arena_printf(arena, "%s?%s=%s", made, url_encode(arena, name),
			    url_encode(arena, value));
	at += *at == '?';
	while (*at) {
		size_t item = strcspn(at, "&");

		if (item &&
		    strcmp(url_argument_name(arena, at, item), name) != 0)
			made = arena_printf(arena, "%s&%.*s", made, (int)item,
					    at);
		at += item;
		at += *at == '&';
	}
	auth->call->url = made;
}

/* Is it one that can be got, for who asks? */
static enum error lack_token(struct provider_auth *auth)
{
	struct refreshing r;
	enum error error =
		store_refreshing_get(auth->op, auth->connection->id, &r);

	if (error == OK && refresh_is_possible(auth->op, &r, auth->secrets)) {
		auth->token = "";
		auth->wants_token = true;
		return OK;
	}
	return error == OK || error == ERR_NOT_FOUND
		       ? lacks(auth->op, "access token")
		       : error;
}

static enum error put_token(struct provider_auth *auth)
{
	const char *token = secret(auth, "access_token");

	if (!token)
		return lack_token(auth);
	auth->token = token;
	return put_header(auth, provider_token_header(auth->provider),
			  arena_printf(&auth->op->arena, "%s%s",
				       provider_token_prefix(auth->provider),
				       token));
}

static enum error put_api_key(struct provider_auth *auth)
{
	const struct provider *p = auth->provider;
	const char *key = secret(auth, "api_key");

	if (!key || !p->key_name)
		return lacks(auth->op, "API key");
	if (p->key_in && strcmp(p->key_in, "query") == 0) {
		put_query(auth, p->key_name, key);
		return OK;
	}
	return put_header(auth, p->key_name,
			  arena_printf(&auth->op->arena, "%s%s",
				       p->key_prefix ? p->key_prefix : "",
				       key));
}

static enum error put_basic(struct provider_auth *auth)
{
	struct arena *arena = &auth->op->arena;
	const char *username = secret(auth, "username");
	const char *password = secret(auth, "password");

	if (!username || !password)
		return lacks(auth->op, "user name and password");
	const char *pair = arena_printf(arena, "%s:%s", username, password);
	size_t size = sodium_base64_ENCODED_LEN(strlen(pair),
						sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(arena, size);
	sodium_bin2base64(text, size, (const unsigned char *)pair, strlen(pair),
			  sodium_base64_VARIANT_ORIGINAL);
	return put_header(auth, "Authorization",
			  arena_printf(arena, "Basic %s", text));
}

/* What {{ .name }} stands for, of the connection's own; NULL: not known. */
static const char *own_value(const struct provider_auth *auth, const char *name)
{
	const char *value = secret(auth, name);

	/* that we got: the catalog has a name of its own for it */
	if (!value && strcmp(name, "accessToken") == 0)
		value = secret(auth, "access_token");
	return value ? value
		     : grant_call_fact(auth->op, auth->connection->metadata,
				       name);
}

const char *provider_auth_word(struct arena *arena, const char **at)
{
	const char *hole = strstr(*at, "{{");
	const char *end = hole ? strstr(hole, "}}") : NULL;

	if (!end)
		return NULL;
	const char *word = hole + 2 + strspn(hole + 2, " .");
	*at = end + 2;
	return arena_strndup(arena, word, strcspn(word, " }"));
}

/* The text with {{ .name }} filled in. */
static enum error fill(struct provider_auth *auth, const char *text,
		       const char **ret)
{
	struct arena *arena = &auth->op->arena;
	const char *made = "", *at = text, *name;

	while ((name = provider_auth_word(arena, &at))) {
		const char *value = own_value(auth, name);
		int before = (int)(strstr(text, "{{") - text);

		if (!value)
			return lacks(auth->op, name);
		made = arena_printf(arena, "%s%.*s%s", made, before, text,
				    value);
		text = at;
	}
	*ret = arena_printf(arena, "%s%s", made, text);
	return OK;
}

static enum error put_custom(struct provider_auth *auth)
{
	const struct custom_auth *custom = auth->provider->custom;
	bool is_got = catalog_assertion(auth->provider->name) != NULL;
	const char *value;

	if (is_got && !secret(auth, "access_token"))
		return lack_token(auth);
	if (is_got && custom &&
	    custom->headers.count + custom->query.count == 0)
		return put_token(auth);
	if (!custom || custom->headers.count + custom->query.count == 0)
		return lacks(auth->op, "known place for its credentials");
	const struct catalog_pair *headers = custom->headers.items;
	const struct catalog_pair *query = custom->query.items;
	for (size_t i = 0; i < custom->headers.count; i++) {
		TRY(fill(auth, headers[i].value, &value));
		TRY(put_header(auth, headers[i].name, value));
	}
	for (size_t i = 0; i < custom->query.count; i++) {
		TRY(fill(auth, query[i].value, &value));
		put_query(auth, query[i].name, value);
	}
	auth->token = secret(auth, "access_token");
	return OK;
}

enum error provider_auth_put(struct provider_auth *auth)
{
	const char *type = auth->provider->auth_type;

	if (strcmp(type, "oauth2") == 0)
		return put_token(auth);
	if (strcmp(type, "apiKey") == 0)
		return put_api_key(auth);
	if (strcmp(type, "basic") == 0)
		return put_basic(auth);
	if (strcmp(type, "custom") == 0)
		return put_custom(auth);
	if (strcmp(type, "none") == 0)
		return OK;
	return op_fail(auth->op, ERR_UNSUPPORTED,
		       "this version does not call with credentials of the "
		       "type %s",
		       type);
}
