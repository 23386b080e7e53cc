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

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(they_are_erased_with_their_connection),
		STORE_TEST(a_connection_has_no_more_than_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
