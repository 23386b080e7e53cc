/* What is said in the address that a person is sent to. */
#include "core/consent_address.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json_member.h"
#include "base/random.h"
#include "base/url_encode.h"
#include "core/consent.h"

enum {
	VERIFIER_BYTES = 32,
};

/* The address that is being made. */
struct address {
	struct op *op;
	struct buf text;
	bool has_query;
};

static void add_param(struct address *to, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(&to->text, "%c%s=%s", to->has_query ? '&' : '?',
		   url_encode(&to->op->arena, name),
		   url_encode(&to->op->arena, value));
	to->has_query = true;
}

bool consent_is_ours(const char *name)
{
	static const char *const names[] = {
		"client_id",
		"client_secret",
		"redirect_uri",
		"response_type",
		"response_mode",
		"scope",
		"state",
		"code",
		"code_challenge",
		"code_challenge_method",
		/* RFC 9101: all of the above, in another way */
		"request",
		"request_uri",
	};

	/* not all servers tell STATE from state */
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

const char *consent_address_takes(struct op *op, const char *url)
{
	const char *at = strchr(url, '?');

	while (at && *at) {
		size_t length = strcspn(++at, "&#");
		const char *name = url_argument_name(&op->arena, at, length);

		if (consent_is_ours(name))
			return name;
		at += length;
		if (*at != '&')
			break;
	}
	return NULL;
}

/* What an app adds. */
struct added {
	struct json_text params[CONSENT_PARAMS_MAX];
	size_t count;
};

/* The app's authQueryParams: {NAME: [TEXT, ...]}. */
static void read_added(struct op *op, const struct provider_app *app,
		       struct added *ret)
{
	ret->count = json_list_texts(&op->arena, app->metadata,
				     strlen(app->metadata), "authQueryParams",
				     ret->params, CONSENT_PARAMS_MAX);
}

static bool adds(const struct added *added, const char *name)
{
	for (size_t i = 0; i < added->count; i++)
		if (strcmp(added->params[i].name, name) == 0)
			return true;
	return false;
}

/* A parameter is there once (RFC 6749, 3.1): the app's goes first. */
static void add_pairs(struct address *to, const struct catalog_list *pairs,
		      const struct added *added)
{
	const struct catalog_pair *items = pairs->items;

	for (size_t i = 0; i < pairs->count; i++)
		if (!consent_is_ours(items[i].name) &&
		    !adds(added, items[i].name))
			add_param(to, items[i].name, items[i].value);
}

static void add_added(struct address *to, const struct added *added)
{
	for (size_t i = 0; i < added->count; i++)
		if (!consent_is_ours(added->params[i].name))
			add_param(to, added->params[i].name,
				  added->params[i].value);
}

/* The app's, or else the catalog's, parted by spaces. */
static const char *asked_scopes(struct op *op, const struct provider *provider,
				const struct provider_app *app)
{
	const char *asked =
		json_words(&op->arena, app->scopes, strlen(app->scopes));
	const char *const *usual = provider->default_scopes.items;

	if (*asked)
		return asked;
	for (size_t i = 0; i < provider->default_scopes.count; i++)
		asked = arena_printf(&op->arena, "%s%s%s", asked, i ? " " : "",
				     usual[i]);
	return asked;
}

enum error consent_scopes(struct grant_call *making,
			  const struct provider *provider,
			  const struct provider_app *app, const char **ret)
{
	struct arena *arena = &making->op->arena;
	const char *all = asked_scopes(making->op, provider, app), *text = NULL;

	while (*all) {
		size_t length = strcspn(all, " ");
		const char *name = arena_strndup(arena, all, length), *scope;

		TRY(grant_call_fill(making, provider_scope(provider, name),
				    IN_TEXT, &scope));
		text = text ? arena_printf(arena, "%s%s%s", text,
					   provider_scope_delimiter(provider),
					   scope)
			    : scope;
		all += length + (all[length] == ' ');
	}
	*ret = text;
	return OK;
}

static const char *base64_of(struct op *op, const unsigned char *bytes,
			     size_t length)
{
	size_t size = sodium_base64_ENCODED_LEN(
		length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = arena_alloc(&op->arena, size);

	return sodium_bin2base64(text, size, bytes, length,
				 sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char *challenge_of(struct op *op, const char *verifier)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)verifier,
			   strlen(verifier));
	return base64_of(op, hash, sizeof(hash));
}

const char *consent_verifier(struct op *op)
{
	unsigned char bytes[VERIFIER_BYTES];

	random_bytes(bytes, sizeof(bytes));
	op->has_secrets = true;
	const char *text = base64_of(op, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
	return text;
}

/* What the catalog knows more of the address. */
static void add_fixed(struct address *to, const struct provider *provider,
		      const struct added *added)
{
	const char *const *audiences = provider->audiences.items;
	size_t count = adds(added, "audience") ? 0 : provider->audiences.count;

	for (size_t i = 0; i < count; i++)
		add_param(to, "audience", audiences[i]);
	add_pairs(to, &provider->auth_params, added);
	add_pairs(to, &provider->own_params, added);
}

const char *consent_address(struct op *op, const char *url,
			    const struct provider *provider,
			    const struct provider_app *app,
			    const struct obtaining_new *with,
			    const char *verifier, const char *state)
{
	struct address to = {.op = op, .has_query = strchr(url, '?') != NULL};
	struct added added;

	read_added(op, app, &added);
	buf_init(&to.text, CONSENT_URL_MAX);
	buf_text(&to.text, url);
	add_param(&to, "response_type", "code");
	add_param(&to, "client_id", app->client_id);
	add_param(&to, "redirect_uri", with->redirect_uri);
	add_param(&to, "scope", with->scopes);
	add_param(&to, "state", state);
	if (verifier) {
		add_param(&to, "code_challenge", challenge_of(op, verifier));
		add_param(&to, "code_challenge_method", "S256");
	}
	add_fixed(&to, provider, &added);
	add_added(&to, &added);
	const char *text =
		to.text.is_overfull
			? NULL
			: arena_strdup(&op->arena, buf_cstr(&to.text));
	buf_release(&to.text);
	return text;
}
