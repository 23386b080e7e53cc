/* core/deletion, receipt, policy: what is let go of, and its record. */
#include "letting_go.h"

#include <stdio.h>

#include "core/grant.h"
#include "core/restore.h"
#include "core/store.h"

static void grant_goes_with_its_last_connection(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION, grant_of(op, "a", "box", "token"));
	struct thing two =
		thing(op, THING_CONNECTION, grant_of(op, "b", "box", "token"));
	struct thing none = thing(op, THING_CONNECTION,
				  grant_of(op, "c", "bitbucket", "t"));
	const struct deletion_options left = {.revoke = REVOKE_NEVER};
	const struct deletion_options spoiled = {.mode = MODE_SOFT,
						 .revoke = REVOKE_NOW};
	struct restored back;

	assert_non_null(strstr(gone(op, &one, &by_policy).effects, "shared"));
	assert_non_null(strstr(gone(op, &two, &spoiled).effects, "revoked"));
	must(restore_thing(op, THING_CONNECTION, two.id, &back));
	assert_int_equal(back.needs_reauth_count, 1);
	assert_non_null(
		strstr(gone(op, &none, &by_policy).effects, "unsupported"));
	none = thing(op, THING_CONNECTION, grant_of(op, "d", "box", "other"));
	assert_non_null(strstr(gone(op, &none, &left).effects, "left"));

	const struct grant_facts facts = {.provider = "box",
					  .access_token = "t",
					  .workspace = "w",
					  .user = "u"};
	struct grant_marks marks;
	grant_mark(op, &facts, &marks);
	assert_non_null(marks.token);
	assert_non_null(marks.account);
}

static void policies_decide_and_are_checked(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct policy policy = {"installation", MODE_SOFT, 7};
	struct policy_list list;
	struct deletion_terms terms;
	const struct thing one = {.policy = "installation"};
	const struct thing target = {.policy = "target"};
	enum revoke_when when;
	enum deletion_mode mode;

	must(policy_set(op, &policy));
	must(policy_settle(op, &one, &by_policy, &terms));
	assert_int_equal(terms.mode, MODE_SOFT);
	assert_int_equal(terms.revoke, REVOKE_AT_PURGE);
	assert_int_equal(terms.purge_at, op->now + 7 * DAY);
	must(policy_list(op, &list));
	assert_int_equal(list.count, 12);
	policy.kind = "moon";
	must_fail(policy_set(op, &policy), ERR_NOT_FOUND);
	policy.kind = "target";
	must_fail(policy_set(op, &policy), ERR_INVALID);
	must_fail(policy_settle(op, &target, &softly, &terms), ERR_INVALID);
	assert_true(revoke_named("purge", &when));
	assert_false(revoke_named("soon", &when));
	assert_false(mode_named("warm", &mode));
	enum thing_kind kind;
	assert_false(thing_kind_named("moon", &kind));
}

static void receipts_are_found_by_what_they_are_of(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct thing one =
		thing(op, THING_CONNECTION,
		      connect_group(op, "a", "stripe").connection.id);
	struct thing two =
		thing(op, THING_CONNECTION,
		      connect_group(op, "b", "stripe").connection.id);
	struct deletion_list list;
	struct uuid after;

	gone(op, &one, &by_policy);
	gone(op, &two, &softly);
	struct deletion_filter filter = {.limit = 1};
	must(receipt_list(op, &filter, &list, &after));
	assert_int_equal(list.count, 1);
	assert_uuid_equal(list.items[0].target_id, one.id);
	filter.after = after;
	must(receipt_list(op, &filter, &list, &after));
	assert_uuid_equal(list.items[0].target_id, two.id);
	const struct deletion_filter none[] = {
		{.limit = 9, .state = DELETION_WAITING},
		{.limit = 9, .target_kind = "group"},
		{.limit = 9, .target_id = op->project_id},
		{.limit = 9, .group_id = op->project_id},
		{.limit = 9, .since = op->now + 1},
		{.limit = 9, .until = op->now},
	};
	for (size_t i = 0; i < COUNT(none); i++) {
		must(receipt_list(op, &none[i], &list, &after));
		assert_int_equal(list.count, 0);
	}
	must_fail(receipt_get(op, op->project_id, &list.items[0]),
		  ERR_NOT_FOUND);
}

static void long_records_go_on_in_parts(void **state)
{
	enum { GROUPS = 400 };
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	char group[16];
	const char *part;

	for (int i = 0; i < GROUPS; i++) {
		(void)snprintf(group, sizeof(group), "g%d", i);
		connect_group(op, group, "stripe");
		install(op, &of, group, NULL);
	}
	struct thing whole = thing(op, THING_INTEGRATION, of.id);
	struct plan *plan = planned(op, &whole, &by_policy);
	assert_int_equal(plan->total, 2 * GROUPS + 1);
	assert_int_equal(plan->item_count, PLAN_PAGE);
	assert_non_null(strstr(plan_text(op, plan), "\"nextCursor\":100"));
	struct deletion deletion = gone(op, &whole, &by_policy);
	must(receipt_part(op, &deletion, 1, &part));
	assert_non_null(part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(grant_goes_with_its_last_connection),
		STORE_TEST(policies_decide_and_are_checked),
		STORE_TEST(receipts_are_found_by_what_they_are_of),
		STORE_TEST(long_records_go_on_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
