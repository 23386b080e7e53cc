/*
 * Asking for consent in unit tests: an app, the address, what stands in it,
 * and what is kept until somebody comes back.
 */
#ifndef CLEAT_TESTS_UNIT_ASKING_H
#define CLEAT_TESTS_UNIT_ASKING_H

#include "support.h"

#include "core/consent.h"
#include "core/credential.h"

#define ORIGIN "https://cleat.example"

static inline struct provider_app
register_app(struct op *op, const char *provider, const char *client,
	     const char *scopes, const char *metadata)
{
	const struct provider_app new = {
		.provider = provider,
		.client_id = client,
		.scopes = scopes,
		.metadata = metadata,
	};
	struct provider_app made;

	must(provider_app_create(op, &new, "app-secret", &made));
	return made;
}

static inline struct consent_new of_acme(const char *provider)
{
	return (struct consent_new){
		.provider = provider,
		.parties.group_ref = "acme",
		.parties.group_name = "Acme",
		.parties.consumer_ref = "ann",
		.metadata = "{}",
		.origin = ORIGIN,
	};
}

static inline const char *asked(struct op *op, const char *provider)
{
	const struct consent_new new = of_acme(provider);
	const char *url;

	must(consent_ask(op, &new, &url));
	return url;
}

/* The one parameter of this name, as it is sent; NULL when there is none. */
static inline const char *param(struct op *op, const char *url,
				const char *name)
{
	const char *first = arena_printf(&op->arena, "?%s=", name);
	const char *later = arena_printf(&op->arena, "&%s=", name);
	const char *at = strstr(url, first);

	if (!at)
		at = strstr(url, later);
	if (!at)
		return NULL;
	at += strlen(first);
	assert_null(strstr(at, later));
	return arena_strndup(&op->arena, at, strcspn(at, "&"));
}

/* Of those that this owner has; NULL when it is not there. */
static inline const char *secret_of(struct op *op, struct uuid id,
				    const char *name)
{
	struct credential_list all;

	must(credential_use(op, id, &all));
	const struct credential *found = credential_find(&all, name);
	return found ? (const char *)found->value.bytes : NULL;
}

/* With this one issue, of the body. */
static inline void refused(struct op *op, enum error error, const char *field,
			   const char *why)
{
	assert_int_equal(error, ERR_INVALID);
	assert_int_equal(op->issue_count, 1);
	assert_string_equal(op->issues[0].in, "body");
	assert_string_equal(op->issues[0].field, field);
	assert_string_equal(op->issues[0].why, why);
	op->issue_count = 0;
}

#endif
