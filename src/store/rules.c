/* What rules a project has, remembered. */
#include "store/rules.h"

/* What a thread last learned. */
static _Thread_local struct {
	uint64_t snapshot; /* 0: nothing */
	struct uuid project_id;
	struct rules rules;
} learned;

static void read_rules(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(struct rules *)ret = (struct rules){
		.is_known = true,
		.has_policies = db_boolean(rows, from),
		.has_holds = db_boolean(rows, from + 1),
		.has_routes = db_boolean(rows, from + 2),
		.has_leaving = db_boolean(rows, from + 3),
		.has_third_parties = db_boolean(rows, from + 4),
	};
}

enum error rules_of(struct op *op, struct rules *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};
	uint64_t snapshot = store_snapshot(op);

	*ret = (struct rules){false, true, true, true, true, true};
	if (!snapshot)
		return OK;
	if (learned.snapshot != snapshot ||
	    !uuid_equal(learned.project_id, op->project_id)) {
		learned.snapshot = 0;
		TRY(rows_one(op, QUERY_RULES_ANY, ROWS_OF(values), read_rules,
			     &learned.rules));
		/* to enter the project may have begun another snapshot */
		learned.snapshot = store_snapshot(op);
		learned.project_id = op->project_id;
	}
	*ret = learned.rules;
	return OK;
}
