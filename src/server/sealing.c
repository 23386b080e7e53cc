/* One link a project and commit, however many pieces it was made of. */
#include "server/sealing.h"

#include "core/chain.h"
#include "store/telling.h"

/* Looked for from the first piece on: mostly they are of one project. */
static bool is_new(const struct work *batch, const struct work *at,
		   struct uuid project_id)
{
	for (; batch != at; batch = batch->next)
		if (batch->error == OK && op_recorded_in(batch->op, project_id))
			return false;
	return true;
}

enum error batch_projects(const struct work *batch,
			  enum error (*visit)(void *context, struct op *op,
					      struct uuid project_id),
			  void *context)
{
	for (const struct work *at = batch; at; at = at->next) {
		if (at->error != OK)
			continue;
		for (const struct recorded *r = at->op->recorded; r;
		     r = r->next)
			if (is_new(batch, at, r->project_id))
				TRY(visit(context, at->op, r->project_id));
	}
	return OK;
}

static enum error seal_project(void *context, struct op *op,
			       struct uuid project_id)
{
	struct uuid own = op->project_id;

	(void)context;
	op->project_id = project_id;
	enum error error = chain_seal(op);
	op->project_id = own;
	return error;
}

static enum error tell_project(void *context, struct op *op,
			       struct uuid project_id)
{
	(void)context;
	return tell_events(op, project_id);
}

static enum error tell_of_jobs(const struct work *batch)
{
	for (; batch; batch = batch->next)
		if (batch->error == OK && batch->op->has_jobs)
			return tell_jobs(batch->op);
	return OK;
}

enum error seal_batch(const struct work *batch)
{
	TRY(batch_projects(batch, seal_project, NULL));
	TRY(batch_projects(batch, tell_project, NULL));
	return tell_of_jobs(batch);
}
