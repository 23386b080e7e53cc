/* core/idempotency: answers that are given again. */
#include "support.h"

#include "core/idempotency.h"
#include "core/job.h"
#include "core/store.h"

static const struct kept_answer created = {
	.status = 201,
	.content_type = "application/json",
	.headers = "ETag: \"x\"\n",
	.body = "{\"a\":1}",
	.length = 7,
};

static struct once once_of(struct op *op, const char *key, const char *what)
{
	return (struct once){key,
			     digest_make(&op->keys->sign, what, strlen(what))};
}

/* A caller with a token of its own. */
static struct principal *caller(struct store *s, const struct project *project)
{
	struct principal *who = make_principal(&s->op, project, ROLE_ADMIN);

	who->token_id = uuid_make(s->op.now);
	s->op.principal = who;
	return who;
}

static void assert_answer(const struct kept_answer *kept)
{
	assert_int_equal(kept->status, created.status);
	assert_string_equal(kept->content_type, created.content_type);
	assert_string_equal(kept->headers, created.headers);
	assert_int_equal(kept->length, created.length);
	assert_memory_equal(kept->body, created.body, created.length);
}

static void a_key_is_visible_ascii(void **state)
{
	static const char *const good[] = {"a", "!", "~", "\"8e03978e\""};
	static const char *const bad[] = {"",	  " ",	   "a b",	 "a\t",
					  "\x7f", "\x01x", "caf\xc3\xa9"};
	char text[IDEMPOTENCY_KEY_MAX + 2];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(idempotency_key_is_valid(good[i]));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(idempotency_key_is_valid(bad[i]));
	memset(text, 'k', sizeof(text));
	text[IDEMPOTENCY_KEY_MAX] = '\0';
	assert_true(idempotency_key_is_valid(text));
	text[IDEMPOTENCY_KEY_MAX] = 'k';
	text[IDEMPOTENCY_KEY_MAX + 1] = '\0';
	assert_false(idempotency_key_is_valid(text));
}

static void the_first_answer_is_given_again(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	struct kept_answer kept;

	caller(s, &s->project);
	must_fail(idempotency_find(&s->op, &once, &kept), ERR_NOT_FOUND);
	must(idempotency_keep(&s->op, &once, &created));
	store_commit(s);
	must(idempotency_find(&s->op, &once, &kept));
	assert_answer(&kept);
	assert_false(s->op.has_secrets);
}

static void an_answer_without_a_body_is_one(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	const struct kept_answer empty = {.status = 204, .headers = ""};
	struct kept_answer kept;

	caller(s, &s->project);
	must(idempotency_keep(&s->op, &once, &empty));
	must(idempotency_find(&s->op, &once, &kept));
	assert_int_equal(kept.status, 204);
	assert_null(kept.content_type);
	assert_int_equal(kept.length, 0);
	assert_string_equal(kept.headers, "");
}

static void another_request_under_the_same_key_is_refused(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	struct once other = once_of(&s->op, "key", "another");
	struct kept_answer kept;

	caller(s, &s->project);
	must(idempotency_keep(&s->op, &once, &created));
	must_fail(idempotency_find(&s->op, &other, &kept), ERR_INVALID);
	assert_int_equal(s->op.issue_count, 1);
	assert_string_equal(s->op.issues[0].in, "header");
	assert_string_equal(s->op.issues[0].field, "Idempotency-Key");
}

static void keys_are_compared_to_the_letter(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	struct once upper = once_of(&s->op, "Key", "request");
	struct kept_answer kept;

	caller(s, &s->project);
	must(idempotency_keep(&s->op, &once, &created));
	must_fail(idempotency_find(&s->op, &upper, &kept), ERR_NOT_FOUND);
}

static void the_same_key_of_another_caller_is_another(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct once once = once_of(&s->op, "key", "request");
	struct principal *first = caller(s, &s->project);
	struct kept_answer kept;

	must(idempotency_keep(&s->op, &once, &created));
	caller(s, &s->project);
	must_fail(idempotency_find(&s->op, &once, &kept), ERR_NOT_FOUND);
	struct principal *foreign = caller(s, &other);
	foreign->token_id = first->token_id;
	must_fail(idempotency_find(&s->op, &once, &kept), ERR_NOT_FOUND);
	must(idempotency_keep(&s->op, &once, &created));
	assert_uuid_equal(s->op.project_id, s->project.id);
}

static void it_is_kept_whatever_project_was_entered(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	struct once once = once_of(&s->op, "key", "request");
	struct kept_answer kept;

	caller(s, &s->project);
	move_to(&s->op, other);
	must(idempotency_keep(&s->op, &once, &created));
	assert_uuid_equal(s->op.project_id, other.id);
	s->op.project_id = (struct uuid){{0}};
	must(idempotency_find(&s->op, &once, &kept));
	assert_answer(&kept);
	assert_true(uuid_is_nil(s->op.project_id));
}

static void after_a_day_the_key_is_free(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	struct once other = once_of(&s->op, "key", "another");
	struct kept_answer kept;

	caller(s, &s->project);
	must(idempotency_keep(&s->op, &once, &created));
	s->op.now = START + DAY - 1;
	must(idempotency_find(&s->op, &once, &kept));
	s->op.now = START + DAY;
	must_fail(idempotency_find(&s->op, &once, &kept), ERR_NOT_FOUND);
	must(idempotency_keep(&s->op, &other, &created));
	must(idempotency_find(&s->op, &other, &kept));
	must_fail(idempotency_find(&s->op, &once, &kept), ERR_INVALID);
}

/* As when another process has committed the same since we looked. */
static void who_comes_second_to_the_store_is_refused(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	struct once other = once_of(&s->op, "key", "another");
	struct kept_answer kept;

	caller(s, &s->project);
	must(idempotency_keep(&s->op, &once, &created));
	must_fail(idempotency_keep(&s->op, &other, &created), ERR_BUSY);
	must(idempotency_find(&s->op, &once, &kept));
	assert_answer(&kept);
}

static void it_is_undone_with_its_change(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	struct kept_answer kept;

	store_commit(s);
	caller(s, &s->project);
	must(idempotency_keep(&s->op, &once, &created));
	store_undo(s);
	must_fail(idempotency_find(&s->op, &once, &kept), ERR_NOT_FOUND);
}

static void an_answer_with_secrets_lies_sealed(void **state)
{
	struct store *s = *state;
	struct once once = once_of(&s->op, "key", "request");
	const struct kept_answer secret = {201, "text/plain", "",
					   "canary-of-the-answer", 20};
	struct kept_answer kept;

	caller(s, &s->project);
	s->op.has_secrets = true;
	must(idempotency_keep(&s->op, &once, &secret));
	assert_false(store_files_hold(s, "canary-of-the-answer"));
	s->op.has_secrets = false;
	must(idempotency_find(&s->op, &once, &kept));
	assert_int_equal(kept.length, 20);
	assert_memory_equal(kept.body, secret.body, 20);
	assert_true(s->op.has_secrets);
}

static void a_sealed_answer_opens_in_its_own_row_alone(void **state)
{
	struct store *s = *state;
	struct once first = once_of(&s->op, "first", "request");
	struct once second = once_of(&s->op, "second", "request");
	struct kept_answer kept;

	caller(s, &s->project);
	s->op.has_secrets = true;
	must(idempotency_keep(&s->op, &first, &created));
	s->op.now++;
	must(idempotency_keep(&s->op, &second, &created));
	store_script(s, "UPDATE idempotency SET body = (SELECT body FROM "
			"idempotency ORDER BY created_at LIMIT 1)");
	must(idempotency_find(&s->op, &first, &kept));
	must_fail(idempotency_find(&s->op, &second, &kept), ERR_IN_USE);
}

static int64_t row_count(struct store *s)
{
	return store_number(s, "SELECT COUNT(*) FROM idempotency");
}

static void keep_many(struct store *s, int count)
{
	for (int i = 0; i < count; i++) {
		const char *key = arena_printf(&s->op.arena, "%lld-%d",
					       (long long)s->op.now, i);
		struct once once = once_of(&s->op, key, "request");

		must(idempotency_keep(&s->op, &once, &created));
	}
}

/* The next one waits for each of the project's, wherever the op is. */
static bool has_sweep(struct store *s, struct job *ret)
{
	return store_job_first(&s->op, IDEMPOTENCY_JOB, IDEMPOTENCY_JOB, ret) ==
	       OK;
}

static void one_sweep_waits_for_all_that_is_kept(void **state)
{
	struct store *s = *state;
	struct job job;

	caller(s, &s->project);
	assert_false(has_sweep(s, &job));
	keep_many(s, 3);
	assert_true(s->op.has_jobs);
	assert_true(has_sweep(s, &job));
	assert_int_equal(job.due_at, START + DAY + IDEMPOTENCY_GRACE_US);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM job"), 1);
}

static void old_ones_are_swept_in_batches(void **state)
{
	struct store *s = *state;
	int64_t next_at;

	caller(s, &s->project);
	keep_many(s, IDEMPOTENCY_SWEEP_MAX + 10);
	s->op.now = START + SECOND;
	keep_many(s, 5);
	store_script(s, "DELETE FROM job");
	s->op.now = START + DAY;
	must(idempotency_sweep(&s->op, &next_at));
	assert_int_equal(row_count(s), 15);
	assert_int_equal(next_at, s->op.now);
	must(idempotency_sweep(&s->op, &next_at));
	assert_int_equal(row_count(s), 5);
	assert_int_equal(next_at, START + SECOND + DAY + IDEMPOTENCY_GRACE_US);
	s->op.now = START + SECOND + DAY;
	must(idempotency_sweep(&s->op, &next_at));
	assert_int_equal(row_count(s), 0);
	assert_int_equal(next_at, 0);
}

static void a_sweep_leaves_other_projects_alone(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");
	int64_t next_at;

	caller(s, &s->project);
	keep_many(s, 2);
	caller(s, &other);
	keep_many(s, 3);
	s->op.now = START + 2 * DAY;
	move_to(&s->op, other);
	must(idempotency_sweep(&s->op, &next_at));
	assert_int_equal(row_count(s), 2);
}

/* Planned while it ran: the other would come after what the first knows. */
static void a_sweep_goes_on_in_place_of_one_that_waits(void **state)
{
	struct store *s = *state;
	struct job job;
	int64_t next_at;

	caller(s, &s->project);
	keep_many(s, 2);
	must(idempotency_sweep(&s->op, &next_at));
	assert_int_equal(next_at, START + DAY + IDEMPOTENCY_GRACE_US);
	assert_int_equal(row_count(s), 2);
	assert_false(has_sweep(s, &job));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_visible_ascii),
		STORE_TEST(the_first_answer_is_given_again),
		STORE_TEST(an_answer_without_a_body_is_one),
		STORE_TEST(another_request_under_the_same_key_is_refused),
		STORE_TEST(keys_are_compared_to_the_letter),
		STORE_TEST(the_same_key_of_another_caller_is_another),
		STORE_TEST(it_is_kept_whatever_project_was_entered),
		STORE_TEST(after_a_day_the_key_is_free),
		STORE_TEST(who_comes_second_to_the_store_is_refused),
		STORE_TEST(it_is_undone_with_its_change),
		STORE_TEST(an_answer_with_secrets_lies_sealed),
		STORE_TEST(a_sealed_answer_opens_in_its_own_row_alone),
		STORE_TEST(one_sweep_waits_for_all_that_is_kept),
		STORE_TEST(old_ones_are_swept_in_batches),
		STORE_TEST(a_sweep_leaves_other_projects_alone),
		STORE_TEST(a_sweep_goes_on_in_place_of_one_that_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
