/* core/destination: found, changed, and given signing keys. */
#include "deliveries.h"

#include "core/event.h"
#include "core/webhook.h"

static const struct uuid any;

static struct destination made(struct op *op, const char *name,
			       const char *kind)
{
	const struct new_credential secrets[] = {{"password", "secret", 0}};
	const struct destination new = {
		.name = name,
		.kind = kind,
		.metadata = "{\"url\":\"https://example.com/hook\"}",
	};
	struct destination destination;

	must(destination_create(op, &new, secrets, 1, &destination));
	return destination;
}

static const char *secret_of(struct op *op, struct uuid id, const char *name)
{
	struct credential_list list;

	must(credential_use(op, id, &list));
	const struct credential *found = credential_find(&list, name);
	return found ? (const char *)found->value.bytes : NULL;
}

static void one_is_found_by_its_name_or_its_id(void **state)
{
	struct op *op = begun(*state);
	struct destination a = made(op, "a", DESTINATION_WEBHOOK), found;
	char id[UUID_TEXT];

	uuid_format(a.id, id);
	must(destination_find(op, "a", &found));
	assert_uuid_equal(found.id, a.id);
	must(destination_find(op, id, &found));
	assert_string_equal(found.name, "a");
	must_fail(destination_find(op, "b", &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, "there is no destination b");
	must_fail(destination_get(op, op->project_id, &found), ERR_NOT_FOUND);
	uuid_format(op->project_id, id);
	must_fail(destination_find(op, id, &found), ERR_NOT_FOUND);
	assert_string_equal(op->detail, arena_printf(&op->arena,
						     "there is no destination "
						     "%s",
						     id));
}

static void they_are_listed_oldest_first(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct destination b = made(op, "b", DESTINATION_WEBHOOK);
	struct destination a = made(op, "a", "kinesis");
	struct destination_list list;

	must(destination_list(op, &list));
	assert_int_equal(list.count, 2);
	assert_uuid_equal(list.items[0].id, b.id);
	assert_uuid_equal(list.items[1].id, a.id);
	assert_string_equal(list.items[1].kind, "kinesis");
	move_to(op, make_project(op, "acme", "other"));
	must(destination_list(op, &list));
	assert_int_equal(list.count, 0);
}

static void a_name_is_one_destinations(void **state)
{
	struct op *op = begun(*state);
	struct destination a = made(op, "a", DESTINATION_WEBHOOK);
	struct destination b = made(op, "b", DESTINATION_WEBHOOK), ignored;

	must_fail(destination_create(op, &a, NULL, 0, &ignored), ERR_TAKEN);
	assert_string_equal(op->detail,
			    "there is a destination named a already");
	b.name = "a";
	must_fail(destination_update(op, &b, NULL, 0, &ignored), ERR_TAKEN);
	assert_int_equal(event_count(op, "destination.updated"), 0);
}

static void a_change_is_kept_and_recorded(void **state)
{
	const struct new_credential secrets[] = {{"password", "new", 0}};
	struct op *op = begun(*state);
	struct destination to = made(op, "a", DESTINATION_WEBHOOK), found;
	const char *key = secret_of(op, to.id, SIGNING_KEY);

	op->now += SECOND;
	to.name = "b";
	to.metadata = "{}";
	must(destination_update(op, &to, secrets, 1, &to));
	assert_int_equal(to.updated_at, start + SECOND);
	must(destination_get(op, to.id, &found));
	assert_string_equal(found.name, "b");
	assert_string_equal(found.metadata, "{}");
	assert_int_equal(found.updated_at, start + SECOND);
	assert_null(destination_url(op, &found));
	assert_string_equal(secret_of(op, to.id, "password"), "new");
	assert_string_equal(secret_of(op, to.id, SIGNING_KEY), key);
	assert_string_equal(payload_of(op, "destination.updated"),
			    "{\"name\":\"b\",\"kind\":\"webhook\"}");
}

static void a_webhook_alone_has_a_signing_key(void **state)
{
	struct op *op = begun(*state);
	struct destination a = made(op, "a", DESTINATION_WEBHOOK);
	struct destination b = made(op, "b", "kinesis");

	assert_memory_equal(secret_of(op, a.id, SIGNING_KEY), "whsec_", 6);
	assert_null(secret_of(op, b.id, SIGNING_KEY));
	assert_string_equal(secret_of(op, b.id, "password"), "secret");
	must_fail(destination_rotate(op, &b), ERR_INVALID);
	assert_string_equal(op->detail, "only a webhook has a signing key");
	assert_int_equal(event_count(op, "destination.rotated"), 0);
}

static void a_replaced_key_signs_for_another_day(void **state)
{
	struct op *op = begun(*state);
	struct destination to = made(op, "a", DESTINATION_WEBHOOK);
	const char *old = secret_of(op, to.id, SIGNING_KEY);
	struct credential_list keys;

	must(destination_rotate(op, &to));
	assert_string_not_equal(secret_of(op, to.id, SIGNING_KEY), old);
	assert_string_equal(secret_of(op, to.id, PREVIOUS_SIGNING_KEY), old);
	assert_true(has_event(op, "destination.rotated", to.id));
	assert_true(has_event(op, "destination.credentials.read", to.id));
	must(credential_use(op, to.id, &keys));
	const char *both = webhook_signature(op, "id", 1, "{}", &keys);
	op->now += SIGNING_OVERLAP_US;
	const char *alone = webhook_signature(op, "id", 1, "{}", &keys);
	assert_int_equal(strlen(both), 2 * strlen(alone) + 1);
}

static void failures_are_counted_from_the_first(void **state)
{
	struct op *op = begun(*state);
	struct destination to = made(op, "a", DESTINATION_WEBHOOK);

	must(destination_note(op, &to, true));
	must(destination_note(op, &to, false));
	must(destination_get(op, to.id, &to));
	assert_int_equal(to.failing_since, start);
	op->now += SECOND;
	must(destination_note(op, &to, false));
	must(destination_get(op, to.id, &to));
	assert_int_equal(to.failing_since, start);
	must(destination_note(op, &to, true));
	must(destination_get(op, to.id, &to));
	assert_int_equal(to.failing_since, 0);
}

static void an_enabled_one_is_sent_new_events(void **state)
{
	struct op *op = begun(*state);
	struct destination to = hook(op, "a", "group.created");

	must(destination_disable(op, &to));
	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 0);
	must(destination_enable(op, to.id, &to));
	assert_false(to.is_disabled);
	assert_true(has_event(op, "destination.enabled", to.id));
	tell(op, "group.created");
	assert_string_equal(only(op, to.id).state, DELIVERY_WAITING);
	must_fail(destination_enable(op, any, &to), ERR_NOT_FOUND);
}

static void an_erased_one_takes_its_secrets_along(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct destination to = made(op, "a", DESTINATION_WEBHOOK), found;
	struct credential_list left;

	must(destination_erase(op, to.id));
	must_fail(destination_get(op, to.id, &found), ERR_NOT_FOUND);
	must(credential_use(op, to.id, &left));
	assert_int_equal(left.count, 0);
	assert_true(has_event(op, "destination.deleted", to.id));
	must_fail(destination_erase(op, to.id), ERR_NOT_FOUND);
}

static void a_configuration_names_it_as_json_does(void **state)
{
	struct op *op = begun(*state);

	assert_string_equal(destination_mention(op, "a \"b\""),
			    "\"destination\":\"a \\\"b\\\"\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(one_is_found_by_its_name_or_its_id),
		STORE_TEST(they_are_listed_oldest_first),
		STORE_TEST(a_name_is_one_destinations),
		STORE_TEST(a_change_is_kept_and_recorded),
		STORE_TEST(a_webhook_alone_has_a_signing_key),
		STORE_TEST(a_replaced_key_signs_for_another_day),
		STORE_TEST(failures_are_counted_from_the_first),
		STORE_TEST(an_enabled_one_is_sent_new_events),
		STORE_TEST(an_erased_one_takes_its_secrets_along),
		STORE_TEST(a_configuration_names_it_as_json_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
