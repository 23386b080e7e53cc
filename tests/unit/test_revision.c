/* core/integration: revisions of manifests, and restoring what was hidden. */
#include "support.h"

#include "core/restore.h"
#include "core/deletion.h"

static enum error deploy(struct op *op, const char *provider,
			 const char *content, struct integration *ret,
			 struct revision *ret_revision)
{
	return integration_upsert(op, "sync", provider, "1.0.0", content, ret,
				  ret_revision);
}

static void the_first_deployment_makes_it(void **state)
{
	struct store *s = *state;
	struct integration made, found;
	struct revision revision, stored;

	must(deploy(&s->op, "stripe", "{\"a\":1}", &made, &revision));
	must(integration_find(&s->op, INTEGRATION_MANIFEST, "sync", &found));
	assert_uuid_equal(found.id, made.id);
	assert_string_equal(found.kind, "stripe");
	assert_uuid_equal(found.revision_id, revision.id);
	must(revision_get(&s->op, revision.id, &stored));
	assert_uuid_equal(stored.integration_id, made.id);
	assert_string_equal(stored.spec_version, "1.0.0");
	assert_string_equal(stored.content, "{\"a\":1}");
	assert_int_equal(stored.created_at, START);
	assert_true(has_event(&s->op, "integration.created", made.id));
}

static void the_same_content_makes_no_new_revision(void **state)
{
	struct store *s = *state;
	struct integration made, again;
	struct revision first, second;

	must(deploy(&s->op, "stripe", "{\"a\":1}", &made, &first));
	s->op.now = START + SECOND;
	must(deploy(&s->op, "stripe", "{\"a\":1}", &again, &second));
	assert_uuid_equal(again.id, made.id);
	assert_uuid_equal(second.id, first.id);
	assert_int_equal(again.updated_at, START);
	assert_int_equal(event_count(&s->op, "integration.updated"), 0);
}

static void new_content_makes_a_new_revision(void **state)
{
	struct store *s = *state;
	struct integration made, found;
	struct revision first, second;

	must(deploy(&s->op, "stripe", "{\"a\":1}", &made, &first));
	s->op.now = START + SECOND;
	must(deploy(&s->op, "stripe", "{\"a\":2}", &made, &second));
	assert_false(uuid_equal(first.id, second.id));
	must(integration_get(&s->op, INTEGRATION_MANIFEST, made.id, &found));
	assert_uuid_equal(found.revision_id, second.id);
	assert_int_equal(found.updated_at, START + SECOND);
	must(revision_get(&s->op, first.id, &first));
	assert_string_equal(first.content, "{\"a\":1}");
	assert_true(has_event(&s->op, "integration.updated", made.id));
}

static void a_new_spec_version_makes_a_new_revision(void **state)
{
	struct store *s = *state;
	struct integration made;
	struct revision first, second;

	must(deploy(&s->op, "stripe", "{}", &made, &first));
	must(integration_upsert(&s->op, "sync", "stripe", "1.1.0", "{}", &made,
				&second));
	assert_false(uuid_equal(first.id, second.id));
	assert_string_equal(second.spec_version, "1.1.0");
}

static void the_provider_cannot_change(void **state)
{
	struct store *s = *state;
	struct integration made;
	struct revision revision;

	must(deploy(&s->op, "stripe", "{}", &made, &revision));
	must_fail(deploy(&s->op, "hubspot", "{}", &made, &revision),
		  ERR_INVALID);
	assert_string_equal(s->op.detail, "integration sync is for stripe, "
					  "which cannot change");
}

static void an_unknown_revision_is_not_found(void **state)
{
	struct store *s = *state;
	struct revision revision;

	must_fail(revision_get(&s->op, s->project.id, &revision),
		  ERR_NOT_FOUND);
}

static struct integration make_http(struct op *op, const char *handle)
{
	const struct integration new = {.family = INTEGRATION_HTTP,
					.handle = handle,
					.kind = "http",
					.title = handle,
					.settings = "{}"};
	const struct new_credential secret = {"headers.x", "h-1", 0};
	struct integration made;

	must(integration_create(op, &new, &secret, 1, &made));
	return made;
}

static enum error restore(struct op *op, struct uuid id,
			  struct integration *ret)
{
	return restore_integration(op, INTEGRATION_HTTP, id, ret);
}

static void what_is_hidden_is_unknown_until_restored(void **state)
{
	struct store *s = *state;
	struct integration made = make_http(&s->op, "rates"), found;
	struct credential_list secrets;

	must(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL));
	must_fail(integration_get(&s->op, INTEGRATION_HTTP, made.id, &found),
		  ERR_NOT_FOUND);
	must_fail(integration_find(&s->op, INTEGRATION_HTTP, "rates", &found),
		  ERR_NOT_FOUND);
	s->op.now = START + DAY;
	must(restore(&s->op, made.id, &found));
	assert_int_equal(found.deleted_at, 0);
	must(integration_get(&s->op, INTEGRATION_HTTP, made.id, &found));
	assert_string_equal(found.handle, "rates");
	assert_int_equal(found.deleted_at, 0);
	assert_int_equal(found.updated_at, START + DAY);
	must(credential_read(&s->op, "integration", made.id, &secrets));
	assert_int_equal(secrets.count, 1);
	assert_true(has_event(&s->op, "integration.restored", made.id));
}

static void a_taken_handle_gets_the_first_free_suffix(void **state)
{
	struct store *s = *state;
	struct integration first = make_http(&s->op, "rates"), second, found;

	must(delete_integration(&s->op, INTEGRATION_HTTP, first.id, NULL));
	second = make_http(&s->op, "rates");
	must(restore(&s->op, first.id, &found));
	assert_string_equal(found.handle, "rates-1");
	must(integration_find(&s->op, INTEGRATION_HTTP, "rates-1", &found));
	assert_uuid_equal(found.id, first.id);

	must(delete_integration(&s->op, INTEGRATION_HTTP, second.id, NULL));
	make_http(&s->op, "rates");
	must(restore(&s->op, second.id, &found));
	assert_string_equal(found.handle, "rates-2");
}

static void the_living_and_the_unknown_cannot_be_restored(void **state)
{
	struct store *s = *state;
	struct integration made = make_http(&s->op, "rates"), found;

	must_fail(restore(&s->op, made.id, &found), ERR_NOT_FOUND);
	must_fail(restore(&s->op, s->project.id, &found), ERR_NOT_FOUND);
	must(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL));
	must_fail(restore_integration(&s->op, INTEGRATION_MANIFEST, made.id,
				      &found),
		  ERR_NOT_FOUND);
	must(restore(&s->op, made.id, &found));
	must_fail(restore(&s->op, made.id, &found), ERR_NOT_FOUND);
}

static void only_the_living_can_be_hidden(void **state)
{
	struct store *s = *state;
	struct integration made = make_http(&s->op, "rates");

	must(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL));
	must_fail(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL),
		  ERR_NOT_FOUND);
	assert_int_equal(event_count(&s->op, "integration.deleted"), 1);
	assert_true(has_event(&s->op, "integration.deleted", made.id));
}

static void what_is_hidden_is_kept_for_thirty_days(void **state)
{
	struct store *s = *state;
	struct integration made = make_http(&s->op, "rates");

	must(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL));
	assert_int_equal(store_number(s, "SELECT deleted_at FROM integration"),
			 START);
	assert_int_equal(store_number(s, "SELECT purge_at FROM integration"),
			 START + 30 * DAY);
	must(restore(&s->op, made.id, &made));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM integration "
					 "WHERE purge_at IS NULL"),
			 1);
}

static void after_thirty_days_nothing_is_restored(void **state)
{
	struct store *s = *state;
	struct integration made = make_http(&s->op, "rates"), found;

	must(delete_integration(&s->op, INTEGRATION_HTTP, made.id, NULL));
	s->op.now = START + 30 * DAY;
	must_fail(restore(&s->op, made.id, &found), ERR_NOT_FOUND);
	s->op.now = START + 30 * DAY - 1;
	must(restore(&s->op, made.id, &found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(the_first_deployment_makes_it),
		STORE_TEST(the_same_content_makes_no_new_revision),
		STORE_TEST(new_content_makes_a_new_revision),
		STORE_TEST(a_new_spec_version_makes_a_new_revision),
		STORE_TEST(the_provider_cannot_change),
		STORE_TEST(an_unknown_revision_is_not_found),
		STORE_TEST(what_is_hidden_is_unknown_until_restored),
		STORE_TEST(a_taken_handle_gets_the_first_free_suffix),
		STORE_TEST(the_living_and_the_unknown_cannot_be_restored),
		STORE_TEST(only_the_living_can_be_hidden),
		STORE_TEST(what_is_hidden_is_kept_for_thirty_days),
		STORE_TEST(after_thirty_days_nothing_is_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
