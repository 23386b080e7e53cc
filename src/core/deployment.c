/* What workers are to have. What is done about it is in deploying.c. */
#include "core/deployment.h"

#include "core/job.h"
#include "core/store.h"

bool deployment_is_settled(const struct deployment *deployment)
{
	return deployment->is_wanted &&
	       deployment->worker_version == deployment->version;
}

enum error deployment_next_version(struct op *op, int64_t *ret)
{
	TRY(store_deployment_version_raise(op));
	return store_deployment_version(op, ret);
}

static const char *lane_of(struct op *op, struct uuid worker_id)
{
	char *text = arena_alloc(&op->arena, UUID_TEXT);

	uuid_format(worker_id, text);
	return text;
}

static enum error add_job(struct op *op, const struct deployment *of)
{
	const struct job_new job = {
		.kind = JOB_DEPLOY,
		.lane = lane_of(op, of->worker_id),
		.subject_id = of->id,
	};

	return job_add(op, &job, NULL);
}

/* One that is not settled has its job already: at most one, so that calls
 * for one connection never cross. */
static enum error change(struct op *op, const struct deployment *was,
			 int64_t version, bool is_wanted)
{
	struct deployment to = *was;

	to.version = version;
	to.is_wanted = is_wanted;
	TRY(store_deployment_change(op, &to));
	return deployment_is_settled(was) ? add_job(op, &to) : OK;
}

enum error deployment_order(struct op *op, const struct deployment *was,
			    int64_t version, bool is_wanted)
{
	TRY(change(op, was, version, is_wanted));
	if (deployment_is_settled(was))
		return OK;
	return job_bring(op, JOB_DEPLOY, lane_of(op, was->worker_id), was->id);
}

static bool is_wanted(const struct connection *target)
{
	return target->is_deployed && target->is_enabled;
}

static enum error deploy_anew(struct op *op, struct uuid worker_id,
			      const struct connection *target, int64_t version)
{
	const struct deployment deployment = {
		.id = uuid_make(op->now),
		.worker_id = worker_id,
		.connection_id = target->id,
		.version = version,
		.is_wanted = true,
	};

	if (!is_wanted(target))
		return OK;
	TRY(store_deployment_add(op, &deployment));
	return add_job(op, &deployment);
}

typedef enum error order_fn(struct op *op, const struct deployment *was,
			    int64_t version, bool is_wanted);

static enum error deploy(struct op *op, struct uuid worker_id,
			 const struct connection *target, int64_t version,
			 order_fn *order)
{
	struct deployment deployment;

	enum error error =
		store_deployment_find(op, worker_id, target->id, &deployment);
	if (error == ERR_NOT_FOUND)
		return deploy_anew(op, worker_id, target, version);
	TRY(error);
	return order(op, &deployment, version, is_wanted(target));
}

enum error deploy_target(struct op *op, const struct connection *target)
{
	struct worker_list workers;
	int64_t version;

	TRY(worker_list(op, (struct uuid){{0}}, INT64_MAX, &workers));
	if (!workers.count)
		return OK;
	TRY(deployment_next_version(op, &version));
	for (size_t i = 0; i < workers.count; i++)
		TRY(deploy(op, workers.items[i].id, target, version,
			   deployment_order));
	return OK;
}

/* Removals that were not confirmed, of what is no target any more. */
static enum error remove_again(struct op *op, struct uuid worker_id,
			       int64_t version)
{
	struct deployment_list has;

	TRY(store_deployments_of_worker(op, worker_id, &has));
	for (size_t i = 0; i < has.count; i++)
		if (!has.items[i].is_wanted && has.items[i].version < version)
			TRY(change(op, &has.items[i], version, false));
	return OK;
}

enum error deploy_all(struct op *op, const struct worker *worker)
{
	struct connection_list targets;
	int64_t version;

	TRY(deployment_next_version(op, &version));
	TRY(target_list(op, NULL, &targets));
	for (size_t i = 0; i < targets.count; i++)
		TRY(deploy(op, worker->id, &targets.items[i].connection,
			   version, change));
	TRY(remove_again(op, worker->id, version));
	return deployment_try_again(op, worker->id);
}

enum error deployment_try_again(struct op *op, struct uuid worker_id)
{
	return job_bring_all(op, JOB_DEPLOY, lane_of(op, worker_id));
}

enum error deployments_of_connection(struct op *op, struct uuid id,
				     struct deployment_list *ret)
{
	return store_deployments_of_connection(op, id, ret);
}

/* The version first: what is deployed after it is not taken for gone. */
enum error deployed_set_get(struct op *op, struct uuid worker_id, int64_t since,
			    struct deployed_set *ret)
{
	struct deployed_set set = {.is_same = false};
	struct deployment_list *list = &set.list;
	struct worker worker;
	size_t count = 0;

	TRY(worker_get(op, worker_id, &worker));
	TRY(store_deployment_version(op, &set.version));
	set.is_same = set.version == since;
	if (!set.is_same)
		TRY(store_deployments_of_worker(op, worker_id, list));
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].is_wanted)
			list->items[count++] = list->items[i];
	list->count = count;
	*ret = set;
	return OK;
}
