/* core/provider_app, core/destination, core/topic: the rules they keep. */
#include "support.h"

#include <stdio.h>

#include "core/deletion.h"
#include "core/destination.h"
#include "core/plan.h"
#include "core/plan_token.h"
#include "core/provider_app.h"
#include "core/receipt.h"
#include "core/store.h"
#include "core/topic.h"

static struct provider_app register_app(struct op *op)
{
	const struct provider_app new = {
		.provider = "salesforce",
		.client_id = "client",
		.scopes = "[\"api\"]",
		.metadata = "{}",
	};
	struct provider_app made;

	must(provider_app_create(op, &new, "app-secret", &made));
	return made;
}

/* No operation of this version sets it: a connection through this app. */
static void connect_through(struct store *s, const struct provider_app *app,
			    struct connection_view *ret)
{
	char text[2 * sizeof(app->id.bytes) + 1], sql[160];

	*ret = connect_group(&s->op, "acme", "salesforce");
	for (size_t i = 0; i < sizeof(app->id.bytes); i++)
		snprintf(text + 2 * i, 3, "%02x", app->id.bytes[i]);
	snprintf(sql, sizeof(sql),
		 "UPDATE connection SET provider_app_id = x'%s'", text);
	store_script(s, sql);
}

static size_t secrets_of(struct op *op, struct uuid id)
{
	struct sealed *sealed;
	size_t count;

	must(store_secret_list(op, id, &sealed, &count));
	return count;
}

static void an_app_keeps_its_secret_sealed(void **state)
{
	struct store *s = *state;
	struct provider_app app = register_app(&s->op);
	struct credential_list list;

	must(credential_read(&s->op, "provider_app", app.id, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].name, PROVIDER_APP_SECRET);
	assert_string_equal((const char *)list.items[0].value.bytes,
			    "app-secret");
	assert_false(store_files_hold(s, "app-secret"));
	assert_string_equal(
		payload_of(&s->op, "provider_app.created"),
		"{\"provider\":\"salesforce\",\"clientId\":\"client\"}");
}

static void an_app_stays_while_a_connection_uses_it(void **state)
{
	struct store *s = *state;
	struct provider_app app = register_app(&s->op);
	struct provider_app unused = register_app(&s->op);
	struct connection_view through;

	connect_through(s, &app, &through);
	must_fail(delete_provider_app(&s->op, app.id), ERR_IN_USE);
	assert_int_equal(s->op.issue_count, 1);
	assert_string_equal(s->op.issues[0].field, "providerAppId");
	s->op.is_dry_run = true; /* which says what is in the way */
	must_fail(delete_provider_app(&s->op, app.id), ERR_PLANNED);
	assert_non_null(strstr(s->op.plan, "\"blockedBy\":[{\"kind\":"
					   "\"connection\",\"id\":"));
	assert_null(strstr(s->op.plan, "unless"));
	s->op.is_dry_run = false;
	assert_int_equal(secrets_of(&s->op, app.id), 1);
	must(delete_provider_app(&s->op, unused.id));
	must(store_connection_remove(&s->op, through.connection.id));
	must(delete_provider_app(&s->op, app.id));
	must_fail(provider_app_get(&s->op, app.id, &app), ERR_NOT_FOUND);
}

static void a_used_app_keeps_its_provider(void **state)
{
	struct store *s = *state;
	struct provider_app app = register_app(&s->op), now;
	struct connection_view through;

	connect_through(s, &app, &through);
	app.provider = "hubspot";
	must_fail(provider_app_update(&s->op, &app, NULL, &now), ERR_IN_USE);
	app.provider = "salesforce";
	app.client_id = "another";
	must(provider_app_update(&s->op, &app, NULL, &now));
	assert_true(has_event(&s->op, "provider_app.updated", app.id));
}

static void a_deleted_app_takes_its_secret_along(void **state)
{
	struct store *s = *state;
	struct provider_app app = register_app(&s->op);
	struct provider_app kept = register_app(&s->op);

	must(delete_provider_app(&s->op, app.id));
	assert_int_equal(secrets_of(&s->op, app.id), 0);
	assert_int_equal(secrets_of(&s->op, kept.id), 1);
	assert_true(has_event(&s->op, "provider_app.deleted", app.id));
}

static struct destination send_to(struct op *op, const char *name)
{
	const struct destination new = {
		.name = name,
		.kind = DESTINATION_WEBHOOK,
		.metadata = "{\"url\":\"https://example.com/\"}",
	};
	struct destination made;

	must(destination_create(op, &new, NULL, 0, &made));
	return made;
}

static void a_rotated_key_signs_on_for_a_day(void **state)
{
	struct store *s = *state;
	struct destination hook = send_to(&s->op, "hook");
	struct credential_list before, after;

	must(credential_read(&s->op, "destination", hook.id, &before));
	must(destination_rotate(&s->op, &hook));
	must(credential_read(&s->op, "destination", hook.id, &after));
	const struct credential *old = credential_find(&before, SIGNING_KEY);
	const struct credential *new = credential_find(&after, SIGNING_KEY);
	const struct credential *previous =
		credential_find(&after, PREVIOUS_SIGNING_KEY);
	assert_string_equal((const char *)previous->value.bytes,
			    (const char *)old->value.bytes);
	assert_string_not_equal((const char *)new->value.bytes,
				(const char *)old->value.bytes);
	assert_int_equal(previous->expires_at, START + DAY);
	assert_int_equal(new->expires_at, 0);
	assert_true(has_event(&s->op, "destination.rotated", hook.id));
}

static void a_deleted_destination_takes_its_secrets_along(void **state)
{
	struct store *s = *state;
	struct destination hook = send_to(&s->op, "hook");
	struct destination kept = send_to(&s->op, "kept");

	must(delete_destination(&s->op, hook.id));
	assert_int_equal(secrets_of(&s->op, hook.id), 0);
	assert_int_equal(secrets_of(&s->op, kept.id), 1);
	assert_true(has_event(&s->op, "destination.deleted", hook.id));
}

/* Its plan has the effects of the receipt. */
static void goes_as_planned(struct op *op, enum thing_kind kind, struct uuid id)
{
	const struct deletion_options by_policy = {.force = false};
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct deletion_terms terms;
	struct deletion deletion;
	struct thing thing;

	must(thing_find(op, kind, id, &thing));
	must(policy_settle(op, &thing, &by_policy, &terms));
	must(plan_make(op, &thing, &terms, 0, plan));
	const char *text = plan_text(op, plan);
	must(deletion_run_planned(op, plan_token_write(op, plan)));
	must(receipt_get(op, op->deletion_id, &deletion));
	assert_string_equal(deletion.state, DELETION_DONE);
	assert_non_null(strstr(text, deletion.effects));
	assert_non_null(strstr(text, deletion.counts));
	must_fail(thing_find(op, kind, id, &thing), ERR_NOT_FOUND);
}

static void parts_go_as_planned(void **state)
{
	struct store *s = *state;

	goes_as_planned(&s->op, THING_PROVIDER_APP, register_app(&s->op).id);
	goes_as_planned(&s->op, THING_DESTINATION, send_to(&s->op, "hook").id);
}

static void a_deleted_topic_records_each_route_that_goes(void **state)
{
	struct store *s = *state;
	struct destination hook = send_to(&s->op, "hook");
	struct event_route to;
	struct topic_route from;
	struct topic topic;

	must(topic_create(&s->op, "alerts", &topic));
	must(event_route_create(&s->op, "connection.error", topic.id, &to));
	must(topic_route_create(&s->op, topic.id, hook.id, &from));
	must_fail(delete_destination(&s->op, hook.id), ERR_IN_USE);
	must(delete_topic(&s->op, topic.id));
	assert_true(has_event(&s->op, "topic.created", topic.id));
	assert_true(has_event(&s->op, "event_route.created", to.id));
	assert_true(has_event(&s->op, "topic_route.created", from.id));
	assert_true(has_event(&s->op, "event_route.deleted", to.id));
	assert_true(has_event(&s->op, "topic_route.deleted", from.id));
	assert_true(has_event(&s->op, "topic.deleted", topic.id));
	must(delete_destination(&s->op, hook.id));
}

static void parts_of_another_project_are_not_there(void **state)
{
	struct store *s = *state;
	struct provider_app app = register_app(&s->op);
	struct destination hook = send_to(&s->op, "hook");
	struct topic topic;

	must(topic_create(&s->op, "alerts", &topic));
	move_to(&s->op, make_project(&s->op, "elsewhere", "foreign"));
	must_fail(delete_provider_app(&s->op, app.id), ERR_NOT_FOUND);
	must_fail(delete_destination(&s->op, hook.id), ERR_NOT_FOUND);
	must_fail(destination_find(&s->op, "hook", &hook), ERR_NOT_FOUND);
	must_fail(delete_topic(&s->op, topic.id), ERR_NOT_FOUND);
	must(topic_create(&s->op, "alerts", &topic));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(an_app_keeps_its_secret_sealed),
		STORE_TEST(an_app_stays_while_a_connection_uses_it),
		STORE_TEST(a_used_app_keeps_its_provider),
		STORE_TEST(a_deleted_app_takes_its_secret_along),
		STORE_TEST(a_rotated_key_signs_on_for_a_day),
		STORE_TEST(a_deleted_destination_takes_its_secrets_along),
		STORE_TEST(parts_go_as_planned),
		STORE_TEST(a_deleted_topic_records_each_route_that_goes),
		STORE_TEST(parts_of_another_project_are_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
