/* core/refreshing: what a refresh sends, and what came between. */
#include "refreshes.h"

#include "core/step.h"

static void refresh_that_lacks_something_asks_nobody(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = granted(op, "{}"); /* and no app */

	asked_for(op, id);
	struct job job = claimed(op, id);
	struct refreshing_try try = begun(op, &job);
	assert_false(try.is_sent);
	assert_string_equal(try.lack, "the client id is not known");
	ended(op, &job, &try, 0, "");
	struct refreshing r = seen(op, id);
	assert_string_equal(r.answer, "the client id is not known");
	assert_int_equal(r.tries, 1);
	assert_int_equal(r.failures, 0);
	assert_int_equal(r.sent_at, 0);
	assert_int_equal(r.due_at, op->now + refresh_keep_alive_us(&r));
	assert_true(has_event(op, "connection.refresh.failed", id));
}

static struct uuid made_for_client(struct op *op)
{
	const struct new_credential secrets[] = {
		{"client_id", "their-client", 0},
		{"client_secret", "their-secret", 0},
		{"access_token", "access-1", op->now + HOUR},
	};

	return connected(op, "salesforceMarketing", "oauth2/clientCredentials",
			 "{\"requestedScopes\":\"read write\"}", secrets,
			 COUNT(secrets));
}

static void client_gets_its_token_by_its_own_credentials(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_for_client(op);
	struct refreshing_try try = tried_refresh(op, id, 200, NEW_TOKENS);

	assert_string_equal(
		try.call.url,
		"https://acme.auth.marketingcloudapis.com/v2/token");
	assert_string_equal(try.call.body, "grant_type=client_credentials"
					   "&scope=read%20write"
					   "&client_id=their-client"
					   "&client_secret=their-secret");
	assert_string_equal(kept(op, id, "access_token"), "access-2");
	assert_string_equal(kept(op, id, "client_secret"), "their-secret");
}

static void clients_credentials_that_are_refused_are_bad(void **state)
{
	static const int refused[] = {400, 401};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(refused); i++) {
		struct uuid id = made_for_client(op);

		tried_refresh(op, id, refused[i],
			      "{\"error\":\"invalid_client\"}");
		assert_string_equal(seen(op, id).status, "bad_credentials");
		assert_true(has_event(op, "connection.error", id));
	}
	struct uuid id = made_for_client(op);
	tried_refresh(op, id, 403, "{\"error\":\"access_denied\"}");
	assert_string_equal(seen(op, id).status, "created");
	assert_true(job_due(op, id) != 0);
}

static struct uuid made_for_user(struct op *op)
{
	const struct new_credential secrets[] = {
		{"client_id", "their-client", 0},
		{"client_secret", "their-secret", 0},
		{"username", "jane", 0},
		{"password", "pass-1", 0},
		{"access_token", "access-1", op->now + HOUR},
	};

	return connected(op, "salesforceMarketing", "oauth2/password", "{}",
			 secrets, COUNT(secrets));
}

static void password_is_sent_with_its_user(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_for_user(op);
	struct refreshing_try try = tried_refresh(op, id, 200, NEW_ACCESS);

	assert_string_equal(try.call.body,
			    "grant_type=password&username=jane&password=pass-1"
			    "&client_id=their-client"
			    "&client_secret=their-secret");
	assert_string_equal(kept(op, id, "access_token"), "access-2");
}

static void answer_for_another_user_or_client_changes_nothing(void **state)
{
	static const struct new_credential other[] = {
		{"username", "joe", 0},
		{"client_id", "other-client", 0},
	};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(other); i++) {
		struct uuid id = made_for_user(op);
		struct job job = claimed(op, id);
		struct refreshing_try try = begun(op, &job);
		struct connection_view was, view;

		must(connection_get(op, id, &was));
		const struct connection_change change = {
			.metadata = was.connection.metadata,
			.settings = was.connection.settings,
			.secrets = &other[i],
			.secret_count = 1,
		};
		must(connection_update(op, &was, &change, &view));
		ended(op, &job, &try, 401, "{\"error\":\"invalid_client\"}");
		assert_string_equal(seen(op, id).status, "created");
		assert_true(job_due(op, id) != 0);
		assert_false(has_event(op, "connection.error", id));
	}
}

static struct uuid consented(struct op *op)
{
	const struct new_credential secrets[] = {
		{"access_token", "access-1", op->now + HOUR}};

	return connected(op, "microsoftAdminConsent", "custom", "{}", secrets,
			 COUNT(secrets));
}

static void apps_own_client_gets_a_token_for_the_tenant(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "microsoftAdminConsent", "{}");
	struct uuid id = consented(op);
	struct refreshing_try try = tried_refresh(op, id, 200, NEW_ACCESS);
	assert_string_equal(try.call.url,
			    "https://login.microsoftonline.com/their-tenant"
			    "/oauth2/v2.0/token");
	assert_string_equal(
		try.call.body,
		"grant_type=client_credentials"
		"&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
		"&client_id=client&client_secret=app-secret");
	assert_string_equal(kept(op, id, "access_token"), "access-2");
	/* it is the app that is refused, not what the customer agreed to */
	tried_refresh(op, id, 401, "{\"error\":\"invalid_client\"}");
	assert_string_equal(seen(op, id).status, "created");
}

static void apps_own_address_goes_before_the_tables(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	register_app(op, "microsoftAdminConsent", OWN_ADDRESS);
	struct uuid id = consented(op);
	assert_string_equal(tried_refresh(op, id, 200, NEW_ACCESS).call.url,
			    "https://own.example/token");
}

static struct uuid only_step(struct op *op)
{
	struct step_list steps;

	must(steps_of(op, op->deletion_id, &steps));
	assert_int_equal(steps.count, 1);
	return steps.items[0].id;
}

/* The connection goes while its refresh is under way. */
static struct uuid left_behind(struct op *op, int status, const char *body)
{
	struct uuid id = made_connection(op);
	struct job job = claimed(op, id);
	struct refreshing_try try = begun(op, &job);
	struct thing it = thing(op, THING_CONNECTION, id);

	assert_true(try.is_sent);
	gone(op, &it, &by_policy);
	struct uuid step = only_step(op);
	assert_string_equal(kept(op, step, REFRESH_SENT), "1");
	ended(op, &job, &try, status, body);
	assert_int_equal(job_due(op, id), 0);
	assert_false(has_event(op, "connection.refreshed", id));
	return step;
}

static int64_t step_due(struct op *op)
{
	struct job job;

	must(store_job_first(op, STEP_REVOKE, "box", &job));
	return job.due_at;
}

static void new_tokens_of_a_connection_that_went_are_ended_too(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = left_behind(op, 200, NEW_TOKENS);

	assert_string_equal(kept(op, step, "access_token"), "access-2");
	assert_string_equal(kept(op, step, "refresh_token"), "refresh-2");
	assert_null(kept(op, step, REFRESH_SENT));
	assert_int_equal(step_due(op), op->now);
}

static void refusal_after_a_connection_went_leaves_the_old_token(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = left_behind(op, 400, IS_GONE);

	assert_string_equal(kept(op, step, "refresh_token"), "refresh-1");
	assert_null(kept(op, step, REFRESH_SENT));
	assert_int_equal(step_due(op), op->now);
}

static void loss_after_a_connection_went_stays_a_doubt(void **state)
{
	static const int lost[] = {0, 503};
	struct store *s = *state;
	struct op *op = &s->op;

	store_commit(s);
	for (size_t i = 0; i < COUNT(lost); i++) {
		struct uuid step = left_behind(op, lost[i], "");

		assert_string_equal(kept(op, step, REFRESH_SENT), "1");
		assert_string_equal(kept(op, step, "refresh_token"),
				    "refresh-1");
		assert_int_equal(step_due(op), op->now + 45 * SECOND);
		store_undo(s);
	}
}

static void hidden_connection_is_looked_at_from_day_to_day(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct thing it = thing(op, THING_CONNECTION, id);
	struct job job = claimed(op, id);

	gone(op, &it, &softly);
	struct refreshing_try try = begun(op, &job);
	assert_false(try.is_there);
	assert_false(try.is_sent);
	ended(op, &job, &try, 0, "");
	assert_int_equal(job_due(op, id), op->now + DAY);
}

static void erased_connection_is_not_looked_at_again(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct thing it = thing(op, THING_CONNECTION, id);
	struct job job = claimed(op, id);

	gone(op, &it, &by_policy);
	passed_by(op, &job);
	assert_int_equal(job_due(op, id), 0);
}

/* Agreed to again while the old tokens are refreshed. */
static struct uuid agreed_again(struct op *op, bool is_wanted)
{
	const struct new_credential secrets[] = {
		{"access_token", "access-9", op->now + 10 * HOUR},
		{"refresh_token", "refresh-9", 0},
	};
	const struct connection_renewal renewal = {
		.settings = "{}",
		.secrets = secrets,
		.secret_count = COUNT(secrets),
	};
	struct uuid id = made_connection(op);
	struct job job = claimed(op, id);
	struct refreshing_try try = begun(op, &job);

	must(connection_renew(op, id, &renewal));
	if (is_wanted)
		asked_for(op, id);
	ended(op, &job, &try, 200, NEW_TOKENS);
	assert_string_equal(kept(op, id, "access_token"), "access-9");
	assert_string_equal(kept(op, id, "refresh_token"), "refresh-9");
	assert_int_equal(event_count(op, "connection.refreshed"), 0);
	assert_int_equal(seen(op, id).sent_at, 0);
	return id;
}

static void answer_for_older_tokens_changes_nothing(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = agreed_again(op, false);

	assert_int_equal(job_due(op, id), START + 10 * HOUR - 300 * SECOND);
}

static void who_asked_meanwhile_gets_a_try_of_the_new_ones(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = agreed_again(op, true);

	assert_int_equal(job_due(op, id), op->now);
	assert_string_equal(
		tried_refresh(op, id, 200, NEW_ACCESS).grant.refresh_token,
		"refresh-9");
}

static void job_of_another_lane_is_planned_in_the_connections(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	const struct job_new new = {
		.kind = REFRESHING_JOB,
		.lane = "box",
		.subject_id = id,
	};
	const struct job_lane lane = {
		.project_id = op->project_id,
		.lane = "box",
	};
	struct job job;

	must(refreshing_forget(op, id));
	assert_int_equal(job_due(op, id), 0);
	must(job_add(op, &new, NULL));
	must(job_claim(op, REFRESHING_JOB, &lane, JOB_LEASE_US, &job));
	passed_by(op, &job);
	assert_int_equal(job_due(op, id), START + HOUR - 300 * SECOND);
}

static void job_that_comes_too_early_waits_for_its_time(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);

	must(refresh_set_job(op, id, op->now));
	struct job job = claimed(op, id);
	passed_by(op, &job);
	assert_int_equal(job_due(op, id), START + HOUR - 300 * SECOND);
}

static void connection_with_nothing_to_send_is_left_alone(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_connection(op);
	struct job job = claimed(op, id);

	must(credential_drop(op, id, "refresh_token"));
	passed_by(op, &job);
	assert_int_equal(job_due(op, id), 0);
	assert_int_equal(seen(op, id).tries, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(refresh_that_lacks_something_asks_nobody),
		STORE_TEST(client_gets_its_token_by_its_own_credentials),
		STORE_TEST(clients_credentials_that_are_refused_are_bad),
		STORE_TEST(password_is_sent_with_its_user),
		STORE_TEST(answer_for_another_user_or_client_changes_nothing),
		STORE_TEST(apps_own_client_gets_a_token_for_the_tenant),
		STORE_TEST(apps_own_address_goes_before_the_tables),
		STORE_TEST(new_tokens_of_a_connection_that_went_are_ended_too),
		STORE_TEST(
			refusal_after_a_connection_went_leaves_the_old_token),
		STORE_TEST(loss_after_a_connection_went_stays_a_doubt),
		STORE_TEST(hidden_connection_is_looked_at_from_day_to_day),
		STORE_TEST(erased_connection_is_not_looked_at_again),
		STORE_TEST(answer_for_older_tokens_changes_nothing),
		STORE_TEST(who_asked_meanwhile_gets_a_try_of_the_new_ones),
		STORE_TEST(job_of_another_lane_is_planned_in_the_connections),
		STORE_TEST(job_that_comes_too_early_waits_for_its_time),
		STORE_TEST(connection_with_nothing_to_send_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
