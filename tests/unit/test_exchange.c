/* core/access_token: short-lived tokens for long-lived ones. */
#include "support.h"

#include "core/deletion.h"
#include "core/access_token.h"

#define MINUTE (60 * SECOND)

/* A long-lived Upsun token, and one it was exchanged for. */
struct pair {
	struct access_token parent;
	char parent_text[TOKEN_TEXT];
	char text[TOKEN_TEXT];
};

static enum error exchange(struct op *op, const char *parent, int64_t lifetime,
			   char text[static TOKEN_TEXT])
{
	return access_token_exchange(op, TOKEN_UPSUN, parent,
				     TOKEN_UPSUN_ACCESS, &lifetime, text);
}

static struct pair make_pair(struct op *op, enum role role,
			     int64_t parent_expires_at)
{
	const struct access_token_new new = {
		.kind = TOKEN_UPSUN,
		.label = "builder",
		.scopes = "full",
		.role = role,
		.expires_at = parent_expires_at,
	};
	struct pair pair;

	must(access_token_create(op, &new, &pair.parent, pair.parent_text));
	must(exchange(op, pair.parent_text, 15 * MINUTE, pair.text));
	return pair;
}

static bool is_accepted(struct op *op, const char *text)
{
	struct principal who;

	return access_token_authenticate(op, TOKEN_UPSUN_ACCESS, text, &who) ==
	       OK;
}

static void it_has_the_rights_of_what_it_was_exchanged_for(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_VIEWER, 0);
	struct principal who;

	must(access_token_authenticate(&s->op, TOKEN_UPSUN_ACCESS, pair.text,
				       &who));
	assert_int_equal(who.role, ROLE_VIEWER);
	assert_uuid_equal(who.project_id, s->project.id);
	assert_uuid_equal(who.organization_id, s->project.organization_id);
	assert_true(who.sees_organization);
	assert_string_equal(who.label, "builder");
	assert_int_equal(who.expires_at, START + 15 * MINUTE);
}

static void it_acts_as_what_it_was_exchanged_for(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);
	struct principal who;

	must(access_token_authenticate(&s->op, TOKEN_UPSUN_ACCESS, pair.text,
				       &who));
	assert_uuid_equal(who.token_id, pair.parent.id);
}

static void the_exchange_is_made_in_the_tokens_project(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);
	char text[TOKEN_TEXT];

	s->op.project_id = (struct uuid){{0}};
	must(exchange(&s->op, pair.parent_text, MINUTE, text));
	assert_uuid_equal(s->op.project_id, s->project.id);
}

static void it_lives_for_its_lifetime(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);

	s->op.now = START + 15 * MINUTE - 1;
	assert_true(is_accepted(&s->op, pair.text));
	s->op.now = START + 15 * MINUTE;
	assert_false(is_accepted(&s->op, pair.text));
}

static void it_does_not_outlive_what_it_was_exchanged_for(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, START + 5 * MINUTE);
	int64_t lifetime = 15 * MINUTE;
	char text[TOKEN_TEXT];

	must(access_token_exchange(&s->op, TOKEN_UPSUN, pair.parent_text,
				   TOKEN_UPSUN_ACCESS, &lifetime, text));
	assert_int_equal(lifetime, 5 * MINUTE);
	s->op.now = START + 5 * MINUTE;
	assert_false(is_accepted(&s->op, pair.text));
	assert_false(is_accepted(&s->op, text));
}

static void what_authenticates_nobody_is_not_exchanged(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, START + MINUTE);
	char text[TOKEN_TEXT], unknown[TOKEN_TEXT];

	token_make(TOKEN_UPSUN, unknown);
	must_fail(exchange(&s->op, unknown, MINUTE, text), ERR_UNAUTHENTICATED);
	must_fail(exchange(&s->op, NULL, MINUTE, text), ERR_UNAUTHENTICATED);
	/* nor is an access token itself */
	must_fail(exchange(&s->op, pair.text, MINUTE, text),
		  ERR_UNAUTHENTICATED);
	s->op.now = START + MINUTE;
	must_fail(exchange(&s->op, pair.parent_text, MINUTE, text),
		  ERR_UNAUTHENTICATED);
}

static void a_token_revoked_in_this_transaction_is_not_exchanged(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);
	char text[TOKEN_TEXT];

	must(delete_token(&s->op, pair.parent.id));
	must_fail(exchange(&s->op, pair.parent_text, MINUTE, text),
		  ERR_UNAUTHENTICATED);
}

static void an_exchange_sweeps_the_expired(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);
	char text[TOKEN_TEXT];

	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token"), 2);
	s->op.now = START + 15 * MINUTE;
	must(exchange(&s->op, pair.parent_text, MINUTE, text));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token"), 2);
	assert_true(is_accepted(&s->op, text));
}

static void it_goes_with_what_it_was_exchanged_for(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);

	assert_true(is_accepted(&s->op, pair.text));
	must(delete_token(&s->op, pair.parent.id));
	store_commit(s);
	assert_false(is_accepted(&s->op, pair.text));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token"), 0);
}

static void it_can_be_ended_by_itself(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);
	struct principal who;

	s->op.project_id = (struct uuid){{0}};
	must(access_token_end(&s->op, TOKEN_UPSUN_ACCESS, pair.text));
	store_commit(s);
	assert_false(is_accepted(&s->op, pair.text));
	must(access_token_authenticate(&s->op, TOKEN_UPSUN, pair.parent_text,
				       &who));
	must(access_token_end(&s->op, TOKEN_UPSUN_ACCESS, pair.text));
}

static void ending_what_is_no_token_is_no_error(void **state)
{
	struct store *s = *state;
	struct pair pair = make_pair(&s->op, ROLE_ADMIN, 0);
	size_t before = event_count(&s->op, NULL);

	must(access_token_end(&s->op, TOKEN_UPSUN_ACCESS, "junk"));
	must(access_token_end(&s->op, TOKEN_UPSUN_ACCESS, pair.parent_text));
	assert_int_equal(event_count(&s->op, NULL), before);
	assert_true(is_accepted(&s->op, pair.text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_has_the_rights_of_what_it_was_exchanged_for),
		STORE_TEST(it_acts_as_what_it_was_exchanged_for),
		STORE_TEST(the_exchange_is_made_in_the_tokens_project),
		STORE_TEST(it_lives_for_its_lifetime),
		STORE_TEST(it_does_not_outlive_what_it_was_exchanged_for),
		STORE_TEST(what_authenticates_nobody_is_not_exchanged),
		STORE_TEST(
			a_token_revoked_in_this_transaction_is_not_exchanged),
		STORE_TEST(an_exchange_sweeps_the_expired),
		STORE_TEST(it_goes_with_what_it_was_exchanged_for),
		STORE_TEST(it_can_be_ended_by_itself),
		STORE_TEST(ending_what_is_no_token_is_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
