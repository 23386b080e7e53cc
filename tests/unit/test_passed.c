/* core/passed: what is kept of calls that were passed on. */
#include "support.h"

#include "core/deletion.h"
#include "core/operation.h"
#include "core/passing.h"

static const struct passing_outcome answered = {
	.status = 200, .sent = 12, .received = 3456, .took_us = 789};
static const struct passing_outcome refused = {.status = 401};
static const struct passing_outcome unreached = {.failure = "no answer in time",
						 .is_refreshed = true};

static struct passing passing_of(struct op *op)
{
	struct integration of = offer(op, "sync", "stripe");

	connect_group(op, "acme", "stripe");
	struct installation_view view = install(op, &of, "acme", NULL);
	return (struct passing){
		.installation_id = view.installation.id,
		.connection_id = view.connection.connection.id,
		.asked = {.method = "POST",
			  .target = "/v1/things?key=s3cret&a=1"},
	};
}

static void record(struct op *op, const struct passing *passing,
		   const struct passing_outcome *outcome)
{
	must(passing_record(op, passing, outcome));
	op->now += SECOND;
}

static struct operation latest(struct op *op, const struct passing *passing)
{
	struct operation_list list;

	must(operation_list(op, passing->installation_id, (struct uuid){{0}}, 1,
			    &list));
	assert_int_equal(list.count, 1);
	return list.items[0];
}

/* The one line of the latest. */
static struct operation_line line_of(struct op *op,
				     const struct passing *passing)
{
	struct operation_line_list lines;

	must(operation_lines(op, latest(op, passing).id, &lines));
	assert_int_equal(lines.count, 1);
	return lines.items[0];
}

static struct installation_view shown(struct op *op,
				      const struct passing *passing)
{
	struct installation_view view;

	must(installation_find(op, passing->installation_id, &view));
	return view;
}

static const char *status_of(struct op *op, const struct passing *passing)
{
	return shown(op, passing).connection.connection.status;
}

static void says(const struct operation_line *line, const char *text)
{
	if (!strstr(line->message, text))
		print_error("%s lacks %s\n", line->message, text);
	assert_non_null(strstr(line->message, text));
}

static void a_call_is_an_operation_with_its_log(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);
	int64_t at = op->now;

	record(op, &p, &answered);
	struct operation found = latest(op, &p);
	assert_string_equal(found.action, PASSING_ACTION);
	assert_string_equal(found.status, OPERATION_SUCCESS);
	assert_string_equal(found.result, "POST /v1/things: 200");
	assert_int_equal(found.ended_at, at);
	struct operation_line line = line_of(op, &p);
	assert_string_equal(line.severity, "INFO");
	says(&line, "\"msg\":\"passed on to the provider\"");
	says(&line, "\"method\":\"POST\"");
	says(&line, "\"path\":\"/v1/things\"");
	says(&line, "\"status\":\"200\"");
	says(&line, "\"sentBytes\":\"12\"");
	says(&line, "\"receivedBytes\":\"3456\"");
	says(&line, "\"tookMicroseconds\":\"789\"");
	says(&line, "\"refreshed\":\"false\"");
	assert_null(strstr(line.message, "\"error\""));
}

static void a_query_is_kept_nowhere(void **state)
{
	struct store *s = *state;
	struct passing p = passing_of(&s->op);

	record(&s->op, &p, &answered);
	record(&s->op, &p, &refused);
	record(&s->op, &p, &unreached);
	assert_false(store_files_hold(s, "s3cret"));
	assert_true(store_files_hold(s, "/v1/things"));
}

static void a_call_without_an_answer_is_a_failure(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	record(op, &p, &unreached);
	struct operation found = latest(op, &p);
	assert_string_equal(found.status, OPERATION_FAILURE);
	assert_string_equal(found.result, "POST /v1/things: no answer in time");
	struct operation_line line = line_of(op, &p);
	assert_string_equal(line.severity, "ERROR");
	says(&line, "\"error\":\"no answer in time\"");
	says(&line, "\"status\":\"0\"");
	says(&line, "\"refreshed\":\"true\"");
	assert_string_equal(status_of(op, &p), "created");
}

static void an_answer_that_broke_off_is_a_failure(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);
	const struct passing_outcome broken = {.status = 200,
					       .failure = "it broke off"};

	record(op, &p, &broken);
	assert_string_equal(latest(op, &p).status, OPERATION_FAILURE);
	assert_string_equal(latest(op, &p).result,
			    "POST /v1/things: it broke off");
	assert_string_equal(status_of(op, &p), "created");
}

static void what_the_provider_refuses_is_a_failure_from_400_on(void **state)
{
	static const struct {
		int status;
		const char *is;
	} of[] = {{204, OPERATION_SUCCESS}, {304, OPERATION_SUCCESS},
		  {399, OPERATION_SUCCESS}, {400, OPERATION_FAILURE},
		  {404, OPERATION_FAILURE}, {500, OPERATION_FAILURE}};
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	for (size_t i = 0; i < COUNT(of); i++) {
		const struct passing_outcome outcome = {.status = of[i].status};

		record(op, &p, &outcome);
		assert_string_equal(latest(op, &p).status, of[i].is);
		assert_string_equal(shown(op, &p).operation_status, of[i].is);
	}
}

static void a_success_shows_that_the_credentials_work(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	assert_string_equal(status_of(op, &p), "created");
	record(op, &p, &answered);
	assert_string_equal(status_of(op, &p), "working");
	assert_int_equal(event_count(op, "connection.error"), 0);
}

static void a_401_shows_once_that_they_are_bad(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	record(op, &p, &refused);
	assert_string_equal(status_of(op, &p), "bad_credentials");
	assert_false(shown(op, &p).is_healthy);
	assert_int_equal(event_count(op, "connection.error"), 1);
	assert_true(has_event(op, "connection.error", p.connection_id));
	const char *payload = payload_of(op, "connection.error");
	assert_non_null(strstr(payload, "\"kind\":\"stripe\""));
	assert_non_null(strstr(payload, "401 of a call that was passed on"));
	record(op, &p, &refused);
	assert_int_equal(event_count(op, "connection.error"), 1);
	record(op, &p, &answered);
	assert_string_equal(status_of(op, &p), "working");
	assert_true(shown(op, &p).is_healthy);
	record(op, &p, &refused);
	assert_int_equal(event_count(op, "connection.error"), 2);
}

static void other_failures_say_nothing_of_the_credentials(void **state)
{
	static const int statuses[] = {400, 403, 404, 429, 500};
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	record(op, &p, &answered);
	for (size_t i = 0; i < COUNT(statuses); i++) {
		const struct passing_outcome outcome = {.status = statuses[i]};

		record(op, &p, &outcome);
		assert_string_equal(status_of(op, &p), "working");
	}
	assert_int_equal(event_count(op, "connection.error"), 0);
}

static void a_401_of_a_token_is_for_its_refresh_to_judge(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	p.token = "access-1";
	record(op, &p, &refused);
	assert_string_equal(latest(op, &p).status, OPERATION_FAILURE);
	assert_string_equal(status_of(op, &p), "created");
	assert_int_equal(event_count(op, "connection.error"), 0);
	record(op, &p, &answered);
	assert_string_equal(status_of(op, &p), "working");
}

static enum error see(void *context, struct op *op, struct uuid id,
		      const char *document, size_t length)
{
	(void)op;
	(void)id;
	(void)length;
	*(bool *)context = document != NULL;
	return OK;
}

static bool is_kept(struct op *op, const struct passing *p)
{
	struct uuid of = shown(op, p).installation.integration_id;
	bool ret = false;

	must(installation_show(op, of, p->installation_id, see, &ret));
	return ret;
}

static void the_answer_that_shows_it_is_dropped_when_it_changes(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);

	/* more than three failures show as three */
	for (int i = 0; i < OPERATION_FAILURES; i++)
		record(op, &p, &unreached);
	must(installation_keep_document(op, p.installation_id, "{}"));
	record(op, &p, &unreached);
	assert_true(is_kept(op, &p)); /* it is all as it was */
	record(op, &p, &refused);
	assert_false(is_kept(op, &p));
	record(op, &p, &answered);
	must(installation_keep_document(op, p.installation_id, "{}"));
	record(op, &p, &answered);
	assert_true(is_kept(op, &p));
}

static void a_connection_that_went_leaves_the_record(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct passing p = passing_of(op);
	struct uuid kept = p.connection_id;

	p.connection_id = uuid_make(op->now);
	record(op, &p, &refused);
	assert_string_equal(latest(op, &p).result, "POST /v1/things: 401");
	assert_int_equal(event_count(op, "connection.error"), 0);
	p.connection_id = kept;
	assert_string_equal(status_of(op, &p), "created");
}

static void nothing_is_recorded_of_an_installation_that_went(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct passing p = passing_of(op);

	must(delete_installation(op, shown(op, &p).installation.integration_id,
				 p.installation_id));
	must_fail(passing_record(op, &p, &answered), ERR_NOT_FOUND);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation"), 0);
	assert_int_equal(store_number(s, "SELECT COUNT(*) FROM operation_log"),
			 0);
}

static void another_projects_is_not_recorded(void **state)
{
	struct store *s = *state;
	struct passing p = passing_of(&s->op);

	move_to(&s->op, make_project(&s->op, "acme", "other"));
	must_fail(passing_record(&s->op, &p, &refused), ERR_NOT_FOUND);
	assert_int_equal(event_count(&s->op, "connection.error"), 0);
	move_to(&s->op, s->project);
	assert_string_equal(status_of(&s->op, &p), "created");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_call_is_an_operation_with_its_log),
		STORE_TEST(a_query_is_kept_nowhere),
		STORE_TEST(a_call_without_an_answer_is_a_failure),
		STORE_TEST(an_answer_that_broke_off_is_a_failure),
		STORE_TEST(what_the_provider_refuses_is_a_failure_from_400_on),
		STORE_TEST(a_success_shows_that_the_credentials_work),
		STORE_TEST(a_401_shows_once_that_they_are_bad),
		STORE_TEST(other_failures_say_nothing_of_the_credentials),
		STORE_TEST(a_401_of_a_token_is_for_its_refresh_to_judge),
		STORE_TEST(the_answer_that_shows_it_is_dropped_when_it_changes),
		STORE_TEST(a_connection_that_went_leaves_the_record),
		STORE_TEST(nothing_is_recorded_of_an_installation_that_went),
		STORE_TEST(another_projects_is_not_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
