/* dialects/ampersand/manifest: what an amp.yaml must have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define HEAD	     "specVersion: 1.0.0\nintegrations:\n"
#define READ(name)                                                             \
	"{objectName: " name                                                   \
	", destination: d, schedule: '0 * * * *', optionalFieldsAuto: all}"
/* One integration; `more` is indented by two. */
#define ITEM(name, provider, more)                                             \
	"- name: " name "\n  provider: " provider "\n" more

static struct op op;
static struct amp_manifest manifest;

static int begin(void **state)
{
	(void)state;
	op_init(&op, NULL, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	op_release(&op);
	return 0;
}

static bool has_issue(const char *field, const char *why)
{
	for (size_t i = 0; i < op.issue_count; i++)
		if (strcmp(op.issues[i].field, field) == 0 &&
		    strcmp(op.issues[i].why, why) == 0)
			return true;
	return false;
}

/* Refused, with this issue alone. */
static void must_refuse(const char *yaml, const char *field, const char *why)
{
	op.issue_count = 0;
	assert_int_equal(amp_read_manifest(&op, yaml, &manifest), ERR_INVALID);
	if (op.issue_count != 1 || !has_issue(field, why))
		fail_msg("%zu issues; %s: %s", op.issue_count,
			 op.issues[0].field, op.issues[0].why);
	assert_string_equal(op.issues[0].in, "body");
}

static void each_integration_is_given_with_its_content(void **state)
{
	const char *yaml = HEAD ITEM("sync", "salesforce",
				     "  read:\n"
				     "    objects:\n"
				     "    - " READ("account") "\n")
		ITEM("calls", "stripe", "  proxy:\n    enabled: true\n");

	(void)state;
	assert_int_equal(amp_read_manifest(&op, yaml, &manifest), OK);
	assert_string_equal(manifest.spec_version, "1.0.0");
	assert_int_equal(manifest.count, 2);
	assert_string_equal(manifest.items[0].name, "sync");
	assert_string_equal(manifest.items[0].provider, "salesforce");
	assert_string_equal(
		json_text(&op.arena, manifest.items[0].content),
		"{\"name\":\"sync\",\"provider\":\"salesforce\",\"read\":"
		"{\"objects\":[{\"objectName\":\"account\","
		"\"destination\":\"d\",\"schedule\":\"0 * * * *\","
		"\"optionalFieldsAuto\":\"all\"}]}}");
	assert_string_equal(manifest.items[1].name, "calls");
}

static void the_spec_version_is_1_0_0(void **state)
{
	static const char body[] =
		"integrations:\n" ITEM("a", "stripe", "  proxy: {}\n");

	(void)state;
	must_refuse(body, "specVersion", "must be \"1.0.0\"");
	must_refuse(arena_printf(&op.arena, "specVersion: 1.0\n%s", body),
		    "specVersion", "must be \"1.0.0\"");
	must_refuse(arena_printf(&op.arena, "specVersion: 2.0.0\n%s", body),
		    "specVersion", "must be \"1.0.0\"");
}

static void the_top_is_a_mapping_with_a_list(void **state)
{
	static const char why[] = "must be a list of 1 to 100";

	(void)state;
	must_refuse("- a\n", "sourceYaml", "must be a mapping");
	must_refuse("just text\n", "sourceYaml", "must be a mapping");
	must_refuse("specVersion: 1.0.0\n", "integrations", why);
	must_refuse("specVersion: 1.0.0\nintegrations: []\n", "integrations",
		    why);
	must_refuse("specVersion: 1.0.0\nintegrations: {a: b}\n",
		    "integrations", why);
	must_refuse(HEAD "- text\n", "integrations[0]", "must be a mapping");
}

static void at_most_100_integrations_are_taken(void **state)
{
	char *yaml = arena_strdup(&op.arena, HEAD);

	(void)state;
	for (int i = 0; i < 100; i++)
		yaml = arena_printf(&op.arena,
				    "%s" ITEM("i%d", "stripe", "  proxy: {}\n"),
				    yaml, i);
	assert_int_equal(amp_read_manifest(&op, yaml, &manifest), OK);
	assert_int_equal(manifest.count, 100);
	yaml = arena_printf(&op.arena,
			    "%s" ITEM("more", "stripe", "  proxy: {}\n"), yaml);
	assert_int_equal(amp_read_manifest(&op, yaml, &manifest), ERR_INVALID);
}

static void name_and_provider_are_texts(void **state)
{
	char *name = arena_alloc(&op.arena, AMP_NAME_MAX + 2);

	(void)state;
	must_refuse(HEAD "- provider: stripe\n  proxy: {}\n",
		    "integrations[0].name", "is required");
	must_refuse(HEAD "- name: a\n  proxy: {}\n", "integrations[0].provider",
		    "is required");
	must_refuse(HEAD ITEM("1", "stripe", "  proxy: {}\n"),
		    "integrations[0].name", "must be a text");
	must_refuse(HEAD ITEM("''", "stripe", "  proxy: {}\n"),
		    "integrations[0].name", "must be a text");
	name = arena_alloc(&op.arena, AMP_NAME_MAX + 2);
	memset(name, 'n', AMP_NAME_MAX + 1);
	char yaml[512] = HEAD "- provider: stripe\n  proxy: {}\n  name: ";
	strncat(yaml, name, sizeof(yaml) - strlen(yaml) - 1);
	must_refuse(yaml, "integrations[0].name", "is over 256 bytes");
}

static void a_name_stands_once(void **state)
{
	(void)state;
	must_refuse(HEAD ITEM("a", "stripe", "  proxy: {}\n")
			    ITEM("b", "stripe", "  proxy: {}\n")
				    ITEM("a", "hubspot", "  proxy: {}\n"),
		    "integrations[2].name", "is there twice");
}

static void the_provider_is_one_of_the_catalog(void **state)
{
	(void)state;
	must_refuse(HEAD ITEM("a", "nobody", "  proxy: {}\n"),
		    "integrations[0].provider", "nobody is not in the catalog");
	must_refuse(HEAD ITEM("a", "Stripe", "  proxy: {}\n"),
		    "integrations[0].provider", "Stripe is not in the catalog");
}

static void an_integration_does_something(void **state)
{
	(void)state;
	must_refuse(HEAD ITEM("a", "stripe", ""), "integrations[0]",
		    "needs at least one of read, write, subscribe, proxy");
}

static void what_the_provider_cannot_do_is_refused(void **state)
{
	const struct provider *p = NULL;

	(void)state;
	for (size_t i = 0; i < catalog_count() && !p; i++)
		if (!catalog_at(i)->can_subscribe && catalog_at(i)->can_read)
			p = catalog_at(i);
	assert_non_null(p);
	op.issue_count = 0;
	char yaml[512];
	(void)snprintf(
		yaml, sizeof(yaml),
		HEAD ITEM(
			"a", "%s",
			"  read: {objects: [" READ(
				"x") "]}\n"
				     "  subscribe:\n    objects:\n"
				     "    - {objectName: x, destination: d}\n"),
		p->name);
	assert_int_equal(amp_read_manifest(&op, yaml, &manifest), ERR_INVALID);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].field, "integrations[0].subscribe");
}

static void actions_have_their_shape(void **state)
{
	static const struct {
		const char *action, *field, *why;
	} faults[] = {
		{"read: text", "read", "must be a mapping"},
		{"proxy: []", "proxy", "must be a mapping"},
		{"proxy: {enabled: perhaps}", "proxy.enabled",
		 "must be true or false"},
		{"read: {}", "read.objects",
		 "must be a list that is not empty"},
		{"write: {objects: []}", "write.objects",
		 "must be a list that is not empty"},
		{"write: {objects: {a: b}}", "write.objects",
		 "must be a list that is not empty"},
		{"read: {objects: [text]}", "read.objects[0]",
		 "must be a mapping"},
		{"write: {objects: [{objectName: a}, {inheritMapping: true}]}",
		 "write.objects[1].objectName", "is required"},
		{"write: {objects: [{objectName: 1}]}",
		 "write.objects[0].objectName", "must be a text"},
		{"read: {objects: [" READ("a") ", " READ("a") "]}",
		 "read.objects[1].objectName", "is there twice"},
		{"read: {objects: [" READ("a") "]}\n"
					       "  subscribe: {objects: {a: b}}",
		 "subscribe.objects", "must be a list that is not empty"},
	};
	char yaml[512], field[128];

	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		(void)snprintf(yaml, sizeof(yaml),
			       HEAD ITEM("a", "salesforce", "  %s\n"),
			       faults[i].action);
		(void)snprintf(field, sizeof(field), "integrations[0].%s",
			       faults[i].field);
		must_refuse(yaml, field, faults[i].why);
	}
}

static void all_faults_are_told_at_once(void **state)
{
	const char *yaml = "specVersion: 3\nintegrations:\n"
			   "- name: a\n- provider: nobody\n  read: 1\n";

	(void)state;
	assert_int_equal(amp_read_manifest(&op, yaml, &manifest), ERR_INVALID);
	assert_int_equal(op.issue_count, 6);
	assert_true(has_issue("specVersion", "must be \"1.0.0\""));
	assert_true(has_issue("integrations[0].provider", "is required"));
	assert_true(has_issue("integrations[1].name", "is required"));
	assert_true(has_issue("integrations[1].read", "must be a mapping"));
}

static void broken_yaml_is_no_manifest(void **state)
{
	(void)state;
	assert_int_equal(amp_read_manifest(&op, "a: [", &manifest),
			 ERR_INVALID);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].field, "sourceYaml");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_integration_is_given_with_its_content),
		TEST(the_spec_version_is_1_0_0),
		TEST(the_top_is_a_mapping_with_a_list),
		TEST(at_most_100_integrations_are_taken),
		TEST(name_and_provider_are_texts),
		TEST(a_name_stands_once),
		TEST(the_provider_is_one_of_the_catalog),
		TEST(an_integration_does_something),
		TEST(what_the_provider_cannot_do_is_refused),
		TEST(actions_have_their_shape),
		TEST(all_faults_are_told_at_once),
		TEST(broken_yaml_is_no_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
