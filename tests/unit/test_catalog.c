/* core/catalog: the table made of catalog/providers.tsv and its look-up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/catalog.h"

static const struct provider *must_find(const char *name)
{
	const struct provider *found = catalog_find(name);

	assert_non_null(found);
	assert_string_equal(found->name, name);
	return found;
}

static void all_238_providers_are_there(void **state)
{
	(void)state;
	assert_int_equal(catalog_count(), 238);
}

static void names_ascend_so_that_the_search_finds_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		const struct provider *provider = catalog_at(i);

		assert_ptr_equal(catalog_find(provider->name), provider);
		if (i)
			assert_true(strcmp(catalog_at(i - 1)->name,
					   provider->name) < 0);
	}
}

static void a_name_must_match_to_the_letter(void **state)
{
	static const char *const wrong[] = {
		"",	     "Salesforce",  "SALESFORCE",
		"salesforc", "salesforce ", "salesforces",
		"-",	     "\xff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_null(catalog_find(wrong[i]));
}

static void every_provider_has_what_its_auth_type_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		const struct provider *p = catalog_at(i);
		bool is_oauth2 = !strcmp(p->auth_type, "oauth2");
		bool is_key = !strcmp(p->auth_type, "apiKey");

		assert_non_null(p->display_name);
		assert_non_null(p->base_url);
		assert_non_null(p->default_module);
		assert_int_equal(p->grant_type != NULL, is_oauth2);
		assert_int_equal(p->token_url != NULL, is_oauth2);
		assert_int_equal(p->key_in != NULL, is_key);
		assert_int_equal(p->key_name != NULL, is_key);
		assert_int_equal(p->key_prefix != NULL, is_key);
		assert_int_equal(p->auth_url != NULL,
				 is_oauth2 && strstr(p->grant_type, "Code"));
	}
}

static void salesforce_is_oauth2_with_pkce(void **state)
{
	const struct provider *p = must_find("salesforce");

	(void)state;
	assert_string_equal(p->display_name, "Salesforce");
	assert_string_equal(p->auth_type, "oauth2");
	assert_string_equal(p->grant_type, "authorizationCodePKCE");
	assert_string_equal(p->base_url,
			    "https://{{.workspace}}.my.salesforce.com");
	assert_string_equal(p->default_module, "crm");
	assert_string_equal(p->token_consumer, "id");
	assert_string_equal(p->token_scopes, "scope");
	assert_string_equal(p->token_workspace, "instance_url");
	assert_false(p->needs_scopes);
	assert_true(p->needs_workspace);
	assert_true(p->support.can_read && p->support.can_write &&
		    p->support.can_delete);
	assert_true(p->support.can_proxy && p->support.can_subscribe &&
		    p->support.can_search);
	assert_true(p->support.can_bulk_upsert && p->support.can_bulk_delete);
	assert_false(p->support.can_bulk_insert || p->support.can_bulk_update);
	assert_null(p->key_in);
}

static void a_key_goes_where_the_provider_looks_for_it(void **state)
{
	const struct provider *in_header = must_find("stripe");
	const struct provider *in_query = must_find("hunter");

	(void)state;
	assert_string_equal(in_header->auth_type, "apiKey");
	assert_string_equal(in_header->key_in, "header");
	assert_string_equal(in_header->key_name, "Authorization");
	assert_string_equal(in_header->key_prefix, "Bearer ");
	assert_null(in_header->grant_type);

	assert_string_equal(in_query->key_in, "query");
	assert_string_equal(in_query->key_name, "api_key");
	assert_string_equal(in_query->key_prefix, "");
}

static void basic_needs_nothing_more(void **state)
{
	const struct provider *p = must_find("amplitude");

	(void)state;
	assert_string_equal(p->auth_type, "basic");
	assert_null(p->grant_type);
	assert_null(p->auth_url);
	assert_null(p->key_in);
	assert_string_equal(p->default_module, "");
}

static const struct catalog_input *input_of(const struct provider *p,
					    const char *name)
{
	const struct catalog_input *inputs = p->inputs.items;

	for (size_t i = 0; i < p->inputs.count; i++)
		if (strcmp(inputs[i].name, name) == 0)
			return &inputs[i];
	fail_msg("%s does not ask for %s", p->name, name);
	return NULL;
}

static void modules_have_addresses_and_abilities_of_their_own(void **state)
{
	const struct provider *p = must_find("google");

	(void)state;
	assert_string_equal(provider_base_url(p, "gmail"),
			    "https://gmail.googleapis.com/gmail");
	assert_string_equal(provider_base_url(p, NULL),
			    "https://www.googleapis.com/calendar");
	assert_true(provider_support(p, "gmail")->can_subscribe);
	assert_false(provider_support(p, "contacts")->can_read);
	assert_false(p->support.can_subscribe);
	assert_null(provider_support(p, "maps"));
	assert_null(provider_base_url(p, "maps"));

	/* a default module that has no facts of its own */
	p = must_find("payPal");
	assert_ptr_equal(provider_support(p, "root"), &p->support);
	assert_ptr_equal(provider_support(p, ""), &p->support);
}

static void inputs_say_which_module_asks_for_them(void **state)
{
	const struct provider *p = must_find("salesforce");
	const struct catalog_input *unit = input_of(p, "businessUnitId");

	(void)state;
	assert_string_equal(unit->display_name, "Business Unit ID");
	assert_int_equal(unit->modules.count, 2);
	assert_string_equal(((const char *const *)unit->modules.items)[0],
			    "account-engagement");
	assert_int_equal(input_of(must_find("activeCampaign"), "workspace")
				 ->modules.count,
			 0);
}

static void oauth_has_defaults_where_the_catalog_says_nothing(void **state)
{
	const struct provider *p = must_find("hubspot");

	(void)state;
	assert_true(provider_uses_code(p));
	assert_false(provider_uses_pkce(p));
	assert_false(provider_wants_basic(p));
	assert_string_equal(provider_scope_delimiter(p), " ");
	assert_string_equal(provider_scope(p, "oauth"), "oauth");
	assert_string_equal(provider_token_header(p), "Authorization");
	assert_string_equal(provider_token_prefix(p), "Bearer ");

	assert_true(provider_uses_pkce(must_find("airtable")));
	assert_true(provider_wants_basic(must_find("airtable")));
	assert_int_equal(provider_keep_alive_hours(p), 24);
	assert_int_equal(provider_keep_alive_hours(NULL), 24);
	assert_false(provider_uses_code(must_find("adobe")));
	p = must_find("shopify");
	assert_string_equal(provider_scope_delimiter(p), ",");
	assert_string_equal(provider_token_header(p), "X-Shopify-Access-Token");
	assert_string_equal(provider_token_prefix(p), "");
	assert_string_equal(
		provider_scope(must_find("dynamicsBusinessCentral"),
			       ".default"),
		"https://api.businesscentral.dynamics.com/.default");
}

static const char *value_of(const struct catalog_list *pairs, const char *name)
{
	const struct catalog_pair *items = pairs->items;

	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(items[i].name, name) == 0)
			return items[i].value;
	return NULL;
}

static void oauth_has_what_the_source_does_not_say(void **state)
{
	const struct provider *p = must_find("notion");

	(void)state;
	assert_string_equal(value_of(&p->own_params, "owner"), "user");
	assert_null(value_of(&p->auth_params, "owner"));
	p = must_find("microsoft");
	assert_int_equal(p->default_scopes.count, 2);
	assert_string_equal(((const char *const *)p->default_scopes.items)[0],
			    "offline_access");
	/* those that were known to one of two tables alone */
	assert_true(provider_wants_basic(must_find("discord")));
	assert_true(provider_wants_basic(must_find("xero")));
	assert_string_equal(provider_scope_delimiter(must_find("wrike")), ",");
	assert_string_equal(provider_scope_delimiter(must_find("meta")), ",");
	assert_false(provider_wants_basic(must_find("github")));
}

static void what_is_added_replaces_what_has_its_name(void **state)
{
	static const struct provider mine = {.name = "zzz", .base_url = "x"};
	static const struct provider stripe = {.name = "stripe",
					       .base_url = "y"};
	static const struct provider *const added[] = {&mine, &stripe};

	(void)state;
	catalog_extend(added, 2);
	assert_int_equal(catalog_count(), 239);
	assert_ptr_equal(catalog_find("zzz"), &mine);
	assert_ptr_equal(catalog_find("stripe"), &stripe);
	names_ascend_so_that_the_search_finds_each(NULL);
	catalog_forget();
	assert_int_equal(catalog_count(), 238);
	assert_null(catalog_find("zzz"));
	assert_string_not_equal(must_find("stripe")->base_url, "y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_238_providers_are_there),
		cmocka_unit_test(names_ascend_so_that_the_search_finds_each),
		cmocka_unit_test(a_name_must_match_to_the_letter),
		cmocka_unit_test(every_provider_has_what_its_auth_type_needs),
		cmocka_unit_test(salesforce_is_oauth2_with_pkce),
		cmocka_unit_test(a_key_goes_where_the_provider_looks_for_it),
		cmocka_unit_test(basic_needs_nothing_more),
		cmocka_unit_test(
			modules_have_addresses_and_abilities_of_their_own),
		cmocka_unit_test(inputs_say_which_module_asks_for_them),
		cmocka_unit_test(
			oauth_has_defaults_where_the_catalog_says_nothing),
		cmocka_unit_test(oauth_has_what_the_source_does_not_say),
		cmocka_unit_test(what_is_added_replaces_what_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
