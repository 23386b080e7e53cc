/* core/builder: builders are found, made, changed and forgotten. */
#include "support.h"

#include "core/access_token.h"
#include "core/builder.h"
#include "core/organization.h"
#include "core/store.h"

static struct builder known(struct op *op, const char *email)
{
	struct builder builder;

	must(builder_ensure(op, email, &builder));
	return builder;
}

static const char *text_of(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return arena_strdup(&op->arena, text);
}

static void a_full_name_is_of_what_is_known(void **state)
{
	static const struct {
		const char *first, *last, *full;
	} rows[] = {
		{"Ann", "Lee", "Ann Lee"},
		{"Ann", NULL, "Ann"},
		{NULL, "Lee", "Lee"},
	};
	struct store *s = *state;
	const struct builder nobody = {.email = "ann@b.cd"};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct builder who = {.first_name = rows[i].first,
					    .last_name = rows[i].last};

		assert_string_equal(builder_full_name(&s->op.arena, &who),
				    rows[i].full);
	}
	assert_null(builder_full_name(&s->op.arena, &nobody));
}

static void a_builder_is_found_by_id_and_by_address(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder ann = known(op, "ann@b.cd"), found;

	must(builder_find(op, text_of(op, ann.id), &found));
	assert_string_equal(found.email, "ann@b.cd");
	assert_int_equal(found.created_at, START);
	must(builder_find(op, "ANN@b.cd", &found));
	assert_uuid_equal(found.id, ann.id);
	must_fail(builder_find(op, "bob@b.cd", &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no builder bob@b.cd");
	must_fail(builder_find(op, text_of(op, s->project.id), &found),
		  ERR_NOT_FOUND);
}

static void an_address_is_of_one_builder(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder ann = known(op, "Ann@b.cd"), again;

	assert_string_equal(ann.email, "ann@b.cd");
	again = known(op, "ANN@B.CD");
	assert_uuid_equal(again.id, ann.id);
	again = known(op, text_of(op, ann.id));
	assert_uuid_equal(again.id, ann.id);
}

static void an_id_or_a_word_makes_no_builder(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder builder;
	struct builder_list before, after;

	must(builder_list_all(op, &before));
	must_fail(builder_ensure(op, text_of(op, s->project.id), &builder),
		  ERR_NOT_FOUND);
	must_fail(builder_ensure(op, "Ann", &builder), ERR_INVALID);
	assert_string_equal(op->detail, "Ann is not an e-mail address");
	must(builder_list_all(op, &after));
	assert_int_equal(after.count, before.count);
}

static void a_change_is_kept(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder ann = known(op, "ann@b.cd"), found;

	ann.email = "Ann.Lee@b.cd";
	ann.first_name = "Ann";
	ann.last_name = "Lee";
	must(builder_change(op, &ann));
	must(builder_find(op, text_of(op, ann.id), &found));
	assert_string_equal(found.email, "ann.lee@b.cd");
	assert_string_equal(found.first_name, "Ann");
	assert_string_equal(found.last_name, "Lee");
	ann.email = NULL;
	must(builder_change(op, &ann));
	must(builder_find(op, text_of(op, ann.id), &found));
	assert_null(found.email);
}

static void a_change_to_a_bad_or_a_taken_address_is_refused(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder ann = known(op, "ann@b.cd"), to = ann;

	(void)known(op, "bob@b.cd");
	to.email = "Ann";
	must_fail(builder_change(op, &to), ERR_INVALID);
	assert_string_equal(op->detail, "Ann is not an e-mail address");
	to.email = "Bob@b.cd";
	must_fail(builder_change(op, &to), ERR_TAKEN);
	assert_string_equal(op->detail, "another builder has bob@b.cd");
}

static void all_are_listed_also_of_no_organization(void **state)
{
	struct store *s = *state;
	struct builder ann = known(&s->op, "ann@b.cd");
	struct builder_list list;

	must(builder_list_all(&s->op, &list));
	assert_int_equal(list.count, 2); /* and who founded acme */
	assert_uuid_equal(list.items[1].id, ann.id);
}

static void a_key_that_acts_for_nobody_is_no_builder(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct builder found, ann;

	must_fail(builder_of_op(op, &found), ERR_FORBIDDEN);
	op->principal = make_principal(op, &s->project, ROLE_ADMIN);
	must_fail(builder_of_op(op, &found), ERR_FORBIDDEN);
	ann = ask_as(op, &s->project, "ann@b.cd");
	must(builder_of_op(op, &found));
	assert_uuid_equal(found.id, ann.id);
	must(builder_forget(op, &ann));
	must_fail(builder_of_op(op, &found), ERR_FORBIDDEN);
}

static void forgetting_ends_memberships_and_tokens(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project other = make_project(op, "other", "theirs");
	struct access_token_new new = {.kind = TOKEN_UPSUN,
				       .label = "",
				       .scopes = "",
				       .role = ROLE_ADMIN};
	struct builder ann = known(op, "ann@b.cd");
	struct membership_list memberships;
	struct access_token token;
	struct principal who;
	char text[TOKEN_TEXT];

	/* a token of a project whose organization ann never joined */
	new.builder_id = ann.id;
	must(access_token_create(op, &new, &token, text));
	must(organization_join(op, other.organization_id, ann.id));
	must(builder_forget(op, &ann));
	must_fail(builder_find(op, "ann@b.cd", &ann), ERR_NOT_FOUND);
	must(store_membership_list(op, ann.id, &memberships));
	assert_int_equal(memberships.count, 0);
	must_fail(access_token_authenticate(op, TOKEN_UPSUN, text, &who),
		  ERR_UNAUTHENTICATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_full_name_is_of_what_is_known),
		STORE_TEST(a_builder_is_found_by_id_and_by_address),
		STORE_TEST(an_address_is_of_one_builder),
		STORE_TEST(an_id_or_a_word_makes_no_builder),
		STORE_TEST(a_change_is_kept),
		STORE_TEST(a_change_to_a_bad_or_a_taken_address_is_refused),
		STORE_TEST(all_are_listed_also_of_no_organization),
		STORE_TEST(a_key_that_acts_for_nobody_is_no_builder),
		STORE_TEST(forgetting_ends_memberships_and_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
