/* core/audit_log, core/event_origin: who did what, and from where. */
#include "support.h"

#include "core/audit_log.h"
#include "core/event_origin.h"
#include "core/store.h"

static void record(struct op *op, const char *type)
{
	must(event_record(op, type, "integration", op->project_id, NULL, 0,
			  NULL));
}

static void manage(struct store *s)
{
	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
}

static struct audit_list listed(struct op *op, struct audit_filter filter)
{
	struct audit_list list;

	filter.limit = filter.limit ? filter.limit : 100;
	must(audit_log_list(op, &filter, &list));
	return list;
}

static void an_entry_has_an_id_of_its_own(void **state)
{
	struct store *s = *state;
	struct audit_entry entry;
	struct uuid nothing = {{0}};

	manage(s);
	record(&s->op, "integration.created");
	struct audit_list list =
		listed(&s->op, (struct audit_filter){.type = "integration"});
	assert_int_equal(list.count, 1);
	struct uuid id = audit_entry_id(&list.items[0]);
	assert_int_equal(id.bytes[6] >> 4, 8);
	assert_int_equal(id.bytes[8] >> 6, 2);
	must(audit_log_get(&s->op, id, &entry));
	assert_int_equal(entry.event.number, list.items[0].event.number);
	assert_uuid_equal(entry.project.id, s->project.id);
	must_fail(audit_log_get(&s->op, nothing, &entry), ERR_NOT_FOUND);
	id.bytes[15] ^= 1;
	must_fail(audit_log_get(&s->op, id, &entry), ERR_NOT_FOUND);
	id.bytes[15] ^= 1;
	id.bytes[0] |= 0x80;
	must_fail(audit_log_get(&s->op, id, &entry), ERR_NOT_FOUND);
}

static void a_type_is_parted_at_its_first_dot(void **state)
{
	(void)state;
	assert_string_equal(audit_action("a.b.c"), "b.c");
	assert_string_equal(audit_action("a"), "");
}

static void filters_and_orders_hold(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;

	manage(s);
	record(op, "integration.created");
	op->now += SECOND;
	record(op, "integration.credentials.read");
	op->now += SECOND;
	record(op, "provider_app.created");
	assert_int_equal(
		listed(op, (struct audit_filter){.type = "provider_app"}).total,
		1);
	assert_int_equal(
		listed(op, (struct audit_filter){.action = "read"}).total, 0);
	assert_int_equal(
		listed(op, (struct audit_filter){.action = "credentials.read"})
			.total,
		1);
	struct audit_list some =
		listed(op, (struct audit_filter){.since = START + SECOND,
						 .until = START + SECOND});
	assert_int_equal(some.count, 1);
	assert_string_equal(some.items[0].event.type,
			    "integration.credentials.read");
	for (int order = AUDIT_BY_TIME; order <= AUDIT_BY_ACTION; order++) {
		struct audit_filter filter = {.order = (enum audit_order)order};

		struct audit_list down = listed(op, filter);
		filter.is_ascending = true;
		struct audit_list up = listed(op, filter);
		assert_int_equal(up.count, down.count);
		for (size_t i = 0; i < up.count; i++)
			assert_int_equal(
				up.items[i].event.number,
				down.items[up.count - 1 - i].event.number);
	}
}

static void projects_are_told_of_in_one_order(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct project sister = make_project(op, "acme", "sister");

	for (int i = 0; i < 4; i++) {
		op->project_id = i % 2 ? sister.id : s->project.id;
		op->now += SECOND;
		record(op, i < 2 ? "topic.created" : "group.deleted");
	}
	struct principal *who = make_principal(op, &s->project, ROLE_ADMIN);
	who->sees_organization = true;
	op->principal = who;
	for (int order = AUDIT_BY_TIME; order <= AUDIT_BY_ACTION; order++) {
		struct audit_filter filter = {.order = (enum audit_order)order};
		struct audit_list all = listed(op, filter);

		filter.limit = 2;
		filter.offset = 1;
		struct audit_list page = listed(op, filter);
		assert_int_equal(page.total, all.total);
		assert_int_equal(page.count, 2);
		for (size_t i = 0; i < page.count; i++)
			assert_int_equal(page.items[i].event.number,
					 all.items[i + 1].event.number);
		filter.offset = 100;
		assert_int_equal(listed(op, filter).count, 0);
	}
}

static void who_manages_nothing_reads_nothing(void **state)
{
	struct store *s = *state;
	const struct audit_filter filter = {.limit = 1};
	struct audit_list list;
	struct audit_entry entry;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_VIEWER);
	must_fail(audit_log_list(&s->op, &filter, &list), ERR_FORBIDDEN);
	must_fail(audit_log_get(&s->op, s->project.id, &entry), ERR_FORBIDDEN);
	const struct audit_filter other = {
		.project = "00000000-0000-7000-8000-000000000000", .limit = 1};
	must_fail(audit_log_list(&s->op, &other, &list), ERR_NOT_FOUND);
}

static void an_origin_is_kept_and_what_is_of_people_erased(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	const struct event_origin origin = {.user_id = s->project.id,
					    .address = "192.0.2.7",
					    .agent = "curl"};
	int64_t next_at;

	manage(s);
	op->origin = &origin;
	record(op, "integration.created");
	op->now += DAY;
	record(op, "integration.updated");
	op->origin = NULL;
	record(op, "integration.deleted");
	const struct audit_filter mine = {.user_id = s->project.id};
	struct audit_list list = listed(op, mine);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].origin.address, "192.0.2.7");
	assert_string_equal(list.items[0].origin.agent, "curl");

	op->now = START + EVENT_ORIGIN_LIFE_US + DAY / 2;
	must(event_origin_erase(op, &next_at));
	assert_true(next_at > op->now);
	list = listed(op, mine);
	assert_int_equal(list.count, 2);
	assert_non_null(list.items[0].origin.address);
	assert_null(list.items[1].origin.address);
	assert_null(list.items[1].origin.agent);

	op->now = next_at;
	must(event_origin_erase(op, &next_at));
	assert_int_equal(next_at, 0);
	assert_null(listed(op, mine).items[0].origin.address);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(an_entry_has_an_id_of_its_own),
		cmocka_unit_test(a_type_is_parted_at_its_first_dot),
		STORE_TEST(filters_and_orders_hold),
		STORE_TEST(projects_are_told_of_in_one_order),
		STORE_TEST(who_manages_nothing_reads_nothing),
		STORE_TEST(an_origin_is_kept_and_what_is_of_people_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
