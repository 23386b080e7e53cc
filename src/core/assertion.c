/* What a customer has put in, and what is signed with it. */
#include "core/assertion.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/jwt_sign.h"
#include "base/uuid.h"

#define JWT_BEARER "urn:ietf:params:oauth:grant-type:jwt-bearer"
#define CLIENT_JWT "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define BLANKS	   " \t\r\n"

/* CREDENTIAL_MAX bytes of each input fit, each written as \u00.. in JSON. */
enum { INPUTS_MAX = 16 * 1024 * 1024, CLAIMS_MAX = 1024 * 1024 };

/* One that is being made. */
struct signing {
	struct op *op;
	const struct assertion_way *way;
	const char *inputs; /* JSON object of them */
	struct grant_call filling;
};

static const char *name_of_key(struct op *op, const struct assertion_way *way)
{
	return arena_strndup(&op->arena, way->key, strcspn(way->key, "."));
}

static bool is_object(const struct assertion_way *way)
{
	return strchr(way->key, '.') != NULL;
}

/* The text as it is, or what it is the base 64 of; NULL when it is neither. */
static const char *plain(struct op *op, const char *value)
{
	static const int variants[] = {
		sodium_base64_VARIANT_ORIGINAL,
		sodium_base64_VARIANT_ORIGINAL_NO_PADDING};
	size_t length = strlen(value), size;

	value += strspn(value, BLANKS);
	if (*value == '{' || strncmp(value, "-----BEGIN ", 11) == 0)
		return value;
	for (size_t i = 0; i < 2; i++) {
		char *bytes = arena_alloc(&op->arena, length + 1);

		if (sodium_base642bin((unsigned char *)bytes, length, value,
				      strlen(value), BLANKS, &size, NULL,
				      variants[i]) == 0 &&
		    size && !memchr(bytes, '\0', size))
			return bytes;
	}
	return NULL;
}

/* The object that an input is; NULL when it is none. */
static const json_t *object_of(struct op *op, const char *value)
{
	const char *text = plain(op, value), *why;
	json_t *object;

	if (!text ||
	    json_read(&op->arena, text, strlen(text), &object, &why) != OK ||
	    !json_is_object(object))
		return NULL;
	return object;
}

static void put_input(struct op *op, struct json_writer *w,
		      const struct assertion_way *way, const char *name,
		      const char *value)
{
	bool is_key = strcmp(name, name_of_key(op, way)) == 0;
	const json_t *object =
		is_key && is_object(way) ? object_of(op, value) : NULL;

	if (object)
		json_put_raw(w, name, json_text(&op->arena, object));
	else if (!is_key)
		json_put_string(w, name, value);
}

/* What texts are filled with: {NAME: text or object}, without a key in PEM. */
static const char *inputs_of(struct op *op, const struct assertion_way *way,
			     const struct credential_list *inputs)
{
	struct buf text;

	buf_init(&text, INPUTS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	for (size_t i = 0; i < inputs->count; i++)
		put_input(op, &w, way, inputs->items[i].name,
			  (const char *)inputs->items[i].value.bytes);
	json_end_object(&w);
	const char *json = arena_strdup(&op->arena, buf_cstr(&text));
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	return json;
}

/* The key in PEM; NULL when there is none. */
static const char *pem_of(struct signing *signing,
			  const struct credential_list *inputs)
{
	struct op *op = signing->op;
	const struct assertion_way *way = signing->way;

	if (is_object(way))
		return grant_call_fact(op, signing->inputs, way->key);
	const char *value = credential_text(inputs, way->key);
	return value ? plain(op, value) : NULL;
}

static const char *algorithm_of(struct op *op, const struct assertion_way *way,
				const char *pem, const char **ret_why)
{
	return jwt_sign_algorithm(&op->arena, pem, way->algorithms.items,
				  way->algorithms.count, ret_why);
}

static struct signing begin(struct op *op, const struct assertion_way *way,
			    const struct credential_list *inputs,
			    const struct grant_credentials *grant,
			    struct grant_credentials *facts)
{
	struct signing signing = {
		.op = op, .way = way, .inputs = inputs_of(op, way, inputs)};

	/* what the customer has put in, before what else is known */
	*facts = (struct grant_credentials){
		.client_id = credential_text(inputs, "clientId"),
		.workspace = grant->workspace,
		.metadata = signing.inputs,
		.params = grant->metadata,
	};
	signing.filling = (struct grant_call){
		.op = op, .grant = facts, .call.method = "POST"};
	return signing;
}

static enum error fill(struct signing *signing, const char *text,
		       const char **ret)
{
	*ret = NULL;
	return text ? grant_call_fill(&signing->filling, text, IN_TEXT, ret)
		    : OK;
}

/* Of an object: are its members there that are asked for? */
static const char *fault_of_members(struct signing *signing)
{
	struct op *op = signing->op;
	const char *const texts[] = {signing->way->issuer, signing->way->key_id,
				     signing->way->subject};
	const char *input = arena_printf(&op->arena, "{{.%s.",
					 name_of_key(op, signing->way));

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *at = texts[i] ? strstr(texts[i], input) : NULL;

		if (!at)
			continue;
		const char *word =
			arena_strndup(&op->arena, at + 3, strcspn(at + 3, "}"));
		const char *value = grant_call_fact(op, signing->inputs, word);
		if (!value || !*value)
			return arena_printf(&op->arena, "has no %s",
					    strchr(word, '.') + 1);
	}
	return NULL;
}

const char *assertion_fault(struct op *op, const struct assertion_way *way,
			    const struct new_credential *inputs, size_t count,
			    const char **ret_input)
{
	struct credential *items =
		arena_alloc(&op->arena, (count + 1) * sizeof(*items));
	struct credential_list list = {items, 0};
	const struct grant_credentials nothing = {NULL};
	struct grant_credentials facts;
	const char *why;

	for (size_t i = 0; i < count; i++)
		if (inputs[i].value)
			items[list.count++] = (struct credential){
				.name = inputs[i].name,
				.value = {
					(const unsigned char *)inputs[i].value,
					strlen(inputs[i].value)}};
	*ret_input = name_of_key(op, way);
	const char *value = credential_text(&list, *ret_input);
	if (!value)
		return "is needed";
	if (is_object(way) && !object_of(op, value))
		return "is no JSON object, as it is or in base 64";
	struct signing signing = begin(op, way, &list, &nothing, &facts);
	const char *pem = pem_of(&signing, &list);
	if (!pem)
		return is_object(way)
			       ? arena_printf(&op->arena, "has no %s",
					      strchr(way->key, '.') + 1)
			       : "is not a private key in PEM, as it is or in "
				 "base 64";
	if (!algorithm_of(op, way, pem, &why))
		return why;
	return fault_of_members(&signing);
}

bool assertion_is_possible(struct op *op, const struct assertion_way *way,
			   const struct credential_list *inputs)
{
	return credential_find(inputs, name_of_key(op, way)) != NULL;
}

/* Those of the app, or else the catalog's; "" when there are none. */
static const char *scopes_of(struct signing *signing, const char *own)
{
	const struct catalog_list *scopes = &signing->way->scopes;
	const char *const *names = scopes->items;
	const char *text = "";

	for (size_t i = 0; !own && i < scopes->count; i++)
		text = arena_printf(&signing->op->arena, "%s%s%s", text,
				    i ? " " : "", names[i]);
	return own ? own : text;
}

static bool is_scope_in(const struct assertion_way *way, const char *place)
{
	return way->scopes_in && strcmp(way->scopes_in, place) == 0;
}

static void put_scopes(struct signing *signing, struct json_writer *w,
		       const char *scopes)
{
	if (!*scopes)
		return;
	if (is_scope_in(signing->way, "claim"))
		json_put_string(w, "scope", scopes);
	if (!is_scope_in(signing->way, "claimList"))
		return;
	json_begin_array(w, "scope");
	while (*scopes) {
		size_t length = strcspn(scopes, " ");

		if (length)
			json_put_string(w, NULL,
					arena_strndup(&signing->op->arena,
						      scopes, length));
		scopes += length + (scopes[length] != '\0');
	}
	json_end_array(w);
}

/* Some have another one for those that are not in production. */
static const char *audience_of(struct signing *signing)
{
	const struct assertion_way *way = signing->way;
	const struct grant_credentials *facts = signing->filling.grant;
	const char *const *parts = way->other_for.items;
	const char *workspace =
		facts->workspace ? facts->workspace
				 : grant_call_fact(signing->op, facts->params,
						   "workspace");

	for (size_t i = 0; workspace && i < way->other_for.count; i++)
		if (strstr(workspace, parts[i]))
			return way->other_audience;
	return way->audience;
}

/* What is signed (RFC 7523, 3). */
static enum error write_claims(struct signing *signing, const char *url,
			       const char *scopes, const char **ret)
{
	struct op *op = signing->op;
	const struct assertion_way *way = signing->way;
	const char *issuer, *subject, *audience;
	char id[UUID_TEXT];
	struct buf text;

	TRY(fill(signing, way->issuer, &issuer));
	TRY(fill(signing, way->subject, &subject));
	TRY(fill(signing, audience_of(signing), &audience));
	uuid_format(uuid_make(op->now), id);
	buf_init(&text, CLAIMS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "iss", issuer);
	json_put_optional(&w, "sub", subject);
	json_put_string(&w, "aud", audience ? audience : url);
	put_scopes(signing, &w, scopes);
	json_put_integer(&w, "iat", op->now / CLOCK_SECOND);
	json_put_integer(&w, "exp", op->now / CLOCK_SECOND + way->lifetime_s);
	json_put_optional(&w, "jti", way->has_id ? id : NULL);
	json_end_object(&w);
	bool is_long = text.is_overfull;
	const char *json = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	if (is_long)
		return op_fail(op, ERR_INVALID, "what is to be signed is long");
	*ret = json;
	return OK;
}

static enum error sign(struct signing *signing,
		       const struct credential_list *inputs, const char *claims,
		       const char **ret)
{
	struct op *op = signing->op;
	const char *pem = pem_of(signing, inputs), *kid, *why;

	if (!pem)
		return grant_call_lacks(op, "the private key");
	TRY(fill(signing, signing->way->key_id, &kid));
	const char *algorithm = algorithm_of(op, signing->way, pem, &why);
	if (!algorithm)
		return op_fail(op, ERR_INVALID, "the private key %s", why);
	const char *text = jwt_sign(&op->arena, pem, algorithm, kid, claims);
	if (!text)
		return op_fail(op, ERR_INVALID, "the private key can't sign");
	*ret = text;
	return OK;
}

static void put_body(struct signing *signing, const char *assertion,
		     const char *scopes)
{
	bool is_grant = strcmp(signing->way->grant, "jwtBearer") == 0;
	struct members members = {.count = 0};

	grant_call_member(&members, "grant_type",
			  is_grant ? JWT_BEARER : "client_credentials");
	if (!is_grant)
		grant_call_member(&members, "client_assertion_type",
				  CLIENT_JWT);
	grant_call_member(&members, is_grant ? "assertion" : "client_assertion",
			  assertion);
	if (*scopes && is_scope_in(signing->way, "form"))
		grant_call_member(&members, "scope", scopes);
	grant_call_members(&signing->filling, &members, false);
}

enum error assertion_call_make(struct op *op, const struct assertion_way *way,
			       const struct grant_credentials *grant,
			       const struct credential_list *inputs,
			       struct outbound_call *ret)
{
	struct grant_credentials facts;
	struct signing signing = begin(op, way, inputs, grant, &facts);
	struct grant_call *making = &signing.filling;
	const char *scopes = scopes_of(&signing, grant->scopes);
	const char *claims, *assertion = NULL;

	TRY(grant_call_fill(
		making, grant->token_url ? grant->token_url : way->token_url,
		IN_ADDRESS, &making->call.url));
	TRY(write_claims(&signing, making->call.url, scopes, &claims));
	TRY(sign(&signing, inputs, claims, &assertion));
	grant_call_header(making, "Accept", "application/json");
	put_body(&signing, assertion, scopes);
	*ret = making->call;
	return OK;
}

int64_t assertion_token_life_s(const char *provider, int64_t said_s)
{
	const struct assertion_way *way = catalog_assertion(provider);

	return said_s || !way ? said_s : way->token_lifetime_s;
}
