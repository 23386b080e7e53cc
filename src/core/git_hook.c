/* Events of git providers: let in, and recorded. */
#include "core/git_hook.h"

#include <sodium.h>
#include <string.h>

#include "base/hmac.h"
#include "base/json_member.h"
#include "base/random.h"
#include "core/credential.h"
#include "core/registering.h"

enum { SECRET_BYTES = (GIT_HOOK_SECRET_TEXT - 1) / 2 };

static enum error put_secret(struct op *op, struct uuid integration_id,
			     const char **ret)
{
	unsigned char bytes[SECRET_BYTES];
	char *text = arena_alloc(&op->arena, GIT_HOOK_SECRET_TEXT);

	random_bytes(bytes, sizeof(bytes));
	sodium_bin2hex(text, GIT_HOOK_SECRET_TEXT, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
	*ret = text;
	return credential_put(op, integration_id, GIT_HOOK_SECRET, text, 0);
}

enum error git_hook_need_secret(struct op *op,
				const struct integration *integration)
{
	struct credential_list secrets;
	const char *ignored;

	TRY(credential_use(op, integration->id, &secrets));
	return credential_find(&secrets, GIT_HOOK_SECRET)
		       ? OK
		       : put_secret(op, integration->id, &ignored);
}

enum error git_hook_renew(struct op *op, const struct integration *integration,
			  const char **ret_secret)
{
	const struct event_fact facts[] = {
		{"family", integration_family_name(integration->family), false},
		{"handle", integration->handle, false},
		{"kind", integration->kind, false},
	};

	TRY(put_secret(op, integration->id, ret_secret));
	TRY(event_record(op, "integration.hook_secret.renewed", "integration",
			 integration->id, facts, 3, NULL));
	return registering_plan(op, integration, true);
}

static bool fits(const struct credential *secret,
		 const struct git_hook_proof *proof)
{
	const char *text = (const char *)secret->value.bytes;
	size_t length = secret->value.length;

	if (proof->signature)
		return hmac_hex_fits(proof->signature, text, length,
				     proof->body, proof->length);
	return proof->token &&
	       hmac_same_text(proof->token, strlen(proof->token), text, length);
}

enum error git_hook_check(struct op *op, const struct integration *integration,
			  const struct git_hook_proof *proof)
{
	struct credential_list secrets;
	const struct credential *secret;

	TRY(credential_use(op, integration->id, &secrets));
	secret = credential_find(&secrets, GIT_HOOK_SECRET);
	if (secret && fits(secret, proof))
		return OK;
	return op_fail(op, ERR_FORBIDDEN,
		       secret ? "the event's signature does not fit"
			      : "the integration has no secret for events");
}

static const char *document_of(struct op *op, const struct git_change *change)
{
	struct arena *arena = &op->arena;
	const char *text =
		json_quote(arena, arena_printf(arena, "%s: %s", change->type,
					       change->environment));

	return arena_printf(arena,
			    "{\"parameters\":{},\"payload\":{\"commit\":%s,"
			    "\"by\":%s},\"description\":%s,\"text\":%s}",
			    change->commit ? json_quote(arena, change->commit)
					   : "null",
			    change->by ? json_quote(arena, change->by) : "null",
			    text, text);
}

enum error git_hook_record(struct op *op, const struct integration *integration,
			   const struct git_change *change,
			   struct activity *ret)
{
	struct arena *arena = &op->arena;
	const struct activity_new new = {
		.type = change->type,
		.integration_id = integration->id,
		.integration = integration->handle,
		.environments = arena_printf(
			arena, "[%s]", json_quote(arena, change->environment)),
		.percent = -1,
		.document = document_of(op, change),
	};

	return activity_begin(op, &new, ret);
}
