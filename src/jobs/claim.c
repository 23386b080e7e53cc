/* Which job is next, so that nobody is held up by others. */
#include <stdio.h>
#include <string.h>

#include "core/store.h"
#include "jobs/turn.h"

enum { DUE_COUNTED_MAX = 1000, LEFT_FOR_OTHERS = 2 };
#define BLOCKED_US     INT64_C(250000) /* until a full lane is looked at again */
#define COUNT_EVERY_US INT64_C(1000000)

/* More than a project may have, so that no project fills a kind. */
static int running_max(const struct jobs *jobs, const struct job_kind *kind)
{
	int threads = (int)jobs->options.threads;

	return kind->running_max ? kind->running_max : (threads * 3 + 3) / 4;
}

/*
 * Of one kind in one project: some are left for its other kinds. A lane that
 * has something under way leaves the last ones for those that have nothing.
 */
static int running_max_in_project(const struct jobs *jobs, bool has_some)
{
	return (jobs->project_max * 3 + 3) / 4 -
	       (has_some ? LEFT_FOR_OTHERS : 0);
}

static int running_of_kind(const struct jobs *jobs, size_t kind)
{
	int count = 0;

	for (unsigned i = 0; i < jobs->options.threads; i++)
		count += jobs->slots[i].holds &&
			 jobs->slots[i].held_kind == kind;
	return count;
}

static bool project_is_full(const struct jobs *jobs, size_t kind,
			    struct uuid project_id, bool has_some)
{
	int in_project = 0, of_kind = 0;

	for (unsigned i = 0; i < jobs->options.threads; i++) {
		const struct slot *slot = &jobs->slots[i];

		if (!slot->holds || !uuid_equal(slot->held_project, project_id))
			continue;
		in_project++;
		of_kind += slot->held_kind == kind;
	}
	return in_project >= jobs->project_max ||
	       of_kind >= running_max_in_project(jobs, has_some);
}

/*
 * When something of the op's project may begin in this lane: now, or later.
 * Others that serve the store have no part in its limits of a project, but in
 * those of a lane, which is the order of what is sent.
 */
static enum error may_begin_at(struct op *op, const struct jobs *jobs,
			       size_t kind_number, const struct job_lane *lane,
			       int64_t *ret)
{
	const struct job_kind *kind = jobs->options.kinds[kind_number];
	int lane_max = kind->lane_max ? kind->lane_max : 1;
	int64_t at = lane->rest_until > op->now ? lane->rest_until : op->now;
	struct job_lane_use use;

	TRY(store_job_lane_running(op, kind->name, lane->lane, &use));
	if (use.running && use.last_claim_at + kind->lane_gap_us > at)
		at = use.last_claim_at + kind->lane_gap_us;
	if ((use.running >= lane_max ||
	     project_is_full(jobs, kind_number, op->project_id,
			     use.running > 0)) &&
	    at < op->now + BLOCKED_US)
		at = op->now + BLOCKED_US;
	*ret = at;
	return OK;
}

static void hold(struct slot *slot, const struct turn *turn)
{
	slot->holds = true;
	slot->held_kind = turn->kind;
	slot->held_project = turn->job.project_id;
	slot->held_job = turn->job;
}

static enum error begin(struct slot *slot, size_t kind,
			const struct job_lane *lane)
{
	const struct job_kind *of = slot->jobs->options.kinds[kind];
	struct turn *turn = slot->next;

	turn->kind = kind;
	turn->state = NULL;
	turn->has_job = true;
	slot->began = true;
	slot->broken = *lane;
	slot->broken_kind = kind;
	(void)snprintf(slot->broken_lane, sizeof(slot->broken_lane), "%s",
		       lane->lane);
	if (of->begin)
		TRY(of->begin(&turn->op, &turn->job, &turn->state));
	hold(slot, turn);
	return OK;
}

/* ERR_NOT_FOUND when nothing of it begins now. */
static enum error claim_of_lane(struct slot *slot, size_t kind,
				const struct job_lane *lane)
{
	struct jobs *jobs = slot->jobs;
	const char *name = jobs->options.kinds[kind]->name;
	struct op *op = &slot->next->op;
	int64_t at;

	op->project_id = lane->project_id;
	TRY(may_begin_at(op, jobs, kind, lane, &at));
	if (at <= op->now)
		return job_claim(op, name, lane, jobs_lease_us(jobs),
				 &slot->next->job);
	TRY(store_job_lane_set(op, name, lane->lane, at));
	return ERR_NOT_FOUND;
}

/* ERR_NOT_FOUND when nothing of this kind may begin now. */
static enum error claim_of_kind(struct slot *slot, size_t kind)
{
	struct jobs *jobs = slot->jobs;
	const char *name = jobs->options.kinds[kind]->name;
	struct op *op = &slot->next->op;
	struct job_lane_list lanes;

	TRY(store_job_lanes_due(op, name, op->now, JOB_LANES_LOOKED_AT,
				&lanes));
	for (size_t i = 0; i < lanes.count; i++) {
		const struct job_lane *lane = &lanes.items[i];
		enum error error = claim_of_lane(slot, kind, lane);

		if (error == OK)
			return begin(slot, kind, lane);
		/* another process works in that project just now */
		if (error != ERR_NOT_FOUND && error != ERR_ELSEWHERE)
			return error;
	}
	op->project_id = (struct uuid){{0}};
	return ERR_NOT_FOUND;
}

/* Claims that nobody works on any more. */
static enum error return_lapsed(struct jobs *jobs, struct op *op)
{
	bool is_first = !jobs->returned_lost && jobs->options.is_alone;
	size_t count;

	do {
		TRY(job_return_lapsed(op, is_first ? INT64_MAX : op->now,
				      &count));
	} while (is_first && count);
	jobs->returned_lost = true;
	return OK;
}

static enum error count_due(struct jobs *jobs, struct op *op, bool is_idle)
{
	if (!is_idle && op->now < jobs->counted_at + COUNT_EVERY_US)
		return OK;
	jobs->counted_at = op->now;
	for (size_t i = 0; i < jobs->options.kind_count; i++) {
		int64_t due;

		TRY(store_job_lane_count(op, jobs->options.kinds[i]->name,
					 op->now, DUE_COUNTED_MAX, &due));
		jobs->counts[i].of[COUNT_DUE] = due;
	}
	return OK;
}

/* The kinds that are full are looked at when one of theirs ends. */
static enum error look_again_at(struct jobs *jobs, struct op *op, int64_t *ret)
{
	int64_t soonest, at;

	TRY(store_job_lease_next(op, &soonest));
	for (size_t i = 0; i < jobs->options.kind_count; i++) {
		const struct job_kind *kind = jobs->options.kinds[i];

		if (running_of_kind(jobs, i) >= running_max(jobs, kind))
			continue;
		TRY(job_next_due(op, kind->name, &at));
		if (at < soonest)
			soonest = at;
	}
	*ret = soonest;
	return OK;
}

enum error jobs_claim(struct slot *slot)
{
	struct jobs *jobs = slot->jobs;
	struct op *op = &slot->next->op;
	size_t kinds = jobs->options.kind_count, first = jobs->first_kind++;

	TRY(return_lapsed(jobs, op));
	TRY(count_due(jobs, op, false));
	for (size_t i = 0; i < kinds; i++) {
		size_t kind = (first + i) % kinds;

		if (running_of_kind(jobs, kind) >=
		    running_max(jobs, jobs->options.kinds[kind]))
			continue;
		enum error error = claim_of_kind(slot, kind);
		if (error != ERR_NOT_FOUND || slot->began)
			return error;
	}
	TRY(count_due(jobs, op, true));
	return look_again_at(jobs, op, &slot->look_at);
}

enum error jobs_end(struct slot *slot)
{
	struct turn *turn = slot->ending;
	const struct job_kind *kind = slot->jobs->options.kinds[turn->kind];
	struct op *op = &turn->op;

	turn->end = (struct job_end){.what = JOB_DONE};
	op->project_id = turn->job.project_id;
	enum error error = job_hold(op, &turn->job);
	turn->is_lost = error == ERR_NOT_FOUND;
	if (turn->is_lost)
		return OK;
	TRY(error);
	TRY(kind->end(op, &turn->job, turn->state, &turn->end));
	return job_finish(op, &turn->job, &turn->end);
}

enum error jobs_put_off(struct slot *slot)
{
	struct op *op = &slot->next->op;
	const char *name = slot->jobs->options.kinds[slot->broken_kind]->name;
	struct job job;

	slot->broken.lane = slot->broken_lane;
	enum error error = job_claim(op, name, &slot->broken,
				     jobs_lease_us(slot->jobs), &job);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	const struct job_end end = {
		.what = JOB_AGAIN,
		.due_at = job_next_at(op, job.attempts + 1, 0),
	};
	return job_finish(op, &job, &end);
}
