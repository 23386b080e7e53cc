/* core/group: groups and consumers, made and renamed on the way. */
#include "support.h"

#include "core/store.h"
#include "core/group.h"

/* The two kinds keep the same rules. */
struct kind {
	const char *created, *updated;
	enum error (*find)(struct op *op, const char *ref, struct party *ret);
	enum error (*ensure)(struct op *op, const char *ref, const char *name,
			     struct party *ret);
};

static const struct kind kinds[] = {
	{"group.created", "group.updated", store_group_find, group_ensure},
	{"consumer.created", "consumer.updated", store_consumer_find,
	 consumer_ensure},
};

static void an_unknown_one_is_made(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct party made, found;

		must_fail(kinds[i].find(&s->op, "acme", &found), ERR_NOT_FOUND);
		must(kinds[i].ensure(&s->op, "acme", "Acme Corp", &made));
		must(kinds[i].find(&s->op, "acme", &found));
		assert_uuid_equal(made.id, found.id);
		assert_string_equal(found.ref, "acme");
		assert_string_equal(found.name, "Acme Corp");
		assert_int_equal(found.created_at, START);
		assert_int_equal(found.updated_at, 0);
		assert_true(has_event(&s->op, kinds[i].created, made.id));
		assert_string_equal(payload_of(&s->op, kinds[i].created),
				    "{\"ref\":\"acme\"}");
	}
}

static void without_a_name_it_is_named_by_its_reference(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct party party;

		must(kinds[i].ensure(&s->op, "a", NULL, &party));
		assert_string_equal(party.name, "a");
		must(kinds[i].ensure(&s->op, "b", "", &party));
		assert_string_equal(party.name, "b");
	}
}

static void another_name_renames_it(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct party made, renamed, found;

		s->op.now = START;
		must(kinds[i].ensure(&s->op, "acme", "Acme", &made));
		s->op.now = START + SECOND;
		must(kinds[i].ensure(&s->op, "acme", "Acme Inc", &renamed));
		assert_uuid_equal(renamed.id, made.id);
		assert_string_equal(renamed.name, "Acme Inc");
		assert_int_equal(renamed.created_at, START);
		assert_int_equal(renamed.updated_at, START + SECOND);
		must(kinds[i].find(&s->op, "acme", &found));
		assert_string_equal(found.name, "Acme Inc");
		assert_int_equal(found.updated_at, START + SECOND);
		assert_int_equal(event_count(&s->op, kinds[i].updated), 1);
		assert_true(has_event(&s->op, kinds[i].updated, made.id));
	}
}

static void no_name_and_the_same_name_change_nothing(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		static const char *const names[] = {NULL, "", "Acme"};
		struct party party;

		must(kinds[i].ensure(&s->op, "acme", "Acme", &party));
		for (size_t j = 0; j < COUNT(names); j++) {
			must(kinds[i].ensure(&s->op, "acme", names[j], &party));
			assert_string_equal(party.name, "Acme");
			assert_int_equal(party.updated_at, 0);
		}
		assert_int_equal(event_count(&s->op, kinds[i].created), 1);
		assert_int_equal(event_count(&s->op, kinds[i].updated), 0);
	}
}

static void references_are_compared_to_the_letter(void **state)
{
	struct store *s = *state;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct party lower, upper;

		must(kinds[i].ensure(&s->op, "acme", NULL, &lower));
		must(kinds[i].ensure(&s->op, "Acme", NULL, &upper));
		assert_false(uuid_equal(lower.id, upper.id));
	}
}

static void a_group_is_no_consumer(void **state)
{
	struct store *s = *state;
	struct party party;

	must(group_ensure(&s->op, "acme", NULL, &party));
	must_fail(store_consumer_find(&s->op, "acme", &party), ERR_NOT_FOUND);
}

static void each_project_has_its_own(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct party here, there;

		move_to(&s->op, s->project);
		must(kinds[i].ensure(&s->op, "acme", "Here", &here));
		move_to(&s->op, other);
		must_fail(kinds[i].find(&s->op, "acme", &there), ERR_NOT_FOUND);
		must(kinds[i].ensure(&s->op, "acme", "There", &there));
		assert_false(uuid_equal(here.id, there.id));
		move_to(&s->op, s->project);
		must(kinds[i].find(&s->op, "acme", &here));
		assert_string_equal(here.name, "Here");
	}
}

static void a_group_is_made_once(void **state)
{
	struct store *s = *state;
	struct party made, found;
	struct group_counts counts;

	must(group_create(&s->op, "acme", "Acme", &made));
	must_fail(group_create(&s->op, "acme", "Other", &found), ERR_IN_USE);
	must(group_get(&s->op, "acme", &found, &counts));
	assert_uuid_equal(found.id, made.id);
	assert_string_equal(found.name, "Acme");
	assert_int_equal(counts.installations, 0);
	assert_int_equal(counts.connections, 0);
	must(group_create(&s->op, "bare", NULL, &made));
	assert_string_equal(made.name, "bare");
	assert_int_equal(event_count(&s->op, "group.created"), 2);
}

static void a_group_counts_what_it_has(void **state)
{
	struct store *s = *state;
	struct integration first = offer(&s->op, "first", "salesforce");
	struct integration second = offer(&s->op, "second", "salesforce");
	struct connection_view one =
		connect_group(&s->op, "acme", "salesforce");
	struct group_counts counts;
	struct party group;

	connect_group(&s->op, "acme", "hubspot");
	connect_group(&s->op, "other", "salesforce");
	install(&s->op, &first, "acme", &one);
	install(&s->op, &second, "acme", &one);
	install(&s->op, &first, "other", NULL);
	must(group_get(&s->op, "acme", &group, &counts));
	assert_int_equal(counts.installations, 2);
	assert_int_equal(counts.connections, 2);
	must_fail(group_get(&s->op, "nobody", &group, &counts), ERR_NOT_FOUND);
}

static void groups_are_listed_by_reference(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	static const char *const refs[] = {"c", "a", "B", "b"};
	struct party_list list;
	struct party party;

	for (size_t i = 0; i < COUNT(refs); i++)
		must(group_create(&s->op, refs[i], NULL, &party));
	move_to(&s->op, other);
	must(group_create(&s->op, "aa", NULL, &party));
	move_to(&s->op, s->project);
	must(group_list(&s->op, "", 3, &list));
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].ref, "B");
	assert_string_equal(list.items[1].ref, "a");
	assert_string_equal(list.items[2].ref, "b");
	must(group_list(&s->op, "b", 3, &list));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].ref, "c");
}

static void a_group_can_be_renamed(void **state)
{
	struct store *s = *state;
	struct party party;

	must_fail(group_rename(&s->op, "acme", "Acme", &party), ERR_NOT_FOUND);
	must(group_create(&s->op, "acme", "Acme", &party));
	s->op.now = START + SECOND;
	must(group_rename(&s->op, "acme", "Acme", &party));
	assert_int_equal(party.updated_at, 0);
	must(group_rename(&s->op, "acme", "Acme Inc", &party));
	assert_string_equal(party.name, "Acme Inc");
	assert_int_equal(party.updated_at, START + SECOND);
	assert_int_equal(event_count(&s->op, "group.updated"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(an_unknown_one_is_made),
		STORE_TEST(without_a_name_it_is_named_by_its_reference),
		STORE_TEST(another_name_renames_it),
		STORE_TEST(no_name_and_the_same_name_change_nothing),
		STORE_TEST(references_are_compared_to_the_letter),
		STORE_TEST(a_group_is_no_consumer),
		STORE_TEST(each_project_has_its_own),
		STORE_TEST(a_group_is_made_once),
		STORE_TEST(a_group_counts_what_it_has),
		STORE_TEST(groups_are_listed_by_reference),
		STORE_TEST(a_group_can_be_renamed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
