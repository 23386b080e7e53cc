/*
 * A webhook of ours at a git provider, which tells an integration what happens
 * in its repository: wanted, there, refused, or on its way out. Registering is
 * core/registering.h, taking it away again core/deregistering.h.
 */
#ifndef CLEAT_CORE_REGISTRATION_H
#define CLEAT_CORE_REGISTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/op.h"

/* States: a refused one may be there from before. */
#define REGISTRATION_WANTED  "wanted"
#define REGISTRATION_THERE   "there"
#define REGISTRATION_REFUSED "refused"
#define REGISTRATION_LEAVING "leaving"

struct registration {
	struct uuid id;
	struct uuid integration_id;
	const char *kind;	/* the integration's type */
	const char *place;	/* JSON: the settings that it is reached by */
	const char *address;	/* the list of the repository's webhooks */
	const char *repository; /* for people */
	const char *hook_url;	/* ours, which the provider calls */
	const char *hook_id; /* what the provider calls it; NULL: not known */
	const char *state;
	/* When something was sent that may have made it, without an answer
	 * since; 0: nothing. */
	int64_t sent_at;
	int64_t created_at;
};

static inline bool registration_is(const struct registration *of,
				   const char *state)
{
	return strcmp(of->state, state) == 0;
}

struct registration_list {
	struct registration *items;
	size_t count;
};

#endif
