/* core/connection_use: whose settings mention a target's id. */
#include "support.h"

#include "core/connection_use.h"
#include "core/deletion.h"

static struct connection target(struct op *op, const char *name,
				const char *settings)
{
	const struct connection new = {.kind = "webhook",
				       .name = name,
				       .settings = settings,
				       .is_enabled = true};
	struct connection made;

	must(target_create(op, &new, NULL, 0, &made));
	return made;
}

static const char *mention(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return arena_printf(&op->arena, "{\"url\":\"https://x/%s?y\"}", text);
}

static struct integration integration(struct op *op, const char *settings)
{
	const struct integration new = {.family = INTEGRATION_HTTP,
					.handle = "rates",
					.kind = "http",
					.title = "Daily rates",
					.settings = settings};
	struct integration made;

	must(integration_create(op, &new, NULL, 0, &made));
	return made;
}

static struct connection_user_list users(struct op *op, struct uuid id)
{
	struct connection_user_list list;

	must(connection_users(op, id, 10, &list));
	return list;
}

static void what_mentions_an_id_uses_it(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection used = target(op, "mail", "{}");
	struct connection hook = target(op, "hook", mention(op, used.id));
	struct integration rates = integration(op, mention(op, used.id));
	struct connection_user_list list = users(op, used.id);

	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].kind, "connection");
	assert_uuid_equal(list.items[0].id, hook.id);
	assert_string_equal(list.items[0].name, "hook");
	assert_string_equal(list.items[1].kind, "integration");
	assert_uuid_equal(list.items[1].id, rates.id);
	assert_string_equal(list.items[1].name, "Daily rates");
	assert_int_equal(users(op, hook.id).count, 0);
}

static void what_is_no_target_s_id_counts_for_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid unknown = {{1}};
	struct connection self = target(op, "mail", "{}");

	target(op, "a", mention(op, unknown));
	target(op, "b", "{\"x\":\"00000000-zzzz-7000-8000-000000000000\"}");
	target(op, "c", "{\"x\":\"short-of-one-\"}");
	self.settings = mention(op, self.id);
	must(target_update(op, &self, NULL, 0, &self));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM connection_use"),
			 0);
}

static void a_use_ends_when_it_is_not_mentioned_any_more(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection used = target(op, "mail", "{}");
	struct connection hook = target(op, "hook", mention(op, used.id));
	struct integration rates = integration(op, mention(op, used.id));

	must(target_update(op, &hook, NULL, 0, &hook));
	assert_int_equal(users(op, used.id).count, 2);
	hook.settings = "{}";
	must(target_update(op, &hook, NULL, 0, &hook));
	assert_int_equal(users(op, used.id).count, 1);
	rates.settings = "{}";
	must(integration_update(op, &rates, NULL, 0, &rates));
	assert_int_equal(users(op, used.id).count, 0);
}

static void a_text_s_mentions_are_limited(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const char *all = "";
	struct uuid unknown = {{1}};

	struct connection used = target(op, "mail", "{}");
	for (int i = 0; i < CONNECTION_USES_MAX; i++)
		all = arena_printf(&op->arena, "%s%s", all,
				   mention(op, unknown));
	must(connection_use_record(
		op, "connection", (struct uuid){{2}},
		arena_printf(&op->arena, "%s%s", all, mention(op, used.id))));
	assert_int_equal(users(op, used.id).count, 0);
	must(connection_use_record(op, "connection", (struct uuid){{2}},
				   mention(op, used.id)));
	assert_int_equal(users(op, used.id).count, 1);
	assert_string_equal(users(op, used.id).items[0].name, "");
}

static void what_is_used_is_deleted_by_force_alone(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection used = target(op, "mail", "{}"), found;
	struct connection hook = target(op, "hook", mention(op, used.id));
	char text[UUID_TEXT];

	must_fail(delete_target(op, "mail", false), ERR_IN_USE);
	assert_string_equal(op->detail, "this connection is in use");
	assert_int_equal(op->issue_count, 1);
	uuid_format(hook.id, text);
	assert_string_equal(
		op->issues[0].why,
		arena_printf(&op->arena, "connection %s uses it", text));
	must(delete_target(op, "mail", true));
	must(target_find(op, "hook", &found));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM connection_use"),
			 0);
}

static void who_is_gone_uses_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection used = target(op, "mail", "{}");

	target(op, "hook", mention(op, used.id));
	must(delete_target(op, "hook", false));
	assert_int_equal(users(op, used.id).count, 0);
	must(delete_target(op, "mail", false));
}

static void an_integration_in_the_trash_may_come_back(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct deletion_options hard = {.mode = MODE_HARD};
	struct connection used = target(op, "mail", "{}");
	struct integration rates = integration(op, mention(op, used.id));

	must(delete_integration(op, INTEGRATION_HTTP, rates.id, NULL));
	assert_int_equal(users(op, used.id).count, 1);
	must_fail(delete_target(op, "mail", false), ERR_IN_USE);

	rates = integration(op, mention(op, used.id));
	struct thing thing = thing_of_integration(&rates);
	must(deletion_run(op, &thing, &hard, NULL));
	assert_int_equal(users(op, used.id).count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_mentions_an_id_uses_it),
		STORE_TEST(what_is_no_target_s_id_counts_for_nothing),
		STORE_TEST(a_use_ends_when_it_is_not_mentioned_any_more),
		STORE_TEST(a_text_s_mentions_are_limited),
		STORE_TEST(what_is_used_is_deleted_by_force_alone),
		STORE_TEST(who_is_gone_uses_nothing),
		STORE_TEST(an_integration_in_the_trash_may_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
