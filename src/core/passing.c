/* Calls that are passed on: their addresses, headers and credentials. */
#include "core/passing.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/hop_by_hop.h"
#include "base/url_encode.h"
#include "core/access_token.h"
#include "core/catalog.h"
#include "core/grant_call.h"

/* One that is being made. */
struct making {
	struct op *op;
	const struct provider *provider;
	const struct connection *connection;
	struct credential_list secrets;
	struct passing *to;
};

bool passing_drops_header(const char *name)
{
	static const char *const names[] = {
		"Expect",
		"Host",
		/* ours, and our callers' */
		"Authorization",
		"Cookie",
		"X-Api-Key",
		"Forwarded",
		"X-Real-IP",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return hop_by_hop_is(name) || strncasecmp(name, "X-Amp-", 6) == 0 ||
	       strncasecmp(name, "X-Forwarded-", 12) == 0;
}

/* One of the options of a Connection header names it. */
static bool is_of_connection(const struct passing_new *asked, const char *name)
{
	for (size_t i = 0; i < asked->header_count; i++)
		if (strcasecmp(asked->headers[i].name, "Connection") == 0 &&
		    hop_by_hop_lists(asked->headers[i].value, name))
			return true;
	return false;
}

static const char *secret(const struct making *m, const char *name)
{
	return credential_text(&m->secrets, name);
}

static enum error lacks(struct op *op, const char *what)
{
	return op_fail(op, ERR_INVALID, "the connection has no %s", what);
}

static bool has_header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcasecmp(call->headers[i].name, name) == 0)
			return true;
	return false;
}

static void put_header(struct making *m, const char *name, const char *value)
{
	struct outbound_call *call = &m->to->call;

	if (call->header_count < OUTBOUND_HEADERS_MAX)
		call->headers[call->header_count++] =
			(struct outbound_header){name, value};
}

/* In place of whatever the caller has under this name. */
static void put_query(struct making *m, const char *name, const char *value)
{
	struct arena *arena = &m->op->arena;
	const char *url = m->to->call.url;
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
	m->to->call.url = made;
}

static enum error put_token(struct making *m)
{
	const char *token = secret(m, "access_token");

	if (!token)
		return lacks(m->op, "access token");
	m->to->token = token;
	put_header(m, provider_token_header(m->provider),
		   arena_printf(&m->op->arena, "%s%s",
				provider_token_prefix(m->provider), token));
	return OK;
}

static enum error put_api_key(struct making *m)
{
	const struct provider *p = m->provider;
	const char *key = secret(m, "api_key");

	if (!key || !p->key_name)
		return lacks(m->op, "API key");
	if (p->key_in && strcmp(p->key_in, "query") == 0) {
		put_query(m, p->key_name, key);
		return OK;
	}
	put_header(m, p->key_name,
		   arena_printf(&m->op->arena, "%s%s",
				p->key_prefix ? p->key_prefix : "", key));
	return OK;
}

static enum error put_basic(struct making *m)
{
	struct arena *arena = &m->op->arena;
	const char *username = secret(m, "username");
	const char *password = secret(m, "password");

	if (!username || !password)
		return lacks(m->op, "user name and password");
	const char *pair = arena_printf(arena, "%s:%s", username, password);
	size_t size = sodium_base64_ENCODED_LEN(strlen(pair),
						sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(arena, size);
	sodium_bin2base64(text, size, (const unsigned char *)pair, strlen(pair),
			  sodium_base64_VARIANT_ORIGINAL);
	put_header(m, "Authorization", arena_printf(arena, "Basic %s", text));
	return OK;
}

/* What {{ .name }} stands for, of the connection's own; NULL: not known. */
static const char *own_value(const struct making *m, const char *name)
{
	const char *value = secret(m, name);

	/* that we got: the catalog has a name of its own for it */
	if (!value && strcmp(name, "accessToken") == 0)
		value = secret(m, "access_token");
	return value ? value
		     : grant_call_fact(m->op, m->connection->metadata, name);
}

/* The text with {{ .name }} filled in. */
static enum error fill(struct making *m, const char *text, const char **ret)
{
	struct arena *arena = &m->op->arena;
	const char *made = "", *hole, *end;

	while ((hole = strstr(text, "{{")) && (end = strstr(hole, "}}"))) {
		const char *word = hole + 2 + strspn(hole + 2, " .");
		const char *name =
			arena_strndup(arena, word, strcspn(word, " }"));
		const char *value = own_value(m, name);

		if (!value)
			return lacks(m->op, name);
		made = arena_printf(arena, "%s%.*s%s", made, (int)(hole - text),
				    text, value);
		text = end + 2;
	}
	*ret = arena_printf(arena, "%s%s", made, text);
	return OK;
}

static enum error put_custom(struct making *m)
{
	const struct custom_auth *custom = m->provider->custom;
	const char *value;

	if (!custom || custom->headers.count + custom->query.count == 0)
		return lacks(m->op, "known place for its credentials");
	const struct catalog_pair *headers = custom->headers.items;
	const struct catalog_pair *query = custom->query.items;
	for (size_t i = 0; i < custom->headers.count; i++) {
		TRY(fill(m, headers[i].value, &value));
		put_header(m, headers[i].name, value);
	}
	for (size_t i = 0; i < custom->query.count; i++) {
		TRY(fill(m, query[i].value, &value));
		put_query(m, query[i].name, value);
	}
	m->to->token = secret(m, "access_token");
	return OK;
}

static enum error put_credentials(struct making *m)
{
	const char *type = m->provider->auth_type;

	if (strcmp(type, "oauth2") == 0)
		return put_token(m);
	if (strcmp(type, "apiKey") == 0)
		return put_api_key(m);
	if (strcmp(type, "basic") == 0)
		return put_basic(m);
	if (strcmp(type, "custom") == 0)
		return put_custom(m);
	if (strcmp(type, "none") == 0)
		return OK;
	return op_fail(m->op, ERR_UNSUPPORTED,
		       "this version does not call with credentials of the "
		       "type %s",
		       type);
}

/* The provider's own address with what is asked for below it. */
static enum error put_url(struct making *m, const struct passing_new *asked)
{
	struct arena *arena = &m->op->arena;
	const struct grant_credentials facts = {
		.workspace = m->connection->workspace_ref,
		.metadata = m->connection->metadata,
	};
	struct grant_call filling = {.op = m->op, .grant = &facts};
	size_t path = strcspn(asked->target, "?");
	const char *query = asked->target + path, *base;

	TRY(grant_call_fill(&filling, asked->base_url, IN_ADDRESS, &base));
	if (strpbrk(base, "?#"))
		return op_fail(m->op, ERR_UNSUPPORTED,
			       "the provider's address has a query");
	size_t length = strlen(base);
	while (length && base[length - 1] == '/')
		length--;
	const char *url = arena_printf(arena, "%.*s%.*s", (int)length, base,
				       (int)path, asked->target);
	m->to->call.url =
		*query ? arena_printf(arena, "%s%s", url, query) : url;
	return OK;
}

/* What the caller sends along; not what was put in before. */
static void put_headers(struct making *m, const struct passing_new *asked)
{
	size_t own = m->to->call.header_count;

	for (size_t i = 0; i < asked->header_count; i++) {
		const struct outbound_header *header = &asked->headers[i];
		struct outbound_call ours = m->to->call;

		ours.header_count = own;
		if (passing_drops_header(header->name) ||
		    is_of_connection(asked, header->name) ||
		    has_header(&ours, header->name))
			continue;
		put_header(m, header->name, header->value);
	}
}

enum error passing_make(struct op *op, const struct installation_view *view,
			const struct passing_new *asked, struct passing *ret)
{
	struct passing made = {
		.installation_id = view->installation.id,
		.connection_id = view->connection.connection.id,
		.call.method = asked->method,
		.asked = *asked,
	};
	if (op->principal) {
		made.token_id = op->principal->token_id;
		made.expires_at = op->principal->expires_at;
	}
	struct making m = {
		.op = op,
		.connection = &view->connection.connection,
		.provider = catalog_find(view->connection.connection.kind),
		.to = &made,
	};
	const char *fault = passing_path_fault(&op->arena, asked->target);

	if (fault) {
		op_issue(op, "path", "path", "%s", fault);
		return op_fail(op, ERR_MISSHAPEN, "the path %s", fault);
	}
	if (!m.provider)
		return op_fail(op, ERR_INVALID, "the provider is not known");
	TRY(credential_use(op, made.connection_id, &m.secrets));
	TRY(put_url(&m, asked));
	TRY(put_credentials(&m));
	put_headers(&m, asked);
	*ret = made;
	return OK;
}

static const struct outbound_header *
copy_headers(struct arena *arena, const struct outbound_header *from,
	     size_t count, struct outbound_header *to)
{
	for (size_t i = 0; i < count; i++)
		to[i] = (struct outbound_header){
			arena_strdup(arena, from[i].name),
			arena_strdup(arena, from[i].value)};
	return to;
}

struct passing passing_copy(struct arena *arena, const struct passing *from)
{
	struct passing made = *from;
	struct passing_new *asked = &made.asked;
	struct outbound_call *call = &made.call;

	asked->base_url = arena_strdup(arena, asked->base_url);
	asked->method = arena_strdup(arena, asked->method);
	asked->target = arena_strdup(arena, asked->target);
	asked->headers =
		copy_headers(arena, from->asked.headers, asked->header_count,
			     arena_alloc(arena, (asked->header_count +
						 1) * sizeof(*asked->headers)));
	call->method = asked->method;
	call->url = arena_strdup(arena, call->url);
	(void)copy_headers(arena, from->call.headers, call->header_count,
			   call->headers);
	if (made.token)
		made.token = arena_strdup(arena, made.token);
	return made;
}

enum error passing_look(struct op *op, const struct passing *passing,
			struct installation_view *ret)
{
	struct installation_view view;

	TRY(installation_find(op, passing->installation_id, &view));
	if (!uuid_equal(view.connection.connection.id,
			passing->connection_id) ||
	    !passing->asked.allows(op, &view))
		return op_fail(op, ERR_NOT_FOUND,
			       "the installation has changed");
	if (!uuid_is_nil(passing->token_id))
		TRY(access_token_look(op, passing->token_id));
	*ret = view;
	return OK;
}
