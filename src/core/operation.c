/* Beginning, logging, ending and finding operations. */
#include "core/operation.h"

#include <string.h>

#include "base/json_write.h"
#include "base/utf8.h"
#include "core/installation_state.h"
#include "core/job.h"
#include "core/store.h"

enum {
	FORGET_MAX = 500,	 /* at once, where others wait */
	LINE_BYTES = 256 * 1024, /* bytes of a line as JSON */
	DETAILS_MAX = 20,
};

static enum error missing(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return op_fail(op, ERR_NOT_FOUND, "there is no operation %s", text);
}

/* Without a character that would be cut in two (UTF-8). */
static const char *cut(struct op *op, const char *text)
{
	return text ? arena_strndup(&op->arena, text,
				    utf8_fit(text, OPERATION_TEXT_MAX))
		    : NULL;
}

/* One sweep waits in each project that has operations. */
static enum error plan_sweep(struct op *op)
{
	const struct job_new sweep = {
		.kind = OPERATION_SWEEP_JOB,
		.lane = OPERATION_SWEEP_JOB,
		.subject_id = op->project_id,
		.due_at = op->now + OPERATION_RETENTION_US,
	};
	struct job waiting;
	enum error error =
		store_job_first(op, sweep.kind, sweep.lane, &waiting);

	return error == ERR_NOT_FOUND ? job_add(op, &sweep, NULL) : error;
}

static enum error add(struct op *op, const struct operation_new *new,
		      const struct operation_outcome *outcome,
		      struct installation_state *ret_state,
		      struct operation *ret)
{
	TRY(installation_state_get(op, new->installation_id, ret_state));
	*ret = (struct operation){
		.id = uuid_make(op->now),
		.installation_id = new->installation_id,
		.integration_id = ret_state->integration_id,
		.config_id = ret_state->config_id,
		.action = new->action,
		.status = OPERATION_IN_PROGRESS,
		.objects = new->objects,
		.created_at = op->now,
	};
	if (outcome) {
		ret->status = outcome->is_success ? OPERATION_SUCCESS
						  : OPERATION_FAILURE;
		ret->result = cut(op, outcome->result);
		ret->record_ids = outcome->record_ids;
		ret->ended_at = op->now;
	}
	TRY(store_operation_add(op, ret));
	return plan_sweep(op);
}

enum error operation_begin(struct op *op, const struct operation_new *new,
			   struct operation *ret)
{
	struct installation_state was, to;
	struct operation made;

	TRY(add(op, new, NULL, &was, &made));
	to = was;
	to.operation_status = OPERATION_IN_PROGRESS;
	TRY(installation_state_change(op, made.installation_id, &was, &to));
	*ret = made;
	return OK;
}

enum error operation_record(struct op *op, const struct operation_new *new,
			    const struct operation_outcome *outcome,
			    struct operation *ret)
{
	struct installation_state was;
	struct operation made;

	TRY(add(op, new, outcome, &was, &made));
	TRY(installation_state_ended(op, made.installation_id,
				     outcome->is_success, true));
	*ret = made;
	return OK;
}

static const char *line_text(struct op *op, struct uuid id, const char *text,
			     const char *error,
			     const struct operation_detail *details,
			     size_t count)
{
	struct buf json;

	buf_init(&json, LINE_BYTES);
	struct json_writer w = json_writer_on(&json);
	json_begin_object(&w, NULL);
	json_put_string(&w, "msg", cut(op, text));
	if (error)
		json_put_string(&w, "error", cut(op, error));
	json_put_uuid(&w, "operation_id", id);
	if (count) {
		json_begin_object(&w, "details");
		for (size_t i = 0; i < count && i < DETAILS_MAX; i++)
			json_put_string(&w, details[i].name,
					cut(op, details[i].value));
		json_end_object(&w);
	}
	json_end_object(&w);
	const char *made = json.is_overfull
				   ? NULL
				   : arena_strdup(&op->arena, buf_cstr(&json));
	buf_release(&json);
	return made;
}

enum error operation_log(struct op *op, struct uuid id, const char *severity,
			 const char *text, const char *error,
			 const struct operation_detail *details,
			 size_t detail_count)
{
	struct operation of;
	int64_t last;
	struct operation_line line = {
		.severity = severity,
		.message =
			line_text(op, id, text, error, details, detail_count),
		.created_at = op->now,
	};

	enum error found = store_operation_get(op, id, &of);
	if (found == ERR_NOT_FOUND)
		return missing(op, id);
	TRY(found);
	if (!line.message) /* details beyond all measure are left out */
		line.message = line_text(op, id, text, error, NULL, 0);
	TRY(store_operation_log_last(op, id, &last));
	if (last >= OPERATION_LOGS_MAX)
		return OK;
	return store_operation_log_add(op, id, last + 1, &line);
}

/* ERR_NOT_FOUND also when it has ended. */
static enum error get_running(struct op *op, struct uuid id,
			      struct operation *ret)
{
	enum error error = store_operation_get(op, id, ret);

	if (error == ERR_NOT_FOUND || (error == OK && ret->ended_at))
		return missing(op, id);
	ret->updated_at = op->now;
	return error;
}

enum error operation_progress(struct op *op, struct uuid id,
			      const struct operation_progress *progress)
{
	struct operation operation;

	TRY(get_running(op, id, &operation));
	operation.progress = *progress;
	return store_operation_change(op, &operation);
}

enum error operation_attempt(struct op *op, struct uuid id, bool is_notified)
{
	struct operation operation;

	TRY(get_running(op, id, &operation));
	operation.attempts++;
	operation.attempted_at = op->now;
	if (is_notified)
		operation.notified_at = op->now;
	return store_operation_change(op, &operation);
}

enum error operation_end(struct op *op, struct uuid id,
			 const struct operation_outcome *outcome)
{
	struct operation operation;
	struct uuid latest;

	TRY(get_running(op, id, &operation));
	operation.status =
		outcome->is_success ? OPERATION_SUCCESS : OPERATION_FAILURE;
	operation.result = cut(op, outcome->result);
	operation.record_ids = outcome->record_ids;
	operation.ended_at = op->now;
	TRY(store_operation_change(op, &operation));
	TRY(store_operation_latest(op, operation.installation_id, &latest));
	return installation_state_ended(op, operation.installation_id,
					outcome->is_success,
					uuid_equal(latest, id));
}

enum error operation_get(struct op *op, struct uuid id, struct operation *ret)
{
	enum error error = store_operation_show(op, id, ret);

	return error == ERR_NOT_FOUND ? missing(op, id) : error;
}

enum error operation_list(struct op *op, struct uuid installation_id,
			  struct uuid before, int64_t limit,
			  struct operation_list *ret)
{
	if (uuid_is_nil(before))
		memset(before.bytes, 0xff, sizeof(before.bytes));
	return store_operation_list(op, installation_id, before, limit, ret);
}

enum error operation_lines(struct op *op, struct uuid id,
			   struct operation_line_list *ret)
{
	return store_operation_log_list(op, id, OPERATION_LOGS_MAX, ret);
}

enum error operation_backfill(struct op *op, struct uuid installation_id,
			      const char *object, struct operation *ret)
{
	enum error error =
		store_operation_backfill(op, installation_id, object, ret);

	if (error == ERR_NOT_FOUND)
		op_explain(op, "there was no backfill of %s", object);
	return error;
}

enum error operation_forget_some(struct op *op, struct uuid installation_id,
				 bool *ret_is_done)
{
	int64_t count;

	TRY(store_operation_forget(op, installation_id, FORGET_MAX, &count));
	*ret_is_done = count < FORGET_MAX;
	return OK;
}

enum error operation_forget(struct op *op, struct uuid installation_id)
{
	const struct job_new rest = {
		.kind = OPERATION_FORGET_JOB,
		.subject_id = installation_id,
	};
	bool is_done;

	TRY(store_read_pause_remove_of(op, installation_id));
	TRY(operation_forget_some(op, installation_id, &is_done));
	return is_done ? OK : job_add(op, &rest, NULL);
}

enum error operation_sweep(struct op *op, int64_t *ret_next_at)
{
	struct uuid before = uuid_first_at(op->now - OPERATION_RETENTION_US);
	struct uuid oldest;
	int64_t swept;

	TRY(store_operation_sweep(op, before, OPERATION_SWEEP_MAX, &swept));
	TRY(store_job_drop_waiting(op, OPERATION_SWEEP_JOB,
				   OPERATION_SWEEP_JOB));
	*ret_next_at = 0;
	enum error error = store_operation_oldest(op, &oldest);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	*ret_next_at =
		swept == OPERATION_SWEEP_MAX
			? op->now
			: uuid_time_us(oldest) + OPERATION_RETENTION_US + 1000;
	return OK;
}
