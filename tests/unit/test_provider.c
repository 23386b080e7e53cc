/* core/provider: which facts fit a provider's addresses. */
#include "support.h"

#include "core/catalog.h"

#define NO_LABEL                                                               \
	"must be part of a host name: letters, digits and hyphens, with "      \
	"dots between"
#define NO_STEP "must not be empty, a dot or two"

static void facts_fit(struct op *op, const struct provider *provider,
		      const char *workspace, const char *metadata)
{
	const char *word = "untouched";

	assert_null(
		provider_facts_fault(op, provider, workspace, metadata, &word));
	assert_string_equal(word, "untouched");
}

static void fact_is_refused(struct op *op, const struct provider *provider,
			    const char *workspace, const char *metadata,
			    const char *word, const char *why)
{
	const char *got_word,
		*got_why = provider_facts_fault(op, provider, workspace,
						metadata, &got_word);

	assert_non_null(got_why);
	assert_string_equal(got_why, why);
	assert_string_equal(got_word, word);
}

static void workspace_stays_in_its_part_of_the_host(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct provider *p = catalog_find("salesforce");

	facts_fit(op, p, "acme", "{}");
	facts_fit(op, p, "acme--dev.sandbox", "{}");
	fact_is_refused(op, p, "evil.com/", "{}", "workspace", NO_LABEL);
	fact_is_refused(op, p, "evil.com?x=", "{}", "workspace", NO_LABEL);
	fact_is_refused(op, p, "", "{}", "workspace", NO_LABEL);
}

static void workspace_may_be_among_the_facts(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct provider *p = catalog_find("salesforce");

	fact_is_refused(op, p, NULL, "{\"workspace\":\"evil.com/\"}",
			"workspace", NO_LABEL);
	/* but the connection's own goes before */
	facts_fit(op, p, "acme", "{\"workspace\":\"evil.com/\"}");
}

static void fact_of_either_form_is_one_step_of_the_path(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct provider *p = catalog_find("atlassian");

	facts_fit(op, p, NULL, "{\"cloudId\":\"a b/../c\"}");
	facts_fit(op, p, NULL, "{\"cloudId\":17}");
	fact_is_refused(op, p, NULL, "{\"cloudId\":\"..\"}", "cloudId",
			NO_STEP);
	fact_is_refused(op, p, NULL, "{\"cloudId\":{\"value\":\".\"}}",
			"cloudId", NO_STEP);
}

static void what_is_not_known_yet_may_be_missing(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < catalog_count(); i++)
		facts_fit(op, catalog_at(i), NULL, "{}");
}

static void each_address_of_a_provider_is_looked_at(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	static const char hole[] = "https://{{.region}}.example/x";
	static const struct health_check check = {.url = hole};
	static const struct module modules[] = {
		{.name = "one", .base_url = "https://one.example"},
		{.name = "two", .base_url = hole},
	};
	const struct provider providers[] = {
		{.base_url = hole},
		{.base_url = "https://a.example", .auth_url = hole},
		{.base_url = "https://a.example", .token_url = hole},
		{.base_url = "https://a.example", .health_check = &check},
		{.base_url = "https://a.example", .modules = {modules, 2}},
	};

	for (size_t i = 0; i < COUNT(providers); i++) {
		facts_fit(op, &providers[i], NULL, "{\"region\":\"eu\"}");
		fact_is_refused(op, &providers[i], NULL,
				"{\"region\":\"evil.com/\"}", "region",
				NO_LABEL);
	}
}

static void first_fact_that_does_not_fit_is_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct provider p = {
		.base_url = "https://{{.a}}.{{.b}}.example/{{.c}}",
		.auth_url = "https://{{.d}}.example",
	};
	const char *all = "{\"a\":\"x\",\"b\":\"?\",\"c\":\"..\",\"d\":\"/\"}";

	fact_is_refused(op, &p, NULL, all, "b", NO_LABEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(workspace_stays_in_its_part_of_the_host),
		STORE_TEST(workspace_may_be_among_the_facts),
		STORE_TEST(fact_of_either_form_is_one_step_of_the_path),
		STORE_TEST(what_is_not_known_yet_may_be_missing),
		STORE_TEST(each_address_of_a_provider_is_looked_at),
		STORE_TEST(first_fact_that_does_not_fit_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
