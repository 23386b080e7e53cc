/* core/connection: credentials at providers. */
#include "support.h"

#include "core/store.h"
#include "core/group.h"

static void a_connection_is_of_a_group_and_a_consumer(void **state)
{
	const struct connection_new new = {
		.provider = "salesforce",
		.auth_scheme = "oauth2/authorizationCode",
		.workspace_ref = "acme-dev",
		.metadata = "{\"a\":1}",
		.settings = "{\"scopes\":[]}",
		.parties.group_ref = "acme",
		.parties.group_name = "Acme Corp",
		.parties.consumer_ref = "jane",
		.parties.consumer_name = "Jane",
	};
	struct store *s = *state;
	struct connection_view made, found;

	must(connection_create(&s->op, &new, &made));
	must(connection_get(&s->op, made.connection.id, &found));
	assert_string_equal(found.group.ref, "acme");
	assert_string_equal(found.group.name, "Acme Corp");
	assert_string_equal(found.consumer.ref, "jane");
	assert_string_equal(found.consumer.name, "Jane");
	assert_int_equal(found.connection.family, CONNECTION_PROVIDER);
	assert_string_equal(found.connection.kind, "salesforce");
	assert_string_equal(found.connection.auth_scheme, new.auth_scheme);
	assert_string_equal(found.connection.status, "created");
	assert_string_equal(found.connection.workspace_ref, "acme-dev");
	assert_string_equal(found.connection.metadata, "{\"a\":1}");
	assert_string_equal(found.connection.settings, "{\"scopes\":[]}");
	assert_string_equal(found.connection.name, "");
	assert_null(found.connection.description);
	assert_true(found.connection.is_enabled);
	assert_int_equal(found.connection.created_at, START);
	assert_int_equal(found.connection.updated_at, 0);
	assert_uuid_equal(found.connection.group_id, made.group.id);
	assert_uuid_equal(found.connection.consumer_id, made.consumer.id);
}

static void its_credentials_are_sealed_with_it(void **state)
{
	struct store *s = *state;
	struct connection_view made = connect_group(&s->op, "acme", "stripe");
	struct credential_list list;

	must(credential_read(&s->op, "connection", made.connection.id, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal((const char *)list.items[0].value.bytes,
			    "key-of-acme");
}

static void making_one_is_recorded_without_its_secrets(void **state)
{
	struct store *s = *state;
	struct connection_view made = connect_group(&s->op, "acme", "stripe");

	assert_true(
		has_event(&s->op, "connection.created", made.connection.id));
	assert_true(has_event(&s->op, "group.created", made.group.id));
	assert_true(has_event(&s->op, "consumer.created", made.consumer.id));
	assert_string_equal(payload_of(&s->op, "connection.created"),
			    "{\"kind\":\"stripe\",\"groupRef\":\"acme\","
			    "\"consumerRef\":\"acme-user\"}");
}

static void a_group_may_have_several(void **state)
{
	struct store *s = *state;
	struct connection_view a = connect_group(&s->op, "acme", "stripe");
	struct connection_view b = connect_group(&s->op, "acme", "stripe");

	assert_uuid_equal(a.group.id, b.group.id);
	assert_false(uuid_equal(a.connection.id, b.connection.id));
	assert_int_equal(event_count(&s->op, "group.created"), 1);
}

static void the_default_is_the_groups_newest_for_the_provider(void **state)
{
	struct store *s = *state;
	struct connection_view made, found;

	connect_group(&s->op, "acme", "stripe");
	made = connect_group(&s->op, "acme", "stripe");
	connect_group(&s->op, "acme", "hubspot");
	connect_group(&s->op, "other", "stripe");
	must(store_connection_default(&s->op, made.group.id, "stripe", &found));
	assert_uuid_equal(found.connection.id, made.connection.id);
	must_fail(store_connection_default(&s->op, made.group.id, "intercom",
					   &found),
		  ERR_NOT_FOUND);
}

static void an_unknown_one_is_explained(void **state)
{
	struct store *s = *state;
	struct connection_view found;

	must_fail(connection_get(&s->op, s->project.id, &found), ERR_NOT_FOUND);
	assert_memory_equal(s->op.detail, "there is no connection ", 23);
}

static size_t listed(struct op *op, const char *provider, const char *group,
		     const char *consumer)
{
	const struct connection_filter filter = {provider, group, consumer};
	struct connection_list list;

	must(connection_list(op, &filter, &list));
	return list.count;
}

static void a_list_keeps_to_all_its_filters(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;

	connect_group(op, "acme", "stripe");
	connect_group(op, "acme", "hubspot");
	connect_group(op, "other", "stripe");
	assert_int_equal(listed(op, NULL, NULL, NULL), 3);
	assert_int_equal(listed(op, "stripe", NULL, NULL), 2);
	assert_int_equal(listed(op, NULL, "acme", NULL), 2);
	assert_int_equal(listed(op, NULL, NULL, "acme-user"), 2);
	assert_int_equal(listed(op, "stripe", "acme", NULL), 1);
	assert_int_equal(listed(op, "stripe", NULL, "other-user"), 1);
	assert_int_equal(listed(op, "hubspot", "other", NULL), 0);
	assert_int_equal(listed(op, NULL, "acme", "other-user"), 0);
	assert_int_equal(listed(op, "stripe", "acme", "acme-user"), 1);
	assert_int_equal(listed(op, "intercom", NULL, NULL), 0);
	assert_int_equal(listed(op, NULL, "nobody", NULL), 0);
}

static void a_list_begins_with_the_oldest(void **state)
{
	enum { MADE = 40 };
	const struct connection_filter any = {NULL, NULL, NULL};
	struct store *s = *state;
	struct connection_view made[MADE];
	struct connection_list list;

	for (int i = 0; i < MADE; i++)
		made[i] = connect_group(&s->op, i % 2 ? "b" : "a", "stripe");
	must(connection_list(&s->op, &any, &list));
	assert_int_equal(list.count, MADE);
	for (int i = 0; i < MADE; i++)
		assert_uuid_equal(list.items[i].connection.id,
				  made[i].connection.id);
}

static void targets_are_no_connections_of_groups(void **state)
{
	const struct connection new = {.kind = "email",
				       .name = "mail",
				       .settings = "{}",
				       .is_enabled = true};
	struct store *s = *state;
	struct connection target;
	struct connection_view found;

	must(target_create(&s->op, &new, NULL, 0, &target));
	must_fail(connection_get(&s->op, target.id, &found), ERR_NOT_FOUND);
	assert_int_equal(listed(&s->op, NULL, NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_connection_is_of_a_group_and_a_consumer),
		STORE_TEST(its_credentials_are_sealed_with_it),
		STORE_TEST(making_one_is_recorded_without_its_secrets),
		STORE_TEST(a_group_may_have_several),
		STORE_TEST(the_default_is_the_groups_newest_for_the_provider),
		STORE_TEST(an_unknown_one_is_explained),
		STORE_TEST(a_list_keeps_to_all_its_filters),
		STORE_TEST(a_list_begins_with_the_oldest),
		STORE_TEST(targets_are_no_connections_of_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
