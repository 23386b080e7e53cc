/* core/reconfigure: configurations change, and what was before is kept. */
#include "letting_go.h"

#include "core/deletion.h"
#include "core/job.h"
#include "core/reconfigure.h"
#include "core/restore.h"
#include "core/store.h"

#define NEW_CONTENT "{\"read\":{\"objects\":{}}}"

static struct installation_view change(struct op *op,
				       const struct integration *of,
				       const struct installation_view *now,
				       const char *content)
{
	const struct installation_change to = {.content = content,
					       .caller = "api:test"};
	struct installation_view view;

	must(installation_update(op, of, now, &to, &view));
	return view;
}

static void a_change_makes_a_configuration_of_its_own(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct installation_view found;

	connect_group(op, "acme", "stripe");
	struct installation_view before = install(op, &of, "acme", NULL);
	op->now += SECOND;
	struct installation_view after = change(op, &of, &before, NEW_CONTENT);
	must(installation_get(op, of.id, before.installation.id, &found));
	assert_uuid_equal(found.config.id, after.config.id);
	assert_false(uuid_equal(found.config.id, before.config.id));
	assert_string_equal(found.config.content, NEW_CONTENT);
	assert_string_equal(found.config.created_by, "api:test");
	assert_int_equal(found.config.created_at, START + SECOND);
	assert_int_equal(found.installation.updated_at, START + SECOND);
	assert_int_equal(found.installation.created_at, START);
	assert_uuid_equal(found.config.revision_id, of.revision_id);
	assert_string_equal(payload_of(op, "installation.updated"),
			    "{\"integration\":\"sync\",\"groupRef\":\"acme\","
			    "\"config\":" NEW_CONTENT
			    ",\"lastConfig\":{\"read\":{}}}");
	assert_int_equal(
		store_number(s, "SELECT COUNT(*) FROM past_config p, "
				"installation i WHERE p.installation_id = i.id "
				"AND p.content = '{\"read\":{}}' AND "
				"p.created_by = 'api:create-installation' AND "
				"p.created_at = i.created_at AND "
				"p.id < i.config_id"),
		1);
}

static void what_is_so_already_is_no_change(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");

	connect_group(op, "acme", "stripe");
	struct installation_view before = install(op, &of, "acme", NULL);
	const struct installation_change same = {
		.connection_id = before.installation.connection_id,
		.revision_id = of.revision_id,
		.content = before.config.content,
		.created_by = before.config.created_by,
		.caller = "api:test",
	};
	struct installation_view after;
	must(installation_update(op, &of, &before, &same, &after));
	assert_uuid_equal(after.config.id, before.config.id);
	assert_int_equal(after.installation.updated_at, 0);
	assert_int_equal(event_count(op, "installation.updated"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM past_config"),
			 0);
}

static void another_connection_is_used_and_the_old_one_stays(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct connection_view old = connect_group(op, "acme", "stripe");
	struct installation_view before = install(op, &of, "acme", &old);
	struct connection_view other = connect_group(op, "acme", "stripe");
	struct installation_change to = {.connection_id = other.connection.id,
					 .caller = "api:test"};
	struct installation_view after;

	must(installation_update(op, &of, &before, &to, &after));
	assert_uuid_equal(after.config.id, before.config.id);
	must(installation_find(op, before.installation.id, &after));
	assert_uuid_equal(after.connection.connection.id, other.connection.id);
	must(connection_get(op, old.connection.id, &old));
	assert_int_equal(event_count(op, "installation.updated"), 1);

	to.connection_id = connect_group(op, "rival", "stripe").connection.id;
	must_fail(installation_update(op, &of, &after, &to, &after),
		  ERR_INVALID);
	to.connection_id = connect_group(op, "acme", "hubspot").connection.id;
	must_fail(installation_update(op, &of, &after, &to, &after),
		  ERR_INVALID);
	/* what it used before is nobody's, and goes with nobody */
	must(delete_installation(op, of.id, before.installation.id));
	must(connection_get(op, old.connection.id, &old));
	must_fail(connection_get(op, other.connection.id, &other),
		  ERR_NOT_FOUND);
}

static void past_configurations_go_only_with_their_installation(void **state)
{
	static const char past[] = "SELECT COUNT(*) FROM past_config";
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct installation_view found;
	struct restored back;

	connect_group(op, "acme", "stripe");
	connect_group(op, "rival", "stripe");
	struct installation_view one = install(op, &of, "acme", NULL);
	struct installation_view two = install(op, &of, "rival", NULL);
	one = change(op, &of, &one, NEW_CONTENT);
	one = change(op, &of, &one, "{}");
	two = change(op, &of, &two, NEW_CONTENT);
	struct thing it = thing(op, THING_INSTALLATION, one.installation.id);
	gone(op, &it, &softly);
	assert_int_equal(store_number(s, past), 3);
	must(restore_thing(op, THING_INSTALLATION, one.installation.id, &back));
	must(installation_find(op, one.installation.id, &found));
	assert_uuid_equal(found.config.id, one.config.id);
	assert_string_equal(found.config.content, "{}");
	assert_int_equal(store_number(s, past), 3);
	gone(op, &it, &softly);
	must(purge_thing(op, THING_INSTALLATION, one.installation.id));
	assert_int_equal(store_number(s, past), 1);
	must(delete_installation(op, of.id, two.installation.id));
	assert_int_equal(store_number(s, past), 0);
}

/* `count` groups that read x, and one that reads y. */
static struct integration installed(struct op *op, int count)
{
	struct integration of = offer(op, "sync", "stripe");

	for (int i = 0; i <= count; i++) {
		const char *group = arena_printf(&op->arena, "group-%d", i);
		const char *content = i < count ? "{\"x\":{}}" : "{\"y\":{}}";

		connect_group(op, group, "stripe");
		struct installation_view view = install(op, &of, group, NULL);
		(void)change(op, &of, &view, content);
	}
	return of;
}

#define PATCH "[{\"op\":\"add\",\"path\":\"/x/off\",\"value\":true}]"
#define CHANGED                                                                \
	"SELECT COUNT(*) FROM installation WHERE config_content = "            \
	"'{\"x\":{\"off\":true}}' AND config_created_by = 'api:all'"

static void all_that_a_patch_finds_something_in_are_changed(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = installed(op, 70);
	size_t before = event_count(op, "installation.updated");

	must(reconfigure_all(op, &of, PATCH, "api:all"));
	assert_int_equal(store_number(s, CHANGED), 70);
	assert_int_equal(event_count(op, "installation.updated") - before, 70);
	must(reconfigure_all(op, &of, PATCH, "api:again"));
	assert_int_equal(store_number(s, CHANGED), 70);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM job WHERE kind "
					 "= 'reconfigure'"),
			 0);
}

static void what_is_over_the_limit_is_changed_by_jobs(void **state)
{
	static const char jobs[] = "SELECT COUNT(*) FROM job WHERE kind = "
				   "'reconfigure' AND state = 'waiting'";
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = installed(op, 130);
	char lane[UUID_TEXT];
	struct job job;

	op->batch_over = 1;
	must(reconfigure_all(op, &of, PATCH, "api:all"));
	assert_int_equal(store_number(s, CHANGED), 64);
	assert_int_equal(store_number(s, jobs), 1);
	uuid_format(of.id, lane);
	must(store_job_first(op, JOB_RECONFIGURE, lane, &job));
	assert_uuid_equal(job.subject_id, of.id);
	must(reconfigure_go_on(op, of.id, job.payload));
	assert_int_equal(store_number(s, CHANGED), 128);
	assert_int_equal(store_number(s, jobs), 2);
	/* again, as after a lapsed claim: nothing is changed twice */
	must(reconfigure_go_on(op, of.id, job.payload));
	assert_int_equal(store_number(s, CHANGED), 128);

	op->batch_over = INT64_MAX;
	must(delete_integration(op, INTEGRATION_MANIFEST, of.id, NULL));
	must(reconfigure_go_on(op, of.id, job.payload));
	must_fail(reconfigure_go_on(op, of.id, "{}"), ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_change_makes_a_configuration_of_its_own),
		STORE_TEST(what_is_so_already_is_no_change),
		STORE_TEST(another_connection_is_used_and_the_old_one_stays),
		STORE_TEST(past_configurations_go_only_with_their_installation),
		STORE_TEST(all_that_a_patch_finds_something_in_are_changed),
		STORE_TEST(what_is_over_the_limit_is_changed_by_jobs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
