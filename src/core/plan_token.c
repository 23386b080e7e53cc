/* Writing, reading and comparing plan tokens. */
#include "core/plan_token.h"

#include <sodium.h>
#include <string.h>

enum {
	VERSION = 3,
	MARK_SIZE = 2 + UUID_BYTES,
	COUNT_SIZE = 2 + 8,
	COUNTS_MAX = EFFECT_WHATS * EFFECT_KINDS,
	HEAD_SIZE =
		1 + UUID_BYTES + 1 + UUID_BYTES + 3 + 4 * 8 + DIGEST_BYTES + 2,
	TOKEN_BYTES_MAX = HEAD_SIZE + PLAN_PAGE * MARK_SIZE +
			  COUNTS_MAX * COUNT_SIZE + DIGEST_BYTES,
	VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

/* The bytes of a token, going through them. */
struct cursor {
	unsigned char *at;
};

static void put_byte(struct cursor *to, int byte)
{
	*to->at++ = (unsigned char)byte;
}

static void put_bytes(struct cursor *to, const unsigned char *bytes, size_t n)
{
	memcpy(to->at, bytes, n);
	to->at += n;
}

static void put_number(struct cursor *to, int64_t number)
{
	for (int i = 56; i >= 0; i -= 8)
		put_byte(to, (int)((uint64_t)number >> i & 0xff));
}

static int take_byte(struct cursor *from)
{
	return *from->at++;
}

static void take_bytes(struct cursor *from, unsigned char *ret, size_t n)
{
	memcpy(ret, from->at, n);
	from->at += n;
}

static int64_t take_number(struct cursor *from)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | (uint64_t)take_byte(from);
	return (int64_t)number;
}

static int64_t retention_of(const struct deletion_terms *terms, int64_t now)
{
	return terms->mode == MODE_SOFT ? terms->purge_at - now : 0;
}

static int count_counts(const struct effect_counts *counts)
{
	int count = 0;

	for (int what = 0; what < EFFECT_WHATS; what++)
		for (int kind = 0; kind < EFFECT_KINDS; kind++)
			count += counts->of[what][kind] != 0;
	return count;
}

static void put_counts(struct cursor *to, const struct effect_counts *counts)
{
	for (int what = 0; what < EFFECT_WHATS; what++)
		for (int kind = 0; kind < EFFECT_KINDS; kind++) {
			if (!counts->of[what][kind])
				continue;
			put_byte(to, what);
			put_byte(to, kind);
			put_number(to, counts->of[what][kind]);
		}
}

const char *plan_token_write(struct op *op, const struct plan *plan)
{
	unsigned char bytes[TOKEN_BYTES_MAX];
	struct cursor to = {bytes};

	put_byte(&to, VERSION);
	put_bytes(&to, op->project_id.bytes, UUID_BYTES);
	put_byte(&to, (int)plan->thing->kind);
	put_bytes(&to, plan->thing->id.bytes, UUID_BYTES);
	put_byte(&to, (int)plan->terms.mode);
	put_byte(&to, (int)plan->terms.revoke);
	put_byte(&to, plan->terms.force);
	put_number(&to, op->now);
	put_number(&to, retention_of(&plan->terms, op->now));
	put_number(&to, plan->total);
	put_number(&to, plan->last_event);
	put_bytes(&to, plan->digest.bytes, DIGEST_BYTES);
	put_byte(&to, (int)plan->mark_count);
	put_byte(&to, count_counts(&plan->counts));
	for (size_t i = 0; i < plan->mark_count; i++) {
		put_byte(&to, (int)plan->marks[i].what);
		put_byte(&to, (int)plan->marks[i].kind);
		put_bytes(&to, plan->marks[i].id.bytes, UUID_BYTES);
	}
	put_counts(&to, &plan->counts);
	struct digest mac =
		digest_make(&op->keys->sign, bytes, (size_t)(to.at - bytes));
	put_bytes(&to, mac.bytes, DIGEST_BYTES);

	size_t length = (size_t)(to.at - bytes);
	size_t size = sodium_base64_ENCODED_LEN(length, VARIANT);
	char *text = arena_alloc(&op->arena, size);
	return sodium_bin2base64(text, size, bytes, length, VARIANT);
}

/* Signed by us, and of the length that it says. */
static bool is_ours(struct op *op, unsigned char *bytes, size_t length)
{
	if (length < HEAD_SIZE + DIGEST_BYTES || bytes[0] != VERSION)
		return false;
	size_t signed_length = length - DIGEST_BYTES;
	struct digest mac = digest_make(&op->keys->sign, bytes, signed_length);

	return sodium_memcmp(mac.bytes, bytes + signed_length, DIGEST_BYTES) ==
		       0 &&
	       signed_length ==
		       HEAD_SIZE + (size_t)bytes[HEAD_SIZE - 2] * MARK_SIZE +
			       (size_t)bytes[HEAD_SIZE - 1] * COUNT_SIZE &&
	       memcmp(bytes + 1, op->project_id.bytes, UUID_BYTES) == 0;
}

static void take_planned(struct cursor *from, struct planned *ret)
{
	from->at += 1 + UUID_BYTES;
	ret->kind = (enum thing_kind)take_byte(from);
	take_bytes(from, ret->id.bytes, UUID_BYTES);
	ret->options.mode = (enum deletion_mode)take_byte(from);
	ret->options.revoke = (enum revoke_when)take_byte(from);
	ret->options.force = take_byte(from) != 0;
	ret->made_at = take_number(from);
	ret->retention = take_number(from);
	ret->total = take_number(from);
	ret->last_event = take_number(from);
	take_bytes(from, ret->digest.bytes, DIGEST_BYTES);
	struct plan_earlier *earlier = &ret->earlier;
	earlier->mark_count = (size_t)take_byte(from);
	earlier->is_all = (int64_t)earlier->mark_count == ret->total;
	int count = take_byte(from);
	for (size_t i = 0; i < earlier->mark_count; i++) {
		earlier->marks[i].what = (enum effect_what)take_byte(from);
		earlier->marks[i].kind = (enum effect_kind)take_byte(from);
		take_bytes(from, earlier->marks[i].id.bytes, UUID_BYTES);
	}
	for (int i = 0; i < count; i++) {
		int what = take_byte(from), kind = take_byte(from);

		ret->counts.of[what][kind] = take_number(from);
	}
}

enum error plan_token_read(struct op *op, const char *token,
			   struct planned *ret)
{
	unsigned char bytes[TOKEN_BYTES_MAX];
	struct cursor from = {bytes};
	size_t length;

	if (sodium_base642bin(bytes, sizeof(bytes), token, strlen(token), NULL,
			      &length, NULL, VARIANT) != 0 ||
	    !is_ours(op, bytes, length)) {
		op_issue(op, "body", "planToken",
			 "is none that was made for this project");
		return op_fail(op, ERR_INVALID, "the plan token is not valid");
	}
	memset(ret, 0, sizeof(*ret));
	take_planned(&from, ret);
	if (ret->made_at + PLAN_TOKEN_LIFETIME_US <= op->now) {
		op_issue(op, "body", "planToken",
			 "is over an hour old: plan again");
		return op_fail(op, ERR_INVALID, "the plan token has expired");
	}
	return OK;
}

static void tell(struct op *op, const struct effect_mark *mark, bool has_come)
{
	char id[UUID_TEXT];

	uuid_format(mark->id, id);
	op_issue(op, "body", "planToken", "%s %s is %s: %s",
		 effect_kind_name(mark->kind), id, effect_what_name(mark->what),
		 has_come ? "not in the plan" : "in the plan, but not so now");
}

/* Of a long plan others may have come, or gone. */
static void tell_counts(struct op *op, const struct effect_counts *planned,
			const struct effect_counts *now)
{
	for (int what = 0; what < EFFECT_WHATS; what++)
		for (int kind = 0; kind < EFFECT_KINDS; kind++) {
			int64_t then = planned->of[what][kind];

			if (then == now->of[what][kind])
				continue;
			op_issue(op, "body", "planToken",
				 "%s %s: %lld in the plan, %lld now",
				 effect_what_name((enum effect_what)what),
				 effect_kind_name((enum effect_kind)kind),
				 (long long)then,
				 (long long)now->of[what][kind]);
		}
}

static void tell_difference(struct op *op, const struct planned *planned,
			    const struct plan *plan)
{
	const struct plan_earlier *earlier = &planned->earlier;

	for (size_t i = 0; i < earlier->new_count; i++)
		tell(op, &earlier->new[i], true);
	for (size_t i = 0; i < earlier->mark_count; i++)
		if (!earlier->is_there[i])
			tell(op, &earlier->marks[i], false);
	if (!earlier->is_all)
		tell_counts(op, &planned->counts, &plan->counts);
	if (!op->issue_count)
		op_issue(op, "body", "planToken",
			 "as many effects as planned, but not the same, or in "
			 "another order");
}

enum error plan_compare(struct op *op, const struct planned *planned,
			const struct plan *plan)
{
	int64_t retention = retention_of(&plan->terms, op->now);
	bool is_same = memcmp(planned->digest.bytes, plan->digest.bytes,
			      DIGEST_BYTES) == 0;

	if (is_same && retention == planned->retention)
		return OK;
	op_advise(op, "Plan again and look at what has changed.");
	if (retention != planned->retention)
		op_issue(op, "body", "planToken",
			 "what is hidden would be purged after %lld seconds, "
			 "not after %lld as in the plan",
			 (long long)(retention / 1000000),
			 (long long)(planned->retention / 1000000));
	if (is_same)
		return op_fail(op, ERR_CHANGED,
			       "the plan no longer holds: the time that "
			       "things stay in the trash has changed");
	tell_difference(op, planned, plan);
	return op_fail(op, ERR_CHANGED,
		       "the plan no longer holds: it had %lld effects, now "
		       "it would have %lld",
		       (long long)planned->total, (long long)plan->total);
}

enum error plan_refuse_gone(struct op *op, const struct planned *planned)
{
	char id[UUID_TEXT];

	uuid_format(planned->id, id);
	op_issue(op, "body", "planToken", "%s %s is in the plan, but gone now",
		 thing_kind_name(planned->kind), id);
	op_advise(op, "Plan again and look at what has changed.");
	return op_fail(op, ERR_CHANGED,
		       "the plan no longer holds: %s %s is gone",
		       thing_kind_name(planned->kind), id);
}
