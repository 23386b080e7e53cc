/* core/connection_test: who may test a target, and what is recorded of it. */
#include "core/connection_test.h"

#include "support.h"

static struct connection make(struct op *op)
{
	const struct connection new = {
		.kind = "email", .name = "mail", .settings = "{}"};
	const struct new_credential secret = {"password", "p-1", 0};
	struct connection made;

	must(target_create(op, &new, &secret, 1, &made));
	return made;
}

/* Of so many addresses, all of which passed. */
static struct connection_test passed(struct op *op, size_t count)
{
	struct connection_test test = {.connection = make(op), .count = count};

	for (size_t i = 0; i < count; i++)
		test.outcomes[i].step = PROBE_STEP_LOGIN;
	return test;
}

static void a_test_has_the_targets_secrets(void **state)
{
	struct store *s = *state;
	struct connection made = make(&s->op);
	struct connection_test test;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
	must(connection_test_begin(&s->op, "MAIL", &test));
	assert_uuid_equal(test.connection.id, made.id);
	assert_string_equal(
		(const char *)credential_find(&test.secrets, "password")
			->value.bytes,
		"p-1");
	/* nobody is shown them */
	assert_int_equal(event_count(&s->op, "connection.credentials.read"), 0);
}

static void who_may_not_change_a_target_may_not_test_it(void **state)
{
	struct store *s = *state;
	struct connection_test test;

	make(&s->op);
	s->op.principal = make_principal(&s->op, &s->project, ROLE_VIEWER);
	must_fail(connection_test_begin(&s->op, "mail", &test), ERR_FORBIDDEN);
}

static void an_unknown_target_is_not_found(void **state)
{
	struct store *s = *state;
	struct connection_test test;

	s->op.principal = make_principal(&s->op, &s->project, ROLE_ADMIN);
	must_fail(connection_test_begin(&s->op, "none", &test), ERR_NOT_FOUND);
}

static void all_addresses_share_the_time(void **state)
{
	struct connection_test test = {.count = 3, .began_at = 100};

	(void)state;
	test.probes[0].timeout_us = SECOND;
	assert_int_equal(connection_test_next(&test, 0, 100)->timeout_us,
			 SECOND);
	assert_int_equal(
		connection_test_next(&test, 1, CONNECTION_TEST_US)->timeout_us,
		100);
	assert_null(test.probes[1].unfit);
	assert_non_null(connection_test_next(&test, 2, CONNECTION_TEST_US + 100)
				->unfit);
	assert_null(connection_test_next(&test, 3, 0));
}

static void a_test_passes_when_every_address_does(void **state)
{
	struct store *s = *state;
	struct connection_test test = passed(&s->op, 2);

	assert_true(connection_test_passed(&test));
	assert_ptr_equal(connection_test_outcome(&test), &test.outcomes[1]);
	must(connection_test_end(&s->op, &test));
	assert_string_equal(payload_of(&s->op, "connection.tested"),
			    "{\"name\":\"mail\",\"type\":\"email\","
			    "\"success\":true,\"step\":\"LOGIN\"}");
	assert_true(has_event(&s->op, "connection.tested", test.connection.id));
}

static void the_first_address_that_fails_is_told(void **state)
{
	struct store *s = *state;
	struct connection_test test = passed(&s->op, 3);

	test.outcomes[1] = (struct probe_outcome){.step = PROBE_STEP_TLS,
						  .fault = PROBE_UNTRUSTED};
	assert_false(connection_test_passed(&test));
	assert_ptr_equal(connection_test_outcome(&test), &test.outcomes[1]);
	must(connection_test_end(&s->op, &test));
	assert_string_equal(payload_of(&s->op, "connection.tested"),
			    "{\"name\":\"mail\",\"type\":\"email\","
			    "\"success\":false,\"step\":\"TLS\","
			    "\"reason\":\"CERTIFICATE_NOT_TRUSTED\"}");
}

static void what_the_server_stopped_is_no_result(void **state)
{
	struct store *s = *state;
	struct connection_test test = passed(&s->op, 1);

	test.outcomes[0].fault = PROBE_STOPPED;
	must_fail(connection_test_end(&s->op, &test), ERR_BUSY);
	assert_int_equal(event_count(&s->op, "connection.tested"), 0);
}

static void a_test_of_nothing_does_not_pass(void **state)
{
	struct store *s = *state;
	const struct connection_test test = {.count = 0};

	assert_false(connection_test_passed(&test));
	assert_null(connection_test_outcome(&test));
	must_fail(connection_test_end(&s->op, &test), ERR_INTERNAL);
}

static void each_step_and_fault_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = PROBE_STEP_SETTINGS; a <= PROBE_STEP_USE; a++)
		for (int b = PROBE_STEP_SETTINGS; b < a; b++)
			assert_string_not_equal(
				probe_step_name((enum probe_step)a),
				probe_step_name((enum probe_step)b));
	assert_null(probe_fault_name(PROBE_OK));
	for (int a = PROBE_UNFIT; a <= PROBE_STOPPED; a++)
		for (int b = PROBE_UNFIT; b < a; b++)
			assert_string_not_equal(
				probe_fault_name((enum probe_fault)a),
				probe_fault_name((enum probe_fault)b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_test_has_the_targets_secrets),
		STORE_TEST(who_may_not_change_a_target_may_not_test_it),
		STORE_TEST(an_unknown_target_is_not_found),
		cmocka_unit_test(all_addresses_share_the_time),
		STORE_TEST(a_test_passes_when_every_address_does),
		STORE_TEST(the_first_address_that_fails_is_told),
		STORE_TEST(what_the_server_stopped_is_no_result),
		STORE_TEST(a_test_of_nothing_does_not_pass),
		cmocka_unit_test(each_step_and_fault_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
