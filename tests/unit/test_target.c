/* core/connection: targets, which are known by their names. */
#include "support.h"

static struct connection make(struct op *op, const char *name, const char *kind)
{
	const struct connection new = {
		.kind = kind,
		.name = name,
		.description = "for alerts",
		.settings = "{\"port\":25}",
		.is_deployed = true,
		.is_enabled = true,
	};
	const struct new_credential secret = {"password", "p-1", 0};
	struct connection made;

	must(target_create(op, &new, &secret, 1, &made));
	return made;
}

static const char *password_of(struct op *op, const struct connection *target)
{
	struct credential_list list;

	must(credential_read(op, "connection", target->id, &list));
	const struct credential *password = credential_find(&list, "password");
	return password ? (const char *)password->value.bytes : NULL;
}

static void a_target_is_kept_with_its_secrets(void **state)
{
	struct store *s = *state;
	struct connection made = make(&s->op, "My-Mail", "email"), found;

	must(target_find(&s->op, "My-Mail", &found));
	assert_uuid_equal(found.id, made.id);
	assert_int_equal(found.family, CONNECTION_TARGET);
	assert_string_equal(found.name, "My-Mail");
	assert_string_equal(found.kind, "email");
	assert_string_equal(found.description, "for alerts");
	assert_string_equal(found.settings, "{\"port\":25}");
	assert_string_equal(found.auth_scheme, "");
	assert_true(found.is_deployed && found.is_enabled);
	assert_true(uuid_is_nil(found.group_id));
	assert_true(uuid_is_nil(found.consumer_id));
	assert_int_equal(found.created_at, START);
	assert_string_equal(password_of(&s->op, &found), "p-1");
	assert_true(has_event(&s->op, "connection.created", made.id));
	assert_string_equal(payload_of(&s->op, "connection.created"),
			    "{\"kind\":\"email\",\"name\":\"My-Mail\"}");
}

static void names_are_the_same_in_any_case(void **state)
{
	struct store *s = *state;
	const struct connection again = {
		.kind = "webhook", .name = "MY-mail", .settings = "{}"};
	struct connection made = make(&s->op, "My-Mail", "email"), found;

	must(target_find(&s->op, "my-MAIL", &found));
	assert_uuid_equal(found.id, made.id);
	must_fail(target_create(&s->op, &again, NULL, 0, &found), ERR_TAKEN);
	assert_string_equal(s->op.detail,
			    "there is a connection named MY-mail already");
}

static void an_unknown_name_is_explained(void **state)
{
	struct store *s = *state;
	struct connection found;

	make(&s->op, "mail", "email");
	must_fail(target_find(&s->op, "mai", &found), ERR_NOT_FOUND);
	must_fail(target_find(&s->op, "", &found), ERR_NOT_FOUND);
	must_fail(target_find(&s->op, "Mail%", &found), ERR_NOT_FOUND);
	assert_string_equal(s->op.detail, "there is no connection named Mail%");
}

static void a_target_is_found_by_its_id(void **state)
{
	struct store *s = *state;
	struct connection made = make(&s->op, "mail", "email"), found;
	const struct uuid unknown = {{1}};

	must(target_get(&s->op, made.id, &found));
	assert_string_equal(found.name, "mail");
	must_fail(target_get(&s->op, unknown, &found), ERR_NOT_FOUND);
	assert_string_equal(s->op.detail, "there is no connection "
					  "01000000-0000-0000-0000-"
					  "000000000000");
}

static void an_update_changes_what_it_may(void **state)
{
	struct store *s = *state;
	const struct new_credential secrets[] = {{"password", "p-2", 0}};
	struct connection made = make(&s->op, "mail", "email"), found;

	s->op.now = START + SECOND;
	made.name = "Post";
	made.description = NULL;
	made.settings = "{}";
	made.is_deployed = false;
	made.is_enabled = false;
	must(target_update(&s->op, &made, secrets, 1, &found));
	assert_int_equal(found.updated_at, START + SECOND);
	must_fail(target_find(&s->op, "mail", &found), ERR_NOT_FOUND);
	must(target_find(&s->op, "post", &found));
	assert_uuid_equal(found.id, made.id);
	assert_string_equal(found.name, "Post");
	assert_null(found.description);
	assert_string_equal(found.settings, "{}");
	assert_false(found.is_deployed || found.is_enabled);
	assert_int_equal(found.created_at, START);
	assert_int_equal(found.updated_at, START + SECOND);
	assert_string_equal(password_of(&s->op, &found), "p-2");
	assert_true(has_event(&s->op, "connection.updated", made.id));
}

static void an_update_without_a_value_erases_the_secret(void **state)
{
	struct store *s = *state;
	const struct new_credential secret = {"password", NULL, 0};
	struct connection made = make(&s->op, "mail", "email"), found;

	must(target_update(&s->op, &made, &secret, 1, &found));
	assert_null(password_of(&s->op, &found));
}

static void a_target_may_change_the_case_of_its_own_name(void **state)
{
	struct store *s = *state;
	struct connection made = make(&s->op, "mail", "email"), found;

	made.name = "MAIL";
	must(target_update(&s->op, &made, NULL, 0, &found));
	must(target_find(&s->op, "mail", &found));
	assert_string_equal(found.name, "MAIL");
}

static void a_target_cannot_take_anothers_name(void **state)
{
	struct store *s = *state;
	struct connection made = make(&s->op, "mail", "email"), found;

	make(&s->op, "hook", "webhook");
	made.name = "HOOK";
	must_fail(target_update(&s->op, &made, NULL, 0, &found), ERR_TAKEN);
	must(target_find(&s->op, "mail", &found));
	assert_int_equal(event_count(&s->op, "connection.updated"), 0);
}

static void what_is_gone_cannot_be_updated(void **state)
{
	struct store *s = *state;
	struct connection made = make(&s->op, "mail", "email"), found;

	made.id = s->project.id;
	must_fail(target_update(&s->op, &made, NULL, 0, &found), ERR_NOT_FOUND);
}

static void a_list_is_in_order_of_name(void **state)
{
	struct store *s = *state;
	struct connection_list list;

	make(&s->op, "b-mail", "email");
	make(&s->op, "A-hook", "webhook");
	make(&s->op, "C-mail", "email");
	connect_group(&s->op, "acme", "stripe");
	must(target_list(&s->op, NULL, &list));
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].connection.name, "A-hook");
	assert_string_equal(list.items[1].connection.name, "b-mail");
	assert_string_equal(list.items[2].connection.name, "C-mail");
	must(target_list(&s->op, "email", &list));
	assert_int_equal(list.count, 2);
	must(target_list(&s->op, "Email", &list));
	assert_int_equal(list.count, 0);
}

static void each_project_has_its_own_names(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct connection found;

	make(&s->op, "mail", "email");
	move_to(&s->op, other);
	must_fail(target_find(&s->op, "mail", &found), ERR_NOT_FOUND);
	make(&s->op, "mail", "email");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_target_is_kept_with_its_secrets),
		STORE_TEST(names_are_the_same_in_any_case),
		STORE_TEST(an_unknown_name_is_explained),
		STORE_TEST(a_target_is_found_by_its_id),
		STORE_TEST(an_update_changes_what_it_may),
		STORE_TEST(an_update_without_a_value_erases_the_secret),
		STORE_TEST(a_target_may_change_the_case_of_its_own_name),
		STORE_TEST(a_target_cannot_take_anothers_name),
		STORE_TEST(what_is_gone_cannot_be_updated),
		STORE_TEST(a_list_is_in_order_of_name),
		STORE_TEST(each_project_has_its_own_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
