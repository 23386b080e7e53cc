/* Filling, addressing and signing calls about grants; reading their errors. */
#include "core/grant_call.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_member.h"
#include "base/json_write.h"
#include "base/url_encode.h"
#include "core/address.h"

/* MEMBERS_MAX of CREDENTIAL_MAX bytes fit, each written as \u00.. in JSON. */
enum { CALL_MAX = 4 * 1024 * 1024, WORD_MAX = 64, ECHO_MIN = 8 };

enum error grant_call_lacks(struct op *op, const char *what)
{
	return op_fail(op, ERR_INVALID, "%s is not known", what);
}

const char *grant_call_fact(struct op *op, const char *facts, const char *word)
{
	struct arena *arena = &op->arena;

	if (!facts)
		return NULL;
	size_t length = strlen(facts);
	const char *value = json_member_text(
		arena, facts, length, arena_printf(arena, "%s.value", word));
	return value ? value : json_member_text(arena, facts, length, word);
}

/* What {{.word}} stands for; NULL when it is not known. */
static const char *value_of(const struct grant_call *making, const char *word)
{
	const struct grant_credentials *grant = making->grant;

	if (strcmp(word, "token") == 0)
		return making->token;
	if (strcmp(word, "clientId") == 0)
		return grant->client_id;
	if (strcmp(word, "clientSecret") == 0)
		return grant->client_secret;
	if (strcmp(word, "workspace") == 0 && grant->workspace)
		return grant->workspace;
	const char *value = grant_call_fact(making->op, grant->metadata, word);
	return value ? value : grant_call_fact(making->op, grant->params, word);
}

/* In a string of a JSON text nothing may stand that ends it. */
static bool fits_json_string(const char *value)
{
	for (; *value; value++)
		if (*value == '"' || *value == '\\' ||
		    (unsigned char)*value < ' ')
			return false;
	return true;
}

/* `at` is where the word stands in an address; else it is not asked for. */
static enum error put_word(struct grant_call *making, struct buf *out,
			   const char *word, enum grant_call_place place,
			   enum address_place at)
{
	struct op *op = making->op;
	const char *value = value_of(making, word);

	if (!value || !*value)
		return grant_call_lacks(op, word);
	if (place == IN_ADDRESS && address_value_fault(at, value))
		return op_fail(op, ERR_INVALID, "%s can't be in an address",
			       word);
	if (place == IN_JSON && !fits_json_string(value))
		return op_fail(op, ERR_INVALID, "%s can't be in a body", word);
	buf_text(out, place == IN_ADDRESS && at == ADDRESS_STEP
			      ? url_encode(&op->arena, value)
			      : value);
	return OK;
}

enum error grant_call_fill(struct grant_call *making, const char *text,
			   enum grant_call_place place, const char **ret)
{
	const char *at = text, *hole, *word, *rest;
	enum error error = OK;
	struct buf out;
	size_t length;

	buf_init(&out, CALL_MAX);
	while (error == OK &&
	       address_next_hole(at, &hole, &word, &length, &rest)) {
		buf_add(&out, at, (size_t)(hole - at));
		error = put_word(
			making, &out,
			arena_strndup(&making->op->arena, word, length), place,
			address_place_of(text, hole, rest));
		at = rest;
	}
	buf_text(&out, at);
	if (error == OK && out.is_overfull)
		error = op_fail(making->op, ERR_INVALID,
				"the call is too long");
	if (error == OK)
		*ret = arena_strdup(&making->op->arena, buf_cstr(&out));
	sodium_memzero(out.bytes, out.length);
	buf_release(&out);
	return error;
}

void grant_call_header(struct grant_call *making, const char *name,
		       const char *value)
{
	struct outbound_call *call = &making->call;

	if (call->header_count < OUTBOUND_HEADERS_MAX)
		call->headers[call->header_count++] =
			(struct outbound_header){name, value};
}

enum error grant_call_basic(struct grant_call *making)
{
	struct arena *arena = &making->op->arena;
	const struct grant_credentials *grant = making->grant;

	if (!grant->client_id)
		return grant_call_lacks(making->op, "the client id");
	if (!grant->client_secret)
		return grant_call_lacks(making->op, "the client secret");
	const char *pair = arena_printf(
		arena, "%s:%s", url_encode(arena, grant->client_id),
		url_encode(arena, grant->client_secret));
	size_t size = sodium_base64_ENCODED_LEN(strlen(pair),
						sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(arena, size);
	sodium_bin2base64(text, size, (const unsigned char *)pair, strlen(pair),
			  sodium_base64_VARIANT_ORIGINAL);
	grant_call_header(making, "Authorization",
			  arena_printf(arena, "Basic %s", text));
	return OK;
}

void grant_call_member(struct members *to, const char *name, const char *value)
{
	if (value && to->count < MEMBERS_MAX)
		to->items[to->count++] = (struct member){name, value};
}

const char *grant_call_form(struct op *op, const struct members *members)
{
	const char *text = "";

	for (size_t i = 0; i < members->count; i++)
		text = arena_printf(
			&op->arena, "%s%s%s=%s", text, i ? "&" : "",
			members->items[i].name,
			url_encode(&op->arena, members->items[i].value));
	return text;
}

static const char *json_of(struct op *op, const struct members *members)
{
	struct buf text;

	buf_init(&text, CALL_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	for (size_t i = 0; i < members->count; i++)
		json_put_string(&w, members->items[i].name,
				members->items[i].value);
	json_end_object(&w);
	const char *copy = arena_strdup(&op->arena, buf_cstr(&text));
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	return copy;
}

void grant_call_text(struct grant_call *making, const char *type,
		     const char *body)
{
	grant_call_header(making, "Content-Type", type);
	making->call.body = body;
	making->call.body_length = strlen(body);
}

void grant_call_members(struct grant_call *making,
			const struct members *members, bool is_json)
{
	if (is_json)
		grant_call_text(making, "application/json",
				json_of(making->op, members));
	else
		grant_call_text(making, "application/x-www-form-urlencoded",
				grant_call_form(making->op, members));
}

const char *grant_answer_code(struct op *op, const char *body, size_t length)
{
	static const char *const paths[] = {"error.code", "error", "code",
					    "errorCode"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		const char *code =
			json_member(&op->arena, body, length, paths[i]);

		if (code && *code &&
		    strspn(code, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789_.-") == strlen(code) &&
		    strlen(code) <= WORD_MAX)
			return code;
	}
	return NULL;
}

bool grant_answer_echoes(const char *code, const char *secret)
{
	if (!secret || !*secret)
		return false;
	return strstr(code, secret) ||
	       (strlen(code) >= ECHO_MIN && strstr(secret, code));
}

const char *grant_answer_said(struct op *op,
			      const struct grant_credentials *grant, int status,
			      const char *code)
{
	if (!code || grant_answer_echoes(code, grant->access_token) ||
	    grant_answer_echoes(code, grant->refresh_token) ||
	    grant_answer_echoes(code, grant->client_secret))
		return arena_printf(&op->arena, "%d", status);
	return arena_printf(&op->arena, "%d %s", status, code);
}

bool grant_answer_is_about_request(const char *code)
{
	static const char *const codes[] = {
		"invalid_request",	  "invalid_client",
		"unauthorized_client",	  "unsupported_token_type",
		"unsupported_grant_type", "invalid_scope",
	};

	for (size_t i = 0; code && i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}
