/* core/access_token: tokens made, found, checked, exchanged and ended. */
#include "support.h"

#include "core/deletion.h"
#include "core/access_token.h"
#include "core/store.h"

#define MINUTE (60 * SECOND)

static struct access_token make(struct op *op, const char *kind, enum role role,
				int64_t expires_at,
				char text[static TOKEN_TEXT])
{
	const struct access_token_new new = {
		.kind = kind,
		.label = "laptop",
		.scopes = "full",
		.role = role,
		.expires_at = expires_at,
	};
	struct access_token token;

	must(access_token_create(op, &new, &token, text));
	return token;
}

static bool is_accepted(struct op *op, const char *kind, const char *text)
{
	struct principal who;
	enum error error = access_token_authenticate(op, kind, text, &who);

	if (error != OK)
		assert_int_equal(error, ERR_UNAUTHENTICATED);
	return error == OK;
}

static void a_token_tells_whose_it_is(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_FRONTEND, START + DAY, text);
	struct principal who;

	assert_memory_equal(text, token.handle, TOKEN_HANDLE);
	must(access_token_authenticate(&s->op, TOKEN_AMPERSAND, text, &who));
	assert_uuid_equal(who.token_id, token.id);
	assert_uuid_equal(who.project_id, s->project.id);
	assert_uuid_equal(who.organization_id, s->project.organization_id);
	assert_int_equal(who.role, ROLE_FRONTEND);
	assert_int_equal(who.expires_at, START + DAY);
	assert_string_equal(who.label, "laptop");
}

static void each_kind_sees_what_it_may(void **state)
{
	static const struct {
		const char *kind;
		bool organization, made;
	} kinds[] = {
		{TOKEN_AMPERSAND, false, false},
		{TOKEN_UPSUN, true, false},
		{TOKEN_UPSUN_ACCESS, true, false},
		{TOKEN_GORULES, false, true},
		{TOKEN_APINIZER, false, false},
		{TOKEN_APINIZER_ACCESS, false, false},
	};
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct principal who;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		const char *kind = kinds[i].kind;

		make(&s->op, kind, ROLE_ADMIN, 0, text);
		must(access_token_authenticate(&s->op, kind, text, &who));
		assert_int_equal(who.sees_organization, kinds[i].organization);
		assert_int_equal(who.sees_made_projects, kinds[i].made);
	}
}

static void what_is_no_token_of_this_kind_is_refused(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT], unknown[TOKEN_TEXT];

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	token_make(TOKEN_AMPERSAND, unknown);
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, NULL));
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, ""));
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, unknown));
	assert_false(is_accepted(&s->op, TOKEN_UPSUN, text));
	text[20] = text[20] == 'x' ? 'y' : 'x';
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static void only_a_digest_is_stored(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	assert_false(store_files_hold(s, text));
	assert_false(store_files_hold(s, text + TOKEN_HANDLE));
	text[TOKEN_HANDLE] = '\0';
	assert_true(store_files_hold(s, text));
}

static void an_inactive_token_is_refused(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	store_script(s, "UPDATE token SET is_active = FALSE");
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static void a_token_ends_when_it_expires(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, START + MINUTE, text);
	s->op.now = START + MINUTE - 1;
	assert_true(is_accepted(&s->op, TOKEN_AMPERSAND, text));
	s->op.now = START + MINUTE;
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static void a_token_may_never_expire(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	s->op.now = START + 100000 * DAY;
	assert_true(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static bool is_accepted_by_reader(struct store *s, const char *text)
{
	bool is = is_accepted(store_read(s), TOKEN_AMPERSAND, text);

	store_read_end(s);
	return is;
}

static void a_revoked_token_ends_with_the_commit(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT], other[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, other);
	assert_false(is_accepted_by_reader(s, text));
	store_commit(s);
	assert_true(is_accepted_by_reader(s, text));
	must(delete_token(&s->op, token.id));
	assert_true(is_accepted_by_reader(s, text));
	store_commit(s);
	assert_false(is_accepted_by_reader(s, text));
	assert_true(is_accepted_by_reader(s, other));
}

static void
a_revoked_token_is_not_remembered_from_an_older_snapshot(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	struct project_list projects;
	struct op *reader;

	store_commit(s);
	reader = store_read(s);
	must(project_list_all(reader, &projects));
	must(delete_token(&s->op, token.id));
	store_commit(s);
	assert_true(is_accepted(reader, TOKEN_AMPERSAND, text));
	store_read_end(s);
	assert_false(is_accepted_by_reader(s, text));
}

static void a_remembered_token_expires_too(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];

	make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, START + MINUTE, text);
	store_commit(s);
	assert_true(is_accepted_by_reader(s, text));
	assert_true(is_accepted_by_reader(s, text));
	s->op.now = START + MINUTE;
	assert_false(is_accepted_by_reader(s, text));
}

static void a_token_revoked_in_this_transaction_is_refused(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);

	assert_true(is_accepted(&s->op, TOKEN_AMPERSAND, text));
	must(delete_token(&s->op, token.id));
	assert_false(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static void a_revocation_that_is_undone_has_not_been(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);

	store_commit(s);
	must(delete_token(&s->op, token.id));
	store_undo(s);
	assert_true(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static void an_unknown_token_cannot_be_revoked(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);

	must_fail(delete_token(&s->op, s->project.id), ERR_NOT_FOUND);
	move_to(&s->op, other);
	must_fail(delete_token(&s->op, token.id), ERR_NOT_FOUND);
	assert_true(is_accepted(&s->op, TOKEN_AMPERSAND, text));
}

static void making_and_revoking_are_recorded(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);

	assert_true(has_event(&s->op, "token.created", token.id));
	assert_string_equal(payload_of(&s->op, "token.created"),
			    "{\"kind\":\"amp\",\"label\":\"laptop\"}");
	must(delete_token(&s->op, token.id));
	assert_true(has_event(&s->op, "token.deleted", token.id));
}

static void a_list_leaves_out_access_tokens(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT], access[TOKEN_TEXT];
	struct access_token_list list;
	int64_t lifetime = MINUTE;

	make(&s->op, TOKEN_GORULES, ROLE_VIEWER, 0, text);
	make(&s->op, TOKEN_UPSUN, ROLE_ADMIN, START + DAY, text);
	must(access_token_exchange(&s->op, TOKEN_UPSUN, text,
				   TOKEN_UPSUN_ACCESS, &lifetime, access));
	must(access_token_list(&s->op, NULL, &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].kind, TOKEN_GORULES);
	assert_int_equal(list.items[0].role, ROLE_VIEWER);
	assert_int_equal(list.items[0].expires_at, 0);
	assert_string_equal(list.items[1].kind, TOKEN_UPSUN);
	assert_string_equal(list.items[1].scopes, "full");
	assert_int_equal(list.items[1].expires_at, START + DAY);

	must(access_token_list(&s->op, TOKEN_UPSUN, &list));
	assert_int_equal(list.count, 1);
	must(access_token_list(&s->op, TOKEN_UPSUN_ACCESS, &list));
	assert_int_equal(list.count, 0);
}

static void a_token_is_found_by_its_handle_and_by_itself(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token made, found;

	made = make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	must(access_token_find(&s->op, TOKEN_AMPERSAND, made.handle, &found));
	assert_uuid_equal(found.id, made.id);
	must(access_token_find(&s->op, TOKEN_AMPERSAND, text, &found));
	assert_uuid_equal(found.id, made.id);
}

static void other_texts_find_no_token(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	char text[TOKEN_TEXT], unknown[TOKEN_TEXT];
	struct access_token made, found;

	made = make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);
	token_make(TOKEN_AMPERSAND, unknown);
	const struct {
		const char *kind, *text;
	} misses[] = {
		{TOKEN_AMPERSAND, ""},
		{TOKEN_AMPERSAND, unknown},
		{TOKEN_AMPERSAND, "cleat_amp_00000000"},
		{TOKEN_AMPERSAND, "cleat_amp_0000000"},
		{TOKEN_UPSUN, text},
		{TOKEN_UPSUN, made.handle},
	};
	for (size_t i = 0; i < COUNT(misses); i++)
		must_fail(access_token_find(&s->op, misses[i].kind,
					    misses[i].text, &found),
			  ERR_NOT_FOUND);
	move_to(&s->op, other);
	must_fail(access_token_find(&s->op, TOKEN_AMPERSAND, text, &found),
		  ERR_NOT_FOUND);
	must_fail(
		access_token_find(&s->op, TOKEN_AMPERSAND, made.handle, &found),
		ERR_NOT_FOUND);
}

static void a_long_label_is_cut_in_the_principal(void **state)
{
	struct store *s = *state;
	char label[TOKEN_LABEL_MAX + 10], text[TOKEN_TEXT];
	struct access_token token;
	struct principal who;

	memset(label, 'l', sizeof(label));
	label[sizeof(label) - 1] = '\0';
	const struct access_token_new new = {
		.kind = TOKEN_GORULES, .label = label, .scopes = ""};
	must(access_token_create(&s->op, &new, &token, text));
	must(access_token_authenticate(&s->op, TOKEN_GORULES, text, &who));
	assert_int_equal(strlen(who.label), TOKEN_LABEL_MAX);
}

static void a_token_is_of_a_project_that_exists(void **state)
{
	struct store *s = *state;
	const struct access_token_new new = {
		.kind = TOKEN_GORULES, .label = "", .scopes = ""};
	char text[TOKEN_TEXT];
	struct access_token token;

	s->op.project_id = (struct uuid){{1}};
	must_fail(access_token_create(&s->op, &new, &token, text),
		  ERR_NOT_FOUND);
}

static void nothing_is_left_of_a_revoked_token(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_GORULES, ROLE_ADMIN, 0, text);

	must(store_token_allow(&s->op, token.id, s->project.id));
	must(delete_token(&s->op, token.id));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM token_project"),
			 0);
}

static void who_began_something_may_go_on_with_it(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, 0, text);

	must(access_token_look(&s->op, token.id));
	token.label = "desktop";
	must(access_token_update(&s->op, &token));
	must(access_token_look(&s->op, token.id));
	must_fail(access_token_look(&s->op, uuid_make(START)),
		  ERR_UNAUTHENTICATED);
	move_to(&s->op, make_project(&s->op, "acme", "other"));
	must_fail(access_token_look(&s->op, token.id), ERR_UNAUTHENTICATED);
}

static void who_may_not_any_more_does_not_go_on(void **state)
{
	struct store *s = *state;
	char text[TOKEN_TEXT];
	struct access_token token =
		make(&s->op, TOKEN_AMPERSAND, ROLE_ADMIN, START + DAY, text);

	token.role = ROLE_FRONTEND;
	must(access_token_update(&s->op, &token));
	must_fail(access_token_look(&s->op, token.id), ERR_FORBIDDEN);
	token.role = ROLE_ADMIN;
	token.is_active = false;
	must(access_token_update(&s->op, &token));
	must_fail(access_token_look(&s->op, token.id), ERR_UNAUTHENTICATED);
	token.is_active = true;
	must(access_token_update(&s->op, &token));
	s->op.now = START + DAY - 1;
	must(access_token_look(&s->op, token.id));
	s->op.now = START + DAY;
	must_fail(access_token_look(&s->op, token.id), ERR_UNAUTHENTICATED);
	s->op.now = START;
	must(delete_token(&s->op, token.id));
	must_fail(access_token_look(&s->op, token.id), ERR_UNAUTHENTICATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(nothing_is_left_of_a_revoked_token),
		STORE_TEST(a_token_tells_whose_it_is),
		STORE_TEST(each_kind_sees_what_it_may),
		STORE_TEST(what_is_no_token_of_this_kind_is_refused),
		STORE_TEST(only_a_digest_is_stored),
		STORE_TEST(an_inactive_token_is_refused),
		STORE_TEST(a_token_ends_when_it_expires),
		STORE_TEST(a_token_may_never_expire),
		STORE_TEST(a_revoked_token_ends_with_the_commit),
		STORE_TEST(
			a_revoked_token_is_not_remembered_from_an_older_snapshot),
		STORE_TEST(a_remembered_token_expires_too),
		STORE_TEST(a_token_revoked_in_this_transaction_is_refused),
		STORE_TEST(a_revocation_that_is_undone_has_not_been),
		STORE_TEST(an_unknown_token_cannot_be_revoked),
		STORE_TEST(making_and_revoking_are_recorded),
		STORE_TEST(a_list_leaves_out_access_tokens),
		STORE_TEST(a_token_is_found_by_its_handle_and_by_itself),
		STORE_TEST(other_texts_find_no_token),
		STORE_TEST(a_long_label_is_cut_in_the_principal),
		STORE_TEST(a_token_is_of_a_project_that_exists),
		STORE_TEST(who_began_something_may_go_on_with_it),
		STORE_TEST(who_may_not_any_more_does_not_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
