/*
 * The providers that a connection can be made to, and how each takes its
 * credentials: catalog/providers.tsv as a table. Never changes while the
 * program runs; any thread.
 */
#ifndef CLEAT_CORE_CATALOG_H
#define CLEAT_CORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Texts are NULL where they do not apply, unless it says otherwise. In
 * addresses {{.word}} stands for a fact of the one connection, such as the
 * customer's subdomain.
 */
struct provider {
	/* never NULL; the name is the id on the wire, case-sensitive */
	const char *name;
	const char *display_name;
	const char *base_url;
	const char *default_module; /* "" when its API has no parts */

	/* oauth2 apiKey basic jwt custom none; never NULL */
	const char *auth_type;

	/*
	 * oauth2. The grant is one of authorizationCode,
	 * authorizationCodePKCE, clientCredentials, password; auth_url is
	 * there for the first two, where a person agrees.
	 */
	const char *grant_type;
	const char *auth_url;
	const char *token_url;
	/* the fields of the token answer that hold these, dots for depth */
	const char *token_consumer;
	const char *token_scopes;
	const char *token_workspace;

	/* apiKey: "header" or "query", its name, and what precedes the key */
	const char *key_in;
	const char *key_name;
	const char *key_prefix;

	bool needs_scopes;    /* oauth2: scopes must be asked for by name */
	bool needs_workspace; /* oauth2: the workspace must be known before */
	bool can_read;
	bool can_write;
	bool can_delete;
	bool can_proxy;
	bool can_subscribe;
	bool can_search; /* by equality */
	bool can_bulk_insert;
	bool can_bulk_update;
	bool can_bulk_upsert;
	bool can_bulk_delete;
};

/* Written by tools/catalog_embed.py, in strcmp order of the names. */
extern const struct provider catalog_providers[];
extern const size_t catalog_provider_count;

/* NULL if there is none of exactly this name. */
const struct provider *catalog_find(const char *name);

size_t catalog_count(void);

/* The i-th in strcmp order of the names; i must be below the count. */
const struct provider *catalog_at(size_t i);

/* What is not as with most; catalog/oauth.tsv says more of each. */
struct provider_oauth {
	const char *provider;
	enum {
		CLIENT_NOT_SAID, /* as it shows itself to revoke a grant */
		CLIENT_BY_BASIC, /* RFC 6749, 2.3.1 */
		CLIENT_BY_BODY,
	} client_auth;
	const char *scope_delimiter; /* of the authorization address */
	const char *auth_params;     /* NAME=VALUE&...; NULL: none */
	const char *default_scopes;  /* parted by spaces; NULL: none */
	const char *scope_map;	     /* FROM=TO parted by spaces; NULL: none */
	int keep_alive_h;
};

/* Of any provider: what is usual where the table has nothing. */
struct provider_oauth catalog_oauth(const char *provider);

/* Credentials of a provider's own making; NULL where it has no such part. */
struct custom_auth {
	const char *provider;
	const char *inputs; /* names, parted by commas; NULL: any */
	const char *facts;
	const char *redirect, *agreed, *keeps;
	const char *token_url, *token_scope;
	const char *check_url, *check_basic, *check_field, *secret;
};

/* NULL for a provider of another auth_type. */
const struct custom_auth *catalog_custom(const char *provider);

/* Written by tools/oauth_embed.py, in strcmp order of the providers. */
extern const struct provider_oauth catalog_oauths[];
extern const size_t catalog_oauths_count;
extern const struct custom_auth catalog_customs[];
extern const size_t catalog_customs_count;

#endif
