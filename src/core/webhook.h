/*
 * What a webhook is sent with: when it is tried again, and how it is signed
 * (Standard Webhooks 1.0, "Signature scheme").
 */
#ifndef CLEAT_CORE_WEBHOOK_H
#define CLEAT_CORE_WEBHOOK_H

#include "base/op.h"
#include "core/credential.h"
#include "core/destination.h"

enum { WEBHOOK_ATTEMPTS_MAX = 10 };

/*
 * Microseconds until the next attempt after so many (at least one): 5 s,
 * 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, each a tenth more or less.
 * -1 when it was the last. `random` is 64 random bits.
 */
int64_t webhook_delay_us(int64_t attempts, uint64_t random);

/*
 * The value of webhook-signature: v1,BASE64 for each credential that is named
 * SIGNING_KEY, or so and more, and has not expired; with spaces between.
 * `sent_at` is in seconds. NULL when no key signs.
 */
const char *webhook_signature(struct op *op, const char *id, int64_t sent_at,
			      const char *body,
			      const struct credential_list *keys);

#endif
