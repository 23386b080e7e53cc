/* What a test of a target needs, and what came of it. */
#include "core/connection_test.h"

#include "core/event.h"
#include "core/principal.h"

enum error connection_test_begin(struct op *op, const char *name,
				 struct connection_test *ret)
{
	TRY(access_to_manage(op));
	TRY(target_find(op, name, &ret->connection));
	return credential_use(op, ret->connection.id, &ret->secrets);
}

struct probe *connection_test_next(struct connection_test *test, size_t done,
				   int64_t now)
{
	int64_t left = test->began_at + CONNECTION_TEST_US - now;

	if (done >= test->count)
		return NULL;
	struct probe *next = &test->probes[done];
	if (left <= 0)
		next->unfit = "the time was over before it was tried";
	else if (!next->timeout_us || next->timeout_us > left)
		next->timeout_us = left;
	return next;
}

bool connection_test_passed(const struct connection_test *test)
{
	for (size_t i = 0; i < test->count; i++)
		if (test->outcomes[i].fault != PROBE_OK)
			return false;
	return test->count > 0;
}

const struct probe_outcome *
connection_test_outcome(const struct connection_test *test)
{
	for (size_t i = 0; i < test->count; i++)
		if (test->outcomes[i].fault != PROBE_OK)
			return &test->outcomes[i];
	return test->count ? &test->outcomes[test->count - 1] : NULL;
}

enum error connection_test_end(struct op *op,
			       const struct connection_test *test)
{
	const struct probe_outcome *outcome = connection_test_outcome(test);

	if (!outcome)
		return op_fail(op, ERR_INTERNAL, "nothing was tried");
	if (outcome->fault == PROBE_STOPPED)
		return op_fail(op, ERR_BUSY, "the server is stopping");
	const struct event_fact facts[] = {
		{"name", test->connection.name, false},
		{"type", test->connection.kind, false},
		{"success", connection_test_passed(test) ? "true" : "false",
		 true},
		{"step", probe_step_name(outcome->step), false},
		{"reason", probe_fault_name(outcome->fault), false},
	};
	return event_record(op, "connection.tested", "target",
			    test->connection.id, facts,
			    sizeof(facts) / sizeof(*facts), NULL);
}

const char *probe_step_name(enum probe_step step)
{
	static const char *const names[] = {
		[PROBE_STEP_SETTINGS] = "SETTINGS",
		[PROBE_STEP_NAME] = "NAME",
		[PROBE_STEP_CONNECT] = "CONNECT",
		[PROBE_STEP_TLS] = "TLS",
		[PROBE_STEP_GREETING] = "GREETING",
		[PROBE_STEP_LOGIN] = "LOGIN",
		[PROBE_STEP_USE] = "USE",
	};

	return names[step];
}

/* NULL for none. */
const char *probe_fault_name(enum probe_fault fault)
{
	static const char *const names[] = {
		[PROBE_OK] = NULL,
		[PROBE_UNFIT] = "NOT_CONFIGURED",
		[PROBE_BLOCKED] = "ADDRESS_NOT_ALLOWED",
		[PROBE_NO_NAME] = "NAME_NOT_FOUND",
		[PROBE_REFUSED] = "CONNECTION_REFUSED",
		[PROBE_TIMED_OUT] = "TIMED_OUT",
		[PROBE_UNTRUSTED] = "CERTIFICATE_NOT_TRUSTED",
		[PROBE_NO_TLS] = "TLS_FAILED",
		[PROBE_UNEXPECTED] = "WRONG_ANSWER",
		[PROBE_CUT_OFF] = "CONNECTION_LOST",
		[PROBE_FLOODED] = "ANSWER_TOO_LARGE",
		[PROBE_DENIED] = "LOGIN_REFUSED",
		[PROBE_MISSING] = "NOT_FOUND",
		[PROBE_FAILING] = "SERVER_FAILED",
		[PROBE_STOPPED] = "STOPPED",
	};

	return names[fault];
}
