/* Destinations: where deliveries go. */
#ifndef CLEAT_CORE_DESTINATION_H
#define CLEAT_CORE_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "core/credential.h"

#define DESTINATION_WEBHOOK "webhook"

/*
 * Its signing keys among its credentials, each whsec_ and base64 of
 * SIGNING_KEY_BYTES (Standard Webhooks, "Symmetric"). The previous one signs
 * too until it expires, SIGNING_OVERLAP_US after it was replaced.
 */
#define SIGNING_KEY	     "webhook_signing_key"
#define PREVIOUS_SIGNING_KEY "webhook_signing_key_previous"
#define SIGNING_OVERLAP_US   (24 * 3600 * (int64_t)1000000)
enum { SIGNING_KEY_BYTES = 32 };

/* The event of one that is disabled because nothing arrives there. */
#define DESTINATION_DISABLED "destination.webhook.disabled"

/* That long nothing but failures disables it. */
#define DESTINATION_PATIENCE_US (INT64_C(5) * 86400 * 1000000)

struct destination {
	struct uuid id;
	const char *name;     /* unique in the project */
	const char *kind;     /* webhook and others of its dialect */
	const char *metadata; /* its dialect's JSON object; no secrets */
	bool is_disabled;
	int64_t created_at;
	int64_t updated_at;    /* 0: never */
	int64_t failing_since; /* without a success; 0: it is not */
};

struct destination_list {
	struct destination *items;
	size_t count;
};

/* ERR_NOT_FOUND. */
MUST_CHECK enum error destination_get(struct op *op, struct uuid id,
				      struct destination *ret);

/* By its name, or its id. ERR_NOT_FOUND. */
MUST_CHECK enum error destination_find(struct op *op, const char *name_or_id,
				       struct destination *ret);

/* Oldest first. */
MUST_CHECK enum error destination_list(struct op *op,
				       struct destination_list *ret);

/*
 * A webhook gets a signing key. ERR_TAKEN when another has the name; records
 * destination.created.
 */
MUST_CHECK enum error destination_create(struct op *op,
					 const struct destination *new,
					 const struct new_credential *secrets,
					 size_t secret_count,
					 struct destination *ret);

/*
 * Stores name, metadata and the secrets given. ERR_TAKEN; records
 * destination.updated.
 */
MUST_CHECK enum error destination_update(struct op *op,
					 const struct destination *to,
					 const struct new_credential *secrets,
					 size_t secret_count,
					 struct destination *ret);

/*
 * A new signing key; the one before stays for SIGNING_OVERLAP_US. ERR_INVALID
 * for what is no webhook. Records destination.credentials.read and
 * destination.rotated.
 */
MUST_CHECK enum error destination_rotate(struct op *op,
					 const struct destination *which);

/*
 * A success, or another failure: the first of them since the last success is
 * remembered.
 */
MUST_CHECK enum error destination_note(struct op *op,
				       const struct destination *which,
				       bool is_success);

/*
 * Nothing is sent there until it is enabled: what waits ends. Records
 * DESTINATION_DISABLED.
 */
MUST_CHECK enum error destination_disable(struct op *op,
					  const struct destination *which);

/* New events are sent there again. ERR_NOT_FOUND. Records
 * destination.enabled. */
MUST_CHECK enum error destination_enable(struct op *op, struct uuid id,
					 struct destination *ret);

/* Webhooks; the others are kept, and what is for them fails. */
bool destination_is_supported(const char *kind);

/* Its address, NULL when it has none. In the arena. */
const char *destination_url(struct op *op, const struct destination *which);

/* With its secrets, whoever uses it; what waits to be sent there ends. Records
 * destination.deleted. */
MUST_CHECK enum error destination_erase(struct op *op, struct uuid id);

/* How an installation's configuration, compact JSON, names it. */
const char *destination_mention(struct op *op, const char *name);

#endif
