/* core/installation: lists, their filters and their pages. */
#include "support.h"

/* Two integrations and three groups; `made` in the order of their making. */
struct world {
	struct integration a, b;
	struct uuid made[5];
};

static struct world make_world(struct op *op)
{
	struct world world = {.a = offer(op, "a", "stripe"),
			      .b = offer(op, "b", "stripe")};
	const struct {
		const struct integration *of;
		const char *group;
	} pairs[] = {{&world.a, "x"},
		     {&world.b, "x"},
		     {&world.a, "y"},
		     {&world.b, "z"},
		     {&world.a, "z"}};

	connect_group(op, "x", "stripe");
	connect_group(op, "y", "stripe");
	connect_group(op, "z", "stripe");
	for (size_t i = 0; i < COUNT(pairs); i++)
		world.made[i] = install(op, pairs[i].of, pairs[i].group, NULL)
					.installation.id;
	return world;
}

struct seen {
	struct uuid ids[8];
	size_t count;
	enum error answer; /* to the first */
};

static enum error see(void *context, struct op *op, struct uuid id,
		      const char *document, size_t length)
{
	struct seen *seen = context;

	(void)op;
	assert_null(document);
	assert_int_equal(length, 0);
	seen->ids[seen->count++] = id;
	return seen->answer;
}

static struct seen list(struct op *op, const struct installation_filter *filter)
{
	struct seen seen = {.count = 0};

	must(installation_list(op, filter, see, &seen));
	return seen;
}

/* The list has the world's installations of these digits, in this order. */
static void must_list(struct op *op, const struct world *world,
		      struct installation_filter filter, const char *digits)
{
	filter.limit = 100;
	struct seen seen = list(op, &filter);
	assert_int_equal(seen.count, strlen(digits));
	for (size_t i = 0; i < seen.count; i++)
		assert_uuid_equal(seen.ids[i], world->made[digits[i] - '0']);
}

static void a_list_keeps_to_all_its_filters(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct world w = make_world(op);
	struct uuid a = w.a.id, b = w.b.id;

	must_list(op, &w, (struct installation_filter){.limit = 1}, "01234");
	must_list(op, &w, (struct installation_filter){.integration_id = a},
		  "024");
	must_list(op, &w, (struct installation_filter){.integration_id = b},
		  "13");
	must_list(op, &w, (struct installation_filter){.group_ref = "x"}, "01");
	must_list(op, &w, (struct installation_filter){.group_ref = "z"}, "34");
	must_list(op, &w,
		  (struct installation_filter){.integration_id = a,
					       .group_ref = "z"},
		  "4");
	must_list(op, &w,
		  (struct installation_filter){.integration_id = b,
					       .group_ref = "y"},
		  "");
}

static void an_unknown_group_has_none(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);

	must_list(&s->op, &w, (struct installation_filter){.group_ref = "u"},
		  "");
	must_list(&s->op, &w, (struct installation_filter){.group_ref = ""},
		  "");
	must_list(&s->op, &w,
		  (struct installation_filter){.integration_id = w.a.id,
					       .group_ref = "u"},
		  "");
}

static void pages_follow_each_other_without_a_gap(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);
	const struct installation_filter filters[] = {
		{.limit = 2},
		{.limit = 2, .integration_id = w.a.id},
		{.limit = 1, .group_ref = "z"},
		{.limit = 1, .integration_id = w.a.id, .group_ref = "z"},
	};
	const size_t expected[] = {5, 3, 2, 1};

	for (size_t i = 0; i < COUNT(filters); i++) {
		struct installation_filter filter = filters[i];
		struct seen page;
		size_t total = 0;

		while ((page = list(&s->op, &filter)).count) {
			assert_true(page.count <= (size_t)filter.limit);
			total += page.count;
			filter.after = page.ids[page.count - 1];
		}
		assert_int_equal(total, expected[i]);
	}
}

static void an_error_of_the_visit_ends_the_list(void **state)
{
	struct store *s = *state;
	const struct installation_filter filter = {.limit = 100};
	struct seen seen = {.answer = ERR_TOO_LARGE};

	make_world(&s->op);
	must_fail(installation_list(&s->op, &filter, see, &seen),
		  ERR_TOO_LARGE);
	assert_int_equal(seen.count, 1);
	/* and nothing is left open by it */
	seen = (struct seen){.answer = OK};
	must(installation_list(&s->op, &filter, see, &seen));
	assert_int_equal(seen.count, 5);
}

static void one_is_shown_under_its_own_integration(void **state)
{
	struct store *s = *state;
	struct world w = make_world(&s->op);
	struct seen seen = {.count = 0};

	must(installation_show(&s->op, w.a.id, w.made[0], see, &seen));
	assert_int_equal(seen.count, 1);
	assert_uuid_equal(seen.ids[0], w.made[0]);
	must_fail(installation_show(&s->op, w.b.id, w.made[0], see, &seen),
		  ERR_NOT_FOUND);
	must_fail(installation_show(&s->op, w.a.id, w.a.id, see, &seen),
		  ERR_NOT_FOUND);
	assert_memory_equal(s->op.detail, "there is no installation ", 25);
	seen.answer = ERR_BUSY;
	must_fail(installation_show(&s->op, w.a.id, w.made[0], see, &seen),
		  ERR_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_list_keeps_to_all_its_filters),
		STORE_TEST(an_unknown_group_has_none),
		STORE_TEST(pages_follow_each_other_without_a_gap),
		STORE_TEST(an_error_of_the_visit_ends_the_list),
		STORE_TEST(one_is_shown_under_its_own_integration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
