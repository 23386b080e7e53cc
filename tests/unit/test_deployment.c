/* core/deployment, core/deploying, core/undeploying: workers and what they
 * are to have, over a real store. */
#include "support.h"

#include "core/deletion.h"
#include "core/deploying.h"
#include "core/environment.h"
#include "core/plan.h"
#include "core/step.h"
#include "core/store.h"
#include "core/undeploying.h"

static struct worker join(struct op *op, const char *environment,
			  const char *name)
{
	struct environment of;
	struct worker worker;
	enum error error = environment_find(op, environment, &of);

	if (error == ERR_NOT_FOUND)
		must(environment_create(op, environment, "test", &of));
	must(worker_register(op, environment, name,
			     arena_printf(&op->arena, "http://10.0.0.1/%s/%s/",
					  environment, name),
			     &worker));
	return worker;
}

static struct connection make(struct op *op, const char *name)
{
	const struct connection new = {
		.kind = "email",
		.name = name,
		.settings = "{\"port\":25}",
		.is_deployed = true,
		.is_enabled = true,
	};
	const struct new_credential secret = {"password", "pass-1", 0};
	struct connection made;

	must(target_create(op, &new, &secret, 1, &made));
	return made;
}

static struct connection change(struct op *op, struct connection to)
{
	struct connection made;

	must(target_update(op, &to, NULL, 0, &made));
	return made;
}

/* The n-th one of the connection. */
static struct deployment at(struct op *op, const struct connection *of,
			    size_t n)
{
	struct deployment_list list;

	must(deployments_of_connection(op, of->id, &list));
	assert_true(n < list.count);
	return list.items[n];
}

static size_t places(struct op *op, const struct connection *of)
{
	struct deployment_list list;

	must(deployments_of_connection(op, of->id, &list));
	return list.count;
}

static struct deploying begun(struct op *op, struct uuid id)
{
	struct deploying try;

	must(deploying_begin(op, id, &try));
	return try;
}

/* When the next try is; `status` 0: no answer came. */
static int64_t ended(struct op *op, const struct deploying *try, int status)
{
	const struct outbound_answer answer = {
		.status = status,
		.failure = status ? NULL : "timed out",
	};
	int64_t next_at;

	must(deploying_end(op, try, &answer, 0, &next_at));
	return next_at;
}

static void settle(struct op *op, struct uuid id, int status)
{
	struct deploying try = begun(op, id);

	assert_int_equal(ended(op, &try, status), 0);
}

static struct step_list last_steps(struct op *op)
{
	struct step_list steps;

	must(steps_of(op, op->deletion_id, &steps));
	return steps;
}

static const char *state_of(struct op *op)
{
	struct deletion deletion;

	must(receipt_get(op, op->deletion_id, &deletion));
	return deletion.state;
}

static void push_holds_the_connection_with_its_secrets(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct worker worker = join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	struct deployment deployment = at(op, &mail, 0);
	struct deploying try = begun(op, deployment.id);
	char id[UUID_TEXT], at_worker[UUID_TEXT], key[WORKER_KEY_TEXT];

	uuid_format(mail.id, id);
	uuid_format(worker.id, at_worker);
	assert_string_equal(try.call.method, "PUT");
	assert_string_equal(
		try.call.url,
		arena_printf(&op->arena,
			     "http://10.0.0.1/live/w1/connections/%s"
			     "?version=%lld&worker=%s",
			     id, (long long)deployment.version, at_worker));
	assert_non_null(strstr(try.call.body, "\"settings\":{\"port\":25}"));
	assert_non_null(
		strstr(try.call.body, "\"secrets\":{\"password\":\"pass-1\"}"));
	assert_non_null(strstr(try.call.body, "\"environment\":\"live\""));
	worker_key(op, worker.url, key);
	assert_string_equal(try.call.headers[0].value,
			    arena_printf(&op->arena, "Bearer %s", key));
	assert_true(has_event(op, "connection.credentials.read", mail.id));
	assert_false(deployment_is_settled(&deployment));
	assert_int_equal(ended(op, &try, 204), 0);
	deployment = at(op, &mail, 0);
	assert_true(deployment_is_settled(&deployment));
	must_fail(deploying_begin(op, deployment.id, &try), ERR_NOT_FOUND);
}

static void failed_push_is_tried_again(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	struct deploying try = begun(op, at(op, &mail, 0).id);
	assert_true(ended(op, &try, 0) >= op->now);
	assert_true(ended(op, &try, 404) >= op->now);
	struct deployment left = at(op, &mail, 0);
	assert_false(deployment_is_settled(&left));
	settle(op, left.id, 200);
}

static void change_during_a_push_is_pushed_at_once(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	struct deploying try = begun(op, at(op, &mail, 0).id);
	change(op, mail);
	assert_int_equal(ended(op, &try, 200), op->now);
	struct deployment left = at(op, &mail, 0);
	assert_false(deployment_is_settled(&left));
	assert_true(left.version > try.deployment.version);
}

static void disabled_one_is_removed_and_comes_back_newer(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	struct deployment was = at(op, &mail, 0);
	settle(op, was.id, 200);
	mail.is_enabled = false;
	change(op, mail);
	struct deploying try = begun(op, was.id);
	assert_string_equal(try.call.method, "DELETE");
	assert_null(try.call.body);
	assert_true(try.deployment.version > was.version);
	assert_int_equal(ended(op, &try, 404), 0);
	assert_int_equal(places(op, &mail), 0);
	/* a plan that was made before would have taken it from the worker */
	assert_int_equal(event_count(op, "deployment.removed"), 1);
	mail.is_enabled = true;
	change(op, mail);
	assert_true(at(op, &mail, 0).version > try.deployment.version);
}

static void every_worker_has_a_step_of_the_deletion(void **state)
{
	struct op *op = &((struct store *)*state)->op;

	join(op, "live", "w1");
	join(op, "live", "w2");
	struct connection mail = make(op, "Mail");
	struct deployment one = at(op, &mail, 0), two = at(op, &mail, 1);
	settle(op, one.id, 200);
	struct deploying push = begun(op, two.id);
	must(delete_target(op, "mail", false));
	assert_int_equal(last_steps(op).count, 2);
	assert_string_equal(state_of(op), DELETION_WAITING);
	/* the push arrived after all: that is not its removal */
	assert_int_equal(ended(op, &push, 200), op->now);
	settle(op, one.id, 200);
	assert_string_equal(state_of(op), DELETION_WAITING);
	struct deploying try = begun(op, two.id);
	assert_true(try.deployment.version > push.deployment.version);
	assert_true(ended(op, &try, 500) >= op->now);
	assert_string_equal(last_steps(op).items[1].answer, "500");
	settle(op, two.id, 404);
	assert_string_equal(state_of(op), DELETION_DONE);
	assert_string_equal(last_steps(op).items[0].reason, "removed");
	assert_string_equal(last_steps(op).items[1].reason, "already gone");
	assert_int_equal(event_count(op, "deployment.removed"), 2);
	assert_int_equal(places(op, &mail), 0);
}

static void abandoned_step_ends_the_tries(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct step step;

	join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	struct deployment was = at(op, &mail, 0);
	must(delete_target(op, "mail", false));
	struct deploying try = begun(op, was.id);
	struct uuid id = last_steps(op).items[0].id;
	must(step_retry(op, op->deletion_id, id, &step));
	must(step_abandon(op, op->deletion_id, id, "burnt down", &step));
	assert_string_equal(state_of(op), DELETION_DONE);
	assert_int_equal(event_count(op, "deployment.abandoned"), 1);
	assert_int_equal(ended(op, &try, 500), 0);
	assert_string_equal(last_steps(op).items[0].state, STEP_ABANDONED);
	must_fail(deploying_begin(op, was.id, &try), ERR_NOT_FOUND);
}

static int64_t workers_left(struct store *s)
{
	return store_number(s, "SELECT COUNT(*) FROM worker");
}

static void
workers_go_with_their_environment_when_they_hold_nothing(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct worker worker = join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	const struct deletion_options options = {.force = false};
	struct uuid first, second;
	struct thing live;

	must(thing_find(op, THING_ENVIRONMENT, worker.environment_id, &live));
	must(deletion_run(op, &live, &options, NULL));
	first = op->deletion_id;
	must_fail(worker_get(op, worker.id, &worker), ERR_NOT_FOUND);
	assert_int_equal(workers_left(s), 1);
	/* both deletions wait for the same removal */
	must(delete_target(op, "mail", false));
	second = op->deletion_id;
	assert_int_equal(last_steps(op).count, 1);
	settle(op, at(op, &mail, 0).id, 200);
	assert_string_equal(state_of(op), DELETION_DONE);
	op->deletion_id = first;
	assert_string_equal(state_of(op), DELETION_DONE);
	assert_false(uuid_equal(first, second));
	assert_int_equal(workers_left(s), 0);
	must_fail(thing_find(op, THING_ENVIRONMENT, live.id, &live),
		  ERR_NOT_FOUND);
}

static void one_abandoned_step_leaves_another_ones_removal(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct worker worker = join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	const struct deletion_options options = {.force = false};
	struct thing live;
	struct step step;

	must(thing_find(op, THING_ENVIRONMENT, worker.environment_id, &live));
	must(deletion_run(op, &live, &options, NULL));
	struct uuid first = op->deletion_id, id = last_steps(op).items[0].id;
	must(delete_target(op, "mail", false));
	must(step_abandon(op, first, id, "gone", &step));
	assert_int_equal(places(op, &mail), 1);
	must(step_abandon(op, op->deletion_id, last_steps(op).items[0].id,
			  "gone", &step));
	assert_int_equal(places(op, &mail), 0);
	assert_int_equal(workers_left(s), 0);
}

static void plan_names_workers_before_what_goes(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct deletion_terms terms = {.mode = MODE_HARD,
					     .revoke = REVOKE_NOW};
	struct plan *plan = arena_alloc(&op->arena, sizeof(*plan));
	struct worker worker = join(op, "live", "w1");
	struct connection mail = make(op, "Mail");
	struct thing thing;

	must(thing_find(op, THING_CONNECTION, mail.id, &thing));
	must(plan_make(op, &thing, &terms, 0, plan));
	assert_int_equal(plan->total, 2);
	assert_int_equal(plan->items[0].what, EFFECT_UNDEPLOYED);
	assert_uuid_equal(plan->items[0].worker_id, worker.id);
	assert_uuid_equal(plan->items[0].connection_id, mail.id);
	assert_int_equal(plan->items[1].what, EFFECT_GONE);

	must(thing_find(op, THING_ENVIRONMENT, worker.environment_id, &thing));
	must(plan_make(op, &thing, &terms, 0, plan));
	assert_int_equal(plan->total, 3);
	assert_int_equal(plan->items[0].kind, EFFECT_OF_DEPLOYMENT);
	assert_int_equal(plan->items[1].kind, EFFECT_OF_WORKER);
	assert_int_equal(plan->items[2].kind, EFFECT_OF_ENVIRONMENT);
}

static void worker_that_comes_back_is_pushed_all(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct connection mail = make(op, "Mail"), off = make(op, "Off");
	struct deployed_set set;

	off.is_deployed = false;
	change(op, off);
	struct worker worker = join(op, "live", "w1");
	assert_int_equal(places(op, &off), 0);
	struct deployment was = at(op, &mail, 0);
	settle(op, was.id, 200);
	struct worker again = join(op, "live", "w1");
	assert_uuid_equal(again.id, worker.id);
	struct deployment now = at(op, &mail, 0);
	assert_uuid_equal(now.id, was.id);
	assert_true(now.version > was.version);
	assert_false(deployment_is_settled(&now));
	must(deployed_set_get(op, worker.id, 0, &set));
	assert_int_equal(set.list.count, 1);
	assert_int_equal(set.version, now.version);
	must(deployed_set_get(op, worker.id, set.version, &set));
	assert_true(set.is_same);
	must(delete_target(op, "mail", false));
	must(deployed_set_get(op, worker.id, now.version, &set));
	assert_false(set.is_same);
	assert_int_equal(set.list.count, 0);
	assert_true(set.version > now.version);
}

static void heartbeat_after_a_pause_brings_what_waits(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct worker worker = join(op, "live", "w1");
	const char *due = "SELECT due_at FROM job WHERE kind = 'deploy'";

	make(op, "Mail");
	op->now += 10 * SECOND;
	must(worker_heartbeat(op, worker.id, false, &worker));
	assert_int_equal(worker.seen_at, op->now);
	assert_int_equal(store_number(s, due), START);
	store_script(s, "UPDATE job SET due_at = due_at + 1000000000000");
	op->now += DAY;
	must(worker_heartbeat(op, worker.id, false, &worker));
	assert_int_equal(store_number(s, due), op->now);
	store_script(s, "UPDATE job SET due_at = due_at + 1000000000000");
	must(worker_heartbeat(op, worker.id, true, &worker));
	assert_int_equal(store_number(s, due), op->now);
	must_fail(worker_heartbeat(op, uuid_make(op->now), false, &worker),
		  ERR_NOT_FOUND);
}

static void keys_differ_by_project_and_url(void **state)
{
	struct store *s = *state;
	char one[WORKER_KEY_TEXT], two[WORKER_KEY_TEXT];

	worker_key(&s->op, "http://10.0.0.1", one);
	worker_key(&s->op, "http://10.0.0.1", two);
	assert_string_equal(one, two);
	worker_key(&s->op, "http://10.0.0.2", two);
	assert_string_not_equal(one, two);
	move_to(&s->op, make_project(&s->op, "other", "other"));
	worker_key(&s->op, "http://10.0.0.1", two);
	assert_string_not_equal(one, two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(push_holds_the_connection_with_its_secrets),
		STORE_TEST(failed_push_is_tried_again),
		STORE_TEST(change_during_a_push_is_pushed_at_once),
		STORE_TEST(disabled_one_is_removed_and_comes_back_newer),
		STORE_TEST(every_worker_has_a_step_of_the_deletion),
		STORE_TEST(abandoned_step_ends_the_tries),
		STORE_TEST(
			workers_go_with_their_environment_when_they_hold_nothing),
		STORE_TEST(one_abandoned_step_leaves_another_ones_removal),
		STORE_TEST(plan_names_workers_before_what_goes),
		STORE_TEST(worker_that_comes_back_is_pushed_all),
		STORE_TEST(heartbeat_after_a_pause_brings_what_waits),
		STORE_TEST(keys_differ_by_project_and_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
