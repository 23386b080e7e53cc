/* The loop of jobs and the writer, put together. */
#include "server/job_work.h"

#include "base/clock.h"
#include "jobs/kinds.h"

/* They wait for others most of the time. */
enum { THREADS = 16 };

/* A job's piece of work on its way through the writer; in the op's arena. */
struct job_work {
	struct work work;
	enum error (*run)(struct op *op);
	void (*done)(struct op *op, enum error error);
};

static enum error run_job_work(struct work *work)
{
	return ((struct job_work *)work)->run(work->op);
}

static void job_work_done(struct work *work, enum error error)
{
	((struct job_work *)work)->done(work->op, error);
}

static bool give(void *context, struct op *op, enum error (*run)(struct op *op),
		 void (*done)(struct op *op, enum error error))
{
	struct writer *writer = context;
	struct job_work *own = arena_alloc(&op->arena, sizeof(*own));

	*own = (struct job_work){
		.work = {.op = op, .run = run_job_work, .done = job_work_done},
		.run = run,
		.done = done,
	};
	return writer_give(writer, &own->work);
}

struct jobs *jobs_on_writer(struct writer *writer, const struct keyring *keys,
			    struct client *client, bool is_alone)
{
	const struct jobs_options options = {
		.give = give,
		.give_context = writer,
		.keys = keys,
		.client = client,
		.kinds = job_kinds,
		.kind_count = job_kind_count,
		.threads = THREADS,
		.is_alone = is_alone,
		.now = clock_now,
	};

	return jobs_start(&options);
}
