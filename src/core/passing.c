/* Calls that are passed on: their addresses, headers and credentials. */
#include "core/passing.h"

#include <string.h>
#include <strings.h>

#include "base/hop_by_hop.h"
#include "core/access_token.h"
#include "core/catalog.h"
#include "core/grant_call.h"
#include "core/provider_auth.h"

/* One that is being made. */
struct making {
	struct op *op;
	const struct provider *provider;
	const struct connection *connection;
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

static bool has_header(const struct outbound_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (strcasecmp(call->headers[i].name, name) == 0)
			return true;
	return false;
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
static enum error put_headers(struct making *m, const struct passing_new *asked)
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
		TRY(provider_auth_header(m->op, &m->to->call, header->name,
					 header->value));
	}
	return OK;
}

static enum error put_credentials(struct making *m)
{
	struct credential_list secrets;

	TRY(credential_use(m->op, m->connection->id, &secrets));
	struct provider_auth auth = {
		.op = m->op,
		.provider = m->provider,
		.connection = m->connection,
		.secrets = &secrets,
		.call = &m->to->call,
	};
	TRY(provider_auth_put(&auth));
	m->to->token = auth.token;
	m->to->wants_token = auth.wants_token;
	return OK;
}

/* A token of RFC 9110, 9.1. */
static bool is_method(const char *text)
{
	return *text && !text[strspn(text, "!#$%&'*+-.^_`|~0123456789"
					   "abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
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

	if (!is_method(asked->method)) {
		op_issue(op, "path", "method", "is no method of HTTP");
		return op_fail(op, ERR_MISSHAPEN, "the method is none of HTTP");
	}
	if (fault) {
		op_issue(op, "path", "path", "%s", fault);
		return op_fail(op, ERR_MISSHAPEN, "the path %s", fault);
	}
	if (!m.provider)
		return op_fail(op, ERR_INVALID, "the provider is not known");
	TRY(put_url(&m, asked));
	TRY(put_credentials(&m));
	TRY(put_headers(&m, asked));
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
