/* core/topic, fan_out: topics and routes, and where events of a type go. */
#include "deliveries.h"

#include "core/deletion.h"
#include "core/event.h"
#include "core/topic.h"

static const struct uuid any;

static struct topic topic(struct op *op, const char *name)
{
	struct topic made;

	must(topic_create(op, name, &made));
	return made;
}

static struct destination destination(struct op *op, const char *name,
				      const char *kind)
{
	const struct destination new = {
		.name = name, .kind = kind, .metadata = "{}"};
	struct destination made;

	must(destination_create(op, &new, NULL, 0, &made));
	return made;
}

static struct event_route lead(struct op *op, const char *type,
			       const struct topic *to)
{
	struct event_route made;

	must(event_route_create(op, type, to->id, &made));
	return made;
}

static struct topic_route send(struct op *op, const struct topic *from,
			       const struct destination *to)
{
	struct topic_route made;

	must(topic_route_create(op, from->id, to->id, &made));
	return made;
}

static void topics_are_listed_oldest_first(void **state)
{
	struct op *op = begun(*state);
	struct topic first = topic(op, "z"), second = topic(op, "a"), found;
	struct topic_list list;

	must(topic_list(op, &list));
	assert_int_equal(list.count, 2);
	assert_uuid_equal(list.items[0].id, first.id);
	assert_uuid_equal(list.items[1].id, second.id);
	must(topic_get(op, first.id, &found));
	assert_string_equal(found.name, "z");
	assert_int_equal(found.created_at, start);
	assert_int_equal(found.updated_at, 0);
	assert_true(has_event(op, "topic.created", first.id));
}

static void a_topic_that_is_not_there_is_unknown(void **state)
{
	struct op *op = begun(*state);
	struct topic found;

	must_fail(topic_get(op, op->project_id, &found), ERR_NOT_FOUND);
	assert_memory_equal(op->detail, "there is no topic ", 18);
	must_fail(topic_rename(op, op->project_id, "a", &found), ERR_NOT_FOUND);
	must_fail(delete_topic(op, op->project_id), ERR_NOT_FOUND);
}

static void a_name_is_one_topics(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct topic first = topic(op, "a"), again;

	(void)topic(op, "b");
	must_fail(topic_create(op, "a", &again), ERR_TAKEN);
	assert_string_equal(op->detail, "there is a topic named a already");
	must_fail(topic_rename(op, first.id, "b", &again), ERR_TAKEN);
	assert_string_equal(op->detail, "there is a topic named b already");
	move_to(op, make_project(op, "acme", "other"));
	(void)topic(op, "a");
	must_fail(topic_get(op, first.id, &again), ERR_NOT_FOUND);
}

static void a_new_name_is_kept_and_recorded(void **state)
{
	struct op *op = begun(*state);
	struct topic made = topic(op, "a"), renamed, found;

	op->now += SECOND;
	must(topic_rename(op, made.id, "b", &renamed));
	must(topic_get(op, made.id, &found));
	assert_string_equal(found.name, "b");
	assert_int_equal(found.updated_at, start + SECOND);
	assert_int_equal(renamed.updated_at, start + SECOND);
	assert_string_equal(payload_of(op, "topic.updated"),
			    "{\"name\":\"b\"}");
}

static void routes_are_found_by_either_end(void **state)
{
	struct op *op = begun(*state);
	struct topic a = topic(op, "a"), b = topic(op, "b");
	struct destination to = destination(op, "to", DESTINATION_WEBHOOK);
	struct event_route first = lead(op, "group.created", &a);
	struct event_route second = lead(op, "group.deleted", &a);
	struct event_route third = lead(op, "group.created", &b);
	struct topic_route from_a = send(op, &a, &to);
	struct topic_route from_b = send(op, &b, &to);
	struct event_route_list events;
	struct topic_route_list topics;

	must(event_route_list(op, any, NULL, &events));
	assert_int_equal(events.count, 3);
	assert_uuid_equal(events.items[0].id, first.id);
	must(event_route_list(op, a.id, NULL, &events));
	assert_int_equal(events.count, 2);
	assert_uuid_equal(events.items[1].id, second.id);
	must(event_route_list(op, any, "group.created", &events));
	assert_int_equal(events.count, 2);
	assert_uuid_equal(events.items[1].id, third.id);
	must(topic_route_list(op, any, to.id, &topics));
	assert_int_equal(topics.count, 2);
	assert_uuid_equal(topics.items[0].id, from_a.id);
	must(topic_route_list(op, b.id, any, &topics));
	assert_int_equal(topics.count, 1);
	assert_uuid_equal(topics.items[0].id, from_b.id);
}

static void what_is_joined_is_not_joined_again(void **state)
{
	struct op *op = begun(*state);
	struct topic a = topic(op, "a");
	struct destination to = destination(op, "to", DESTINATION_WEBHOOK);
	struct event_route event;
	struct topic_route route;

	(void)lead(op, "group.created", &a);
	must_fail(event_route_create(op, "group.created", a.id, &event),
		  ERR_TAKEN);
	assert_string_equal(op->detail,
			    "group.created goes to this topic already");
	(void)send(op, &a, &to);
	must_fail(topic_route_create(op, a.id, to.id, &route), ERR_TAKEN);
	assert_string_equal(op->detail,
			    "this topic goes to this destination already");
}

static void a_deleted_route_leads_nowhere(void **state)
{
	struct op *op = begun(*state);
	struct topic a = topic(op, "a");
	struct destination to = destination(op, "to", DESTINATION_WEBHOOK);
	struct event_route event = lead(op, "group.created", &a);
	struct topic_route route = send(op, &a, &to);

	must(delete_topic_route(op, route.id));
	assert_true(has_event(op, "topic_route.deleted", route.id));
	tell(op, "group.created");
	route = send(op, &a, &to);
	must(delete_event_route(op, event.id));
	assert_true(has_event(op, "event_route.deleted", event.id));
	tell(op, "group.created");
	assert_int_equal(all_to(op, to.id).count, 0);
	must_fail(delete_event_route(op, event.id), ERR_NOT_FOUND);
	assert_memory_equal(op->detail, "there is no route ", 18);
	must(delete_topic_route(op, route.id));
	must_fail(delete_topic_route(op, route.id), ERR_NOT_FOUND);
}

static void a_topic_goes_with_its_routes(void **state)
{
	struct op *op = begun(*state);
	struct topic a = topic(op, "a"), b = topic(op, "b"), found;
	struct destination to = destination(op, "to", DESTINATION_WEBHOOK);
	struct event_route event = lead(op, "group.created", &a);
	struct topic_route route = send(op, &a, &to);
	struct event_route_list events;
	struct topic_route_list routes;

	(void)lead(op, "group.created", &b);
	(void)send(op, &b, &to);
	must(delete_topic(op, a.id));
	must_fail(topic_get(op, a.id, &found), ERR_NOT_FOUND);
	must(event_route_list(op, any, NULL, &events));
	assert_int_equal(events.count, 1);
	assert_uuid_equal(events.items[0].topic_id, b.id);
	must(topic_route_list(op, any, any, &routes));
	assert_int_equal(routes.count, 1);
	assert_uuid_equal(routes.items[0].topic_id, b.id);
	assert_true(has_event(op, "event_route.deleted", event.id));
	assert_true(has_event(op, "topic_route.deleted", route.id));
	assert_true(has_event(op, "topic.deleted", a.id));
}

static bool plans(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return strstr(op->plan, text) != NULL;
}

static void a_dry_run_deletes_nothing(void **state)
{
	struct op *op = begun(*state);
	struct topic a = topic(op, "a"), found;
	struct destination to = destination(op, "to", DESTINATION_WEBHOOK);
	struct event_route event = lead(op, "group.created", &a);
	struct topic_route route = send(op, &a, &to);
	struct event_route_list events;
	struct topic_route_list routes;

	op->is_dry_run = true;
	must_fail(delete_event_route(op, event.id), ERR_PLANNED);
	assert_true(plans(op, event.id));
	must_fail(delete_topic_route(op, route.id), ERR_PLANNED);
	assert_true(plans(op, route.id));
	must_fail(delete_topic(op, a.id), ERR_PLANNED);
	assert_true(plans(op, a.id) && plans(op, event.id) &&
		    plans(op, route.id));
	op->is_dry_run = false;
	must(topic_get(op, a.id, &found));
	must(event_route_list(op, any, NULL, &events));
	assert_int_equal(events.count, 1);
	must(topic_route_list(op, any, any, &routes));
	assert_int_equal(routes.count, 1);
}

static void targets_are_told_each_once_in_the_order_of_ids(void **state)
{
	static const char *const types[] = {"group.deleted", "group.created",
					    "consumer.created"};
	struct op *op = begun(*state);
	struct destination first = hook(op, "a", "group.created");
	struct destination second = hook(op, "b", "group.deleted");
	struct destination third = hook(op, "c", "group.created");
	struct topic both = topic(op, "both");
	struct destination_list to;

	(void)lead(op, "group.deleted", &both);
	(void)send(op, &both, &third);
	(void)hook(op, "d", "group.updated");
	must(delivery_targets(op, types, COUNT(types), &to));
	assert_int_equal(to.count, 3);
	assert_uuid_equal(to.items[0].id, first.id);
	assert_uuid_equal(to.items[1].id, second.id);
	assert_uuid_equal(to.items[2].id, third.id);
	assert_string_equal(to.items[1].name, "b");
}

static void what_is_sent_nothing_is_no_target(void **state)
{
	static const char *const types[] = {"group.created"};
	struct op *op = begun(*state);
	struct destination_list to;

	must(delivery_targets(op, types, COUNT(types), &to));
	assert_int_equal(to.count, 0);
	struct destination off = hook(op, "a", "group.created");
	struct destination queue = destination(op, "b", "kinesis");
	struct topic other = topic(op, "other");
	(void)lead(op, "group.created", &other);
	(void)send(op, &other, &queue);
	must(destination_disable(op, &off));
	must(delivery_targets(op, types, COUNT(types), &to));
	assert_int_equal(to.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(topics_are_listed_oldest_first),
		STORE_TEST(a_topic_that_is_not_there_is_unknown),
		STORE_TEST(a_name_is_one_topics),
		STORE_TEST(a_new_name_is_kept_and_recorded),
		STORE_TEST(routes_are_found_by_either_end),
		STORE_TEST(what_is_joined_is_not_joined_again),
		STORE_TEST(a_deleted_route_leads_nowhere),
		STORE_TEST(a_topic_goes_with_its_routes),
		STORE_TEST(a_dry_run_deletes_nothing),
		STORE_TEST(targets_are_told_each_once_in_the_order_of_ids),
		STORE_TEST(what_is_sent_nothing_is_no_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
