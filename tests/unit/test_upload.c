/* core/upload: where a file may be sent, who gets it, and how long. */
#include "deliveries.h"

#include "core/deletion.h"
#include "core/store.h"
#include "core/upload.h"

static struct upload_address given(struct store *s, const char *md5)
{
	struct upload_address to;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
	upload_address_make(&s->op, md5, &to);
	return to;
}

static void what_was_sent_is_got(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address to = given(s, "");
	const struct principal *who = op->principal;
	struct upload_content got;

	op->principal = NULL;
	op->project_id = (struct uuid){{0}};
	must(upload_put(op, &to, "a\0b", 3));
	assert_uuid_equal(op->project_id, s->project.id);
	op->principal = who;
	op->project_id = (struct uuid){{0}};
	must(upload_get(op, s->project.id, to.id, &got));
	assert_int_equal(got.length, 3);
	assert_memory_equal(got.bytes, "a\0b", 3);
	assert_true(uuid_is_nil(op->project_id));
}

static void what_was_not_sent_is_unknown(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address to = given(s, "");
	struct upload_content got;

	must_fail(upload_get(op, s->project.id, to.id, &got), ERR_NOT_FOUND);
}

static void another_projects_is_unknown(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct project other = make_project(op, "acme", "other");
	struct upload_address to = given(s, "");
	struct upload_content got;

	must(upload_put(op, &to, "x", 1));
	op->principal = make_principal(op, &other, ROLE_ADMIN);
	must_fail(upload_get(op, s->project.id, to.id, &got), ERR_NOT_FOUND);
	must_fail(upload_get(op, other.id, to.id, &got), ERR_NOT_FOUND);
}

static void must_refuse(struct op *op, const struct upload_address *to)
{
	op->remedy = NULL;
	must_fail(upload_put(op, to, "x", 1), ERR_FORBIDDEN);
	assert_string_equal(op->detail,
			    "this upload URL was not given out, or is over");
	assert_non_null(op->remedy);
}

static void an_address_that_was_not_given_out_is_refused(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct project other = make_project(op, "acme", "other");
	const struct upload_address to = given(s, "1B2M2Y8AsgTpgAmY7PhCfg==");
	struct upload_address forged = to;

	forged.md5 = "";
	must_refuse(op, &forged);
	forged = to;
	forged.project_id = other.id;
	must_refuse(op, &forged);
	forged = to;
	forged.id = uuid_make(op->now);
	must_refuse(op, &forged);
	forged = to;
	forged.signature[0] ^= 1;
	must_refuse(op, &forged);
	forged = to;
	forged.signature[DIGEST_TEXT - 2] = '\0';
	must_refuse(op, &forged);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM upload"), 0);
	must(upload_put(op, &to, "x", 1));
}

static void an_address_is_good_for_a_while(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address to = given(s, "");
	int64_t made_at = uuid_time_us(to.id);
	struct upload_content got;

	op->now = made_at - UPLOAD_LIFETIME_US - 1;
	must_refuse(op, &to);
	op->now = made_at + UPLOAD_LIFETIME_US - 1;
	must(upload_put(op, &to, "x", 1));
	must(upload_get(op, s->project.id, to.id, &got));
	op->now += 1;
	must_refuse(op, &to);
	must_fail(upload_get(op, s->project.id, to.id, &got), ERR_NOT_FOUND);
}

static void a_project_that_is_gone_takes_none(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address to = given(s, "");

	must(delete_project(op));
	must_fail(upload_put(op, &to, "x", 1), ERR_NOT_FOUND);
}

static void what_is_sent_again_replaces_it(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address to = given(s, "");
	struct upload_content got;

	must(upload_put(op, &to, "old", 3));
	must(upload_put(op, &to, "newer", 5));
	must(upload_get(op, s->project.id, to.id, &got));
	assert_int_equal(got.length, 5);
	assert_memory_equal(got.bytes, "newer", 5);
}

static void the_oldest_makes_room(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address to[UPLOADS_KEPT + 1];
	struct upload_content got;

	for (int i = 0; i <= UPLOADS_KEPT; i++) {
		to[i] = given(s, "");
		must(upload_put(op, &to[i], "x", 1));
	}
	must_fail(upload_get(op, s->project.id, to[0].id, &got), ERR_NOT_FOUND);
	for (int i = 1; i <= UPLOADS_KEPT; i++)
		must(upload_get(op, s->project.id, to[i].id, &got));
}

static void sweep_removes_what_is_too_old(void **state)
{
	struct store *s = *state;
	struct op *op = begun(s);
	struct upload_address old = given(s, ""), young;
	struct job first, again;
	int64_t next_at;

	must(upload_put(op, &old, "x", 1));
	must(store_job_first(op, UPLOAD_SWEEP_JOB, UPLOAD_SWEEP_JOB, &first));
	assert_true(first.due_at > op->now + UPLOAD_LIFETIME_US);
	op->now += SECOND;
	young = given(s, "");
	must(upload_put(op, &young, "x", 1));
	must(store_job_first(op, UPLOAD_SWEEP_JOB, UPLOAD_SWEEP_JOB, &again));
	assert_uuid_equal(again.id, first.id);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM job WHERE "
					 "kind = '" UPLOAD_SWEEP_JOB "'"),
			 1);

	op->now = first.due_at;
	must(upload_sweep(op, &next_at));
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM upload"), 1);
	assert_true(next_at > uuid_time_us(young.id) + UPLOAD_LIFETIME_US);
	must_fail(
		store_job_first(op, UPLOAD_SWEEP_JOB, UPLOAD_SWEEP_JOB, &again),
		ERR_NOT_FOUND);
	op->now = next_at;
	must(upload_sweep(op, &next_at));
	assert_int_equal(next_at, 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM upload"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(what_was_sent_is_got),
		STORE_TEST(what_was_not_sent_is_unknown),
		STORE_TEST(another_projects_is_unknown),
		STORE_TEST(an_address_that_was_not_given_out_is_refused),
		STORE_TEST(an_address_is_good_for_a_while),
		STORE_TEST(a_project_that_is_gone_takes_none),
		STORE_TEST(what_is_sent_again_replaces_it),
		STORE_TEST(the_oldest_makes_room),
		STORE_TEST(sweep_removes_what_is_too_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
