/*
 * The providers that a connection can be made to, how each takes its
 * credentials and what can be done there: the tables of catalog/ as const
 * data, with those that an operator adds. Never changes once the program
 * serves; any thread.
 */
#ifndef CLEAT_CORE_CATALOG_H
#define CLEAT_CORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

/* So many items of one type. */
struct catalog_list {
	const void *items;
	size_t count;
};

struct catalog_pair {
	const char *name;
	const char *value;
};

struct catalog_limit {
	const char *name;
	int limit;
};

/* Something that is asked for, or found out: what {{.name}} stands for. */
struct catalog_input {
	const char *name;
	const char *display_name;
	const char *prompt;
	const char *default_value; /* what a form offers; never taken by us */
	const char *docs_url;
	const char *field_type;
	struct catalog_list options; /* of struct catalog_pair */
	/* of const char *: modules that ask for it; none: all do */
	struct catalog_list modules;
};

/* What more a token answer tells: `path` of it, by dots. */
struct catalog_field {
	const char *name;
	const char *display_name;
	const char *path;
	const char *capture; /* a regular expression of what of it counts */
};

/* Many records in one call. */
struct batch_write {
	bool is_supported;
	int limit;		    /* 0: not known */
	struct catalog_list limits; /* of struct catalog_limit, by object */
};

struct batch_writes {
	struct batch_write create;
	struct batch_write update;
	struct batch_write upsert;
	struct batch_write remove;
};

/* Events that can be subscribed to. */
struct event_support {
	bool can_create;
	bool can_update;
	bool can_delete;
	bool can_pass_through;
};

struct support {
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
	const struct batch_writes *batch;   /* NULL: not known */
	const struct event_support *events; /* NULL: not known */
};

/* What a subscription needs. */
struct subscribe_needs {
	bool registration;
	bool maintenance;
	bool post_process;
	bool by_api;
};

/* A part of a provider's API. */
struct module {
	const char *name;
	const char *display_name;
	const char *base_url;
	struct support support;
	const struct subscribe_needs *needs; /* NULL: not known */
};

/* Credentials of auth_type basic that are made of an API key. */
struct basic_auth {
	bool is_api_key;
	const char *field;  /* username or password: where the key goes */
	const char *format; /* of the key there */
	const char *docs_url;
};

/*
 * How a token is got by what the customer's own key signs (RFC 7521, RFC
 * 7523). Texts may have {{.word}}: an input, a member of the one that is an
 * object, as {{.input.member}}, or a fact of the connection.
 */
struct assertion_way {
	/* jwtBearer (RFC 7523, 2.1) or clientCredentials (2.2) */
	const char *grant;
	struct catalog_list algorithms; /* of const char *: as the key fits */
	/* the input that is the key, or INPUT.MEMBER: PEM in a JSON object */
	const char *key;
	const char *key_id;	       /* the header's kid; NULL: none */
	const char *issuer;	       /* never NULL */
	const char *subject;	       /* NULL: none */
	const char *audience;	       /* NULL: the token address */
	const char *other_audience;    /* where the workspace has one of ... */
	struct catalog_list other_for; /* ... of const char * */
	/* claim, claimList or form: where scopes go; NULL: nowhere */
	const char *scopes_in;
	struct catalog_list scopes; /* of const char *: if an app names none */
	bool has_id;		    /* jti, another one each time */
	const char *token_url;
	int lifetime_s;	      /* of what is signed */
	int token_lifetime_s; /* when the answer says none; 0: not known */
};

struct custom_auth {
	/* ours alone, of an operator's file; NULL: none */
	const struct assertion_way *assertion;
	struct catalog_list headers; /* of struct catalog_pair, {{ .name }} */
	struct catalog_list query;   /* the same */
	struct catalog_list inputs;  /* of struct catalog_input */
	struct catalog_list app_inputs;
	bool has_steps;
};

/* The call that shows that credentials are good. */
struct health_check {
	const char *method;
	const char *url;
	struct catalog_list statuses; /* of int */
};

struct custom_connect; /* below */

struct logo {
	const char *icon_url;
	const char *logo_url;
};

struct media {
	const struct logo *regular;
	const struct logo *dark;
};

/*
 * Texts are NULL where they do not apply, unless it says otherwise. In
 * addresses {{.word}} stands for a fact of the one connection, such as the
 * customer's subdomain (core/address.h).
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
	struct catalog_list token_fields; /* of struct catalog_field */
	/* the header that an access token goes into; NULL: the usual one */
	const char *token_in;
	const char *token_header;
	const char *token_prefix;
	const char *token_docs_url;
	/* how the client shows itself to token_url; NULL: in the body */
	const char *client_auth;
	const char *scope_delimiter;   /* NULL: a blank */
	struct catalog_list audiences; /* of const char * */
	/* of struct catalog_pair: what more auth_url is given */
	struct catalog_list auth_params;
	struct catalog_list own_params; /* the same, told to nobody */
	/* of struct catalog_pair: what is sent for a scope of this name */
	struct catalog_list scopes;
	/* of const char *: where a provider app names no scopes */
	struct catalog_list default_scopes;
	const char *oauth2_docs_url;
	int keep_alive_hours; /* 0: as any */
	bool needs_scopes;    /* oauth2: scopes must be asked for by name */
	bool needs_workspace; /* oauth2: the workspace must be known before */

	/* apiKey: "header" or "query", its name, and what precedes the key */
	const char *key_in;
	const char *key_name;
	const char *key_prefix;
	const char *key_docs_url;

	const struct basic_auth *basic;
	const struct custom_auth *custom;
	/* of an operator's file; else it is in catalog_customs */
	const struct custom_connect *connect;
	const struct health_check *health_check;
	struct support support; /* where no module is named */
	const struct subscribe_needs *needs;
	struct catalog_list modules;	/* of struct module */
	struct catalog_list inputs;	/* of struct catalog_input: of people */
	struct catalog_list found;	/* ... of the provider, afterwards */
	struct catalog_list app_inputs; /* ... of a provider app */
	struct catalog_list app_query;	/* ... of it, for auth_url */
	struct catalog_list
		variables;	    /* of const char *: known to code alone */
	struct catalog_list labels; /* of struct catalog_pair */
	const struct media *media;
	bool asks_after; /* facts are asked of it when it is connected */
};

/* Written by tools/catalog_embed.py, in strcmp order of the names. */
extern const struct provider catalog_providers[];
extern const size_t catalog_provider_count;

/* NULL if there is none of exactly this name. */
const struct provider *catalog_find(const char *name);

size_t catalog_count(void);

/* The i-th in strcmp order of the names; i must be below the count. */
const struct provider *catalog_at(size_t i);

/* How one is connected by them; NULL where it has no such part. */
struct custom_connect {
	const char *provider;
	const char *inputs; /* names, parted by commas; NULL: any */
	const char *facts;
	const char *redirect, *agreed, *keeps;
	const char *token_url, *token_scope;
	const char *check_url, *check_basic, *check_field, *secret;
	const struct assertion_way *assertion; /* NULL: none */
};

/* NULL for a provider of another auth_type, and for one that is not known. */
const struct custom_connect *catalog_custom(const char *provider);

/* NULL unless its tokens are got by what a customer's key signs. */
const struct assertion_way *catalog_assertion(const char *provider);

/* Written by tools/custom_auth_embed.py, in strcmp order of the providers. */
extern const struct custom_connect catalog_customs[];
extern const size_t catalog_customs_count;

/*
 * Adds providers, in the place of those of the same names; no two of them
 * have one name. They must outlive the program's serving. Before any thread
 * looks, and once.
 */
void catalog_extend(const struct provider *const *added, size_t count);

/* Back to what the program has by itself; for tests. */
void catalog_forget(void);

struct op; /* base/op.h */

/*
 * NULL when the facts of a connection may stand where this provider's
 * addresses have them; what is not known yet may be missing. Else why one may
 * not, and its name, "workspace" for that of the connection itself.
 * `metadata` is a JSON object of facts.
 */
const char *provider_facts_fault(struct op *op, const struct provider *provider,
				 const char *workspace, const char *metadata,
				 const char **ret_word);

/* NULL when the provider has no such module. */
const struct module *provider_module(const struct provider *provider,
				     const char *name);

/*
 * What can be done in this module, or where it is NULL or empty in the
 * default one: a provider without modules takes the name of its default one
 * too. NULL when there is no such module.
 */
const struct support *provider_support(const struct provider *provider,
				       const char *module);

/* The same for where its API begins. */
const char *provider_base_url(const struct provider *provider,
			      const char *module);

/*
 * oauth2: how a grant is asked for. The addresses, grant and so on are the
 * struct's own; these are what has a default.
 */
bool provider_uses_code(const struct provider *provider);
bool provider_uses_pkce(const struct provider *provider); /* RFC 7636, S256 */
/* How the client shows itself to token_url: by Basic (RFC 6749, 2.3.1), else in
 * the body. */
bool provider_wants_basic(const struct provider *provider);
const char *provider_scope_delimiter(const struct provider *provider);
/* What is sent for a scope; it may have variables. Never NULL. */
const char *provider_scope(const struct provider *provider, const char *name);
/* After so long tokens are refreshed at the latest; NULL: as any provider. */
int provider_keep_alive_hours(const struct provider *provider);
/* Authorization and "Bearer " where the catalog knows no other. */
const char *provider_token_header(const struct provider *provider);
const char *provider_token_prefix(const struct provider *provider);

#endif
