/* Testing a connection: its target is tried, and what came of it told. */
#include "base/clock.h"
#include "dialects/apinizer/apinizer.h"
#include "dialects/apinizer/targets.h"
#include "http/client_probe.h"

/* On a thread of its own: one after the other, each for its time at most. */
static enum error try_targets(struct request *request, struct client *client,
			      int *ret_status)
{
	struct connection_test *test = request->kept;
	struct probe *next;

	(void)ret_status;
	test->began_at = clock_monotonic();
	for (size_t i = 0;
	     (next = connection_test_next(test, i, clock_monotonic())); i++)
		client_probe(client, &request->op.arena, next,
			     &test->outcomes[i]);
	test->took_us = clock_monotonic() - test->began_at;
	return OK;
}

static enum error begin(struct request *request)
{
	struct op *op = &request->op;
	struct connection_test *test = arena_alloc(&op->arena, sizeof(*test));
	struct project project;
	const char *name;

	TRY(apinizer_enter(request, &project));
	TRY(apinizer_path_name(request, &name));
	TRY(apinizer_explain_missing(op, connection_test_begin(op, name, test),
				     name));
	TRY(apinizer_targets(op, test));
	request->kept = test;
	request->goes_out = try_targets;
	return OK;
}

static const char *sentence(const struct probe_outcome *outcome)
{
	if (outcome->detail)
		return outcome->detail;
	return outcome->is_unanswered
		       ? "sent by UDP and not refused; whether anybody took it "
			 "is not to be known"
		       : "the target answered as it should";
}

static void put_outcome(struct json_writer *w,
			const struct probe_outcome *outcome, bool is_passed)
{
	json_put_bool(w, "success", is_passed);
	json_put_bool(w, "confirmed", is_passed && !outcome->is_unanswered);
	json_put_integer(w, "responseTime", outcome->took_us / 1000);
	json_put_string(w, "step", probe_step_name(outcome->step));
	json_put_string(w, "reason", probe_fault_name(outcome->fault));
	json_put_string(w, "detail", sentence(outcome));
}

static const char *place_of(struct op *op, const struct probe *probe)
{
	return probe->host ? arena_printf(&op->arena, "%s:%d", probe->host,
					  probe->port)
			   : NULL;
}

static enum error write_answer(struct request *request,
			       const struct connection_test *test)
{
	struct probe_outcome all = *connection_test_outcome(test);
	bool is_passed = connection_test_passed(test);
	struct op *op = &request->op;
	struct json_writer w =
		apinizer_begin_test(request, is_passed, sentence(&all));

	all.took_us = test->took_us;
	json_begin_object(&w, "testResult");
	put_outcome(&w, &all, is_passed);
	json_begin_array(&w, "detailList");
	for (size_t i = 0; i < test->count; i++) {
		const struct probe_outcome *one = &test->outcomes[i];

		json_begin_object(&w, NULL);
		json_put_string(&w, "target", place_of(op, &test->probes[i]));
		put_outcome(&w, one, one->fault == PROBE_OK);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}

enum error apinizer_connection_test(struct request *request)
{
	const struct connection_test *test = request->kept;
	struct project project;

	if (!test)
		return begin(request);
	/* the project may have gone meanwhile, or the right to write */
	TRY(apinizer_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(connection_test_end(&request->op, test));
	return write_answer(request, test);
}
