/* The life of an op, and the sentences of its failure. */
#include "base/op.h"

#include <stdarg.h>
#include <string.h>

void op_init(struct op *op, const struct keyring *keys, int64_t now)
{
	*op = (struct op){
		.keys = keys,
		.now = now,
		.batch_over = INT64_MAX,
	};
	arena_init(&op->arena);
}

void op_reset(struct op *op, int64_t now)
{
	arena_reset(&op->arena);
	/* field by field: the issues are many, and count says how many hold */
	op->session = NULL;
	op->principal = NULL;
	op->actor = NULL;
	op->origin = NULL;
	op->project_id = (struct uuid){{0}};
	op->now = now;
	op->has_secrets = false;
	op->is_dry_run = false;
	op->plan_from = 0;
	op->plan = NULL;
	op->deletion_id = (struct uuid){{0}};
	op->unrouted_project_id = (struct uuid){{0}};
	op->has_jobs = false;
	op->recorded = NULL;
	op->leaving.is_known = false;
	op->request_id[0] = '\0';
	op->detail = NULL;
	op->remedy = NULL;
	op->retry_at = 0;
	op->issue_count = 0;
}

void op_release(struct op *op)
{
	arena_release(&op->arena);
}

struct op_mark op_mark(const struct op *op)
{
	return (struct op_mark){
		.project_id = op->project_id,
		.deletion_id = op->deletion_id,
		.unrouted_project_id = op->unrouted_project_id,
		.recorded = op->recorded,
		.plan = op->plan,
		.detail = op->detail,
		.remedy = op->remedy,
		.retry_at = op->retry_at,
		.issue_count = op->issue_count,
		.has_secrets = op->has_secrets,
		.has_jobs = op->has_jobs,
	};
}

void op_go_back(struct op *op, const struct op_mark *mark)
{
	op->project_id = mark->project_id;
	op->deletion_id = mark->deletion_id;
	op->unrouted_project_id = mark->unrouted_project_id;
	op->recorded = mark->recorded;
	op->plan = mark->plan;
	op->detail = mark->detail;
	op->remedy = mark->remedy;
	op->retry_at = mark->retry_at;
	op->issue_count = mark->issue_count;
	op->has_secrets = mark->has_secrets;
	op->has_jobs = mark->has_jobs;
	op->leaving.is_known = false;
}

static struct recorded *recorded_in(const struct op *op, struct uuid project_id)
{
	struct recorded *at = op->recorded;

	while (at && !uuid_equal(at->project_id, project_id))
		at = at->next;
	return at;
}

bool op_is_waited_for(const struct op *op)
{
	return op->waiting && atomic_load(op->waiting);
}

void op_recorded(struct op *op, struct uuid project_id, int64_t event_number)
{
	struct recorded *there = recorded_in(op, project_id);

	if (!there) {
		there = arena_alloc(&op->arena, sizeof(*there));
		there->project_id = project_id;
		there->next = op->recorded;
		op->recorded = there;
	}
	there->last_event = event_number;
}

const struct recorded *op_recorded_in(const struct op *op,
				      struct uuid project_id)
{
	return recorded_in(op, project_id);
}

void op_explain(struct op *op, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	op->detail = arena_vprintf(&op->arena, format, args);
	va_end(args);
}

void op_advise(struct op *op, const char *remedy)
{
	op->remedy = remedy;
}

static bool is_same(const struct issue *a, const struct issue *b)
{
	return strcmp(a->in, b->in) == 0 && strcmp(a->field, b->field) == 0 &&
	       strcmp(a->why, b->why) == 0;
}

void op_issue(struct op *op, const char *in, const char *field,
	      const char *format, ...)
{
	va_list args;

	if (op->issue_count >= OP_ISSUES_MAX)
		return;
	va_start(args, format);
	const struct issue issue = {
		.in = in,
		.field = arena_strdup(&op->arena, field),
		.why = arena_vprintf(&op->arena, format, args),
	};
	va_end(args);
	for (size_t i = 0; i < op->issue_count; i++)
		if (is_same(&op->issues[i], &issue))
			return;
	op->issues[op->issue_count++] = issue;
}
