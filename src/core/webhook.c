/* The schedule and the signature of webhooks. */
#include "core/webhook.h"

#include <inttypes.h>
#include <string.h>

#include "base/hmac.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)

int64_t webhook_delay_us(int64_t attempts, uint64_t random)
{
	static const int64_t delays[WEBHOOK_ATTEMPTS_MAX - 1] = {
		5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR,	5 * HOUR,
		10 * HOUR,  14 * HOUR,	20 * HOUR,   24 * HOUR,
	};

	if (attempts >= WEBHOOK_ATTEMPTS_MAX)
		return -1;
	int64_t delay = delays[attempts - 1], spread = delay / 5;
	return delay - spread / 2 + (int64_t)(random % (uint64_t)(spread + 1));
}

static bool signs(const struct op *op, const struct credential *key)
{
	size_t length = strlen(SIGNING_KEY);

	if (strncmp(key->name, SIGNING_KEY, length) != 0 ||
	    (key->name[length] && key->name[length] != '_'))
		return false;
	return !key->expires_at || key->expires_at > op->now;
}

const char *webhook_signature(struct op *op, const char *id, int64_t sent_at,
			      const char *body,
			      const struct credential_list *keys)
{
	const char *time = arena_printf(&op->arena, "%" PRId64, sent_at);
	const char *const signed_texts[] = {id, ".", time, ".", body};
	const char *all = NULL;
	char code[HMAC_TEXT];
	struct hmac_key key;

	for (size_t i = 0; i < keys->count; i++) {
		const struct credential *one = &keys->items[i];

		if (!signs(op, one) ||
		    !hmac_key_read((const char *)one->value.bytes, &key))
			continue;
		hmac_base64(&key, signed_texts, 5, code);
		hmac_key_wipe(&key);
		all = arena_printf(&op->arena, "%s%sv1,%s", all ? all : "",
				   all ? " " : "", code);
	}
	return all;
}
