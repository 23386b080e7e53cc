/* Deletions and the workers that have what goes. */
#include "core/undeploying.h"

#include <string.h>

#include "base/json_write.h"
#include "core/environment.h"
#include "core/event.h"
#include "core/job.h"
#include "core/step.h"
#include "core/store.h"

enum { FACTS_MAX = 8 * 1024 };

static void append(struct op *op, struct deployment_list *to,
		   const struct deployment_list *more)
{
	size_t count = to->count + more->count;
	struct deployment *all =
		arena_alloc(&op->arena, (count + 1) * sizeof(*all));

	if (to->count)
		memcpy(all, to->items, to->count * sizeof(*all));
	if (more->count)
		memcpy(all + to->count, more->items,
		       more->count * sizeof(*all));
	*to = (struct deployment_list){all, count};
}

static enum error find_of_environment(struct op *op, struct uuid id,
				      struct undeploying *ret)
{
	struct deployment_list has;

	TRY(store_workers_of_environment(op, id, &ret->workers));
	for (size_t i = 0; i < ret->workers.count; i++) {
		TRY(store_deployments_of_worker(op, ret->workers.items[i].id,
						&has));
		append(op, &ret->deployments, &has);
	}
	return OK;
}

static void make_effects(struct op *op, struct undeploying *ret)
{
	size_t count = ret->deployments.count + ret->workers.count;
	struct effect *effect =
		arena_alloc(&op->arena, (count + 1) * sizeof(*effect));

	ret->effects = effect;
	ret->effect_count = count;
	for (size_t i = 0; i < ret->deployments.count; i++)
		*effect++ = (struct effect){
			.what = EFFECT_UNDEPLOYED,
			.kind = EFFECT_OF_DEPLOYMENT,
			.id = ret->deployments.items[i].id,
			.name = ret->deployments.items[i].worker,
			.worker_id = ret->deployments.items[i].worker_id,
			.connection_id =
				ret->deployments.items[i].connection_id,
		};
	for (size_t i = 0; i < ret->workers.count; i++)
		*effect++ = (struct effect){
			.what = EFFECT_GONE,
			.kind = EFFECT_OF_WORKER,
			.id = ret->workers.items[i].id,
			.name = ret->workers.items[i].name,
		};
}

enum error undeploying_find(struct op *op, enum thing_kind kind, struct uuid id,
			    struct undeploying *ret)
{
	struct undeploying found = {.effects = NULL};

	if (kind == THING_ENVIRONMENT)
		TRY(find_of_environment(op, id, &found));
	else if (kind == THING_WORKER)
		TRY(store_deployments_of_worker(op, id, &found.deployments));
	else
		TRY(store_deployments_of_connection(op, id,
						    &found.deployments));
	make_effects(op, &found);
	*ret = found;
	return OK;
}

static const char *write_facts(struct op *op, const struct deployment *of)
{
	struct buf text;

	buf_init(&text, FACTS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "worker", of->worker);
	json_put_uuid(&w, "workerId", of->worker_id);
	json_put_optional(&w, "environment", of->environment);
	json_put_string(&w, "url", of->url);
	json_put_uuid(&w, "deploymentId", of->id);
	json_end_object(&w);
	const char *facts = arena_strdup(&op->arena, buf_cstr(&text));
	buf_release(&text);
	return facts;
}

static enum error add_step(struct op *op, const struct record *record,
			   const struct deployment *of, struct step *ret)
{
	*ret = (struct step){
		.id = uuid_make(op->now),
		.deletion_id = record->id,
		.kind = STEP_UNDEPLOY,
		.subject_kind = "connection",
		.subject_id = of->connection_id,
		.facts = write_facts(op, of),
		.state = STEP_WAITING,
		.created_at = op->now,
	};

	return store_step_add(op, ret);
}

static enum error remove_from_workers(struct op *op, struct record *record,
				      const struct deployment_list *from)
{
	struct step step;
	int64_t version;

	if (!from->count)
		return OK;
	record->has_steps = true;
	TRY(deployment_next_version(op, &version));
	for (size_t i = 0; i < from->count; i++) {
		TRY(add_step(op, record, &from->items[i], &step));
		TRY(deployment_order(op, &from->items[i], version, false));
	}
	return OK;
}

enum error undeploy(struct op *op, struct record *record, enum thing_kind kind,
		    struct uuid id)
{
	struct undeploying found;

	TRY(undeploying_find(op, kind, id, &found));
	TRY(remove_from_workers(op, record, &found.deployments));
	for (size_t i = 0; i < found.workers.count; i++) {
		TRY(store_worker_leave(op, found.workers.items[i].id));
		TRY(store_worker_forget(op, found.workers.items[i].id));
	}
	for (size_t i = 0; i < found.effect_count; i++)
		TRY(record_effect(op, record, &found.effects[i]));
	return OK;
}

enum error environment_let_go(struct ending *ending, const struct thing *thing,
			      struct event *ret)
{
	struct op *op = ending->op;
	const struct event_fact facts[] = {{"name", thing->name, false}};

	TRY(undeploy(op, &ending->record, THING_ENVIRONMENT, thing->id));
	TRY(variable_forget_environment(op, thing->id));
	TRY(store_environment_remove(op, thing->id));
	TRY(ending_note(ending, EFFECT_OF_ENVIRONMENT, thing->id, thing->name));
	return event_record(op, "environment.deleted", "environment", thing->id,
			    facts, 1, ret);
}

/* Several, when the environment went and then the connection. */
static enum error steps_of(struct op *op, struct uuid connection_id,
			   const char *deployment, struct step_list *ret)
{
	struct step_list all;
	size_t count = 0;

	TRY(store_steps_undeploy(op, connection_id, &all));
	for (size_t i = 0; i < all.count; i++) {
		const char *of = step_fact(op, &all.items[i], "deploymentId");

		if (of && strcmp(of, deployment) == 0)
			all.items[count++] = all.items[i];
	}
	*ret = (struct step_list){all.items, count};
	return OK;
}

/* Where no step says so: it was to go, and nothing was deleted. */
static enum error tell_removed(struct op *op,
			       const struct deployment *deployment,
			       const char *reason)
{
	const struct event_fact facts[] = {
		{"worker", deployment->worker, false},
		{"reason", reason, false},
	};

	return event_record(op, "deployment.removed", "connection",
			    deployment->connection_id, facts, 2, NULL);
}

static enum error forget(struct op *op, struct uuid id, struct uuid worker_id)
{
	TRY(store_deployment_remove(op, id));
	return store_worker_forget(op, worker_id);
}

enum error undeploying_done(struct op *op, const struct deployment *deployment,
			    const char *reason)
{
	struct step_list steps;
	char id[UUID_TEXT];

	uuid_format(deployment->id, id);
	TRY(steps_of(op, deployment->connection_id, id, &steps));
	if (!steps.count)
		TRY(tell_removed(op, deployment, reason));
	for (size_t i = 0; i < steps.count; i++) {
		steps.items[i].attempts++;
		steps.items[i].updated_at = op->now;
		TRY(step_finish(op, &steps.items[i], "deployment.removed",
				reason));
	}
	return forget(op, deployment->id, deployment->worker_id);
}

enum error undeploying_failed(struct op *op,
			      const struct deployment *deployment,
			      const char *answer, int64_t next_at)
{
	struct step_list steps;
	char id[UUID_TEXT];

	uuid_format(deployment->id, id);
	TRY(steps_of(op, deployment->connection_id, id, &steps));
	for (size_t i = 0; i < steps.count; i++) {
		struct step *step = &steps.items[i];

		step->attempts++;
		step->answer = answer;
		step->updated_at = op->now;
		step->next_at = next_at;
		TRY(store_step_change(op, step));
	}
	return OK;
}

/* Of which deployment it is, at which worker. */
static enum error read_place(struct op *op, const struct step *step,
			     struct uuid *ret_id, struct uuid *ret_worker)
{
	const char *id = step_fact(op, step, "deploymentId");
	const char *worker = step_fact(op, step, "workerId");

	if (id && worker && uuid_parse(id, ret_id) &&
	    uuid_parse(worker, ret_worker))
		return OK;
	return op_fail(op, ERR_INTERNAL, "a step has no deployment");
}

enum error undeploying_retry(struct op *op, const struct step *step)
{
	struct uuid id, worker;

	TRY(read_place(op, step, &id, &worker));
	return job_bring(op, JOB_DEPLOY, step_fact(op, step, "workerId"), id);
}

/* Its job finds nothing to do, unless another step still waits for it. */
enum error undeploying_give_up(struct op *op, const struct step *step)
{
	struct uuid id, worker;
	struct step_list others;

	TRY(read_place(op, step, &id, &worker));
	TRY(steps_of(op, step->subject_id, step_fact(op, step, "deploymentId"),
		     &others));
	return others.count ? OK : forget(op, id, worker);
}

enum error undeploying_end(struct op *op, const struct deployment *deployment,
			   const char *reason)
{
	struct step_list steps;
	struct step ended;
	char id[UUID_TEXT];

	uuid_format(deployment->id, id);
	TRY(steps_of(op, deployment->connection_id, id, &steps));
	for (size_t i = 0; i < steps.count; i++)
		TRY(step_abandon(op, steps.items[i].deletion_id,
				 steps.items[i].id, reason, &ended));
	return forget(op, deployment->id, deployment->worker_id);
}

/* The receipt says that it was not asked. */
static enum error add_given_up(struct op *op, const struct record *record,
			       const struct deployment *of, const char *reason)
{
	struct step step;

	TRY(add_step(op, record, of, &step));
	step.state = STEP_ABANDONED;
	step.reason = reason;
	step.updated_at = op->now;
	return store_step_change(op, &step);
}

enum error worker_let_go(struct ending *ending, const struct thing *thing,
			 struct event *ret)
{
	static const char reason[] = "the worker was deleted";
	struct op *op = ending->op;
	const struct event_fact facts[] = {{"name", thing->name, false}};
	struct undeploying found;

	TRY(undeploying_find(op, THING_WORKER, thing->id, &found));
	for (size_t i = 0; i < found.deployments.count; i++) {
		const struct deployment *has = &found.deployments.items[i];

		TRY(undeploying_end(op, has, reason));
		TRY(add_given_up(op, &ending->record, has, reason));
		TRY(record_effect(op, &ending->record, &found.effects[i]));
	}
	TRY(store_worker_leave(op, thing->id));
	TRY(store_worker_forget(op, thing->id));
	TRY(ending_note(ending, EFFECT_OF_WORKER, thing->id, thing->name));
	return event_record(op, "worker.deleted", "worker", thing->id, facts, 1,
			    ret);
}
