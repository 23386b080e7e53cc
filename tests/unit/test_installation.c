/* core/installation: who may install what through which connection. */
#include "support.h"

#include "core/customer.h"

static struct installation_new wanting(const char *group)
{
	return (struct installation_new){
		.group_ref = group,
		.content = "{\"read\":{}}",
		.created_by = "api:create-installation",
	};
}

/* Refused with ERR_INVALID and one issue about this field. */
static void must_refuse(struct op *op, const struct integration *of,
			const struct installation_new *new, const char *field,
			const char *why)
{
	struct installation_view view;

	op->issue_count = 0;
	must_fail(installation_create(op, of, new, &view), ERR_INVALID);
	assert_int_equal(op->issue_count, 1);
	assert_string_equal(op->issues[0].in, "body");
	assert_string_equal(op->issues[0].field, field);
	assert_string_equal(op->issues[0].why, why);
	assert_int_equal(event_count(op, "installation.created"), 0);
}

static void what_is_installed_is_shown_with_all_it_has(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct connection_view through =
		connect_group(&s->op, "acme", "stripe");
	struct installation_view made = install(&s->op, &of, "acme", NULL);
	struct installation_view found;

	must(installation_get(&s->op, of.id, made.installation.id, &found));
	assert_uuid_equal(found.installation.id, made.installation.id);
	assert_uuid_equal(found.installation.integration_id, of.id);
	assert_uuid_equal(found.installation.group_id, through.group.id);
	assert_uuid_equal(found.installation.connection_id,
			  through.connection.id);
	assert_string_equal(found.installation.created_by,
			    "api:create-installation");
	assert_int_equal(found.installation.created_at, START);
	assert_int_equal(found.installation.updated_at, 0);
	assert_string_equal(found.group.ref, "acme");
	assert_string_equal(found.connection.consumer.ref, "acme-user");
	assert_string_equal(found.connection.group.ref, "acme");
	assert_string_equal(found.connection.connection.kind, "stripe");
	assert_uuid_equal(found.config.id, made.config.id);
	assert_uuid_equal(found.config.revision_id, of.revision_id);
	assert_string_equal(found.config.content, "{\"read\":{}}");
	assert_string_equal(found.config.created_by, "api:create-installation");
	assert_int_equal(found.config.created_at, START);
	assert_true(found.is_healthy && made.is_healthy);
}

static void installing_is_recorded_with_its_config(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	connect_group(&s->op, "acme", "stripe");
	struct installation_view made = install(&s->op, &of, "acme", NULL);
	assert_true(has_event(&s->op, "installation.created",
			      made.installation.id));
	assert_string_equal(payload_of(&s->op, "installation.created"),
			    "{\"integration\":\"sync\",\"groupRef\":\"acme\","
			    "\"config\":{\"read\":{}}}");
}

static void the_groups_newest_connection_is_the_default(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	connect_group(&s->op, "acme", "stripe");
	struct connection_view newest = connect_group(&s->op, "acme", "stripe");
	connect_group(&s->op, "acme", "hubspot");
	struct installation_view made = install(&s->op, &of, "acme", NULL);
	assert_uuid_equal(made.installation.connection_id,
			  newest.connection.id);
}

static void a_named_connection_goes_before_the_default(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct connection_view named = connect_group(&s->op, "acme", "stripe");

	connect_group(&s->op, "acme", "stripe");
	struct installation_view made = install(&s->op, &of, "acme", &named);
	assert_uuid_equal(made.installation.connection_id, named.connection.id);
}

static void a_group_without_a_connection_is_refused(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_new new = wanting("nobody");

	must_refuse(&s->op, &of, &new, "groupRef",
		    "has no connection for stripe");
	connect_group(&s->op, "acme", "hubspot");
	new = wanting("acme");
	must_refuse(&s->op, &of, &new, "groupRef",
		    "has no connection for stripe");
	assert_non_null(s->op.remedy);
}

static void an_unknown_connection_is_refused(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_new new = wanting("acme");

	connect_group(&s->op, "acme", "stripe");
	new.connection_id = s->project.id;
	must_refuse(&s->op, &of, &new, "connectionId", "is unknown");
}

static void a_connection_of_another_provider_is_refused(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_new new = wanting("acme");

	new.connection_id =
		connect_group(&s->op, "acme", "hubspot").connection.id;
	must_refuse(&s->op, &of, &new, "connectionId",
		    "is for hubspot, not stripe");
}

static void a_connection_of_another_group_is_refused(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_new new = wanting("acme");

	connect_group(&s->op, "acme", "stripe");
	new.connection_id =
		connect_group(&s->op, "other", "stripe").connection.id;
	must_refuse(&s->op, &of, &new, "connectionId", "is another group's");
}

static void a_connection_of_another_project_is_unknown(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_new new = wanting("acme");

	connect_group(&s->op, "acme", "stripe");
	move_to(&s->op, other);
	new.connection_id =
		connect_group(&s->op, "acme", "stripe").connection.id;
	move_to(&s->op, s->project);
	must_refuse(&s->op, &of, &new, "connectionId", "is unknown");
}

static void a_revision_may_be_named(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_new new = wanting("acme");
	struct installation_view view;
	struct revision latest;

	connect_group(&s->op, "acme", "stripe");
	new.revision_id = of.revision_id;
	must(integration_upsert(&s->op, "sync", "stripe", "1.0.0", "{}", &of,
				&latest));
	must(installation_create(&s->op, &of, &new, &view));
	assert_uuid_equal(view.config.revision_id, new.revision_id);
	assert_false(uuid_equal(view.config.revision_id, latest.id));
}

static void a_revision_of_something_else_is_refused(void **state)
{
	static const char why[] = "is no revision of this integration";
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct integration other = offer(&s->op, "other", "stripe");
	struct installation_new new = wanting("acme");

	connect_group(&s->op, "acme", "stripe");
	new.revision_id = other.revision_id;
	must_refuse(&s->op, &of, &new, "config.revisionId", why);
	new.revision_id = s->project.id;
	must_refuse(&s->op, &of, &new, "config.revisionId", why);
}

static void a_group_installs_an_integration_once(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct integration other = offer(&s->op, "other", "stripe");
	struct installation_new new = wanting("acme");
	struct installation_view view;

	connect_group(&s->op, "acme", "stripe");
	connect_group(&s->op, "other", "stripe");
	install(&s->op, &of, "acme", NULL);
	must_fail(installation_create(&s->op, &of, &new, &view), ERR_INVALID);
	assert_string_equal(s->op.issues[0].field, "groupRef");
	assert_string_equal(s->op.issues[0].why,
			    "has this integration installed");
	install(&s->op, &of, "other", NULL);
	install(&s->op, &other, "acme", NULL);
	assert_int_equal(event_count(&s->op, "installation.created"), 3);
}

static void bad_credentials_make_it_unhealthy(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct installation_view found;

	connect_group(&s->op, "acme", "stripe");
	struct installation_view made = install(&s->op, &of, "acme", NULL);
	store_script(s, "UPDATE connection SET status = 'bad_credentials'");
	must(installation_find(&s->op, made.installation.id, &found));
	assert_false(found.is_healthy);
}

static void it_is_known_under_its_own_integration(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct integration other = offer(&s->op, "other", "stripe");
	struct installation_view found;

	connect_group(&s->op, "acme", "stripe");
	struct uuid id = install(&s->op, &of, "acme", NULL).installation.id;
	must(installation_find(&s->op, id, &found));
	must_fail(installation_get(&s->op, other.id, id, &found),
		  ERR_NOT_FOUND);
	assert_memory_equal(s->op.detail, "there is no installation ", 25);
	must_fail(installation_get(&s->op, of.id, of.id, &found),
		  ERR_NOT_FOUND);
	must_fail(installation_find(&s->op, of.id, &found), ERR_NOT_FOUND);
}

static void it_is_unhealthy_from_the_start_with_bad_credentials(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");

	connect_group(&s->op, "acme", "stripe");
	store_script(s, "UPDATE connection SET status = 'bad_credentials'");
	assert_false(install(&s->op, &of, "acme", NULL).is_healthy);
}

static void a_group_s_installation_is_found_by_its_ref(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct integration other = offer(op, "other", "stripe");
	struct installation_view found;

	connect_group(op, "acme", "stripe");
	struct installation_view made = install(op, &of, "acme", NULL);
	must(installation_of_group(op, of.id, "acme", &found));
	assert_uuid_equal(found.installation.id, made.installation.id);
	assert_string_equal(found.config.content, "{\"read\":{}}");
	must_fail(installation_of_group(op, other.id, "acme", &found),
		  ERR_NOT_FOUND);
	assert_string_equal(op->detail,
			    "group acme has not installed this integration");
	must_fail(installation_of_group(op, of.id, "nobody", &found),
		  ERR_NOT_FOUND);
}

static enum error count_row(void *context, struct op *op, struct uuid id,
			    const char *document, size_t length)
{
	(void)op;
	(void)id;
	(void)document;
	(void)length;
	++*(int *)context;
	return OK;
}

static int listed(struct op *op, const char *group)
{
	const struct installation_filter filter = {.group_ref = group,
						   .limit = 10};
	int count = 0;

	must(installation_list(op, &filter, count_row, &count));
	return count;
}

/* From here on ann of acme asks. */
static void ask_as_ann(struct store *s)
{
	static const struct customer ann = {"acme", "ann"};
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_FRONTEND);

	who->customer = &ann;
	s->op.principal = who;
}

static void a_customer_sees_its_own_group_s_alone(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct integration of = offer(op, "sync", "stripe");
	struct installation_view found;
	int shown = 0;

	connect_group(op, "acme", "stripe");
	connect_group(op, "other", "stripe");
	struct uuid own = install(op, &of, "acme", NULL).installation.id;
	struct uuid theirs = install(op, &of, "other", NULL).installation.id;
	assert_int_equal(listed(op, NULL), 2);
	assert_int_equal(listed(op, "nobody"), 0);
	ask_as_ann(s);
	assert_int_equal(listed(op, NULL), 1);
	assert_int_equal(listed(op, "acme"), 1);
	assert_int_equal(listed(op, "other"), 0);
	must(installation_find(op, own, &found));
	must_fail(installation_find(op, theirs, &found), ERR_NOT_FOUND);
	must(installation_show(op, of.id, own, count_row, &shown));
	must_fail(installation_show(op, of.id, theirs, count_row, &shown),
		  ERR_NOT_FOUND);
	assert_int_equal(shown, 1);
}

static void a_customer_installs_for_its_own_group(void **state)
{
	struct store *s = *state;
	struct integration of = offer(&s->op, "sync", "stripe");
	struct connection_view theirs =
		connect_group(&s->op, "other", "stripe");
	struct installation_new new = wanting("other");
	struct installation_view view;

	connect_group(&s->op, "acme", "stripe");
	ask_as_ann(s);
	must_fail(installation_create(&s->op, &of, &new, &view), ERR_FORBIDDEN);
	new.group_ref = "acme";
	new.created_by = "consumer:bob";
	must_fail(installation_create(&s->op, &of, &new, &view), ERR_FORBIDDEN);
	new = wanting("acme");
	new.connection_id = theirs.connection.id;
	must_refuse(&s->op, &of, &new, "connectionId", "is unknown");
	new = wanting("acme");
	must(installation_create(&s->op, &of, &new, &view));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(it_is_unhealthy_from_the_start_with_bad_credentials),
		STORE_TEST(what_is_installed_is_shown_with_all_it_has),
		STORE_TEST(installing_is_recorded_with_its_config),
		STORE_TEST(the_groups_newest_connection_is_the_default),
		STORE_TEST(a_named_connection_goes_before_the_default),
		STORE_TEST(a_group_without_a_connection_is_refused),
		STORE_TEST(an_unknown_connection_is_refused),
		STORE_TEST(a_connection_of_another_provider_is_refused),
		STORE_TEST(a_connection_of_another_group_is_refused),
		STORE_TEST(a_connection_of_another_project_is_unknown),
		STORE_TEST(a_revision_may_be_named),
		STORE_TEST(a_revision_of_something_else_is_refused),
		STORE_TEST(a_group_installs_an_integration_once),
		STORE_TEST(bad_credentials_make_it_unhealthy),
		STORE_TEST(it_is_known_under_its_own_integration),
		STORE_TEST(a_group_s_installation_is_found_by_its_ref),
		STORE_TEST(a_customer_sees_its_own_group_s_alone),
		STORE_TEST(a_customer_installs_for_its_own_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
