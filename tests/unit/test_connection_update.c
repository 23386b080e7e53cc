/* core/connection: connections that change, and what customers may do. */
#include "refreshes.h"

#include "core/customer.h"

/* As it is, but for what a test says. */
static struct connection_change as_it_is(const struct connection_view *view)
{
	return (struct connection_change){
		.workspace_ref = view->connection.workspace_ref,
		.metadata = view->connection.metadata,
		.settings = view->connection.settings,
	};
}

static struct connection_view got(struct op *op, struct uuid id)
{
	struct connection_view view;

	must(connection_get(op, id, &view));
	return view;
}

static struct connection_view updated(struct op *op, struct uuid id,
				      const struct connection_change *change)
{
	struct connection_view was = got(op, id), ret;

	op->now += SECOND;
	must(connection_update(op, &was, change, &ret));
	return ret;
}

static void facts_change_and_the_rest_stays(void **state)
{
	const struct connection_change change = {
		.workspace_ref = NULL,
		.metadata = "{\"region\":\"eu\"}",
		.settings = "{\"scopes\":[\"b\"]}",
	};
	struct op *op = &((struct store *)*state)->op;
	struct connection_view made = connect_group(op, "acme", "stripe");
	struct uuid id = made.connection.id;
	struct connection_view ret = updated(op, id, &change);
	struct connection_view found = got(op, id);

	assert_null(found.connection.workspace_ref);
	assert_string_equal(found.connection.metadata, change.metadata);
	assert_string_equal(found.connection.settings, change.settings);
	assert_string_equal(found.connection.status, "created");
	assert_int_equal(found.connection.updated_at, START + SECOND);
	assert_int_equal(found.connection.created_at, START);
	assert_int_equal(ret.connection.updated_at, START + SECOND);
	assert_string_equal(ret.connection.metadata, change.metadata);
	assert_string_equal(kept(op, id, "api_key"), "key-of-acme");
	assert_true(has_event(op, "connection.updated", id));
	assert_string_equal(payload_of(op, "connection.updated"),
			    "{\"kind\":\"stripe\",\"groupRef\":\"acme\","
			    "\"consumerRef\":\"acme-user\"}");
}

static struct uuid with_password(struct op *op)
{
	const struct new_credential secrets[] = {
		{"client_id", "their-client", 0},
		{"client_secret", "their-secret", 0},
		{"username", "jan", 0},
		{"password", "pass-1", 0},
		{"access_token", "access-1", op->now + HOUR},
		{"refresh_token", "refresh-1", 0},
	};

	return connected(op, "salesforceMarketing", "oauth2/password", "{}",
			 secrets, COUNT(secrets));
}

static void new_credentials_are_good_until_they_are_tried(void **state)
{
	const struct new_credential secrets[] = {{"password", "pass-2", 0}};
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = with_password(op);
	struct connection_view view = got(op, id);
	struct connection_change change = as_it_is(&view);

	tried_refresh(op, id, 401, "{\"error\":\"invalid_client\"}");
	assert_string_equal(got(op, id).connection.status, "bad_credentials");
	change.secrets = secrets;
	change.secret_count = COUNT(secrets);
	view = updated(op, id, &change);
	assert_string_equal(view.connection.status, "created");
	assert_string_equal(got(op, id).connection.status, "created");
	assert_string_equal(kept(op, id, "password"), "pass-2");
	assert_string_equal(kept(op, id, "username"), "jan");
	/* those that were got by the old ones are gone */
	assert_null(kept(op, id, "access_token"));
	assert_null(kept(op, id, "refresh_token"));
	/* and new ones are got at once */
	struct refreshing r = seen(op, id);
	assert_null(r.answer);
	assert_int_equal(r.failures, 0);
	assert_int_equal(job_due(op, id), op->now);
}

static struct uuid with_user(struct op *op, const char *workspace)
{
	const struct new_credential secrets[] = {
		{"refresh_token", workspace, 0}};
	const struct connection_new new = {
		.provider = "box",
		.auth_scheme = "oauth2/authorizationCode",
		.workspace_ref = workspace,
		.metadata = "{}",
		.settings = "{\"providerConsumerRef\":\"u-1\"}",
		.provider_user = "u-1",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "jane",
		.secrets = secrets,
		.secret_count = COUNT(secrets),
	};
	struct connection_view view;

	must(connection_create(op, &new, &view));
	return view.connection.id;
}

static const char *account_of(struct op *op, struct uuid id)
{
	struct grant_place place;

	must(store_grant_place(op, id, &place));
	assert_non_null(place.account);
	return place.account;
}

static void account_is_that_of_the_new_workspace(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid one = with_user(op, "acme"), two = with_user(op, "globex");
	struct connection_view view = got(op, one);
	struct connection_change change = as_it_is(&view);

	assert_string_not_equal(account_of(op, one), account_of(op, two));
	change.workspace_ref = "globex";
	updated(op, one, &change);
	assert_string_equal(account_of(op, one), account_of(op, two));
}

static void renewal_brings_a_grant_in_place_of_the_old(void **state)
{
	const struct new_credential secrets[] = {
		{"access_token", "access-9", START + 10 * HOUR},
		{"refresh_token", NULL, 0},
	};
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct connection_renewal renewal = {
		.provider_app_id = register_app(op, "box", "{}"),
		.workspace_ref = "globex",
		.settings = "{\"scopes\":[\"b\"]}",
		.secrets = secrets,
		.secret_count = COUNT(secrets),
	};
	struct connection_view found;

	tried_refresh(op, id, 400, IS_GONE);
	assert_string_equal(got(op, id).connection.status, "bad_credentials");
	must(connection_renew(op, id, &renewal));
	found = got(op, id);
	assert_string_equal(found.connection.status, "created");
	assert_string_equal(found.connection.workspace_ref, "globex");
	assert_string_equal(found.connection.settings, renewal.settings);
	assert_int_equal(found.connection.updated_at, op->now);
	assert_uuid_equal(found.app.id, renewal.provider_app_id);
	assert_string_equal(kept(op, id, "access_token"), "access-9");
	assert_null(kept(op, id, "refresh_token"));
	assert_true(has_event(op, "connection.updated", id));
	/* a workspace that is not said is as it was */
	renewal.workspace_ref = NULL;
	must(connection_renew(op, id, &renewal));
	assert_string_equal(got(op, id).connection.workspace_ref, "globex");
	must_fail(connection_renew(op, op->project_id, &renewal),
		  ERR_NOT_FOUND);
}

static void connection_knows_the_app_that_it_was_made_through(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection_new new = {
		.provider = "box",
		.auth_scheme = "oauth2/authorizationCode",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "jane",
	};
	struct connection_view view;

	register_app(op, "box", "{}");
	new.provider_app_id = register_app(op, "box", OWN_ADDRESS);
	must(connection_create(op, &new, &view));
	assert_uuid_equal(view.app.id, new.provider_app_id);
	struct connection_view found = got(op, view.connection.id);
	assert_uuid_equal(found.app.id, new.provider_app_id);
	assert_string_equal(found.app.metadata, OWN_ADDRESS);
	new.provider_app_id = op->project_id;
	must_fail(connection_create(op, &new, &view), ERR_NOT_FOUND);
}

static size_t listed(struct op *op, const char *group)
{
	const struct connection_filter filter = {.group_ref = group};
	struct connection_list list;

	must(connection_list(op, &filter, &list));
	return list.count;
}

static void customer_sees_and_makes_what_is_its_own(void **state)
{
	static const struct customer jane = {"acme", "jane"};
	struct store *s = *state;
	struct op *op = &s->op;
	struct connection_view own = connect_group(op, "acme", "stripe");
	struct connection_view other = connect_group(op, "globex", "stripe");
	struct connection_new new = {
		.provider = "stripe",
		.auth_scheme = "apiKey",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = "globex",
		.parties.consumer_ref = "jane",
	};
	struct principal *principal =
		make_principal(op, &s->project, ROLE_FRONTEND);
	struct connection_view view;

	principal->customer = &jane;
	op->principal = principal;
	must(connection_get(op, own.connection.id, &view));
	must_fail(connection_get(op, other.connection.id, &view),
		  ERR_NOT_FOUND);
	assert_memory_equal(op->detail, "there is no connection ", 23);
	assert_int_equal(listed(op, NULL), 1);
	assert_int_equal(listed(op, "acme"), 1);
	assert_int_equal(listed(op, "globex"), 0);
	must_fail(connection_create(op, &new, &view), ERR_FORBIDDEN);
	new.parties.group_ref = "acme";
	new.parties.consumer_ref = "joe";
	must_fail(connection_create(op, &new, &view), ERR_FORBIDDEN);
	new.parties.consumer_ref = "jane";
	must(connection_create(op, &new, &view));
	assert_int_equal(listed(op, NULL), 2);
	op->principal = NULL;
	assert_int_equal(listed(op, NULL), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(facts_change_and_the_rest_stays),
		STORE_TEST(new_credentials_are_good_until_they_are_tried),
		STORE_TEST(account_is_that_of_the_new_workspace),
		STORE_TEST(renewal_brings_a_grant_in_place_of_the_old),
		STORE_TEST(connection_knows_the_app_that_it_was_made_through),
		STORE_TEST(customer_sees_and_makes_what_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
