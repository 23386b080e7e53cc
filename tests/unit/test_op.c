/* base/op, base/error: why an operation failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/op.h"

static struct op op;
static const struct keyring keys;

static int begin(void **state)
{
	(void)state;
	op_init(&op, &keys, 1);
	return 0;
}

static int end(void **state)
{
	(void)state;
	op_release(&op);
	return 0;
}

static enum error fail_with_sentence(void)
{
	return op_fail(&op, ERR_NOT_FOUND, "no group %s", "acme");
}

static void a_failure_has_its_sentence(void **state)
{
	(void)state;
	assert_null(op.detail);
	assert_int_equal(fail_with_sentence(), ERR_NOT_FOUND);
	assert_string_equal(op.detail, "no group acme");
	op_advise(&op, "Make one.");
	assert_string_equal(op.remedy, "Make one.");
}

static void the_last_sentence_counts(void **state)
{
	(void)state;
	op_explain(&op, "first");
	op_explain(&op, "second");
	assert_string_equal(op.detail, "second");
}

static void issues_keep_copies(void **state)
{
	char field[] = "read.objects[0]";

	(void)state;
	op_issue(&op, "body", field, "must have %d", 3);
	field[0] = 'x';
	assert_int_equal(op.issue_count, 1);
	assert_string_equal(op.issues[0].in, "body");
	assert_string_equal(op.issues[0].field, "read.objects[0]");
	assert_string_equal(op.issues[0].why, "must have 3");
}

static void issues_beyond_the_limit_are_not_kept(void **state)
{
	(void)state;
	for (int i = 0; i < OP_ISSUES_MAX + 5; i++)
		op_issue(&op, "body", "x", "%d", i);
	assert_int_equal(op.issue_count, OP_ISSUES_MAX);
	assert_string_equal(op.issues[0].why, "0");
	assert_string_equal(op.issues[OP_ISSUES_MAX - 1].why, "31");
}

static void a_reset_forgets_all_but_the_keys(void **state)
{
	const struct principal *who = (const void *)&keys;

	(void)state;
	op_issue(&op, "body", "x", "y");
	op_explain(&op, "detail");
	op_advise(&op, "remedy");
	op.principal = who;
	op.project_id.bytes[0] = 1;
	op_reset(&op, 2);
	assert_int_equal(op.now, 2);
	assert_ptr_equal(op.keys, &keys);
	assert_int_equal(op.issue_count, 0);
	assert_null(op.detail);
	assert_null(op.remedy);
	assert_null(op.principal);
	assert_true(uuid_is_nil(op.project_id));
	assert_string_equal(arena_strdup(&op.arena, "usable"), "usable");
}

static enum error pass_on(enum error error, bool *ret_went_on)
{
	*ret_went_on = false;
	TRY(error);
	*ret_went_on = true;
	return OK;
}

static void try_returns_what_is_not_ok(void **state)
{
	bool went_on;

	(void)state;
	assert_int_equal(pass_on(ERR_BUSY, &went_on), ERR_BUSY);
	assert_false(went_on);
	assert_int_equal(pass_on(OK, &went_on), OK);
	assert_true(went_on);
}

static void each_error_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = OK; a <= ERR_INTERNAL; a++) {
		assert_string_not_equal(error_name((enum error)a), "unknown");
		for (int b = OK; b < a; b++)
			assert_string_not_equal(error_name((enum error)a),
						error_name((enum error)b));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failure_has_its_sentence),
		TEST(the_last_sentence_counts),
		TEST(issues_keep_copies),
		TEST(issues_beyond_the_limit_are_not_kept),
		TEST(a_reset_forgets_all_but_the_keys),
		TEST(try_returns_what_is_not_ok),
		TEST(each_error_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
