/* core/integration: the three families. */
#include "support.h"

#include "core/deletion.h"

static struct integration make(struct op *op, enum integration_family family,
			       const char *handle, const char *title)
{
	const struct integration new = {
		.family = family,
		.handle = handle,
		.kind = "webhook",
		.title = title,
		.description = "Tells Other Systems",
		.category = "alerts",
		.settings = "{\"url\":\"https://example.com\"}",
	};
	const struct new_credential secret = {"shared_key", "s-1", 0};
	struct integration made;

	must(integration_create(op, &new, &secret, 1, &made));
	return made;
}

static void what_is_made_is_found_by_id_and_handle(void **state)
{
	struct store *s = *state;
	struct integration made =
		make(&s->op, INTEGRATION_HTTP, "rates", "Rates");
	struct integration found;

	must(integration_get(&s->op, INTEGRATION_HTTP, made.id, &found));
	assert_string_equal(found.handle, "rates");
	assert_string_equal(found.kind, "webhook");
	assert_string_equal(found.title, "Rates");
	assert_string_equal(found.description, "Tells Other Systems");
	assert_string_equal(found.category, "alerts");
	assert_string_equal(found.settings, made.settings);
	assert_int_equal(found.family, INTEGRATION_HTTP);
	assert_int_equal(found.created_at, START);
	assert_int_equal(found.updated_at, START);
	assert_int_equal(found.deleted_at, 0);
	assert_true(uuid_is_nil(found.revision_id));
	must(integration_find(&s->op, INTEGRATION_HTTP, "rates", &found));
	assert_uuid_equal(found.id, made.id);
	assert_true(has_event(&s->op, "integration.created", made.id));
	assert_string_equal(payload_of(&s->op, "integration.created"),
			    "{\"family\":\"http\",\"handle\":\"rates\","
			    "\"kind\":\"webhook\"}");
}

static void a_third_party_one_gets_13_characters(void **state)
{
	struct store *s = *state;
	struct integration made =
		make(&s->op, INTEGRATION_THIRD_PARTY, NULL, "");
	struct integration other =
		make(&s->op, INTEGRATION_THIRD_PARTY, NULL, "");
	uint64_t number;

	assert_true(id13_parse(made.handle, &number));
	assert_string_not_equal(made.handle, other.handle);
}

static void another_family_does_not_know_it(void **state)
{
	struct store *s = *state;
	struct integration made =
		make(&s->op, INTEGRATION_HTTP, "rates", "Rates");
	struct integration found;

	must_fail(
		integration_get(&s->op, INTEGRATION_MANIFEST, made.id, &found),
		ERR_NOT_FOUND);
	must_fail(integration_find(&s->op, INTEGRATION_THIRD_PARTY, "rates",
				   &found),
		  ERR_NOT_FOUND);
	assert_string_equal(s->op.detail, "there is no integration rates");
	make(&s->op, INTEGRATION_MANIFEST, "rates", "Rates");
}

static void a_handle_is_taken_in_its_family(void **state)
{
	struct store *s = *state;
	const struct integration again = {.family = INTEGRATION_HTTP,
					  .handle = "rates",
					  .kind = "http",
					  .title = "",
					  .settings = "{}"};
	struct integration made;

	make(&s->op, INTEGRATION_HTTP, "rates", "Rates");
	must_fail(integration_create(&s->op, &again, NULL, 0, &made),
		  ERR_TAKEN);
	assert_string_equal(s->op.detail,
			    "there is an integration rates already");
	assert_int_equal(event_count(&s->op, "integration.created"), 1);
}

static void an_update_changes_what_it_may(void **state)
{
	struct store *s = *state;
	const struct new_credential secret = {"shared_key", NULL, 0};
	struct integration made =
		make(&s->op, INTEGRATION_HTTP, "rates", "Rates");
	struct credential_list secrets;
	struct integration found;

	s->op.now = START + SECOND;
	made.title = "New";
	made.description = NULL;
	made.category = NULL;
	made.settings = "{}";
	must(integration_update(&s->op, &made, &secret, 1, &found));
	assert_int_equal(found.updated_at, START + SECOND);
	must(integration_get(&s->op, INTEGRATION_HTTP, made.id, &found));
	assert_string_equal(found.title, "New");
	assert_null(found.description);
	assert_null(found.category);
	assert_string_equal(found.settings, "{}");
	assert_int_equal(found.created_at, START);
	assert_int_equal(found.updated_at, START + SECOND);
	must(credential_read(&s->op, "integration", made.id, &secrets));
	assert_int_equal(secrets.count, 0);
	assert_true(has_event(&s->op, "integration.updated", made.id));
}

static void what_is_hidden_cannot_be_updated(void **state)
{
	struct store *s = *state;
	struct integration made =
		make(&s->op, INTEGRATION_HTTP, "rates", "Rates");

	must(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL));
	must_fail(integration_update(&s->op, &made, NULL, 0, &made),
		  ERR_NOT_FOUND);
}

static void a_list_has_the_living_of_its_family(void **state)
{
	struct store *s = *state;
	struct integration first = make(&s->op, INTEGRATION_HTTP, "b", "First");
	struct integration hidden =
		make(&s->op, INTEGRATION_HTTP, "c", "Hidden");
	struct integration last = make(&s->op, INTEGRATION_HTTP, "a", "Last");
	struct integration_list list;

	make(&s->op, INTEGRATION_THIRD_PARTY, NULL, "");
	must(delete_integration(&s->op, INTEGRATION_HTTP, hidden.id, NULL));
	must(integration_list(&s->op, INTEGRATION_HTTP, &list));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.total, 2);
	assert_uuid_equal(list.items[0].id, first.id);
	assert_uuid_equal(list.items[1].id, last.id);
	assert_int_equal(list.items[1].family, INTEGRATION_HTTP);
}

static int64_t hits(struct op *op, const char *search)
{
	struct integration_list list;

	must(integration_search(op, INTEGRATION_HTTP, search, 0, 100, &list));
	assert_int_equal(list.total, list.count);
	return list.total;
}

static void a_search_looks_in_title_handle_and_description(void **state)
{
	struct store *s = *state;

	make(&s->op, INTEGRATION_HTTP, "rates", "Exchange");
	make(&s->op, INTEGRATION_HTTP, "score", "Credit Risk");
	assert_int_equal(hits(&s->op, NULL), 2);
	assert_int_equal(hits(&s->op, ""), 2);
	assert_int_equal(hits(&s->op, "EXCH"), 1);
	assert_int_equal(hits(&s->op, "sCoRe"), 1);
	assert_int_equal(hits(&s->op, "dit ri"), 1);
	assert_int_equal(hits(&s->op, "other systems"), 2);
	assert_int_equal(hits(&s->op, "nothing"), 0);
	assert_int_equal(hits(&s->op, "webhook"), 0);
}

static void wildcards_in_a_search_are_plain(void **state)
{
	struct store *s = *state;

	make(&s->op, INTEGRATION_HTTP, "a", "100% sure");
	make(&s->op, INTEGRATION_HTTP, "b", "snake_case");
	make(&s->op, INTEGRATION_HTTP, "c", "back\\slash");
	assert_int_equal(hits(&s->op, "%"), 1);
	assert_int_equal(hits(&s->op, "_"), 1);
	assert_int_equal(hits(&s->op, "\\"), 1);
	assert_int_equal(hits(&s->op, "0% s"), 1);
	assert_int_equal(hits(&s->op, "k\\s"), 1);
	assert_int_equal(hits(&s->op, "s%e"), 0);
}

static void a_search_is_paged_with_its_total(void **state)
{
	struct store *s = *state;
	struct integration_list list;
	char handle[8] = "page-0";

	for (int i = 0; i < 5; i++, handle[5]++)
		make(&s->op, INTEGRATION_HTTP,
		     arena_strdup(&s->op.arena, handle), "Page");
	must(integration_search(&s->op, INTEGRATION_HTTP, "page", 3, 2, &list));
	assert_int_equal(list.total, 5);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].handle, "page-3");
	assert_string_equal(list.items[1].handle, "page-4");
	assert_int_equal(list.items[0].family, INTEGRATION_HTTP);
	must(integration_search(&s->op, INTEGRATION_HTTP, "page", 5, 2, &list));
	assert_int_equal(list.total, 5);
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_is_made_is_found_by_id_and_handle),
		STORE_TEST(a_third_party_one_gets_13_characters),
		STORE_TEST(another_family_does_not_know_it),
		STORE_TEST(a_handle_is_taken_in_its_family),
		STORE_TEST(an_update_changes_what_it_may),
		STORE_TEST(what_is_hidden_cannot_be_updated),
		STORE_TEST(a_list_has_the_living_of_its_family),
		STORE_TEST(a_search_looks_in_title_handle_and_description),
		STORE_TEST(wildcards_in_a_search_are_plain),
		STORE_TEST(a_search_is_paged_with_its_total),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
