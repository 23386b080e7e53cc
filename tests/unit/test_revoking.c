/* core/step: the tries that end a grant, over a real store. */
#include "support.h"

#include "core/credential.h"
#include "core/deletion.h"
#include "core/provider_app.h"
#include "core/step.h"

#define HOUR (3600 * SECOND)

static void register_app(struct op *op, const char *provider)
{
	const struct provider_app new = {
		.provider = provider,
		.client_id = "client",
		.scopes = "[]",
		.metadata = "{\"providerParams\":{\"tokenUrl\":"
			    "\"https://own.example/token\"}}",
	};
	struct provider_app made;

	must(provider_app_create(op, &new, "app-secret", &made));
}

/* The step that is left of a connection with these tokens. */
static struct uuid let_go(struct op *op, const char *provider,
			  int64_t expires_at, const char *refresh_token)
{
	const struct new_credential secrets[] = {
		{"access_token", "access-1", expires_at},
		{"refresh_token", refresh_token, 0},
	};
	struct step_list steps;

	register_app(op, provider);
	struct uuid id = connect_grant(op, "acme", provider, secrets,
				       refresh_token ? 2 : 1);
	must(delete_connection(op, id, false));
	must(steps_of(op, op->deletion_id, &steps));
	assert_int_equal(steps.count, 1);
	return steps.items[0].id;
}

static struct revoking begun(struct op *op, struct uuid step)
{
	struct revoking ret;

	must(step_begin_revoking(op, step, &ret));
	assert_null(ret.lack);
	return ret;
}

/* When the next try is; `status` 0: no answer came. */
static int64_t ended(struct op *op, const struct revoking *revoking, int status,
		     const char *body)
{
	const struct outbound_answer answer = {
		.status = status,
		.failure = status ? NULL : "no whole answer",
		.body = body,
		.length = strlen(body),
	};
	int64_t next_at;

	must(step_end_revoking(op, revoking, &answer, &next_at));
	return next_at;
}

static const char *bearer(const struct revoking *revoking)
{
	const struct outbound_call *call = &revoking->call;

	for (size_t i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, "Authorization") == 0)
			return call->headers[i].value;
	return NULL;
}

static struct step seen(struct op *op, struct uuid step)
{
	struct step ret;

	must(step_get(op, op->deletion_id, step, &ret));
	return ret;
}

static void is_done(struct op *op, struct uuid step, const char *reason)
{
	struct step found = seen(op, step);
	struct credential_list left;

	assert_string_equal(found.state, STEP_DONE);
	assert_string_equal(found.reason, reason);
	must(credential_read(op, "step", step, &left));
	assert_int_equal(left.count, 0);
}

#define NEW_TOKENS                                                             \
	"{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\","      \
	"\"expires_in\":3600}"

static void grant_that_somebody_lives_by_again_is_not_ended(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "box", 0, "refresh-1");
	const struct new_credential again[] = {
		{"refresh_token", "refresh-1", 0}};

	assert_false(begun(op, step).is_shared);
	connect_grant(op, "acme", "box", again, 1);
	struct revoking try = begun(op, step);
	assert_true(try.is_shared);
	assert_null(try.call.url);
	assert_int_equal(ended(op, &try, 0, ""), 0);
	is_done(op, step, "shared");
	assert_true(event_count(op, "grant.kept") == 1);
}

static void step_that_was_given_up_while_it_was_tried_stays_so(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = let_go(op, "box", 0, "refresh-1");
	struct revoking try = begun(op, id);
	struct step step;

	must(step_abandon(op, op->deletion_id, id, "account gone", &step));
	assert_int_equal(ended(op, &try, 500, ""), 0);
	assert_string_equal(seen(op, id).state, STEP_ABANDONED);
	assert_string_equal(seen(op, id).reason, "account gone");
	assert_int_equal(ended(op, &try, 200, ""), 0);
	assert_string_equal(seen(op, id).state, STEP_ABANDONED);
}

static void token_that_may_have_expired_is_refreshed_first(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", START - HOUR, "refresh-1");
	struct revoking try = begun(op, step);

	assert_true(try.is_refresh);
	assert_string_equal(try.call.url, "https://own.example/token");
	assert_non_null(strstr(try.call.body, "refresh_token=refresh-1"));
	assert_int_equal(ended(op, &try, 200, NEW_TOKENS), op->now);
	try = begun(op, step);
	assert_false(try.is_refresh);
	assert_string_equal(bearer(&try), "Bearer access-2");
	assert_int_equal(ended(op, &try, 200, "null"), 0);
	is_done(op, step, "revoked");
}

static void token_of_unknown_age_is_refreshed_first(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", 0, "refresh-1");

	assert_true(begun(op, step).is_refresh);
}

static void token_that_lives_is_sent_as_it_is(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", START + HOUR, "refresh-1");
	struct revoking try = begun(op, step);

	assert_false(try.is_refresh);
	assert_string_equal(bearer(&try), "Bearer access-1");
	/* but was ended before its time */
	assert_int_equal(ended(op, &try, 401, ""), op->now);
	assert_string_equal(seen(op, step).state, STEP_WAITING);
	try = begun(op, step);
	assert_true(try.is_refresh);
	assert_int_equal(ended(op, &try, 400, "{\"error\":\"invalid_grant\"}"),
			 0);
	is_done(op, step, "already gone");
}

static void token_that_nothing_refreshes_is_sent_as_it_is(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", START - HOUR, NULL);
	struct revoking try = begun(op, step);

	assert_string_equal(bearer(&try), "Bearer access-1");
	assert_int_equal(ended(op, &try, 401, ""), 0);
	is_done(op, step, "already gone");
}

static void refresh_token_is_sent_where_it_is_wanted(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "box", START - HOUR, "refresh-1");
	struct revoking try = begun(op, step);

	assert_false(try.is_refresh);
	assert_non_null(strstr(try.call.body, "token=refresh-1&"));
}

static void rotated_token_is_kept_for_later_tries(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", 0, "refresh-1");
	struct revoking try = begun(op, step);

	ended(op, &try, 200, NEW_TOKENS);
	try = begun(op, step);
	assert_true(ended(op, &try, 503, "") > op->now);
	try = begun(op, step);
	assert_string_equal(bearer(&try), "Bearer access-2");
	op->now += 300 * SECOND; /* well before its time, but not surely */
	try = begun(op, step);
	assert_true(try.is_refresh);
	assert_non_null(strstr(try.call.body, "refresh_token=refresh-2"));
}

static void token_that_lives_for_seconds_is_used_for_some(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", 0, "refresh-1");
	struct revoking try = begun(op, step);

	ended(op, &try, 200, "{\"access_token\":\"a-2\",\"expires_in\":4}");
	op->now += 5 * SECOND - 1;
	try = begun(op, step);
	assert_string_equal(bearer(&try), "Bearer a-2");
	op->now++;
	try = begun(op, step);
	assert_true(try.is_refresh);
	/* which was not rotated */
	assert_non_null(strstr(try.call.body, "refresh_token=refresh-1"));
}

static void fresh_token_that_is_refused_waits(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "linear", 0, "refresh-1");
	struct revoking try = begun(op, step);

	ended(op, &try, 200, NEW_TOKENS);
	try = begun(op, step);
	assert_true(ended(op, &try, 401, "") > op->now);
	assert_string_equal(seen(op, step).answer, "401");
}

static void lost_refresh_is_no_proof_that_the_grant_is_gone(void **state)
{
	static const int lost[] = {0, 500};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(lost); i++) {
		struct uuid step = let_go(op, "dropbox", 0, "refresh-1");
		struct revoking try = begun(op, step);

		assert_true(ended(op, &try, lost[i], "") > op->now);
		try = begun(op, step);
		assert_true(ended(op, &try, 400,
				  "{\"error\":\"invalid_grant\"}") > op->now);
		assert_string_equal(seen(op, step).state, STEP_WAITING);
		assert_string_equal(seen(op, step).answer,
				    "400 invalid_grant, after a refresh "
				    "without an answer");
		/* one that works settles it */
		try = begun(op, step);
		assert_int_equal(ended(op, &try, 200, NEW_TOKENS), op->now);
		op->now += 2 * HOUR;
		try = begun(op, step);
		assert_int_equal(
			ended(op, &try, 400, "{\"error\":\"invalid_grant\"}"),
			0);
		is_done(op, step, "already gone");
	}
}

static void killed_refresh_counts_as_lost(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", 0, "refresh-1");
	struct revoking try = begun(op, step); /* and no end */

	assert_false(try.is_unsure);
	try = begun(op, step);
	assert_true(try.is_unsure);
	assert_true(ended(op, &try, 400, "{\"error\":\"invalid_grant\"}") >
		    op->now);
}

static void refused_refresh_was_answered(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid step = let_go(op, "dropbox", 0, "refresh-1");
	struct revoking try = begun(op, step);

	assert_true(ended(op, &try, 401, "{\"error\":\"invalid_client\"}") >
		    op->now);
	assert_string_equal(seen(op, step).answer, "401 invalid_client");
	assert_false(begun(op, step).is_unsure);
}

static void no_new_token_stands_in_the_files(void **state)
{
	struct store *s = *state;
	struct uuid step = let_go(&s->op, "dropbox", 0, "refresh-1");
	struct revoking try = begun(&s->op, step);

	ended(&s->op, &try, 200, NEW_TOKENS);
	assert_false(store_files_hold(s, "access-2"));
	assert_false(store_files_hold(s, "refresh-2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(grant_that_somebody_lives_by_again_is_not_ended),
		STORE_TEST(step_that_was_given_up_while_it_was_tried_stays_so),
		STORE_TEST(token_that_may_have_expired_is_refreshed_first),
		STORE_TEST(token_of_unknown_age_is_refreshed_first),
		STORE_TEST(token_that_lives_is_sent_as_it_is),
		STORE_TEST(token_that_nothing_refreshes_is_sent_as_it_is),
		STORE_TEST(refresh_token_is_sent_where_it_is_wanted),
		STORE_TEST(rotated_token_is_kept_for_later_tries),
		STORE_TEST(token_that_lives_for_seconds_is_used_for_some),
		STORE_TEST(fresh_token_that_is_refused_waits),
		STORE_TEST(lost_refresh_is_no_proof_that_the_grant_is_gone),
		STORE_TEST(killed_refresh_counts_as_lost),
		STORE_TEST(refused_refresh_was_answered),
		STORE_TEST(no_new_token_stands_in_the_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
