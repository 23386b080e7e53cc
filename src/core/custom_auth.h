/*
 * Connecting by credentials of a provider's own making
 * (catalog/custom_auth.tsv): at once, after a call, or after a person at the
 * customer has agreed in a browser. A call looks at what was put in, or gets
 * a token by what the customer's key signs (core/assertion.h).
 */
#ifndef CLEAT_CORE_CUSTOM_AUTH_H
#define CLEAT_CORE_CUSTOM_AUTH_H

#include "core/catalog.h"
#include "core/consent.h"

struct custom_new {
	const struct custom_connect *custom;
	struct uuid provider_app_id; /* nil: the project's first */
	struct parties parties;
	const char *workspace_ref; /* NULL: none */
	const char *metadata;	   /* JSON object */
	const char *origin;	   /* where browsers find us */
	const struct new_credential *inputs;
	size_t input_count;
};

/* What comes of a step: one of the three. */
struct custom_step {
	struct connection_view connection;
	bool is_made;		   /* there it is */
	struct uuid obtaining_id;  /* nil, or what is to be waited for */
	const char *url, *session; /* where a person is to go; NULL: nowhere */
};

/*
 * The first step. ERR_INVALID, with an issue, without an app or what an
 * address needs.
 */
MUST_CHECK enum error custom_auth_begin(struct op *op,
					const struct custom_new *new,
					struct custom_step *ret);

/*
 * The next one: what the browser brought back to `session`, of this project.
 * ERR_INVALID, with an issue, for a session that is not known, was used
 * already or is too old, and when the person has not agreed.
 */
MUST_CHECK enum error custom_auth_go_on(struct op *op, const char *session,
					const struct new_credential *params,
					size_t count, struct custom_step *ret);

/*
 * The token that a customer's own key got is for what the connection's facts
 * say: who is acted for, and where. So when they change there is another one
 * first, by what was put in, which `ret` is: none of a provider that takes no
 * such key.
 */
MUST_CHECK enum error custom_auth_inputs(struct op *op,
					 const struct connection *of,
					 const struct new_credential **ret,
					 size_t *ret_count);

#endif
