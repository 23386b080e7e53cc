/* Jobs and their lanes in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_job(struct op *op, const struct db_rows *rows, int from,
		     void *ret)
{
	*(struct job *)ret = (struct job){
		.project_id = db_uuid(rows, from),
		.id = db_uuid(rows, from + 1),
		.kind = db_text(&op->arena, rows, from + 2),
		.lane = db_text(&op->arena, rows, from + 3),
		.subject_id = db_uuid(rows, from + 4),
		.attempts = db_integer(rows, from + 5),
		.due_at = db_integer(rows, from + 6),
		.fence = db_integer(rows, from + 7),
		.payload = db_text(&op->arena, rows, from + 8),
		.created_at = db_integer(rows, from + 9),
	};
}

static void read_lane(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	*(struct job_lane *)ret = (struct job_lane){
		.project_id = db_uuid(rows, from),
		.lane = db_text(&op->arena, rows, from + 1),
		.due_at = db_integer(rows, from + 2),
		.rest_until = db_integer(rows, from + 3),
	};
}

enum error store_job_add(struct op *op, const struct job *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	DB_ID(new->id),
		DB_STR(new->kind),	DB_STR(new->lane),
		DB_ID(new->subject_id), DB_INT(new->due_at),
		DB_STR(new->payload),	DB_INT(new->created_at)};

	return rows_run(op, QUERY_JOB_ADD, ROWS_OF(values));
}

/* A change of one lane of the op's project. */
static enum error lane_run(struct op *op, enum query query, const char *kind,
			   const char *lane, int64_t at)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane), DB_INT(at)};

	return rows_run(op, query, ROWS_OF(values));
}

enum error store_job_lane_bring(struct op *op, const char *kind,
				const char *lane, int64_t due_at)
{
	return lane_run(op, QUERY_JOB_LANE_BRING, kind, lane, due_at);
}

enum error store_job_lane_set(struct op *op, const char *kind, const char *lane,
			      int64_t due_at)
{
	return lane_run(op, QUERY_JOB_LANE_SET, kind, lane, due_at);
}

enum error store_job_lane_rest(struct op *op, const char *kind,
			       const char *lane, int64_t until)
{
	return lane_run(op, QUERY_JOB_LANE_REST, kind, lane, until);
}

enum error store_job_lane_remove(struct op *op, const char *kind,
				 const char *lane)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane)};

	return rows_run(op, QUERY_JOB_LANE_REMOVE, ROWS_OF(values));
}

enum error store_job_lanes_due(struct op *op, const char *kind, int64_t by,
			       int64_t limit, struct job_lane_list *ret)
{
	const struct db_value values[] = {DB_STR(kind), DB_INT(by),
					  DB_INT(limit)};

	return rows_all(op, QUERY_JOB_LANES_DUE, ROWS_OF(values), read_lane,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_job_lane_next(struct op *op, const char *kind, int64_t *ret_at)
{
	const struct db_value values[] = {DB_STR(kind)};
	enum error error = rows_one(op, QUERY_JOB_LANE_NEXT, ROWS_OF(values),
				    read_integer, ret_at);

	if (error == ERR_NOT_FOUND) {
		*ret_at = INT64_MAX;
		return OK;
	}
	return error;
}

enum error store_job_lane_count(struct op *op, const char *kind, int64_t by,
				int64_t limit, int64_t *ret)
{
	const struct db_value values[] = {DB_STR(kind), DB_INT(by),
					  DB_INT(limit)};

	return rows_one(op, QUERY_JOB_LANE_COUNT, ROWS_OF(values), read_integer,
			ret);
}

enum error store_job_first(struct op *op, const char *kind, const char *lane,
			   struct job *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane)};

	return rows_one(op, QUERY_JOB_FIRST, ROWS_OF(values), read_job, ret);
}

static void read_lane_use(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	(void)op;
	*(struct job_lane_use *)ret = (struct job_lane_use){
		.running = db_integer(rows, from),
		.last_claim_at = db_integer(rows, from + 1),
	};
}

enum error store_job_lane_running(struct op *op, const char *kind,
				  const char *lane, struct job_lane_use *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane)};

	return rows_one(op, QUERY_JOB_LANE_RUNNING, ROWS_OF(values),
			read_lane_use, ret);
}

enum error store_job_claim(struct op *op, const struct job *job,
			   int64_t lease_until)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(job->id),
					  DB_INT(job->fence),
					  DB_INT(lease_until), DB_INT(op->now)};

	return rows_change(op, QUERY_JOB_CLAIM, ROWS_OF(values));
}

enum error store_job_renew(struct op *op, const struct job *job,
			   int64_t lease_until)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(job->id),
					  DB_INT(job->fence),
					  DB_INT(lease_until)};

	return rows_change(op, QUERY_JOB_RENEW, ROWS_OF(values));
}

enum error store_job_held(struct op *op, const struct job *job)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(job->id),
					  DB_INT(job->fence)};
	int64_t fence;

	return rows_one(op, QUERY_JOB_HELD, ROWS_OF(values), read_integer,
			&fence);
}

enum error store_job_done(struct op *op, const struct job *job)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(job->id),
					  DB_INT(job->fence)};

	return rows_change(op, QUERY_JOB_DONE, ROWS_OF(values));
}

enum error store_job_again(struct op *op, const struct job *job,
			   int64_t attempts, int64_t due_at)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(job->id),
					  DB_INT(job->fence), DB_INT(attempts),
					  DB_INT(due_at)};

	return rows_change(op, QUERY_JOB_AGAIN, ROWS_OF(values));
}

enum error store_job_lapsed(struct op *op, int64_t by, int64_t limit,
			    struct job **ret, size_t *ret_count)
{
	const struct db_value values[] = {DB_INT(by), DB_INT(limit)};

	return rows_all(op, QUERY_JOB_LAPSED, ROWS_OF(values), read_job,
			sizeof(**ret), ret, ret_count);
}

enum error store_job_lease_next(struct op *op, int64_t *ret_at)
{
	enum error error = rows_one(op, QUERY_JOB_LEASE_NEXT, NULL, 0,
				    read_integer, ret_at);

	if (error == ERR_NOT_FOUND) {
		*ret_at = INT64_MAX;
		return OK;
	}
	return error;
}

enum error store_job_remove_kind(struct op *op, const char *kind)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind)};

	return rows_run(op, QUERY_JOB_REMOVE_KIND, ROWS_OF(values));
}

enum error store_job_bring(struct op *op, const char *kind, const char *lane,
			   struct uuid subject_id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane), DB_ID(subject_id),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_JOB_BRING, ROWS_OF(values));
}

enum error store_job_bring_all(struct op *op, const char *kind,
			       const char *lane)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane), DB_INT(op->now)};

	return rows_run(op, QUERY_JOB_BRING_ALL, ROWS_OF(values));
}

enum error store_job_drop_waiting(struct op *op, const char *kind,
				  const char *lane)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_STR(lane)};

	return rows_run(op, QUERY_JOB_DROP_WAITING, ROWS_OF(values));
}
