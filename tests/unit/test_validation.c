/* core/validation, core/git_hook, core/token_rotation: what is done for an
 * integration outside, and what comes in. */
#include "listening.h"

#include "core/git_hook.h"
#include "core/store.h"
#include "core/token_rotation.h"
#include "core/validation.h"

#define GITLAB                                                                 \
	"{\"rotate_token\":true,\"rotate_token_validity_in_weeks\":2,"         \
	"\"base_url\":\"https://g\",\"project\":\"a/b\","                      \
	"\"token_expires_at\":null}"

static enum error claim_of(struct op *op, const char *kind, struct uuid id,
			   struct job *ret)
{
	char lane[UUID_TEXT];
	const struct job_lane where = {.project_id = op->project_id,
				       .lane = lane};

	uuid_format(id, lane);
	return job_claim(op, kind, &where, JOB_LEASE_US, ret);
}

/* Tries it with this one answer. */
static struct activity tried(struct op *op, const struct integration *of,
			     int status)
{
	const struct outbound_answer answer = {.status = status, .body = ""};
	struct outbound_call call;
	struct validation validation;
	struct activity begun_one, ended;
	struct job job;

	must(validation_begin(op, of, &begun_one));
	must_fail(validation_outcome(op, begun_one.number, &ended), ERR_BUSY);
	must(claim_of(op, VALIDATION_JOB, of->id, &job));
	must(validation_take(op, &job, &validation));
	assert_true(probe_next(&validation.probe, &call));
	probe_take(&validation.probe, &answer);
	must(validation_end(op, &validation));
	must(validation_end(op, &validation)); /* the first one counts */
	return begun_one;
}

static void outcome_is_what_the_try_said(void **state)
{
	struct op *op = begun(*state);
	struct integration of = listener(op, "sumologic",
					 "{\"url\":\"https://l\"}", NULL, NULL);
	struct activity ended, one = tried(op, &of, 200);

	must(validation_outcome(op, one.number, &ended));
	one = tried(op, &of, 404);
	must_fail(validation_outcome(op, one.number, &ended), ERR_INVALID);
	assert_string_equal(op->issues[0].field, "url");
	assert_string_equal(op->issues[0].why, "answered with 404");
}

static void what_can_not_be_tried_is_refused(void **state)
{
	struct op *op = begun(*state);
	struct integration of = listener(op, "script", "{}", NULL, NULL);
	struct activity one;

	must_fail(validation_begin(op, &of, &one), ERR_INVALID);
	assert_string_equal(op->issues[0].field, "type");
}

static void cancelled_one_is_not_tried(void **state)
{
	struct op *op = begun(*state);
	struct integration of =
		listener(op, "health.email", "{\"recipients\":[]}", NULL, NULL);
	struct validation validation;
	struct activity one, ended;
	struct job job;

	must(validation_begin(op, &of, &one));
	must(claim_of(op, VALIDATION_JOB, of.id, &job));
	must(validation_take(op, &job, &validation));
	assert_string_equal(validation.probe.field, "recipients");
	must(activity_cancel(op, &one, &ended));
	must_fail(validation_take(op, &job, &validation), ERR_NOT_FOUND);
	must_fail(validation_outcome(op, one.number, &ended), ERR_INVALID);
	job.payload = "{}";
	must_fail(validation_take(op, &job, &validation), ERR_NOT_FOUND);
}

static void event_is_let_in_by_the_newest_secret_alone(void **state)
{
	struct op *op = begun(*state);
	struct integration of = listener(op, "gitlab", "{}", NULL, NULL);
	struct git_hook_proof proof = {.token = "", .body = "b", .length = 1};
	const char *first, *second;

	must_fail(git_hook_check(op, &of, &proof), ERR_FORBIDDEN);
	must(git_hook_renew(op, &of, &first));
	proof.token = first;
	must(git_hook_check(op, &of, &proof));
	must(git_hook_renew(op, &of, &second));
	must_fail(git_hook_check(op, &of, &proof), ERR_FORBIDDEN);
	proof.token = NULL;
	must_fail(git_hook_check(op, &of, &proof), ERR_FORBIDDEN);
	proof.signature = "00";
	must_fail(git_hook_check(op, &of, &proof), ERR_FORBIDDEN);
}

static void change_of_a_branch_is_an_activity(void **state)
{
	struct op *op = begun(*state);
	struct integration of = listener(op, "github", "{}", NULL, NULL);
	const struct git_change whole = {"environment.push", "a\"b", "c", "me"};
	const struct git_change bare = {"environment.delete", "x", NULL, NULL};
	struct activity made;

	must(git_hook_record(op, &of, &whole, &made));
	assert_string_equal(made.environments, "[\"a\\\"b\"]");
	must(git_hook_record(op, &of, &bare, &made));
	assert_uuid_equal(activity_of(op, of.id).id, made.id);
}

/* The job's next try is answered so; when it comes again. */
static int64_t rotate(struct op *op, const struct integration *of, int status,
		      const char *body)
{
	const struct outbound_answer answer = {.status = status,
					       .failure = "timed out",
					       .body = body,
					       .length = strlen(body)};
	struct token_rotation rotation;
	struct outbound_call call;
	struct job job;
	int64_t next_at;

	must(claim_of(op, TOKEN_ROTATION_JOB, of->id, &job));
	must(token_rotation_take(op, &job, &rotation));
	token_rotation_make(op, &rotation, &call);
	assert_memory_equal(
		call.url,
		"https://g/api/v4/personal_access_tokens/self/rotate?", 52);
	must(token_rotation_end(op, &job, &rotation, &answer, &next_at));
	const struct job_end end = {.what = next_at ? JOB_AGAIN : JOB_DONE,
				    .due_at = next_at};
	must(job_finish(op, &job, &end));
	return next_at;
}

static void new_token_takes_the_old_one_s_place(void **state)
{
	struct op *op = begun(*state);
	struct integration now,
		of = listener(op, "gitlab", GITLAB, "token", "old");
	struct credential_list secrets;
	int64_t next_at =
		rotate(op, &of, 200,
		       "{\"token\":\"new\",\"expires_at\":\"2099-01-01\"}");

	assert_true(next_at > op->now);
	must(credential_use(op, of.id, &secrets));
	assert_string_equal(credential_find(&secrets, "token")->value.bytes,
			    "new");
	must(store_integration_get(op, INTEGRATION_THIRD_PARTY, of.id, &now));
	assert_non_null(strstr(now.settings, "\"token_expires_at\":\"2099-01-01"
					     "T00:00:00"));
	assert_string_equal(activity_of(op, of.id).result, ACTIVITY_SUCCESS);
}

static void failure_keeps_the_token_and_comes_again(void **state)
{
	struct op *op = begun(*state);
	struct integration of = listener(op, "gitlab", GITLAB, "token", "old");
	struct credential_list secrets;

	assert_true(rotate(op, &of, 500, "") >= op->now);
	op->now += DAY;
	assert_true(rotate(op, &of, 0, "") >= op->now);
	must(credential_use(op, of.id, &secrets));
	assert_string_equal(credential_find(&secrets, "token")->value.bytes,
			    "old");
	assert_string_equal(activity_of(op, of.id).result, ACTIVITY_FAILURE);
}

static void token_without_an_end_is_rotated_once(void **state)
{
	struct op *op = begun(*state);
	struct integration of = listener(op, "gitlab", GITLAB, "token", "old");

	assert_int_equal(rotate(op, &of, 200, "{\"token\":\"new\"}"), 0);
}

static void
it_is_planned_for_a_new_token_and_dropped_when_unwanted(void **state)
{
	static const struct new_credential token = {"token", "other", 0};
	struct op *op = begun(*state);
	struct integration of = listener(op, "gitlab", GITLAB, "token", "old");
	struct token_rotation rotation;
	struct integration changed;
	struct job job;

	rotate(op, &of, 200,
	       "{\"token\":\"new\",\"expires_at\":\"2099-01-01\"}");
	must(integration_update(op, &of, NULL, 0, &changed));
	must_fail(claim_of(op, TOKEN_ROTATION_JOB, of.id, &job), ERR_NOT_FOUND);
	must(integration_update(op, &of, &token, 1, &changed));
	must(claim_of(op, TOKEN_ROTATION_JOB, of.id, &job));
	of.settings = "{\"rotate_token\":false}";
	must(integration_update(op, &of, NULL, 0, &changed));
	must_fail(token_rotation_take(op, &job, &rotation), ERR_NOT_FOUND);
}

static void what_is_gone_is_rotated_no_more(void **state)
{
	const struct outbound_answer answer = {.status = 200, .body = ""};
	struct op *op = begun(*state);
	struct integration of = listener(op, "gitlab", GITLAB, "token", "old");
	struct token_rotation rotation;
	struct job job;
	int64_t next_at;

	must(claim_of(op, TOKEN_ROTATION_JOB, of.id, &job));
	must(token_rotation_take(op, &job, &rotation));
	must(store_integration_remove(op, of.id));
	must(token_rotation_end(op, &job, &rotation, &answer, &next_at));
	assert_int_equal(next_at, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(outcome_is_what_the_try_said),
		STORE_TEST(what_can_not_be_tried_is_refused),
		STORE_TEST(cancelled_one_is_not_tried),
		STORE_TEST(event_is_let_in_by_the_newest_secret_alone),
		STORE_TEST(change_of_a_branch_is_an_activity),
		STORE_TEST(new_token_takes_the_old_one_s_place),
		STORE_TEST(failure_keeps_the_token_and_comes_again),
		STORE_TEST(token_without_an_end_is_rotated_once),
		STORE_TEST(
			it_is_planned_for_a_new_token_and_dropped_when_unwanted),
		STORE_TEST(what_is_gone_is_rotated_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
