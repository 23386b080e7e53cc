/* dialects/ampersand/manifest: what an amp.yaml must have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define HEAD	     "specVersion: 1.0.0\nintegrations:\n"
/* One integration; `more` is indented by two. */
#define ITEM(name, provider, more)                                             \
	"- name: " name "\n  provider: " provider "\n" more
#define PROXY "  proxy: {enabled: true}\n"
/* A read object that lacks nothing, and room for more of it. */
#define OBJECT(more)                                                           \
	"{objectName: account, destination: hook, schedule: '0 * * * *', "     \
	"optionalFieldsAuto: all" more "}"
#define READ(objects) "read: {objects: [" objects "]}"
#define SUBSCRIBE(more)                                                        \
	READ(OBJECT(""))                                                       \
	"\n  subscribe: {objects: [{objectName: account, "                     \
	"destination: hook" more "}]}"

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

static void must_take(const char *yaml)
{
	op.issue_count = 0;
	if (amp_read_manifest(&op, "sourceYaml", yaml, &manifest) != OK)
		fail_msg("%s: %s: %s", yaml, op.issues[0].field,
			 op.issues[0].why);
}

/* Refused, with this issue alone. */
static void must_refuse(const char *yaml, const char *field, const char *why)
{
	op.issue_count = 0;
	assert_int_equal(amp_read_manifest(&op, "sourceYaml", yaml, &manifest),
			 ERR_INVALID);
	if (op.issue_count != 1 || !has_issue(field, why))
		fail_msg("%s: %zu issues; %s: %s", yaml, op.issue_count,
			 op.issues[0].field, op.issues[0].why);
	assert_string_equal(op.issues[0].in, "body");
}

/* One integration of salesforce that does this. */
static const char *doing(const char *action)
{
	static char yaml[2048];

	(void)snprintf(yaml, sizeof(yaml), HEAD ITEM("a", "salesforce", "  %s"),
		       action);
	return yaml;
}

struct fault {
	const char *action, *field, *why;
};

static void must_refuse_each(const struct fault *faults, size_t count)
{
	char field[128];

	for (size_t i = 0; i < count; i++) {
		(void)snprintf(field, sizeof(field), "integrations[0]%s%s",
			       *faults[i].field ? "." : "", faults[i].field);
		must_refuse(doing(faults[i].action), field, faults[i].why);
	}
}

static void each_integration_is_given_with_its_content(void **state)
{
	(void)state;
	must_take(HEAD ITEM("sync", "salesforce",
			    "  write:\n    objects:\n"
			    "    - objectName: account\n"
			    "    - objectName: contact\n")
			  ITEM("calls", "stripe", PROXY));
	assert_string_equal(manifest.spec_version, "1.0.0");
	assert_int_equal(manifest.count, 2);
	assert_string_equal(manifest.items[0].name, "sync");
	assert_string_equal(manifest.items[0].provider, "salesforce");
	assert_string_equal(
		json_text(&op.arena, manifest.items[0].content),
		"{\"name\":\"sync\",\"provider\":\"salesforce\",\"write\":"
		"{\"objects\":[{\"objectName\":\"account\"},"
		"{\"objectName\":\"contact\"}]}}");
	assert_string_equal(manifest.items[1].name, "calls");
}

static void whole_manifests_are_taken(void **state)
{
	static const char *const actions[] = {
		READ(OBJECT("")),
		READ(OBJECT(", backfill: {defaultPeriod: {days: 0}}")),
		READ(OBJECT(
			", backfill: {defaultPeriod: {fullHistory: true}}")),
		READ(OBJECT(", requiredFields: [{fieldName: id}, "
			    "{mapToName: mail, prompt: which}]")),
		"proxy: {}",
		"write: {objects: [{objectName: a}]}",
		SUBSCRIBE(", otherEvents: [merged]"),
		SUBSCRIBE(
			", inheritFieldsAndMapping: true, "
			"createEvent: {enabled: always}, "
			"updateEvent: {enabled: always, watchFieldsAuto: all}"),
		SUBSCRIBE(", inheritFieldsAndMapping: true, updateEvent: "
			  "{enabled: always, requiredWatchFields: [phone]}"),
		"proxy: {}\n  somethingNew: 1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(actions); i++)
		must_take(doing(actions[i]));
}

static void the_spec_version_is_1_0_0(void **state)
{
	static const char body[] = "integrations:\n" ITEM("a", "stripe", PROXY);
	static const char why[] = "must be \"1.0.0\"";

	(void)state;
	must_refuse(body, "specVersion", why);
	must_refuse(arena_printf(&op.arena, "specVersion: 1.0\n%s", body),
		    "specVersion", why);
	must_refuse(arena_printf(&op.arena, "specVersion: 2.0.0\n%s", body),
		    "specVersion", why);
}

static void the_top_is_a_mapping_with_a_list(void **state)
{
	static const char why[] = "must be a list of 1 to 100";

	(void)state;
	must_refuse("- a\n", "sourceYaml", "must be a mapping");
	must_refuse("just text\n", "sourceYaml", "must be a mapping");
	must_refuse("specVersion: 1.0.0\n", "integrations", why);
	must_refuse(HEAD "  []", "integrations", why);
	must_refuse(HEAD "  {a: b}", "integrations", why);
	must_refuse(HEAD "- text\n", "integrations[0]", "must be a mapping");
}

static void at_most_100_integrations_are_taken(void **state)
{
	char *yaml = arena_strdup(&op.arena, HEAD);

	(void)state;
	for (int i = 0; i < 100; i++)
		yaml = arena_printf(&op.arena,
				    "%s" ITEM("i%d", "stripe", PROXY), yaml, i);
	must_take(yaml);
	assert_int_equal(manifest.count, 100);
	yaml = arena_printf(&op.arena, "%s" ITEM("more", "stripe", PROXY),
			    yaml);
	must_refuse(yaml, "integrations", "must be a list of 1 to 100");
}

static void name_and_provider_are_texts(void **state)
{
	char name[AMP_NAME_MAX + 2];

	(void)state;
	must_refuse(HEAD "- provider: stripe\n" PROXY, "integrations[0].name",
		    "is required");
	must_refuse(HEAD "- name: a\n" PROXY, "integrations[0].provider",
		    "is required");
	must_refuse(HEAD ITEM("1", "stripe", PROXY), "integrations[0].name",
		    "must be a text");
	must_refuse(HEAD ITEM("''", "stripe", PROXY), "integrations[0].name",
		    "must be a text");
	memset(name, 'n', sizeof(name));
	name[AMP_NAME_MAX + 1] = '\0';
	must_refuse(
		arena_printf(&op.arena, HEAD ITEM("%s", "stripe", PROXY), name),
		"integrations[0].name", "is over 256 characters");
	must_take(arena_printf(&op.arena, HEAD ITEM("%s", "stripe", PROXY),
			       name + 1));
}

static void a_name_stands_once(void **state)
{
	(void)state;
	must_refuse(HEAD ITEM("a", "stripe", PROXY) ITEM("b", "stripe", PROXY)
			    ITEM("a", "hubspot", PROXY),
		    "integrations[2].name", "is there twice");
}

static void the_provider_is_one_of_the_catalog(void **state)
{
	(void)state;
	must_refuse(HEAD ITEM("a", "nobody", PROXY), "integrations[0].provider",
		    "nobody is not in the catalog");
	must_refuse(HEAD ITEM("a", "Stripe", PROXY), "integrations[0].provider",
		    "Stripe is not in the catalog");
	must_refuse(HEAD ITEM("a", "salesforce", PROXY "  module: erp\n"),
		    "integrations[0].module", "is no module of salesforce");
	must_take(HEAD ITEM("a", "salesforce", PROXY "  module: crm\n"));
}

static void what_the_provider_cannot_do_is_refused(void **state)
{
	const struct provider *p = NULL;

	(void)state;
	for (size_t i = 0; i < catalog_count() && !p; i++)
		if (!catalog_at(i)->support.can_write &&
		    catalog_at(i)->support.can_proxy)
			p = catalog_at(i);
	assert_non_null(p);
	const char *yaml = arena_printf(
		&op.arena,
		HEAD ITEM("a", "%s", "  write: {objects: [{objectName: x}]}"),
		p->name);
	assert_int_equal(amp_read_manifest(&op, "sourceYaml", yaml, &manifest),
			 ERR_INVALID);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].field, "integrations[0].write");
}

static void actions_have_their_shape(void **state)
{
	static const char no_list[] = "must be a list that is not empty";
	static const struct fault faults[] = {
		{"displayName: x", "",
		 "needs at least one of read, write, subscribe, proxy"},
		{"proxy: []", "proxy", "must be a mapping"},
		{"proxy: {enabled: perhaps}", "proxy.enabled",
		 "must be true or false"},
		{"read: text", "read", "must be a mapping"},
		{"read: {}", "read.objects", no_list},
		{"write: {objects: []}", "write.objects", no_list},
		{"write: {objects: {a: b}}", "write.objects", no_list},
		{"write: {objects: [text]}", "write.objects[0]",
		 "must be a mapping"},
		{"write: {objects: [{objectName: a}, {}]}",
		 "write.objects[1].objectName", "is required"},
		{"write: {objects: [{objectName: 1}]}",
		 "write.objects[0].objectName", "must be a text"},
		{"write: {objects: [{objectName: a}, {objectName: a}]}",
		 "write.objects[1].objectName", "is there twice"},
	};

	(void)state;
	must_refuse_each(faults, COUNT(faults));
}

static void read_objects_have_what_reading_needs(void **state)
{
	static const struct fault faults[] = {
		{READ("{objectName: a, schedule: '0 * * * *', "
		      "optionalFieldsAuto: all}"),
		 "read.objects[0].destination", "is required"},
		{READ("{objectName: a, destination: h, "
		      "optionalFieldsAuto: all}"),
		 "read.objects[0].schedule", "is required"},
		{READ("{objectName: a, destination: h, "
		      "schedule: '*/5 * * * *', optionalFieldsAuto: all}"),
		 "read.objects[0].schedule",
		 "must not be more often than every 10 minutes"},
		{READ("{objectName: a, destination: h, "
		      "schedule: '0 * * * *'}"),
		 "read.objects[0]",
		 "needs a field in requiredFields or optionalFields, or "
		 "optionalFieldsAuto"},
		{READ(OBJECT("") ", " OBJECT("")), "read.objects[1].objectName",
		 "is there twice"},
		{READ(OBJECT(", requiredFields: [{}]")),
		 "read.objects[0].requiredFields[0]",
		 "needs a fieldName or a mapToName"},
		{READ(OBJECT(", requiredFields: [{mapToName: a}], "
			     "optionalFields: [{mapToName: a}]")),
		 "read.objects[0].optionalFields[0].mapToName",
		 "is another field's already"},
		{READ(OBJECT(", backfill: {defaultPeriod: "
			     "{days: 1, fullHistory: true}}")),
		 "read.objects[0].backfill.defaultPeriod",
		 "needs days or fullHistory, not both"},
		{READ(OBJECT(", backfill: {defaultPeriod: {days: -1}}")),
		 "read.objects[0].backfill.defaultPeriod.days",
		 "must be a whole number of 0 or more"},
	};

	(void)state;
	must_refuse_each(faults, COUNT(faults));
}

static void subscriptions_have_what_they_need(void **state)
{
	static const struct fault faults[] = {
		{"subscribe: {objects: [{objectName: a, destination: h}]}",
		 "subscribe", "needs read as well"},
		{SUBSCRIBE(", createEvent: {enabled: always}"),
		 "subscribe.objects[0].inheritFieldsAndMapping",
		 "must be true with createEvent"},
		{SUBSCRIBE(", inheritFieldsAndMapping: true, "
			   "createEvent: {enabled: sometimes}"),
		 "subscribe.objects[0].createEvent.enabled", "must be always"},
		{SUBSCRIBE(", inheritFieldsAndMapping: true, "
			   "updateEvent: {enabled: always}"),
		 "subscribe.objects[0].updateEvent",
		 "needs watchFieldsAuto or requiredWatchFields, not both"},
		{SUBSCRIBE(", inheritFieldsAndMapping: true, "
			   "updateEvent: {enabled: always, "
			   "requiredWatchFields: [a.b]}"),
		 "subscribe.objects[0].updateEvent.requiredWatchFields[0]",
		 "must not be a nested path"},
	};

	(void)state;
	must_refuse_each(faults, COUNT(faults));
}

static void all_faults_are_told_at_once(void **state)
{
	const char *yaml = "specVersion: 3\nintegrations:\n"
			   "- name: a\n- provider: nobody\n  read: 1\n";

	(void)state;
	assert_int_equal(amp_read_manifest(&op, "sourceYaml", yaml, &manifest),
			 ERR_INVALID);
	assert_int_equal(op.issue_count, 6);
	assert_true(has_issue("specVersion", "must be \"1.0.0\""));
	assert_true(has_issue("integrations[0].provider", "is required"));
	assert_true(has_issue("integrations[1].name", "is required"));
	assert_true(has_issue("integrations[1].read", "must be a mapping"));
}

static void broken_yaml_is_no_manifest(void **state)
{
	(void)state;
	assert_int_equal(
		amp_read_manifest(&op, "sourceYaml", "a: [", &manifest),
		ERR_INVALID);
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].field, "sourceYaml");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_integration_is_given_with_its_content),
		TEST(whole_manifests_are_taken),
		TEST(the_spec_version_is_1_0_0),
		TEST(the_top_is_a_mapping_with_a_list),
		TEST(at_most_100_integrations_are_taken),
		TEST(name_and_provider_are_texts),
		TEST(a_name_stands_once),
		TEST(the_provider_is_one_of_the_catalog),
		TEST(what_the_provider_cannot_do_is_refused),
		TEST(actions_have_their_shape),
		TEST(read_objects_have_what_reading_needs),
		TEST(subscriptions_have_what_they_need),
		TEST(all_faults_are_told_at_once),
		TEST(broken_yaml_is_no_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
