/* core/step: steps of a deletion, as a person handles them. */
#include "letting_go.h"

#include "core/job.h"
#include "core/step.h"
#include "core/store.h"

static const struct outbound_answer fine = {.status = 200, .body = ""};
static const struct outbound_answer nothing = {.failure = "timed out",
					       .body = ""};

static struct uuid register_app(struct op *op, const char *client_id,
				const char *metadata)
{
	const struct provider_app new = {
		.provider = "box",
		.client_id = client_id,
		.scopes = "[]",
		.metadata = metadata,
	};
	struct provider_app made;

	must(provider_app_create(op, &new, "app-secret", &made));
	return made.id;
}

/* The n-th step of the last deletion. */
static struct uuid nth(struct op *op, size_t n)
{
	struct step_list steps;

	must(steps_of(op, op->deletion_id, &steps));
	assert_true(n < steps.count);
	return steps.items[n].id;
}

static struct uuid let_go(struct op *op, struct uuid connection)
{
	struct thing it = thing(op, THING_CONNECTION, connection);

	gone(op, &it, &by_policy);
	return nth(op, 0);
}

/* Of one with a grant at Box. */
static struct uuid made_step(struct op *op)
{
	return let_go(op, grant_of(op, "acme", "box", "refresh-1"));
}

static struct step seen(struct op *op, struct uuid id)
{
	struct step ret;

	must(step_get(op, op->deletion_id, id, &ret));
	return ret;
}

static const char *deletion_state(struct op *op)
{
	struct deletion deletion;

	must(receipt_get(op, op->deletion_id, &deletion));
	return deletion.state;
}

static int64_t tried(struct op *op, struct uuid id,
		     const struct outbound_answer *answer)
{
	struct revoking revoking;
	int64_t next_at;

	must(step_begin_revoking(op, id, &revoking));
	must(step_end_revoking(op, &revoking, answer, &next_at));
	return next_at;
}

static size_t secrets_of(struct op *op, struct uuid id)
{
	struct credential_list left;

	must(credential_use(op, id, &left));
	return left.count;
}

static void step_is_known_in_its_own_deletion_alone(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_step(op), deletion = op->deletion_id;
	struct step step;

	must(step_get(op, deletion, id, &step));
	assert_uuid_equal(step.deletion_id, deletion);
	must_fail(step_get(op, op->project_id, id, &step), ERR_NOT_FOUND);
	assert_memory_equal(op->detail, "this deletion has no step ", 26);
	must_fail(step_get(op, deletion, op->project_id, &step), ERR_NOT_FOUND);
	must_fail(step_retry(op, op->project_id, id, &step), ERR_NOT_FOUND);
	must_fail(step_abandon(op, op->project_id, id, "why", &step),
		  ERR_NOT_FOUND);
	assert_string_equal(seen(op, id).state, STEP_WAITING);
}

static void step_that_is_retried_is_due_at_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id;
	struct step step;
	struct job job;

	register_app(op, "client", "{}");
	id = made_step(op);
	int64_t next_at = tried(op, id, &nothing);
	assert_true(next_at > 0);
	assert_int_equal(seen(op, id).next_at, next_at);
	must(store_job_first(op, STEP_REVOKE, "box", &job));
	must(store_job_claim(op, &job, op->now + JOB_LEASE_US));
	job.fence++;
	must(store_job_again(op, &job, 1, op->now + DAY));
	op->now += SECOND;
	op->has_jobs = false;
	must(step_retry(op, op->deletion_id, id, &step));
	assert_int_equal(step.next_at, op->now);
	assert_int_equal(seen(op, id).next_at, op->now);
	assert_int_equal(seen(op, id).updated_at, op->now);
	assert_int_equal(seen(op, id).attempts, 1);
	must(store_job_first(op, STEP_REVOKE, "box", &job));
	assert_uuid_equal(job.subject_id, id);
	assert_int_equal(job.due_at, op->now);
	assert_true(op->has_jobs);
	assert_int_equal(event_count(op, "step.retried"), 1);
	assert_non_null(strstr(payload_of(op, "step.retried"), "timed out"));
}

static void step_that_was_given_up_is_not_taken_up_again(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_step(op);
	struct revoking revoking;
	struct step step;

	assert_string_equal(deletion_state(op), DELETION_WAITING);
	assert_true(secrets_of(op, id) > 0);
	must(step_abandon(op, op->deletion_id, id, "account closed", &step));
	assert_string_equal(step.state, STEP_ABANDONED);
	assert_string_equal(seen(op, id).reason, "account closed");
	assert_int_equal(seen(op, id).next_at, 0);
	assert_int_equal(secrets_of(op, id), 0);
	assert_string_equal(deletion_state(op), DELETION_DONE);
	assert_non_null(
		strstr(payload_of(op, "grant.abandoned"), "account closed"));
	must_fail(step_retry(op, op->deletion_id, id, &step), ERR_IN_USE);
	assert_string_equal(op->detail, "the step is abandoned");
	must_fail(step_abandon(op, op->deletion_id, id, "again", &step),
		  ERR_IN_USE);
	must_fail(step_begin_revoking(op, id, &revoking), ERR_NOT_FOUND);
	assert_string_equal(seen(op, id).reason, "account closed");
	assert_int_equal(event_count(op, "step.retried"), 0);
}

static void deletion_is_done_with_its_last_step(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct thing group;
	struct connection_view view;

	register_app(op, "client", "{}");
	grant_of(op, "acme", "box", "refresh-1");
	must(connection_get(op, grant_of(op, "acme", "box", "refresh-2"),
			    &view));
	group = thing(op, THING_GROUP, view.group.id);
	gone(op, &group, &by_policy);
	assert_int_equal(tried(op, nth(op, 0), &fine), 0);
	assert_string_equal(seen(op, nth(op, 0)).state, STEP_DONE);
	assert_string_equal(seen(op, nth(op, 1)).state, STEP_WAITING);
	assert_string_equal(deletion_state(op), DELETION_WAITING);
	assert_int_equal(tried(op, nth(op, 1), &fine), 0);
	assert_string_equal(deletion_state(op), DELETION_DONE);
	assert_int_equal(event_count(op, "grant.revoked"), 2);
}

static struct uuid connect_through(struct op *op, struct uuid app)
{
	const struct new_credential secrets[] = {
		{"refresh_token", "refresh-1", 0}};
	const struct connection_new new = {
		.provider = "box",
		.auth_scheme = "oauth2/authorizationCode",
		.metadata = "{}",
		.settings = "{}",
		.parties.group_ref = "acme",
		.parties.consumer_ref = "jane",
		.provider_app_id = app,
		.secrets = secrets,
		.secret_count = COUNT(secrets),
	};
	struct connection_view view;

	must(connection_create(op, &new, &view));
	return view.connection.id;
}

static void grant_is_ended_by_the_app_that_it_was_given_to(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct step step;

	register_app(op, "first", "{}");
	struct uuid app = register_app(op, "second", "{}");
	step = seen(op, let_go(op, connect_through(op, app)));
	assert_string_equal(step_fact(op, &step, "clientId"), "second");
	/* without it, by another one of the provider's */
	struct uuid other = connect_through(op, app);
	must(provider_app_erase(op, app));
	step = seen(op, let_go(op, other));
	assert_string_equal(step_fact(op, &step, "clientId"), "first");
}

static void app_that_is_made_later_ends_the_grant_as_well(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = made_step(op);
	struct revoking revoking;
	int64_t next_at;

	must(step_begin_revoking(op, id, &revoking));
	assert_string_equal(revoking.lack, "the client id is not known");
	assert_null(revoking.call.url);
	must(step_end_revoking(op, &revoking, &nothing, &next_at));
	assert_true(next_at > 0);
	assert_string_equal(seen(op, id).answer, "the client id is not known");
	assert_string_equal(seen(op, id).state, STEP_WAITING);
	register_app(op, "late",
		     "{\"providerParams\":{"
		     "\"revocationUrl\":\"https://own.example/revoke\"}}");
	must(step_begin_revoking(op, id, &revoking));
	assert_null(revoking.lack);
	assert_string_equal(revoking.call.url, "https://own.example/revoke");
	assert_non_null(strstr(revoking.call.body, "client_id=late"));
	assert_non_null(strstr(revoking.call.body, "client_secret=app-secret"));
	must(step_end_revoking(op, &revoking, &fine, &next_at));
	assert_int_equal(next_at, 0);
	assert_string_equal(seen(op, id).reason, "revoked");
}

static void step_without_a_provider_is_our_own_fault(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct revoking revoking;

	made_step(op);
	const struct step step = {
		.id = uuid_make(op->now),
		.deletion_id = op->deletion_id,
		.kind = STEP_REVOKE,
		.subject_kind = "connection",
		.subject_id = op->project_id,
		.facts = "{}",
		.state = STEP_WAITING,
		.created_at = op->now,
	};
	must(store_step_add(op, &step));
	must_fail(step_begin_revoking(op, step.id, &revoking), ERR_INTERNAL);
	assert_string_equal(op->detail, "a step has no provider");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(step_is_known_in_its_own_deletion_alone),
		STORE_TEST(step_that_is_retried_is_due_at_once),
		STORE_TEST(step_that_was_given_up_is_not_taken_up_again),
		STORE_TEST(deletion_is_done_with_its_last_step),
		STORE_TEST(grant_is_ended_by_the_app_that_it_was_given_to),
		STORE_TEST(app_that_is_made_later_ends_the_grant_as_well),
		STORE_TEST(step_without_a_provider_is_our_own_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
