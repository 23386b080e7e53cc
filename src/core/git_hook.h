/*
 * What git providers send to integrations of theirs: a secret that both know
 * lets it in, and what happened there becomes an activity.
 */
#ifndef CLEAT_CORE_GIT_HOOK_H
#define CLEAT_CORE_GIT_HOOK_H

#include "core/activity.h"
#include "core/integration.h"

enum {
	GIT_HOOK_SECRET_TEXT = 65, /* with its NUL */
	GIT_HOOK_CHANGES_MAX = 32, /* that are taken of one event */
};

/* The name of the secret among the integration's. */
#define GIT_HOOK_SECRET "hook_secret"

/* It has a secret from now on, which nobody was shown. */
MUST_CHECK enum error
git_hook_need_secret(struct op *op, const struct integration *integration);

/*
 * A new secret of the integration, which ends the one before; in the arena, to
 * be shown once. Records integration.hook_secret.renewed.
 */
MUST_CHECK enum error git_hook_renew(struct op *op,
				     const struct integration *integration,
				     const char **ret_secret);

/* What an event shows itself by; NULL where it has not. */
struct git_hook_proof {
	const char *signature; /* hexadecimal HMAC-SHA256 of the body */
	const char *token;     /* the secret itself */
	const char *body;
	size_t length;
};

/* ERR_FORBIDDEN unless it knows the secret, or when there is none. */
MUST_CHECK enum error git_hook_check(struct op *op,
				     const struct integration *integration,
				     const struct git_hook_proof *proof);

/* A branch or a request to pull, and what became of it. */
struct git_change {
	const char *type;	 /* environment.push, .branch or .delete */
	const char *environment; /* its name */
	const char *commit;	 /* NULL: not said */
	const char *by;		 /* who did it; NULL: not said */
};

/* Records the change as an activity that is over. */
MUST_CHECK enum error git_hook_record(struct op *op,
				      const struct integration *integration,
				      const struct git_change *change,
				      struct activity *ret);

#endif
