/*
 * What a deletion does to one thing, as plans and receipts say it; and how
 * many effects of each kind there are.
 */
#ifndef CLEAT_CORE_EFFECT_H
#define CLEAT_CORE_EFFECT_H

#include <stdint.h>

#include "base/json_write.h"
#include "base/op.h"

enum effect_what {
	EFFECT_GONE,	     /* not there any more */
	EFFECT_HIDDEN,	     /* not there, but can come back */
	EFFECT_KEPT,	     /* something that stays uses it */
	EFFECT_REVOKED,	     /* ended at the provider, by a step */
	EFFECT_SHARED,	     /* a grant that another connection lives by */
	EFFECT_UNSUPPORTED,  /* the provider has no way to end it */
	EFFECT_LEFT,	     /* not to be revoked: that was asked for */
	EFFECT_UNDEPLOYED,   /* removed from a worker, by a step */
	EFFECT_NOTIFIED,     /* is sent what happened */
	EFFECT_DEREGISTERED, /* taken away at the provider, by a step */
	EFFECT_WHATS
};

enum effect_kind {
	EFFECT_OF_INSTALLATION,
	EFFECT_OF_CONNECTION,
	EFFECT_OF_GRANT, /* by the id of its connection */
	EFFECT_OF_INTEGRATION,
	EFFECT_OF_GROUP,
	EFFECT_OF_CONSUMER,
	EFFECT_OF_DESTINATION,
	EFFECT_OF_TOKEN,
	EFFECT_OF_PROVIDER_APP,
	EFFECT_OF_TOPIC,
	EFFECT_OF_ROUTE,
	EFFECT_OF_PROJECT,
	EFFECT_OF_ENVIRONMENT,
	EFFECT_OF_WORKER,
	EFFECT_OF_DEPLOYMENT,
	EFFECT_OF_INVITE,
	EFFECT_OF_JWT_KEY,
	EFFECT_OF_VARIABLE,
	EFFECT_OF_WEBHOOK, /* of ours, at a git provider */
	EFFECT_KINDS
};

enum { EFFECT_USERS_SHOWN = 20 };

struct effect {
	enum effect_what what;
	enum effect_kind kind;
	struct uuid id;
	const char *name;     /* NULL: none */
	const char *provider; /* of a grant or webhook; else NULL */
	const char *hook_id;  /* what a webhook's provider calls it; NULL: not
				 known */
	struct uuid integration_id; /* of a webhook; else nil */
	struct uuid worker_id;	    /* of a deployment; else nil */
	struct uuid connection_id;  /* of a deployment; else nil */
	const struct uuid *users;   /* who keeps or shares it: the first few */
	size_t user_count;	    /* of all of them */
	bool is_for_installations;  /* users are installations, else
				       connections */
};

struct effect_counts {
	int64_t of[EFFECT_WHATS][EFFECT_KINDS];
};

const char *effect_what_name(enum effect_what what);
const char *effect_kind_name(enum effect_kind kind);

void effect_count(struct effect_counts *counts, const struct effect *effect);

/* What effect_put_counts wrote as an object of its own, `json`. */
void effect_read_counts(struct op *op, const char *json,
			struct effect_counts *ret);

/* One effect as an object; `counts` as an object of objects. */
void effect_put(struct json_writer *w, const struct effect *effect);
void effect_put_counts(struct json_writer *w, const char *key,
		       const struct effect_counts *counts);

#endif
