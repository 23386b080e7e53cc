/* Ending workers of which no answer is to be expected. */
#include "core/worker_ending.h"

#include "core/event.h"
#include "core/store.h"
#include "core/undeploying.h"

enum error worker_end(struct op *op, const struct worker *worker,
		      const char *reason)
{
	struct deployment_list has;

	TRY(store_deployments_of_worker(op, worker->id, &has));
	for (size_t i = 0; i < has.count; i++)
		TRY(undeploying_end(op, &has.items[i], reason));
	TRY(store_worker_leave(op, worker->id));
	return store_worker_forget(op, worker->id);
}

static enum error tell_replaced(struct op *op, const struct worker *worker,
				const struct worker *by)
{
	char id[UUID_TEXT];
	const struct event_fact facts[] = {
		{"environment", worker->environment, false},
		{"name", worker->name, false},
		{"url", worker->url, false},
		{"byWorkerId", id, false},
	};

	uuid_format(by->id, id);
	return event_record(op, "worker.replaced", "worker", worker->id, facts,
			    4, NULL);
}

enum error worker_replace_others(struct op *op, const struct worker *by)
{
	struct worker_list others;

	TRY(store_workers_at(op, by->url, by->id, &others));
	for (size_t i = 0; i < others.count; i++) {
		const struct worker *other = &others.items[i];

		TRY(worker_end(op, other,
			       arena_printf(&op->arena,
					    "worker %s of environment %s has "
					    "registered at its URL",
					    by->name, by->environment)));
		TRY(tell_replaced(op, other, by));
	}
	return OK;
}
