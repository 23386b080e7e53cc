/* Making and judging calls that end grants. */
#include "core/revocation.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_member.h"
#include "base/json_write.h"
#include "base/url_encode.h"

enum { CALL_MAX = 256 * 1024, WORD_MAX = 64 };

static int by_provider(const void *key, const void *row)
{
	return strcmp(key, ((const struct revocation *)row)->provider);
}

const struct revocation *revocation_find(const char *provider)
{
	return bsearch(provider, revocations, revocation_count,
		       sizeof(*revocations), by_provider);
}

bool revocation_is_possible(const struct revocation *revocation)
{
	return revocation && revocation->style != REVOKE_BY_NONE;
}

/* A call that is being made. */
struct making {
	struct op *op;
	const struct revocation *revocation;
	const struct grant_credentials *grant;
	const char *token;
	struct outbound_call *call;
};

static enum error lacks(struct op *op, const char *what)
{
	return op_fail(op, ERR_INVALID, "%s is not known", what);
}

/* What {{.word}} stands for; NULL when it is not known. */
static const char *value_of(const struct making *making, const char *word)
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
	if (!grant->metadata)
		return NULL;
	return json_member(&making->op->arena, grant->metadata,
			   strlen(grant->metadata), word);
}

/* In a host nothing may stand that ends it. */
static bool fits_host(const char *value)
{
	return *value && value[strspn(value, "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					     "0123456789-.")] == '\0';
}

enum place { IN_ADDRESS, IN_TEXT };

static enum error put_word(struct making *making, struct buf *out,
			   const char *word, enum place place)
{
	struct op *op = making->op;
	const char *value = value_of(making, word);
	/* until the first slash after https:// it is the host */
	bool in_host = place == IN_ADDRESS && out->length >= 8 &&
		       !memchr(out->bytes + 8, '/', out->length - 8);

	if (!value || !*value)
		return lacks(op, word);
	if (in_host && !fits_host(value))
		return op_fail(op, ERR_INVALID, "%s can't be in an address",
			       word);
	buf_text(out, place == IN_ADDRESS && !in_host
			      ? url_encode(&op->arena, value)
			      : value);
	return OK;
}

/* The text with its words filled in, in the arena. */
static enum error fill(struct making *making, const char *text,
		       enum place place, const char **ret)
{
	struct buf out;
	enum error error = OK;

	buf_init(&out, CALL_MAX);
	while (*text && error == OK) {
		const char *hole = strstr(text, "{{.");
		const char *end = hole ? strstr(hole, "}}") : NULL;

		if (!end) {
			buf_text(&out, text);
			break;
		}
		buf_add(&out, text, (size_t)(hole - text));
		error = put_word(making, &out,
				 arena_strndup(&making->op->arena, hole + 3,
					       (size_t)(end - hole - 3)),
				 place);
		text = end + 2;
	}
	*ret = arena_strdup(&making->op->arena, buf_cstr(&out));
	sodium_memzero(out.bytes, out.length);
	buf_release(&out);
	return error;
}

static void add_header(struct making *making, const char *name,
		       const char *value)
{
	struct outbound_call *call = making->call;

	if (call->header_count < OUTBOUND_HEADERS_MAX)
		call->headers[call->header_count++] =
			(struct outbound_header){name, value};
}

/* NAME: VALUE|NAME: VALUE of the table. */
static enum error add_own_headers(struct making *making)
{
	struct arena *arena = &making->op->arena;
	const char *at = making->revocation->headers;

	while (at && *at) {
		size_t length = strcspn(at, "|");
		const char *line = arena_strndup(arena, at, length);
		const char *colon = strstr(line, ": ");
		const char *value;

		TRY(fill(making, colon + 2, IN_TEXT, &value));
		add_header(making,
			   arena_strndup(arena, line, (size_t)(colon - line)),
			   value);
		at += length + (at[length] == '|');
	}
	return OK;
}

/* RFC 6749, 2.3.1: id and secret are form-encoded first. */
static enum error add_basic(struct making *making)
{
	struct arena *arena = &making->op->arena;
	const struct grant_credentials *grant = making->grant;

	if (!grant->client_id)
		return lacks(making->op, "the client id");
	if (!grant->client_secret)
		return lacks(making->op, "the client secret");
	const char *pair = arena_printf(
		arena, "%s:%s", url_encode(arena, grant->client_id),
		url_encode(arena, grant->client_secret));
	size_t size = sodium_base64_ENCODED_LEN(strlen(pair),
						sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(arena, size);
	sodium_bin2base64(text, size, (const unsigned char *)pair, strlen(pair),
			  sodium_base64_VARIANT_ORIGINAL);
	add_header(making, "Authorization",
		   arena_printf(arena, "Basic %s", text));
	return OK;
}

/* The members of a body, one after the other. */
struct member {
	const char *name;
	const char *value;
};

enum { MEMBERS_MAX = 8 };

struct members {
	struct member items[MEMBERS_MAX];
	size_t count;
};

static void add_member(struct members *to, const char *name, const char *value)
{
	if (value && to->count < MEMBERS_MAX)
		to->items[to->count++] = (struct member){name, value};
}

static enum error add_client(struct making *making, struct members *to)
{
	const struct grant_credentials *grant = making->grant;
	const char *id = "client_id", *secret = "client_secret";
	const char *names = making->revocation->client_names;

	if (making->revocation->auth != CLIENT_AUTH_BODY)
		return OK;
	if (!grant->client_id)
		return lacks(making->op, "the client id");
	if (names) {
		size_t length = strcspn(names, ",");

		id = arena_strndup(&making->op->arena, names, length);
		secret = names + length + 1;
	}
	add_member(to, id, grant->client_id);
	add_member(to, secret, grant->client_secret);
	return OK;
}

/* The table's own members: {"token_type_hint":"refresh_token"}. */
static enum error add_table_member(struct making *making, struct members *to)
{
	static const char *const names[] = {"token_type_hint", "client_id"};
	struct arena *arena = &making->op->arena;
	const char *body = making->revocation->body;

	for (size_t i = 0; body && i < 2; i++) {
		const char *value =
			json_member(arena, body, strlen(body), names[i]);

		if (value)
			TRY(fill(making, value, IN_TEXT, &value));
		add_member(to, names[i], value);
	}
	return OK;
}

static const char *form_of(struct op *op, const struct members *members)
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

static void set_body(struct making *making, const char *type, const char *body)
{
	add_header(making, "Content-Type", type);
	making->call->body = body;
	making->call->body_length = strlen(body);
}

/* A body that is the table's, whole. */
static enum error set_table_body(struct making *making)
{
	const char *body = making->revocation->body;

	if (!body)
		return OK;
	TRY(fill(making, body, IN_TEXT, &body));
	set_body(making, "application/json", body);
	return OK;
}

static enum error put_token(struct making *making)
{
	const struct revocation *r = making->revocation;
	struct arena *arena = &making->op->arena;
	struct members members = {.count = 0};

	if (r->token_in == TOKEN_IN_BEARER || r->token_in == TOKEN_IN_HEADER) {
		if (r->token_in == TOKEN_IN_BEARER)
			add_header(making, "Authorization",
				   arena_printf(arena, "Bearer %s",
						making->token));
		else
			add_header(making, r->token_name, making->token);
		return set_table_body(making);
	}
	if (r->token_in == TOKEN_IN_PATH)
		return OK;
	add_member(&members, r->token_name, making->token);
	TRY(add_table_member(making, &members));
	TRY(add_client(making, &members));
	if (r->token_in == TOKEN_IN_FORM)
		set_body(making, "application/x-www-form-urlencoded",
			 form_of(making->op, &members));
	else if (r->token_in == TOKEN_IN_JSON)
		set_body(making, "application/json",
			 json_of(making->op, &members));
	else
		making->call->url =
			arena_printf(arena, "%s?%s", making->call->url,
				     form_of(making->op, &members));
	return OK;
}

enum error revocation_make(struct op *op, const struct revocation *revocation,
			   const struct grant_credentials *grant,
			   struct outbound_call *ret)
{
	struct outbound_call call = {.method = revocation->method};
	struct making making = {op, revocation, grant, NULL, &call};

	making.token = revocation->takes_refresh_token ? grant->refresh_token
						       : grant->access_token;
	if (!making.token && revocation->style == REVOKE_BY_REVOKE)
		making.token = grant->access_token ? grant->access_token
						   : grant->refresh_token;
	if (!making.token)
		return lacks(op, "the token");
	TRY(fill(&making, grant->url ? grant->url : revocation->url, IN_ADDRESS,
		 &call.url));
	add_header(&making, "Accept", "application/json");
	TRY(add_own_headers(&making));
	if (revocation->auth == CLIENT_AUTH_BASIC)
		TRY(add_basic(&making));
	TRY(put_token(&making));
	*ret = call;
	return OK;
}

static bool has_status(const int *list, int status)
{
	for (int i = 0; i < REVOCATION_STATUSES_MAX; i++)
		if (list[i] == status)
			return true;
	return false;
}

/* The error's code as providers put it; NULL when the body names none. */
static const char *error_of(struct op *op, const char *body, size_t length)
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

static bool is_in_list(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (list && *list) {
		size_t item = strcspn(list, ",");

		if (item == length && memcmp(list, word, length) == 0)
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}

/* PATH=VALUE of the table holds in the body. */
static bool is_success(struct op *op, const struct revocation *r,
		       const char *body, size_t length)
{
	if (!r->success)
		return true;
	size_t path = strcspn(r->success, "=");
	const char *found =
		json_member(&op->arena, body, length,
			    arena_strndup(&op->arena, r->success, path));
	return found && strcmp(found, r->success + path + 1) == 0;
}

enum revocation_outcome revocation_judge(struct op *op,
					 const struct revocation *revocation,
					 int status, const char *body,
					 size_t length, const char **ret_said)
{
	const char *code = error_of(op, body, length);

	*ret_said = code ? arena_printf(&op->arena, "%d %s", status, code)
			 : arena_printf(&op->arena, "%d", status);
	if (has_status(revocation->ok, status) &&
	    is_success(op, revocation, body, length))
		return GRANT_REVOKED;
	bool may_be_gone = has_status(revocation->gone, status) ||
			   (revocation->success && status == 200);
	bool is_named = revocation->gone_errors && code &&
			is_in_list(revocation->gone_errors, code);
	if (may_be_gone &&
	    (is_named || (!revocation->gone_errors && !revocation->success)))
		return GRANT_WAS_GONE;
	return status == 429 || status >= 500 ? GRANT_BUSY : GRANT_REFUSED;
}
