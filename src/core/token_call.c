/* Making calls for tokens, and reading what is answered. */
#include "core/token_call.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_member.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "core/catalog.h"
#include "core/token_fields.h"

enum { EXPIRES_IN_MAX_S = 366 * 86400, FORM_MAX = 1024 * 1024 };

#define WHOLE_ADDRESS "{{.workspace}}"

/* A few addresses are all in the workspace: with its scheme, or a host alone.
 */
static const char *unfold(struct op *op, const char *url,
			  const struct grant_credentials *grant)
{
	if (strncmp(url, WHOLE_ADDRESS, strlen(WHOLE_ADDRESS)) != 0 ||
	    !grant->workspace || strstr(grant->workspace, "://"))
		return url;
	return arena_printf(&op->arena, "https://%s", url);
}

static enum error add_client(struct grant_call *making,
			     const struct provider *known,
			     struct members *members)
{
	if (known && provider_wants_basic(known))
		return grant_call_basic(making);
	if (!making->grant->client_id)
		return grant_call_lacks(making->op, "the client id");
	if (!making->grant->client_secret)
		return grant_call_lacks(making->op, "the client secret");
	grant_call_member(members, "client_id", making->grant->client_id);
	grant_call_member(members, "client_secret",
			  making->grant->client_secret);
	return OK;
}

static enum error add_grant(struct op *op, const struct token_request *request,
			    struct members *members)
{
	static const char *const types[] = {
		[TOKEN_BY_CODE] = "authorization_code",
		[TOKEN_BY_REFRESH] = "refresh_token",
		[TOKEN_BY_CLIENT] = "client_credentials",
		[TOKEN_BY_PASSWORD] = "password",
	};

	if (request->by == TOKEN_BY_REFRESH && !request->grant->refresh_token)
		return grant_call_lacks(op, "the refresh token");
	grant_call_member(members, "grant_type", types[request->by]);
	if (request->by == TOKEN_BY_REFRESH)
		grant_call_member(members, "refresh_token",
				  request->grant->refresh_token);
	grant_call_member(members, "code", request->code);
	grant_call_member(members, "redirect_uri", request->redirect_uri);
	grant_call_member(members, "code_verifier", request->verifier);
	grant_call_member(members, "username", request->username);
	grant_call_member(members, "password", request->password);
	grant_call_member(members, "scope", request->scopes);
	return OK;
}

enum error token_call_make(struct op *op, const struct token_request *request,
			   struct outbound_call *ret)
{
	const struct provider *known = catalog_find(request->provider);
	struct grant_credentials grant = *request->grant;
	struct grant_call making = {
		.op = op, .grant = &grant, .call.method = "POST"};
	struct members members = {.count = 0};
	const char *url = grant.token_url;

	if (!url && known)
		url = known->token_url;
	if (!url)
		return grant_call_lacks(op, "the token address");
	TRY(grant_call_fill(&making, unfold(op, url, &grant), IN_ADDRESS,
			    &making.call.url));
	grant_call_header(&making, "Accept", "application/json");
	TRY(add_grant(op, request, &members));
	TRY(add_client(&making, known, &members));
	grant_call_members(&making, &members, false);
	*ret = making.call;
	return OK;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Of a form; what can't be decoded stays as it is. */
static const char *decoded(struct op *op, const char *text, size_t length)
{
	char *out = arena_alloc(&op->arena, length + 1), *to = out;

	for (size_t i = 0; i < length; i++) {
		int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text[i + 2]) : -1;

		if (text[i] == '%' && low >= 0 && high * 16 + low >= ' ') {
			*to++ = (char)(high * 16 + low);
			i += 2;
		} else {
			*to = text[i];
			if (*to == '+')
				*to = ' ';
			to++;
		}
	}
	*to = '\0';
	return out;
}

/* jansson takes no other text. */
static bool is_utf8(const char *text)
{
	json_t *string = json_string(text);

	json_decref(string);
	return string;
}

static void put_pair(struct op *op, struct json_writer *w, const char *pair,
		     size_t length)
{
	const char *equals = memchr(pair, '=', length);
	size_t name = equals ? (size_t)(equals - pair) : length;

	/* keys are written as they are given */
	for (size_t i = 0; i < name; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz_", pair[i]))
			return;
	if (!equals || !name)
		return;
	const char *value = decoded(op, equals + 1, length - name - 1);
	if (is_utf8(value))
		json_put_string(w, arena_strndup(&op->arena, pair, name),
				value);
}

const char *token_answer_json(struct op *op, const char *body, size_t length)
{
	struct buf text;
	size_t at = 0;

	while (at < length && strchr(" \t\r\n", body[at]) && body[at])
		at++;
	if (at == length || body[at] == '{')
		return arena_strndup(&op->arena, body, length);
	buf_init(&text, FORM_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	while (at < length) {
		const char *end = memchr(body + at, '&', length - at);
		size_t size = end ? (size_t)(end - body) - at : length - at;

		put_pair(op, &w, body + at, size);
		at += size + 1;
	}
	json_end_object(&w);
	const char *json = arena_strdup(&op->arena, buf_cstr(&text));
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	return json;
}

static const char *text_at(struct op *op, const char *json, const char *name)
{
	const char *text =
		name ? json_member(&op->arena, json, strlen(json), name) : NULL;

	return text && *text && strcmp(text, "null") != 0 ? text : NULL;
}

/* Some send the number as a text, and some a part of a second; what is no
 * sensible time is not said. */
static int64_t expires_in(struct op *op, const char *json)
{
	const char *text = text_at(op, json, "expires_in");
	char *end = NULL;

	if (!text)
		text = text_at(op, json, "expires");
	double seconds = text ? strtod(text, &end) : 0;
	if (!text || *end || !(seconds >= 0 && seconds <= EXPIRES_IN_MAX_S))
		return 0;
	return (int64_t)seconds;
}

/* It would end the line that it is sent in. */
static bool fits_header(const char *token)
{
	for (; *token; token++)
		if ((unsigned char)*token < ' ' || *token == 0x7f)
			return false;
	return true;
}

bool token_answer_read(struct op *op, const char *provider, const char *json,
		       struct tokens *ret)
{
	const struct provider *known = catalog_find(provider);
	struct tokens found = {
		.access_token = text_at(op, json, "access_token"),
		.refresh_token = text_at(op, json, "refresh_token"),
		.expires_in_s = expires_in(op, json),
	};

	if (!found.access_token || !fits_header(found.access_token))
		return false;
	if (known) {
		found.scopes = text_at(op, json, known->token_scopes);
		found.workspace = text_at(op, json, known->token_workspace);
		found.consumer = text_at(op, json, known->token_consumer);
		found.fields = token_fields_read(op, known, json);
	}
	*ret = found;
	return true;
}
