/* Who a customer is, and what is not a customer's. */
#include "core/customer.h"

#include <string.h>

#include "base/clock.h"
#include "base/rs256.h"
#include "base/utf8.h"
#include "core/group.h"
#include "core/store.h"

static enum error refused(struct op *op)
{
	return op_fail(op, ERR_UNAUTHENTICATED,
		       "the token is not valid or has expired");
}

/* The key that it names, if tokens of it are taken. */
static enum error find_key(struct op *op, const char *token,
			   struct jwt_key *ret)
{
	struct uuid kid;

	if (!rs256_kid(&op->arena, token, &kid))
		return refused(op);
	enum error error = store_jwt_key_by_id(op, kid, ret);
	if (error == ERR_NOT_FOUND || (error == OK && !ret->is_active))
		return refused(op);
	return error;
}

/* From here on the builder's own mistakes, who is told of them. */
static enum error faulty(struct op *op, const char *claim, const char *why)
{
	op_advise(op, "Sign a token with groupRef, consumerRef, iat and exp.");
	return op_fail(op, ERR_UNAUTHENTICATED, "the token's %s %s", claim,
		       why);
}

static enum error read_ref(struct op *op, const struct rs256_claims *claims,
			   const char *name, const char **ret)
{
	const char *text = rs256_text(claims, name);

	if (!text || !*text)
		return faulty(op, name, "is missing, or is no text");
	if (utf8_count(text) > REF_MAX)
		return faulty(op, name, "is too long");
	*ret = text;
	return OK;
}

static enum error read_time(struct op *op, const struct rs256_claims *claims,
			    const char *name, int64_t *ret)
{
	if (rs256_time(claims, name, ret))
		return OK;
	return faulty(op, name, "is missing, or is no time in whole seconds");
}

/* Its whole life, as it says, and now. */
static enum error check_times(struct op *op, const struct rs256_claims *claims,
			      int64_t *ret_expires_at)
{
	int64_t now = op->now / CLOCK_SECOND, issued, expires, begins;

	TRY(read_time(op, claims, "iat", &issued));
	TRY(read_time(op, claims, "exp", &expires));
	begins = issued;
	if (rs256_has(claims, "nbf"))
		TRY(read_time(op, claims, "nbf", &begins));
	if (expires <= issued || expires - issued > CUSTOMER_TOKEN_MAX_S)
		return faulty(op, "exp", "must be 1 to 600 seconds after iat");
	if (issued > now + CUSTOMER_SKEW_S)
		return faulty(op, "iat", "is not yet");
	if (begins > now + CUSTOMER_SKEW_S)
		return faulty(op, "nbf", "is not yet");
	if (expires + CUSTOMER_SKEW_S <= now)
		return faulty(op, "exp", "is over");
	*ret_expires_at = (expires + CUSTOMER_SKEW_S) * CLOCK_SECOND;
	return OK;
}

enum error customer_authenticate(struct op *op, const char *token,
				 struct principal *ret)
{
	struct customer *customer = arena_alloc(&op->arena, sizeof(*customer));
	struct principal who = {.role = ROLE_FRONTEND, .customer = customer};
	struct jwt_key key;

	TRY(find_key(op, token, &key));
	const struct rs256_claims *claims =
		rs256_open(&op->arena, token, key.public_key);
	if (!claims)
		return refused(op);
	TRY(read_ref(op, claims, "groupRef", &customer->group_ref));
	TRY(read_ref(op, claims, "consumerRef", &customer->consumer_ref));
	TRY(check_times(op, claims, &who.expires_at));
	who.token_id = key.id;
	who.project_id = key.project_id;
	*ret = who;
	return OK;
}

const struct customer *customer_calling(const struct op *op)
{
	return op->principal ? op->principal->customer : NULL;
}

bool customer_sees(const struct op *op, const char *group_ref)
{
	const struct customer *who = customer_calling(op);

	return !who || strcmp(who->group_ref, group_ref) == 0;
}

bool customer_narrows(const struct op *op, const char **group_ref)
{
	const struct customer *who = customer_calling(op);

	if (!who)
		return true;
	if (*group_ref && !customer_sees(op, *group_ref))
		return false;
	*group_ref = who->group_ref;
	return true;
}

static enum error refuse_other(struct op *op, const char *what, const char *own)
{
	op_advise(op, "Send what the token says, or another token.");
	return op_fail(op, ERR_FORBIDDEN, "%s must be %s, as in the token",
		       what, own);
}

enum error customer_may_make(struct op *op, const char *group_ref,
			     const char *consumer_ref)
{
	const struct customer *who = customer_calling(op);

	if (who && group_ref && !customer_sees(op, group_ref))
		return refuse_other(op, "groupRef", who->group_ref);
	if (who && consumer_ref && strcmp(who->consumer_ref, consumer_ref) != 0)
		return refuse_other(op, "consumerRef", who->consumer_ref);
	return OK;
}

enum error customer_may_sign(struct op *op, const char *created_by)
{
	static const char consumer[] = "consumer:";
	const size_t length = sizeof(consumer) - 1;
	const struct customer *who = customer_calling(op);

	if (!who || !created_by || strncmp(created_by, "api:", 4) == 0)
		return OK;
	if (strncmp(created_by, consumer, length) == 0 &&
	    strcmp(created_by + length, who->consumer_ref) == 0)
		return OK;
	return refuse_other(
		op, "createdBy",
		arena_printf(&op->arena, "%s%s", consumer, who->consumer_ref));
}

enum error customer_refuse(struct op *op)
{
	if (!customer_calling(op))
		return OK;
	return op_fail(op, ERR_FORBIDDEN,
		       "a customer's token may not ask for this");
}
