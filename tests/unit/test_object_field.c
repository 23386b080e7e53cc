/* What is told of objects' fields: bounded, and gone with its connection. */
#include "engine.h"
#include "support.h"

#include "core/deletion.h"
#include "core/object_field.h"

static const struct object_field tier = {
	.object = "account", .name = "tier", .definition = "{}"};

static void they_are_erased_with_their_connection(void **state)
{
	struct store *s = *state;
	struct connection_view of = connect_group(&s->op, "acme", "stripe");
	struct connection_view other = connect_group(&s->op, "other", "stripe");
	enum object_field_change change;

	must(object_fields_put(&s->op, of.connection.id, &tier, 1, &change));
	must(object_fields_put(&s->op, other.connection.id, &tier, 1, &change));
	assert_int_equal(change, OBJECT_FIELD_CREATED);
	must(delete_connection(&s->op, of.connection.id, false));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM object_field"),
			 1);
}

static void a_connection_has_no_more_than_so_many(void **state)
{
	struct store *s = *state;
	struct uuid id = connect_group(&s->op, "acme", "stripe").connection.id;
	static struct object_field fields[OBJECT_FIELDS_MAX];
	static enum object_field_change changes[OBJECT_FIELDS_MAX];
	enum object_field_change change;

	for (int i = 0; i < OBJECT_FIELDS_MAX; i++)
		fields[i] = (struct object_field){
			.object = "account",
			.name = arena_printf(&s->op.arena, "f%d", i),
			.definition = "{}"};
	must(object_fields_put(&s->op, id, fields, OBJECT_FIELDS_MAX, changes));
	must_fail(object_fields_put(&s->op, id, &tier, 1, &change),
		  ERR_MISSHAPEN);
	must(object_fields_put(&s->op, id, fields, 1, &change));
	assert_int_equal(change, OBJECT_FIELD_UNCHANGED);
}

static void a_group_s_connection_is_found_by_its_provider(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection_view of = connect_group(op, "acme", "stripe"), found;

	must(object_connection(op, "acme", "stripe", &found));
	assert_uuid_equal(found.connection.id, of.connection.id);
	must_fail(object_connection(op, "acme", "hubspot", &found),
		  ERR_NOT_FOUND);
	assert_string_equal(op->detail,
			    "group acme has no connection for hubspot");
	must_fail(object_connection(op, "other", "stripe", &found),
		  ERR_NOT_FOUND);
	assert_string_equal(op->detail,
			    "group other has no connection for stripe");
}

static void what_changed_is_kept_and_counted(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct uuid id = connect_group(op, "acme", "stripe").connection.id;
	const struct object_field second[] = {
		{.object = "account", .name = "name", .definition = "{}"},
		{.object = "account",
		 .name = "tier",
		 .definition = "{\"a\":1}"},
		{.object = "contact", .name = "tier", .definition = "{}"},
	};
	enum object_field_change changes[COUNT(second)];
	struct object_field_list list;

	must(object_fields_put(op, id, &tier, 1, changes));
	must(object_fields_put(op, id, &tier, 1, changes));
	assert_int_equal(changes[0], OBJECT_FIELD_UNCHANGED);
	assert_int_equal(event_count(op, "object_fields.updated"), 1);
	op->now += SECOND;
	must(object_fields_put(op, id, second, COUNT(second), changes));
	assert_int_equal(changes[0], OBJECT_FIELD_CREATED);
	assert_int_equal(changes[1], OBJECT_FIELD_UPDATED);
	assert_int_equal(changes[2], OBJECT_FIELD_CREATED);
	assert_string_equal(payload_of(op, "object_fields.updated"),
			    "{\"fields\":3}");

	must(object_fields_list(op, id, "account", &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].name, "name");
	assert_int_equal(list.items[0].created_at, START + SECOND);
	assert_int_equal(list.items[0].updated_at, 0);
	assert_string_equal(list.items[1].definition, "{\"a\":1}");
	assert_int_equal(list.items[1].created_at, START);
	assert_int_equal(list.items[1].updated_at, START + SECOND);
	must(object_fields_list(op, id, "lead", &list));
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(they_are_erased_with_their_connection),
		STORE_TEST(a_connection_has_no_more_than_so_many),
		STORE_TEST(a_group_s_connection_is_found_by_its_provider),
		STORE_TEST(what_changed_is_kept_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
