/* core/organization, claimed_domain: who is in an organization, who may say
 * so, and which addresses are its people's. */
#include "support.h"

#include "core/access_token.h"
#include "core/claimed_domain.h"
#include "core/invite.h"
#include "core/organization.h"
#include "core/store.h"

static const char *text_of(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return arena_strdup(&op->arena, text);
}

static struct organization acme(struct op *op)
{
	struct organization organization;

	must(organization_find(op, "acme", &organization));
	return organization;
}

/* Who asks from now on, of acme. */
static struct builder ask_as_member(struct store *s, const char *email,
				    bool is_owner)
{
	struct builder who = ask_as(&s->op, &s->project, email);

	must(organization_appoint(&s->op, s->project.organization_id, who.id,
				  is_owner));
	return who;
}

static void a_member_enters_an_organization_by_its_id(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const char *id = text_of(op, s->project.organization_id);
	struct membership entered;

	(void)ask_as_member(s, "ann@b.cd", false);
	must(organization_enter(op, id, &entered));
	assert_uuid_equal(entered.organization.id, s->project.organization_id);
	assert_string_equal(entered.organization.name, "acme");
	assert_false(entered.is_owner);
	must_fail(organization_enter(op, "acme", &entered), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no organization acme");
}

static void who_is_no_member_does_not_know_of_it(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const char *id = text_of(op, s->project.organization_id);
	struct membership_list list;
	struct membership entered;

	must_fail(organization_enter(op, id, &entered), ERR_FORBIDDEN);
	must_fail(organization_list(op, &list), ERR_FORBIDDEN);
	(void)ask_as(op, &s->project, "bob@b.cd");
	must_fail(organization_enter(op, id, &entered), ERR_NOT_FOUND);
	must(organization_list(op, &list));
	assert_int_equal(list.count, 0);
}

static void owners_alone_manage_it(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct membership member = {.organization = acme(op)};
	const struct membership owner = {.organization = acme(op),
					 .is_owner = true};
	struct principal *viewer = make_principal(op, &s->project, ROLE_VIEWER);

	op->principal = viewer;
	must_fail(organization_manage(op, &owner), ERR_FORBIDDEN);
	assert_null(op->remedy);
	viewer->role = ROLE_ADMIN;
	must(organization_manage(op, &owner));
	must_fail(organization_manage(op, &member), ERR_FORBIDDEN);
	assert_string_equal(op->detail,
			    "this is for the organization's owners");
	assert_non_null(op->remedy);
}

static void who_makes_one_owns_it(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct organization made;
	struct membership_list list;

	(void)ask_as_member(s, "ann@b.cd", false);
	op->now += SECOND;
	must(organization_create(op, "Ann's", &made));
	assert_string_equal(made.label, "Ann's");
	assert_string_equal(made.name, text_of(op, made.id));
	assert_int_equal(made.created_at, START + SECOND);
	must(organization_list(op, &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].organization.name, "acme");
	assert_uuid_equal(list.items[1].organization.id, made.id);
	assert_true(list.items[1].is_owner);
	/* no project of it keeps the event */
	assert_int_equal(event_count(op, "organization.created"), 0);
}

static void who_is_no_builder_makes_none(void **state)
{
	struct store *s = *state;
	struct organization made;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
	must_fail(organization_create(&s->op, "Ann's", &made), ERR_FORBIDDEN);
	assert_string_equal(s->op.detail,
			    "this needs a builder's bearer token");
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM organization"),
			 1);
}

static void who_only_reads_makes_none(void **state)
{
	struct store *s = *state;
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_VIEWER);
	struct organization made;

	who->builder_id = ask_as(&s->op, &s->project, "ann@b.cd").id;
	s->op.principal = who;
	must_fail(organization_create(&s->op, "Ann's", &made), ERR_FORBIDDEN);
	who->role = ROLE_ADMIN;
	must(organization_create(&s->op, "Ann's", &made));
}

static void a_new_label_is_kept_and_recorded(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct organization was = acme(op);
	struct organization changed, found;

	op->now += SECOND;
	must(organization_rename(op, &was, "Acme Inc.", &changed));
	found = acme(op);
	assert_string_equal(found.label, "Acme Inc.");
	assert_string_equal(found.name, "acme");
	assert_int_equal(found.updated_at, START + SECOND);
	assert_string_equal(changed.label, found.label);
	assert_int_equal(changed.updated_at, found.updated_at);
	assert_true(has_event(op, "organization.updated", was.id));
}

static void a_name_that_is_not_there_is_unknown(void **state)
{
	struct store *s = *state;
	struct organization found;

	must_fail(organization_find(&s->op, "other", &found), ERR_NOT_FOUND);
	assert_string_equal(s->op.detail, "there is no organization other");
}

static void members_are_listed_in_the_order_of_ids(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder_list list;
	struct builder ann, bob;

	must(builder_ensure(op, "ann@b.cd", &ann));
	must(builder_ensure(op, "bob@b.cd", &bob));
	must(organization_join(op, s->project.organization_id, bob.id));
	must(organization_join(op, s->project.organization_id, ann.id));
	(void)make_project(op, "other", "theirs");
	must(organization_builders(op, s->project.organization_id, &list));
	assert_int_equal(list.count, 3);
	assert_null(list.items[0].email); /* who founded it */
	assert_string_equal(list.items[1].email, "ann@b.cd");
	assert_string_equal(list.items[2].email, "bob@b.cd");
}

static void joining_again_changes_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder ann = ask_as_member(s, "ann@b.cd", true);
	struct membership membership;

	must(organization_join(op, s->project.organization_id, ann.id));
	must(store_membership_get(op, s->project.organization_id, ann.id,
				  &membership));
	assert_true(membership.is_owner);
	assert_int_equal(event_count(op, "member.added"), 1);
}

static bool is_member(struct store *s, const struct builder *who)
{
	struct membership membership;

	return store_membership_get(&s->op, s->project.organization_id, who->id,
				    &membership) == OK;
}

static void must_not_know(struct store *s, const char *id)
{
	const struct organization to = acme(&s->op);

	must_fail(organization_add_known(&s->op, &to, id), ERR_NOT_FOUND);
	assert_string_equal(
		s->op.detail,
		arena_printf(&s->op.arena, "there is no builder %s", id));
}

static void who_shares_an_organization_is_added(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct organization to = acme(op);
	struct project other = make_project(op, "other", "theirs");
	struct builder bob;

	must(builder_ensure(op, "bob@b.cd", &bob));
	must(organization_join(op, other.organization_id, bob.id));
	struct builder ann = ask_as_member(s, "ann@b.cd", true);
	must_not_know(s, text_of(op, bob.id));
	assert_false(is_member(s, &bob));
	must(organization_join(op, other.organization_id, ann.id));
	must(organization_add_known(op, &to, text_of(op, bob.id)));
	assert_true(is_member(s, &bob));
	must(organization_add_known(op, &to, text_of(op, bob.id)));
	assert_true(has_event(op, "member.added", bob.id));
}

static void who_has_an_address_in_a_claimed_domain_is_added(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct organization to = acme(op);
	struct project other = make_project(op, "other", "theirs");
	struct builder bob, eve;

	must(builder_ensure(op, "bob@b.cd", &bob));
	must(builder_ensure(op, "eve@e.cd", &eve));
	(void)ask_as(op, &s->project, "cid@e.cd");
	must(claimed_domain_add(op, other.organization_id, "e.cd"));
	(void)ask_as_member(s, "ann@b.cd", true);
	must_not_know(s, text_of(op, bob.id));
	must(claimed_domain_add(op, to.id, "b.cd"));
	must(organization_add_known(op, &to, text_of(op, bob.id)));
	assert_true(is_member(s, &bob));
	must_not_know(s, text_of(op, eve.id));
}

static void who_is_not_known_is_not_added(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder nameless;
	struct uuid founder;

	(void)ask_as_member(s, "ann@b.cd", true);
	must_not_know(s, "bob@b.cd");
	must_not_know(s, text_of(op, s->project.id));
	struct project other = make_project(op, "other", "theirs");
	must(store_membership_first_owner(op, other.organization_id, &founder));
	must(store_builder_get(op, founder, &nameless));
	assert_null(nameless.email);
	must_not_know(s, text_of(op, founder));
}

static void who_leaves_takes_tokens_and_invitations_along(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct organization from = acme(op);
	struct access_token_new new = {.kind = TOKEN_UPSUN,
				       .label = "",
				       .scopes = "",
				       .role = ROLE_ADMIN};
	struct access_token token;
	struct invite invite;
	struct principal who;
	char text[TOKEN_TEXT];

	/* invited before an owner appointed them */
	must(invite_create(op, from.id, "ann@b.cd", &invite));
	struct builder ann = ask_as_member(s, "ann@b.cd", false);
	new.builder_id = ann.id;
	must(access_token_create(op, &new, &token, text));
	must(organization_leave(op, &from, &ann));
	must_fail(access_token_authenticate(op, TOKEN_UPSUN, text, &who),
		  ERR_UNAUTHENTICATED);
	must(store_invite_get(op, from.id, invite.id, &invite));
	assert_string_equal(invite.status, INVITE_REVOKED);
	assert_true(has_event(op, "member.removed", ann.id));
	assert_true(has_event(op, "token.deleted", token.id));
	must_fail(organization_leave(op, &from, &ann), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "the builder is no member of acme");
}

static void one_claims_the_domain_of_ones_own_address(void **state)
{
	static const char *const others[] = {"c.de", "cd", "xb.cd", "b.cd.ef"};
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid id = s->project.organization_id;
	struct claimed_domain_list list;

	(void)ask_as_member(s, "ann@b.cd", true);
	for (size_t i = 0; i < COUNT(others); i++) {
		op->issue_count = 0;
		must_fail(claimed_domain_add(op, id, others[i]), ERR_INVALID);
		assert_int_equal(op->issue_count, 1);
		assert_string_equal(op->issues[0].in, "body");
		assert_string_equal(op->issues[0].field, "domain");
	}
	must(claimed_domain_add(op, id, "b.cd"));
	must(claimed_domain_add(op, id, "mail.b.cd"));
	must(claimed_domain_list(op, id, &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].domain, "b.cd");
	assert_string_equal(list.items[1].domain, "mail.b.cd");
	assert_uuid_equal(list.items[0].organization_id, id);
	assert_true(has_event(op, "domain.claimed", list.items[0].id));
	assert_int_equal(event_count(op, "domain.claimed"), 2);
}

static void a_builder_with_an_address_claims(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid id = s->project.organization_id, founder;
	struct principal *who = make_principal(op, &s->project, ROLE_ADMIN);

	op->principal = who;
	must_fail(claimed_domain_add(op, id, "b.cd"), ERR_FORBIDDEN);
	must(store_membership_first_owner(op, id, &founder));
	who->builder_id = founder; /* of whom nothing is known */
	must_fail(claimed_domain_add(op, id, "b.cd"), ERR_INVALID);
}

static void a_domain_is_claimed_once(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "other", "theirs");

	(void)ask_as_member(s, "ann@b.cd", true);
	must(claimed_domain_add(op, s->project.organization_id, "b.cd"));
	must_fail(claimed_domain_add(op, other.organization_id, "b.cd"),
		  ERR_IN_USE);
	assert_string_equal(op->detail, "b.cd is claimed already");
	assert_non_null(op->remedy);
}

static void a_claim_is_shown_to_members_and_to_its_addresses(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct claimed_domain found;

	(void)ask_as_member(s, "ann@b.cd", true);
	must(claimed_domain_add(op, s->project.organization_id, "b.cd"));
	must_fail(claimed_domain_find(op, "c.de", &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "nobody has claimed c.de");
	(void)ask_as(op, &s->project, "bob@b.cd");
	must(claimed_domain_find(op, "b.cd", &found));
	assert_uuid_equal(found.organization_id, s->project.organization_id);
	(void)ask_as(op, &s->project, "eve@sub.b.cd");
	must_fail(claimed_domain_find(op, "b.cd", &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "nobody has claimed b.cd");
	(void)ask_as_member(s, "eve@sub.b.cd", false);
	must(claimed_domain_find(op, "b.cd", &found));
	op->principal = NULL;
	must_fail(claimed_domain_find(op, "b.cd", &found), ERR_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_member_enters_an_organization_by_its_id),
		STORE_TEST(who_is_no_member_does_not_know_of_it),
		STORE_TEST(owners_alone_manage_it),
		STORE_TEST(who_makes_one_owns_it),
		STORE_TEST(who_is_no_builder_makes_none),
		STORE_TEST(who_only_reads_makes_none),
		STORE_TEST(a_new_label_is_kept_and_recorded),
		STORE_TEST(a_name_that_is_not_there_is_unknown),
		STORE_TEST(members_are_listed_in_the_order_of_ids),
		STORE_TEST(joining_again_changes_nothing),
		STORE_TEST(who_shares_an_organization_is_added),
		STORE_TEST(who_has_an_address_in_a_claimed_domain_is_added),
		STORE_TEST(who_is_not_known_is_not_added),
		STORE_TEST(who_leaves_takes_tokens_and_invitations_along),
		STORE_TEST(one_claims_the_domain_of_ones_own_address),
		STORE_TEST(a_builder_with_an_address_claims),
		STORE_TEST(a_domain_is_claimed_once),
		STORE_TEST(a_claim_is_shown_to_members_and_to_its_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
