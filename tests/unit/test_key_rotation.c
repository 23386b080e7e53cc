/* core/key_rotation: a project's key is replaced, and nothing is lost. */
#include "support.h"

#include "base/keyring.h"
#include "core/credential.h"
#include "core/idempotency.h"
#include "core/key_rotation.h"
#include "core/project_key.h"
#include "core/store.h"

enum { SECRETS = 3 * KEY_ROTATION_BATCH + 5 };

static struct uuid owner_of(int i)
{
	return (struct uuid){{1, (unsigned char)(i >> 8), (unsigned char)i}};
}

static void put(struct op *op, int i, const char *value)
{
	must(credential_put(op, owner_of(i), "token", value, START + i));
	must(credential_put(op, owner_of(i), "other", "same", 0));
}

static void put_many(struct op *op)
{
	for (int i = 0; i < SECRETS / 2; i++)
		put(op, i, arena_printf(&op->arena, "value-%d", i));
}

static void assert_value(struct op *op, int i, const char *value)
{
	struct credential_list list;

	must(credential_read(op, "connection", owner_of(i), &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[1].name, "token");
	assert_string_equal((const char *)list.items[1].value.bytes, value);
	assert_int_equal(list.items[1].expires_at, START + i);
}

static void assert_many(struct op *op)
{
	for (int i = 0; i < SECRETS / 2; i++)
		assert_value(op, i, arena_printf(&op->arena, "value-%d", i));
}

static struct key_status status_of(struct op *op)
{
	struct key_status status;

	must(key_rotation_status(op, &status));
	return status;
}

/* How many batches it took. */
static int settle(struct op *op)
{
	bool is_settled = false;
	int batches = 0;

	for (; !is_settled; batches++)
		must(key_rotation_go_on(op, &is_settled));
	return batches;
}

static int64_t under(struct store *s, int version)
{
	return store_number(s, arena_printf(&s->op.arena,
					    "SELECT COUNT(*) FROM secret "
					    "WHERE key_version = %d",
					    version));
}

static void all_is_sealed_anew_and_the_old_key_goes(void **state)
{
	struct store *s = *state;
	struct project_key key = {0};

	put_many(&s->op);
	must(key_rotation_begin(&s->op));
	struct key_status status = status_of(&s->op);
	assert_int_equal(status.version, 2);
	assert_false(status.is_settled);
	assert_int_equal(status.older_count, 1);
	assert_int_equal(under(s, 1), SECRETS - 1);
	assert_many(&s->op);
	assert_true(settle(&s->op) >= 4);
	status = status_of(&s->op);
	assert_true(status.is_settled);
	assert_int_equal(status.settled_at, START);
	assert_int_equal(status.resealed, SECRETS - 1);
	assert_int_equal(status.older_count, 0);
	assert_int_equal(under(s, 2), SECRETS - 1);
	assert_many(&s->op);
	must_fail(project_key_use(&s->op, 1, &key), ERR_NOT_FOUND);
	assert_true(has_event(&s->op, "key.rotated", s->project.id));
	assert_true(has_event(&s->op, "key.settled", s->project.id));
	assert_int_equal(settle(&s->op), 1); /* nothing more to do */
}

static void what_is_new_is_under_the_new_key_at_once(void **state)
{
	struct store *s = *state;

	put_many(&s->op);
	must(key_rotation_begin(&s->op));
	put(&s->op, 3, "changed");
	put(&s->op, 5000, "new");
	assert_int_equal(under(s, 2), 4);
	assert_value(&s->op, 3, "changed");
	settle(&s->op);
	assert_value(&s->op, 3, "changed");
	assert_value(&s->op, 5000, "new");
	assert_int_equal(status_of(&s->op).resealed, SECRETS - 3);
}

static void until_the_end_everything_opens(void **state)
{
	struct store *s = *state;
	bool is_settled = false;
	struct key_status status;

	put_many(&s->op);
	must(key_rotation_begin(&s->op));
	while (!is_settled) {
		must(key_rotation_go_on(&s->op, &is_settled));
		assert_many(&s->op);
		status = status_of(&s->op);
		assert_int_equal(status.older_count, !is_settled);
	}
}

static void a_batch_that_is_undone_is_done_again(void **state)
{
	struct store *s = *state;
	bool is_settled;

	put_many(&s->op);
	must(key_rotation_begin(&s->op));
	store_commit(s);
	must(key_rotation_go_on(&s->op, &is_settled));
	store_undo(s);
	assert_int_equal(under(s, 1), SECRETS - 1);
	settle(&s->op);
	assert_int_equal(status_of(&s->op).resealed, SECRETS - 1);
	assert_many(&s->op);
}

static void another_rotation_takes_what_two_older_keys_sealed(void **state)
{
	struct store *s = *state;
	bool is_settled;

	put_many(&s->op);
	must(key_rotation_begin(&s->op));
	must(key_rotation_go_on(&s->op, &is_settled));
	must(key_rotation_begin(&s->op));
	assert_int_equal(status_of(&s->op).version, 3);
	assert_int_equal(status_of(&s->op).older_count, 2);
	settle(&s->op);
	assert_int_equal(under(s, 3), SECRETS - 1);
	assert_int_equal(status_of(&s->op).older_count, 0);
	assert_many(&s->op);
}

static void one_job_waits_for_a_project(void **state)
{
	struct store *s = *state;

	must(key_rotation_begin(&s->op));
	must(key_rotation_begin(&s->op));
	assert_true(s->op.has_jobs);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM job"), 1);
}

static void other_projects_are_left_alone(void **state)
{
	struct store *s = *state;
	struct project other = make_project(&s->op, "acme", "other");

	put(&s->op, 1, "mine");
	move_to(&s->op, other);
	put(&s->op, 1, "theirs");
	move_to(&s->op, s->project);
	must(key_rotation_begin(&s->op));
	settle(&s->op);
	assert_value(&s->op, 1, "mine");
	assert_int_equal(under(s, 1), 2);
	move_to(&s->op, other);
	assert_value(&s->op, 1, "theirs");
	assert_int_equal(status_of(&s->op).version, 1);
}

static void keep_answer(struct op *op, int i, bool has_secrets)
{
	const struct once once = {.key = arena_printf(&op->arena, "key-%d", i)};
	const char *body = arena_printf(&op->arena, "answer-%d", i);
	const struct kept_answer answer = {.status = 201,
					   .headers = "",
					   .body = body,
					   .length = strlen(body)};

	op->has_secrets = has_secrets;
	must(idempotency_keep(op, &once, &answer));
}

static void assert_answer(struct op *op, int i)
{
	const struct once once = {.key = arena_printf(&op->arena, "key-%d", i)};
	const char *body = arena_printf(&op->arena, "answer-%d", i);
	struct kept_answer kept;

	must(idempotency_find(op, &once, &kept));
	assert_int_equal(kept.length, strlen(body));
	assert_memory_equal(kept.body, body, kept.length);
}

static void kept_answers_are_shown_after_it(void **state)
{
	struct store *s = *state;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
	for (int i = 0; i < SECRETS; i++)
		keep_answer(&s->op, i, i % 2);
	must(key_rotation_begin(&s->op));
	for (int i = 0; i < SECRETS; i++)
		assert_answer(&s->op, i);
	settle(&s->op);
	for (int i = 0; i < SECRETS; i++)
		assert_answer(&s->op, i);
	assert_int_equal(status_of(&s->op).resealed, SECRETS / 2);
}

/* Its key stays, for as long as there is something that may need it. */
static void a_spoiled_value_keeps_the_old_key(void **state)
{
	struct store *s = *state;
	bool is_settled;

	put(&s->op, 1, "whole");
	put(&s->op, 2, "spoiled");
	store_script(s, "UPDATE secret SET sealed = x'01' WHERE name = "
			"'token' AND owner_id = x'010002" /* 16 bytes */
			"00000000000000000000000000'");
	must(key_rotation_begin(&s->op));
	must_fail(key_rotation_go_on(&s->op, &is_settled), ERR_INTERNAL);
	assert_int_equal(status_of(&s->op).older_count, 1);
	assert_value(&s->op, 1, "whole");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(all_is_sealed_anew_and_the_old_key_goes),
		STORE_TEST(what_is_new_is_under_the_new_key_at_once),
		STORE_TEST(until_the_end_everything_opens),
		STORE_TEST(a_batch_that_is_undone_is_done_again),
		STORE_TEST(another_rotation_takes_what_two_older_keys_sealed),
		STORE_TEST(one_job_waits_for_a_project),
		STORE_TEST(other_projects_are_left_alone),
		STORE_TEST(kept_answers_are_shown_after_it),
		STORE_TEST(a_spoiled_value_keeps_the_old_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
