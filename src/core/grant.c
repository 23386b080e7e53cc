/* Ending grants, once each. */
#include "core/grant.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "core/credential.h"
#include "core/revocation.h"
#include "core/step.h"
#include "core/store.h"

enum { MARKED_MAX = 4096 };

static const struct digest *mark_of(struct op *op, const char *what,
				    const char *const *parts, size_t count)
{
	struct digest *mark = arena_alloc(&op->arena, sizeof(*mark));
	struct buf text;
	char project[UUID_TEXT];

	uuid_format(op->project_id, project);
	buf_init(&text, MARKED_MAX + CREDENTIAL_MAX);
	buf_printf(&text, "%s:%s", what, project);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "\n%zu:%s", strlen(parts[i]), parts[i]);
	*mark = digest_make(&op->keys->sign, text.bytes, text.length);
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	return mark;
}

void grant_mark(struct op *op, const struct grant_facts *facts,
		struct grant_marks *ret)
{
	const char *token = facts->refresh_token ? facts->refresh_token
						 : facts->access_token;
	char app[UUID_TEXT];

	*ret = (struct grant_marks){NULL, NULL};
	if (token)
		ret->token =
			mark_of(op, "grant",
				(const char *[]){facts->provider, token}, 2);
	if (!facts->user)
		return;
	uuid_format(facts->provider_app_id, app);
	const char *parts[] = {facts->provider, app,
			       facts->workspace ? facts->workspace : "",
			       facts->user};
	ret->account = mark_of(op, "account", parts, 4);
}

enum error grant_is_in_use(struct op *op, const struct grant_facts *facts,
			   bool *ret)
{
	struct grant_marks marks;

	*ret = false;
	grant_mark(op, facts, &marks);
	return marks.token ? store_grant_is_in_use(op, marks.token, ret) : OK;
}

enum error grant_account_is_in_use(struct op *op, const char *mark, bool *ret)
{
	struct digest account;

	*ret = false;
	return mark && digest_parse(mark, &account)
		       ? store_account_is_in_use(op, &account, ret)
		       : OK;
}

static bool is_among(const struct uuid *ids, size_t count, struct uuid id)
{
	for (size_t i = 0; i < count; i++)
		if (uuid_equal(ids[i], id))
			return true;
	return false;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(((const struct uuid *)a)->bytes,
		      ((const struct uuid *)b)->bytes, UUID_BYTES);
}

/* Other connections that live by it; those parted do not count. */
static enum error find_sharers(struct op *op, struct uuid connection_id,
			       const struct uuid *parted, size_t parted_count,
			       struct effect *effect)
{
	struct uuid *sharers;
	size_t count, kept = 0;

	TRY(store_grant_sharers(op, connection_id, &sharers, &count));
	for (size_t i = 0; i < count; i++)
		if (!is_among(parted, parted_count, sharers[i]))
			sharers[kept++] = sharers[i];
	if (kept)
		qsort(sharers, kept, sizeof(*sharers), by_id);
	effect->users = sharers;
	effect->user_count = kept;
	return OK;
}

enum error grant_effect(struct op *op, const struct parting *connection,
			const struct deletion_terms *terms,
			const struct uuid *parted, size_t parted_count,
			struct effect *ret, bool *ret_is_now)
{
	struct effect effect = {
		.kind = EFFECT_OF_GRANT,
		.id = connection->id,
		.provider = connection->kind,
	};

	*ret_is_now =
		!(terms->mode == MODE_SOFT && terms->revoke == REVOKE_AT_PURGE);
	if (!*ret_is_now)
		return OK;
	if (connection->may_share)
		TRY(find_sharers(op, connection->id, parted, parted_count,
				 &effect));
	if (effect.user_count) {
		effect.what = EFFECT_SHARED;
	} else if (terms->revoke == REVOKE_NEVER) {
		effect.what = EFFECT_LEFT;
	} else {
		effect.what = revocation_is_possible(
				      revocation_find(connection->kind))
				      ? EFFECT_REVOKED
				      : EFFECT_UNSUPPORTED;
	}
	*ret = effect;
	return OK;
}

/* It can come back, but not with this grant; a customer's own key gets another
 * token then. */
static enum error spoil(struct op *op, const struct parting *connection)
{
	if (catalog_assertion(connection->kind))
		return credential_drop(op, connection->id, "access_token");
	TRY(credential_drop(op, connection->id, NULL));
	return store_connection_spoil(op, connection->id);
}

enum error grant_let_go(struct op *op, struct record *record,
			const struct parting *connection,
			const struct deletion_terms *terms)
{
	struct effect effect;
	bool is_now;

	TRY(grant_effect(op, connection, terms, NULL, 0, &effect, &is_now));
	if (!is_now)
		return OK;
	if (effect.what == EFFECT_REVOKED) {
		TRY(step_add_revocation(op, record->id, connection));
		record->has_steps = true;
		if (terms->mode == MODE_SOFT)
			TRY(spoil(op, connection));
	}
	return record_effect(op, record, &effect);
}
