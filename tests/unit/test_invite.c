/* core/invite: who is invited, who may accept, and what ends an invitation. */
#include "support.h"

#include "core/invite.h"
#include "core/store.h"

static struct invite invited(struct store *s, const char *email)
{
	struct invite invite;

	must(invite_create(&s->op, s->project.organization_id, email, &invite));
	return invite;
}

static struct invite found(struct store *s, struct uuid id)
{
	struct invite invite;
	char text[UUID_TEXT];

	uuid_format(id, text);
	must(invite_get(&s->op, s->project.organization_id, text, &invite));
	return invite;
}

static void an_invitation_is_shown_as_it_was_made(void **state)
{
	struct store *s = *state;
	struct invite made = invited(s, "Ann@B.cd");
	struct invite shown = found(s, made.id);

	assert_string_equal(made.email, "ann@b.cd");
	assert_string_equal(shown.email, "ann@b.cd");
	assert_string_equal(shown.status, INVITE_PENDING);
	assert_uuid_equal(shown.organization_id, s->project.organization_id);
	assert_int_equal(shown.created_at, START);
	assert_int_equal(shown.updated_at, 0);
	assert_int_equal(shown.expires_at, START + 7 * DAY);
}

static void an_invitation_of_elsewhere_is_unknown(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct invite made = invited(s, "ann@b.cd");
	struct project other = make_project(op, "other", "theirs");
	char id[UUID_TEXT];

	uuid_format(made.id, id);
	must_fail(invite_get(op, other.organization_id, id, &made),
		  ERR_NOT_FOUND);
	must_fail(invite_get(op, s->project.organization_id, "first", &made),
		  ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no invitation first");
}

static void a_member_is_not_invited(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder ann;
	struct invite invite;

	must(builder_ensure(op, "ann@b.cd", &ann));
	must(organization_join(op, s->project.organization_id, ann.id));
	must_fail(invite_create(op, s->project.organization_id, "ANN@b.cd",
				&invite),
		  ERR_IN_USE);
	assert_string_equal(op->detail, "a member has the address ann@b.cd");
	assert_non_null(op->remedy);
	assert_int_equal(event_count(op, "invite.created"), 0);
}

static void who_is_known_elsewhere_is_invited(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "other", "theirs");
	struct builder ann;

	must(builder_ensure(op, "ann@b.cd", &ann));
	must(organization_join(op, other.organization_id, ann.id));
	assert_string_equal(invited(s, "ann@b.cd").status, INVITE_PENDING);
}

static void nobody_is_invited_twice_at_a_time(void **state)
{
	struct store *s = *state;
	struct invite first = invited(s, "ann@b.cd"), again;

	must_fail(invite_create(&s->op, s->project.organization_id, "ann@b.cd",
				&again),
		  ERR_IN_USE);
	assert_string_equal(s->op.detail, "ann@b.cd is invited already");
	assert_non_null(s->op.remedy);
	must(invite_revoke(&s->op, &first));
	(void)invited(s, "ann@b.cd");
}

static void who_accepts_is_a_member(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct invite invite = invited(s, "ann@b.cd");
	struct membership membership;
	struct uuid joined;

	struct builder ann = ask_as(op, &s->project, "ann@b.cd");
	op->now += DAY;
	must(invite_accept(op, "Ann@B.cd", &joined));
	assert_uuid_equal(joined, s->project.organization_id);
	must(store_membership_get(op, joined, ann.id, &membership));
	assert_false(membership.is_owner);
	invite = found(s, invite.id);
	assert_string_equal(invite.status, INVITE_ACCEPTED);
	assert_int_equal(invite.updated_at, START + DAY);
	assert_true(has_event(op, "invite.accepted", invite.id));
	assert_true(has_event(op, "member.added", ann.id));
	must_fail(invite_accept(op, "ann@b.cd", &joined), ERR_NOT_FOUND);
}

static void the_oldest_invitation_is_accepted_first(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "other", "theirs");
	struct invite theirs;
	struct uuid joined;

	(void)invited(s, "ann@b.cd");
	must(invite_create(op, other.organization_id, "ann@b.cd", &theirs));
	(void)ask_as(op, &s->project, "ann@b.cd");
	must(invite_accept(op, "ann@b.cd", &joined));
	assert_uuid_equal(joined, s->project.organization_id);
	must(invite_accept(op, "ann@b.cd", &joined));
	assert_uuid_equal(joined, other.organization_id);
}

static void an_invitation_is_for_its_own_address(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct invite invite = invited(s, "ann@b.cd");
	struct uuid joined;

	(void)ask_as(op, &s->project, "bob@b.cd");
	must_fail(invite_accept(op, "ann@b.cd", &joined), ERR_NOT_FOUND);
	assert_string_equal(op->detail,
			    "there is no pending invitation of ann@b.cd");
	assert_non_null(op->remedy);
	must_fail(invite_accept(op, "bob@b.cd", &joined), ERR_NOT_FOUND);
	assert_string_equal(found(s, invite.id).status, INVITE_PENDING);
}

static void an_admin_who_is_a_builder_accepts(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct principal *who = make_principal(op, &s->project, ROLE_ADMIN);
	struct builder ann;
	struct uuid joined;

	(void)invited(s, "ann@b.cd");
	must(builder_ensure(op, "ann@b.cd", &ann));
	op->principal = who;
	must_fail(invite_accept(op, "ann@b.cd", &joined), ERR_FORBIDDEN);
	assert_string_equal(op->detail, "this needs a builder's bearer token");
	who->builder_id = ann.id;
	who->role = ROLE_VIEWER;
	must_fail(invite_accept(op, "ann@b.cd", &joined), ERR_FORBIDDEN);
	who->role = ROLE_ADMIN;
	must(invite_accept(op, "ann@b.cd", &joined));
}

static void what_is_over_is_not_accepted(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct invite invite = invited(s, "ann@b.cd");
	struct uuid joined;

	(void)ask_as(op, &s->project, "ann@b.cd");
	op->now += INVITE_LIFETIME_US - 1;
	assert_string_equal(found(s, invite.id).status, INVITE_PENDING);
	op->now += 1;
	must_fail(invite_accept(op, "ann@b.cd", &joined), ERR_NOT_FOUND);
	invite = found(s, invite.id);
	assert_string_equal(invite.status, INVITE_EXPIRED);
	assert_int_equal(invite.updated_at, op->now);
}

static void a_revoked_one_is_not_accepted(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct invite invite = invited(s, "ann@b.cd");
	struct uuid joined;

	op->is_dry_run = true;
	must_fail(invite_revoke(op, &invite), ERR_PLANNED);
	assert_non_null(op->plan);
	op->is_dry_run = false;
	assert_string_equal(found(s, invite.id).status, INVITE_PENDING);
	must(invite_revoke(op, &invite));
	assert_string_equal(found(s, invite.id).status, INVITE_REVOKED);
	assert_true(has_event(op, "invite.revoked", invite.id));
	(void)ask_as(op, &s->project, "ann@b.cd");
	must_fail(invite_accept(op, "ann@b.cd", &joined), ERR_NOT_FOUND);
}

static void what_is_not_pending_is_not_revoked(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct invite invite = invited(s, "ann@b.cd");

	op->now = invite.expires_at;
	invite = found(s, invite.id);
	must_fail(invite_revoke(op, &invite), ERR_MISSHAPEN);
	assert_int_equal(op->issue_count, 1);
	assert_string_equal(op->issues[0].in, "path");
	assert_string_equal(op->issues[0].field, "inviteId");
	assert_string_equal(op->issues[0].why, "is not pending but expired");
	assert_int_equal(event_count(op, "invite.revoked"), 0);
}

static void all_are_listed_whatever_became_of_them(void **state)
{
	static const char *const states[] = {INVITE_REVOKED, INVITE_EXPIRED,
					     INVITE_PENDING};
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "other", "theirs");
	struct invite_list list;
	struct invite invite = invited(s, "ann@b.cd");

	must(invite_revoke(op, &invite));
	(void)invited(s, "bob@b.cd");
	op->now += INVITE_LIFETIME_US;
	(void)invited(s, "cid@b.cd");
	must(invite_list(op, s->project.organization_id, &list));
	assert_int_equal(list.count, COUNT(states));
	for (size_t i = 0; i < COUNT(states); i++)
		assert_string_equal(list.items[i].status, states[i]);
	assert_string_equal(list.items[0].email, "ann@b.cd");
	must(invite_list(op, other.organization_id, &list));
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(an_invitation_is_shown_as_it_was_made),
		STORE_TEST(an_invitation_of_elsewhere_is_unknown),
		STORE_TEST(a_member_is_not_invited),
		STORE_TEST(who_is_known_elsewhere_is_invited),
		STORE_TEST(nobody_is_invited_twice_at_a_time),
		STORE_TEST(who_accepts_is_a_member),
		STORE_TEST(the_oldest_invitation_is_accepted_first),
		STORE_TEST(an_invitation_is_for_its_own_address),
		STORE_TEST(an_admin_who_is_a_builder_accepts),
		STORE_TEST(what_is_over_is_not_accepted),
		STORE_TEST(a_revoked_one_is_not_accepted),
		STORE_TEST(what_is_not_pending_is_not_revoked),
		STORE_TEST(all_are_listed_whatever_became_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
