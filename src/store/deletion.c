/* Deletions, their steps, and policies in SQL. */
#include <string.h>

#include "core/store.h"
#include "store/rules.h"

static void read_deletion(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	struct arena *arena = &op->arena;

	*(struct deletion *)ret = (struct deletion){
		.id = db_uuid(rows, from),
		.target_kind = db_text(arena, rows, from + 1),
		.target_id = db_uuid(rows, from + 2),
		.target_name = db_text(arena, rows, from + 3),
		.group_id = db_uuid(rows, from + 4),
		.mode = db_text(arena, rows, from + 5),
		.revoke = db_text(arena, rows, from + 6),
		.state = db_text(arena, rows, from + 7),
		.actor = db_text(arena, rows, from + 8),
		.counts = db_text(arena, rows, from + 9),
		.effects = db_text(arena, rows, from + 10),
		.created_at = db_integer(rows, from + 11),
		.purge_at = db_integer(rows, from + 12),
		.finished_at = db_integer(rows, from + 13),
		.last_event = db_integer(rows, from + 14),
	};
}

enum error store_deletion_add(struct op *op, const struct deletion *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(new->id),
		DB_STR(new->target_kind),
		DB_ID(new->target_id),
		DB_STR(new->target_name),
		DB_ID_OR_NULL(new->group_id),
		DB_STR(new->mode),
		DB_STR(new->revoke),
		DB_STR(new->state),
		DB_STR(new->actor),
		DB_STR(new->counts),
		DB_STR(new->effects),
		DB_INT(new->created_at),
		DB_INT_OR_NULL(new->purge_at),
		DB_INT_OR_NULL(new->finished_at),
		DB_INT_OR_NULL(new->last_event),
	};

	return rows_run(op, QUERY_DELETION_ADD, ROWS_OF(values));
}

enum error store_deletion_part_add(struct op *op, struct uuid deletion_id,
				   int64_t number, const char *effects)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id), DB_INT(number),
					  DB_STR(effects)};

	return rows_run(op, QUERY_DELETION_PART_ADD, ROWS_OF(values));
}

enum error store_deletion_get(struct op *op, struct uuid id,
			      struct deletion *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DELETION_GET, ROWS_OF(values), read_deletion,
			ret);
}

enum error store_deletion_part_get(struct op *op, struct uuid deletion_id,
				   int64_t number, const char **ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id), DB_INT(number)};

	return rows_one(op, QUERY_DELETION_PART_GET, ROWS_OF(values), read_text,
			ret);
}

enum error store_deletion_list(struct op *op, const char *state,
			       struct uuid after, int64_t limit,
			       struct deletion_list *ret)
{
	bool is_open = state && strcmp(state, DELETION_DONE) != 0;
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(after),
					  DB_INT(limit), DB_STR(state)};

	return rows_all(
		op, is_open ? QUERY_DELETION_LIST_OPEN : QUERY_DELETION_LIST,
		values, is_open ? 4 : 3, read_deletion, sizeof(*ret->items),
		&ret->items, &ret->count);
}

enum error store_deletion_state(struct op *op, struct uuid id,
				const char *state, int64_t finished_at)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_STR(state),
					  DB_INT_OR_NULL(finished_at)};

	return rows_change(op, QUERY_DELETION_STATE, ROWS_OF(values));
}

static void read_step(struct op *op, const struct db_rows *rows, int from,
		      void *ret)
{
	struct arena *arena = &op->arena;

	*(struct step *)ret = (struct step){
		.id = db_uuid(rows, from),
		.deletion_id = db_uuid(rows, from + 1),
		.kind = db_text(arena, rows, from + 2),
		.subject_kind = db_text(arena, rows, from + 3),
		.subject_id = db_uuid(rows, from + 4),
		.facts = db_text(arena, rows, from + 5),
		.state = db_text(arena, rows, from + 6),
		.attempts = db_integer(rows, from + 7),
		.answer = db_text(arena, rows, from + 8),
		.reason = db_text(arena, rows, from + 9),
		.created_at = db_integer(rows, from + 10),
		.updated_at = db_integer(rows, from + 11),
		.next_at = db_integer(rows, from + 12),
	};
}

enum error store_step_add(struct op *op, const struct step *new)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(new->deletion_id),
					  DB_ID(new->id),
					  DB_STR(new->kind),
					  DB_STR(new->subject_kind),
					  DB_ID(new->subject_id),
					  DB_STR(new->facts),
					  DB_STR(new->state),
					  DB_INT(new->created_at)};

	return rows_run(op, QUERY_STEP_ADD, ROWS_OF(values));
}

enum error store_step_list(struct op *op, struct uuid deletion_id,
			   struct uuid after, int64_t limit,
			   struct step_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id), DB_ID(after),
					  DB_INT(limit)};

	return rows_all(op, QUERY_STEP_LIST, ROWS_OF(values), read_step,
			sizeof(*ret->items), &ret->items, &ret->count);
}

static void read_step_end(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	*(struct step_end *)ret = (struct step_end){
		.end = db_text(&op->arena, rows, from),
		.count = db_integer(rows, from + 1),
	};
}

enum error store_step_ends(struct op *op, struct uuid deletion_id,
			   const char *kind, struct step_end_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id), DB_STR(kind)};

	return rows_all(op, QUERY_STEP_ENDS, ROWS_OF(values), read_step_end,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_steps_undeploy(struct op *op, struct uuid connection_id,
				struct step_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(connection_id)};

	return rows_all(op, QUERY_STEP_LIST_UNDEPLOY, ROWS_OF(values),
			read_step, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_steps_deregister(struct op *op, struct uuid integration_id,
				  struct step_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(integration_id)};

	return rows_all(op, QUERY_STEP_LIST_DEREGISTER, ROWS_OF(values),
			read_step, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_step_get(struct op *op, struct uuid id, struct step *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_STEP_GET, ROWS_OF(values), read_step, ret);
}

enum error store_step_change(struct op *op, const struct step *to)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(to->deletion_id),
					  DB_ID(to->id),
					  DB_STR(to->state),
					  DB_INT(to->attempts),
					  DB_STR(to->answer),
					  DB_STR(to->reason),
					  DB_INT(to->updated_at),
					  DB_INT_OR_NULL(to->next_at)};

	return rows_change(op, QUERY_STEP_CHANGE, ROWS_OF(values));
}

enum error store_steps_open(struct op *op, struct uuid deletion_id,
			    int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(deletion_id)};

	return rows_one(op, QUERY_STEP_OPEN, ROWS_OF(values), read_integer,
			ret);
}

static void read_policy(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	const char *mode = db_text(&op->arena, rows, from + 1);

	*(struct policy *)ret = (struct policy){
		.kind = db_text(&op->arena, rows, from),
		.mode = strcmp(mode, "soft") == 0 ? MODE_SOFT : MODE_HARD,
		.retention_days = db_integer(rows, from + 2),
	};
}

enum error store_policy_get(struct op *op, const char *kind, struct policy *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind)};
	struct rules rules;

	TRY(rules_of(op, &rules));
	if (!rules.has_policies)
		return ERR_NOT_FOUND;
	return rows_one(op, QUERY_POLICY_GET, ROWS_OF(values), read_policy,
			ret);
}

enum error store_policy_put(struct op *op, const struct policy *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_STR(to->kind),
		DB_STR(mode_name(to->mode)), DB_INT(to->retention_days)};

	return rows_run(op, QUERY_POLICY_PUT, ROWS_OF(values));
}

void read_hold(struct op *op, const struct db_rows *rows, int from, void *ret)
{
	struct arena *arena = &op->arena;

	*(struct hold *)ret = (struct hold){
		.kind = db_text(arena, rows, from),
		.id = db_uuid(rows, from + 1),
		.reason = db_text(arena, rows, from + 2),
		.actor = db_text(arena, rows, from + 3),
		.created_at = db_integer(rows, from + 4),
	};
}

enum error store_hold_list(struct op *op, int64_t limit, struct hold_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(limit)};
	struct rules rules;

	*ret = (struct hold_list){NULL, 0};
	TRY(rules_of(op, &rules));
	if (!rules.has_holds)
		return OK;
	return rows_all(op, QUERY_HOLD_LIST, ROWS_OF(values), read_hold,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_hold_put(struct op *op, const struct hold *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_STR(new->kind),
		DB_ID(new->id),	       DB_STR(new->reason),
		DB_STR(new->actor),    DB_INT(new->created_at)};

	return rows_run(op, QUERY_HOLD_PUT, ROWS_OF(values));
}

enum error store_hold_remove(struct op *op, const char *kind, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(kind),
					  DB_ID(id)};

	return rows_change(op, QUERY_HOLD_REMOVE, ROWS_OF(values));
}

enum error store_deletion_go_on(struct op *op, const struct deletion *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(to->id),
		DB_STR(to->state),
		DB_STR(to->counts),
		DB_STR(to->effects),
		DB_INT_OR_NULL(to->finished_at),
		DB_INT_OR_NULL(to->last_event),
	};

	return rows_change(op, QUERY_DELETION_GO_ON, ROWS_OF(values));
}

enum error store_deletion_parts(struct op *op, struct uuid id, int64_t *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_DELETION_PARTS, ROWS_OF(values), read_integer,
			ret);
}

enum error store_deletion_emptied(struct op *op)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_DELETION_EMPTIED, ROWS_OF(values));
}
