/* core/deletion: what goes with what, and what stays. */
#include "support.h"

#include "core/store.h"
#include "core/deletion.h"
#include "core/group.h"

static bool has_installation(struct op *op, struct uuid id)
{
	struct installation_view view;
	enum error error = installation_find(op, id, &view);

	if (error != OK)
		assert_int_equal(error, ERR_NOT_FOUND);
	return error == OK;
}

static bool has_connection(struct op *op, struct uuid id)
{
	struct connection_view view;
	enum error error = connection_get(op, id, &view);

	if (error != OK)
		assert_int_equal(error, ERR_NOT_FOUND);
	return error == OK;
}

static size_t secrets_of(struct op *op, struct uuid owner)
{
	struct credential_list list;

	must(credential_read(op, "connection", owner, &list));
	return list.count;
}

static void unused_connection_goes_with_its_installation(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct uuid connection =
		connect_group(&s->op, "acme", "stripe").connection.id;
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;

	must(delete_installation(&s->op, of.id, id));
	assert_false(has_installation(&s->op, id));
	assert_false(has_connection(&s->op, connection));
	assert_int_equal(secrets_of(&s->op, connection), 0);
	assert_true(has_event(&s->op, "installation.deleted", id));
	assert_true(has_event(&s->op, "connection.deleted", connection));
	assert_string_equal(payload_of(&s->op, "installation.deleted"),
			    "{\"groupRef\":\"acme\",\"config\":{\"read\":{}}}");
	assert_string_equal(payload_of(&s->op, "connection.deleted"),
			    "{\"kind\":\"stripe\"}");
}

static void shared_connection_survives_its_installation(void **state)
{
	struct store *s = *state;
	struct integration a = offer(&s->op, "a", "stripe");
	struct integration b = offer(&s->op, "b", "stripe");
	struct connection_view shared = connect_group(&s->op, "acme", "stripe");
	struct uuid first =
		install(&s->op, &a, "acme", &shared).installation.id;
	struct uuid last = install(&s->op, &b, "acme", &shared).installation.id;

	must(delete_installation(&s->op, a.id, first));
	assert_true(has_connection(&s->op, shared.connection.id));
	assert_int_equal(secrets_of(&s->op, shared.connection.id), 1);
	assert_int_equal(event_count(&s->op, "connection.deleted"), 0);
	must(delete_installation(&s->op, b.id, last));
	assert_false(has_connection(&s->op, shared.connection.id));
	assert_int_equal(event_count(&s->op, "connection.deleted"), 1);
}

static void other_connections_of_the_group_stay(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct uuid other =
		connect_group(&s->op, "acme", "stripe").connection.id;
	struct uuid used =
		connect_group(&s->op, "acme", "stripe").connection.id;
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;

	must(delete_installation(&s->op, of.id, id));
	assert_false(has_connection(&s->op, used));
	assert_true(has_connection(&s->op, other));
}

static void group_and_consumer_stay(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct party party;

	connect_group(&s->op, "acme", "stripe");
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;
	must(delete_installation(&s->op, of.id, id));
	must(store_group_find(&s->op, "acme", &party));
	must(store_consumer_find(&s->op, "acme-user", &party));
}

static void past_configurations_go_with_the_installation(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	connect_group(&s->op, "acme", "stripe");
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;
	store_script(s, "INSERT INTO past_config SELECT project_id, id, id, "
			"revision_id, '{}', 'x', 1 FROM installation;"
			"UPDATE installation SET updated_at = 1");
	must(delete_installation(&s->op, of.id, id));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM past_config"),
			 0);
}

static void what_is_deleted_is_unknown_afterwards(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct integration other = offer(&s->op, "other", "stripe");

	connect_group(&s->op, "acme", "stripe");
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;
	must_fail(delete_installation(&s->op, other.id, id), ERR_NOT_FOUND);
	must(delete_installation(&s->op, of.id, id));
	must_fail(delete_installation(&s->op, of.id, id), ERR_NOT_FOUND);
	assert_int_equal(event_count(&s->op, "installation.deleted"), 1);
}

static void a_group_may_install_again_after_deletion(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	connect_group(&s->op, "acme", "stripe");
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;
	must(delete_installation(&s->op, of.id, id));
	connect_group(&s->op, "acme", "stripe");
	install(&s->op, &of, "acme", NULL);
}

static void an_integration_goes_with_its_installations(void **state)
{
	enum { GROUPS = 150 }; /* more than are let go of at a time */
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct event event;

	for (int i = 0; i < GROUPS; i++) {
		const char *group = arena_printf(&s->op.arena, "g%d", i);

		connect_group(&s->op, group, "stripe");
		install(&s->op, &of, group, NULL);
	}
	must(delete_integration(&s->op, INTEGRATION_MANIFEST, of.id, &event));
	assert_string_equal(event.type, "integration.deleted");
	assert_uuid_equal(event.subject_id, of.id);
	assert_int_equal(event_count(&s->op, "installation.deleted"), GROUPS);
	assert_int_equal(event_count(&s->op, "connection.deleted"), GROUPS);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM installation"),
			 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM connection"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM secret"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM revision"), 0);
}

static void an_integration_leaves_what_others_use(void **state)
{
	struct store *s = *state;
	struct integration a = offer(&s->op, "a", "stripe");
	struct integration b = offer(&s->op, "b", "stripe");
	struct connection_view shared = connect_group(&s->op, "acme", "stripe");
	struct uuid own = install(&s->op, &a, "acme", &shared).installation.id;
	struct uuid others =
		install(&s->op, &b, "acme", &shared).installation.id;
	struct revision revision;

	must(delete_integration(&s->op, INTEGRATION_MANIFEST, a.id, NULL));
	assert_false(has_installation(&s->op, own));
	assert_true(has_installation(&s->op, others));
	assert_true(has_connection(&s->op, shared.connection.id));
	must_fail(revision_get(&s->op, a.revision_id, &revision),
		  ERR_NOT_FOUND);
	must(revision_get(&s->op, b.revision_id, &revision));
}

static void the_secrets_of_an_integration_go_with_it(void **state)
{
	const struct integration new = {.family = INTEGRATION_THIRD_PARTY,
					.kind = "webhook",
					.title = "",
					.settings = "{}"};
	const struct new_credential secret = {"shared_key", "s-1", 0};
	struct store *s = *state;
	struct integration made;

	must(integration_create(&s->op, &new, &secret, 1, &made));
	must(delete_integration(&s->op, INTEGRATION_THIRD_PARTY, made.id,
				NULL));
	assert_int_equal(secrets_of(&s->op, made.id), 0);
	must_fail(delete_integration(&s->op, INTEGRATION_THIRD_PARTY, made.id,
				     NULL),
		  ERR_NOT_FOUND);
	assert_true(has_event(&s->op, "integration.deleted", made.id));
}

static void an_integration_is_deleted_in_its_family_alone(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	must_fail(delete_integration(&s->op, INTEGRATION_HTTP, of.id, NULL),
		  ERR_NOT_FOUND);
}

static void a_deleted_name_is_free_again(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	must(delete_integration(&s->op, INTEGRATION_MANIFEST, of.id, NULL));
	of = offer(&s->op, "sync", "hubspot");
	assert_string_equal(of.kind, "hubspot");
}

static void a_connection_in_use_is_not_deleted(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct connection_view used = connect_group(&s->op, "acme", "stripe");
	struct uuid id = install(&s->op, &of, "acme", &used).installation.id;
	char text[UUID_TEXT];

	must_fail(delete_connection(&s->op, used.connection.id, false),
		  ERR_IN_USE);
	assert_true(has_connection(&s->op, used.connection.id));
	assert_true(has_installation(&s->op, id));
	uuid_format(id, text);
	assert_int_equal(s->op.issue_count, 1);
	assert_non_null(strstr(s->op.issues[0].why, text));
	assert_non_null(s->op.remedy);
}

static void force_takes_the_installations_too(void **state)
{
	enum { USERS = 70 }; /* more than are let go of at a time */
	struct store *s = *state;
	struct connection_view used = connect_group(&s->op, "acme", "stripe");

	for (int i = 0; i < USERS; i++) {
		const char *name = arena_printf(&s->op.arena, "i%d", i);
		struct integration of = offer(&s->op, name, "stripe");

		install(&s->op, &of, "acme", &used);
	}
	must(delete_connection(&s->op, used.connection.id, true));
	assert_false(has_connection(&s->op, used.connection.id));
	assert_int_equal(secrets_of(&s->op, used.connection.id), 0);
	assert_int_equal(event_count(&s->op, "installation.deleted"), USERS);
	assert_int_equal(event_count(&s->op, "connection.deleted"), 1);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM installation"),
			 0);
}

static void not_every_user_is_named(void **state)
{
	struct store *s = *state;
	struct connection_view used = connect_group(&s->op, "acme", "stripe");

	for (int i = 0; i < 25; i++) {
		const char *name = arena_printf(&s->op.arena, "i%d", i);
		struct integration of = offer(&s->op, name, "stripe");

		install(&s->op, &of, "acme", &used);
	}
	must_fail(delete_connection(&s->op, used.connection.id, false),
		  ERR_IN_USE);
	assert_int_equal(s->op.issue_count, 20);
}

static void an_unused_connection_is_deleted(void **state)
{
	struct store *s = *state;
	struct uuid id = connect_group(&s->op, "acme", "stripe").connection.id;

	must(delete_connection(&s->op, id, false));
	assert_false(has_connection(&s->op, id));
	assert_int_equal(secrets_of(&s->op, id), 0);
	assert_true(has_event(&s->op, "connection.deleted", id));
	must_fail(delete_connection(&s->op, id, false), ERR_NOT_FOUND);
	must_fail(delete_connection(&s->op, id, true), ERR_NOT_FOUND);
}

static void a_target_goes_with_its_secrets(void **state)
{
	const struct connection new = {
		.kind = "email", .name = "Mail", .settings = "{}"};
	const struct new_credential secret = {"password", "p-1", 0};
	struct store *s = *state;
	struct connection made;

	must(target_create(&s->op, &new, &secret, 1, &made));
	must_fail(delete_connection(&s->op, made.id, true), ERR_NOT_FOUND);
	must(delete_target(&s->op, "mAIL", false));
	must_fail(target_find(&s->op, "Mail", &made), ERR_NOT_FOUND);
	assert_int_equal(secrets_of(&s->op, made.id), 0);
	assert_true(has_event(&s->op, "connection.deleted", made.id));
	assert_string_equal(payload_of(&s->op, "connection.deleted"),
			    "{\"kind\":\"email\",\"name\":\"Mail\"}");
	must_fail(delete_target(&s->op, "Mail", false), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(unused_connection_goes_with_its_installation),
		STORE_TEST(shared_connection_survives_its_installation),
		STORE_TEST(other_connections_of_the_group_stay),
		STORE_TEST(group_and_consumer_stay),
		STORE_TEST(past_configurations_go_with_the_installation),
		STORE_TEST(what_is_deleted_is_unknown_afterwards),
		STORE_TEST(a_group_may_install_again_after_deletion),
		STORE_TEST(an_integration_goes_with_its_installations),
		STORE_TEST(an_integration_leaves_what_others_use),
		STORE_TEST(the_secrets_of_an_integration_go_with_it),
		STORE_TEST(an_integration_is_deleted_in_its_family_alone),
		STORE_TEST(a_deleted_name_is_free_again),
		STORE_TEST(a_connection_in_use_is_not_deleted),
		STORE_TEST(force_takes_the_installations_too),
		STORE_TEST(not_every_user_is_named),
		STORE_TEST(an_unused_connection_is_deleted),
		STORE_TEST(a_target_goes_with_its_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
