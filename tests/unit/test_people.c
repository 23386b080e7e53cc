/* core/builder, organization, invite: addresses, owners, and what a builder's
 * token sees. */
#include "support.h"

#include "core/access_token.h"
#include "core/claimed_domain.h"
#include "core/invite.h"
#include "core/organization.h"
#include "core/store.h"

static void an_address_has_one_form(void **state)
{
	static const char *const good[] = {
		"a@b.cd", "ann.lee+x@mail.example.com", "a_b@1-2.example",
		"o'neil@example.com"};
	static const char *const bad[] = {
		"",	      "ann",	   "@b.cd",	"ann@",	     "ann@b",
		"ann@b..cd",  "ann@-b.cd", "ann@b-.cd", "ann@b.cd.", "a b@c.de",
		"\"a\"@b.cd", "Ann@b.cd",  "a@b@c.de",	"a@b_c.de"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(email_is_valid(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(email_is_valid(bad[i]));
	assert_string_equal(email_domain("ann@b.cd"), "b.cd");
}

static void a_domain_is_not_too_long(void **state)
{
	char text[DOMAIN_MAX + 3];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '.' : 'a';
	text[DOMAIN_MAX] = '\0';
	assert_true(domain_is_valid(text));
	text[DOMAIN_MAX] = '.';
	text[DOMAIN_MAX + 2] = '\0';
	assert_false(domain_is_valid(text));
}

static struct uuid owner_of(struct op *op, struct uuid organization_id)
{
	struct uuid id;

	must(store_membership_first_owner(op, organization_id, &id));
	return id;
}

/* Whoever has this API token, newly looked up. */
static enum error ask(struct op *op, const char *text, struct principal *ret)
{
	return access_token_authenticate(op, TOKEN_UPSUN, text, ret);
}

static void a_token_sees_what_its_builder_does(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct access_token_new new = {.kind = TOKEN_UPSUN,
				       .label = "",
				       .scopes = "",
				       .role = ROLE_ADMIN};
	struct organization organization;
	struct access_token token;
	struct principal who;
	struct builder ann;
	char text[TOKEN_TEXT];

	must(organization_find(op, "acme", &organization));
	must(builder_ensure(op, "Ann@b.cd", &ann));
	new.builder_id = ann.id;
	must(access_token_create(op, &new, &token, text));
	must(ask(op, text, &who));
	assert_uuid_equal(who.builder_id, ann.id);
	assert_false(who.sees_organization);
	must(organization_appoint(op, organization.id, ann.id, false));
	must(ask(op, text, &who));
	assert_true(who.sees_organization);
	must(organization_leave(op, &organization, &ann));
	must_fail(ask(op, text, &who), ERR_UNAUTHENTICATED);
}

static void a_token_without_a_name_is_the_owners(void **state)
{
	struct store *s = *state;
	const struct access_token_new new = {
		.kind = TOKEN_UPSUN, .label = "", .scopes = ""};
	const struct access_token_new key = {
		.kind = TOKEN_AMPERSAND, .label = "", .scopes = ""};
	struct access_token token;
	char text[TOKEN_TEXT];

	must(access_token_create(&s->op, &new, &token, text));
	assert_uuid_equal(token.builder_id,
			  owner_of(&s->op, s->project.organization_id));
	must(access_token_create(&s->op, &key, &token, text));
	assert_true(uuid_is_nil(token.builder_id));
}

static void the_last_owner_stays(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct organization organization;
	struct builder owner, ann;

	must(organization_find(op, "acme", &organization));
	must(store_builder_get(op, owner_of(op, organization.id), &owner));
	must(builder_ensure(op, "ann@b.cd", &ann));
	must(organization_appoint(op, organization.id, ann.id, false));
	must_fail(organization_leave(op, &organization, &owner), ERR_IN_USE);
	must_fail(organization_appoint(op, organization.id, owner.id, false),
		  ERR_IN_USE);
	must_fail(builder_forget(op, &owner), ERR_IN_USE);
	must(organization_appoint(op, organization.id, ann.id, true));
	must(builder_forget(op, &owner));
	must_fail(store_builder_get(op, owner.id, &owner), ERR_NOT_FOUND);
	must_fail(organization_leave(op, &organization, &owner), ERR_NOT_FOUND);
}

static void an_invitation_ends_once(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid organization_id = s->project.organization_id;
	struct invite invite, found;

	must(invite_create(op, organization_id, "ann@b.cd", &invite));
	must_fail(invite_create(op, organization_id, "ANN@b.cd", &found),
		  ERR_IN_USE);
	must(store_invite_end(op, &invite, INVITE_ACCEPTED));
	must_fail(store_invite_end(op, &invite, INVITE_ACCEPTED),
		  ERR_NOT_FOUND);
	must_fail(store_invite_end(op, &invite, INVITE_REVOKED), ERR_NOT_FOUND);
	must_fail(store_invite_pending(op, "ann@b.cd", &found), ERR_NOT_FOUND);
}

static void an_invitation_is_over_after_a_week(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid organization_id = s->project.organization_id;
	struct invite invite, again;

	must(invite_create(op, organization_id, "ann@b.cd", &invite));
	op->now += 7 * DAY - 1;
	must(store_invite_pending(op, "ann@b.cd", &again));
	op->now += 1;
	must_fail(store_invite_pending(op, "ann@b.cd", &again), ERR_NOT_FOUND);
	must(invite_create(op, organization_id, "ann@b.cd", &again));
	must(store_invite_get(op, organization_id, invite.id, &invite));
	assert_string_equal(invite.status, INVITE_EXPIRED);
}

static void changes_are_events_of_the_oldest_project(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project sister = make_project(op, "acme", "sister");
	struct invite invite;

	move_to(op, sister);
	must(invite_create(op, s->project.organization_id, "a@b.cd", &invite));
	assert_uuid_equal(op->project_id, sister.id);
	assert_int_equal(event_count(op, "invite.created"), 0);
	move_to(op, s->project);
	assert_int_equal(event_count(op, "invite.created"), 1);
	assert_true(has_event(op, "invite.created", invite.id));
	assert_null(strstr(payload_of(op, "invite.created"), "a@b.cd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_one_form),
		cmocka_unit_test(a_domain_is_not_too_long),
		STORE_TEST(a_token_sees_what_its_builder_does),
		STORE_TEST(a_token_without_a_name_is_the_owners),
		STORE_TEST(the_last_owner_stays),
		STORE_TEST(an_invitation_ends_once),
		STORE_TEST(an_invitation_is_over_after_a_week),
		STORE_TEST(changes_are_events_of_the_oldest_project),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
