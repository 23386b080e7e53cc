/* Webhooks of ours at providers, in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_registration(struct op *op, const struct db_rows *rows,
			      int from, void *ret)
{
	struct arena *arena = &op->arena;

	*(struct registration *)ret = (struct registration){
		.id = db_uuid(rows, from),
		.integration_id = db_uuid(rows, from + 1),
		.kind = db_text(arena, rows, from + 2),
		.place = db_text(arena, rows, from + 3),
		.address = db_text(arena, rows, from + 4),
		.repository = db_text(arena, rows, from + 5),
		.hook_url = db_text(arena, rows, from + 6),
		.hook_id = db_text(arena, rows, from + 7),
		.state = db_text(arena, rows, from + 8),
		.sent_at = db_integer(rows, from + 9),
		.created_at = db_integer(rows, from + 10),
	};
}

enum error store_registration_add(struct op *op, const struct registration *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	      DB_ID(new->id),
		DB_ID(new->integration_id),   DB_STR(new->kind),
		DB_STR(new->place),	      DB_STR(new->address),
		DB_STR(new->repository),      DB_STR(new->hook_url),
		DB_STR(new->hook_id),	      DB_STR(new->state),
		DB_INT_OR_NULL(new->sent_at), DB_INT(new->created_at)};

	return rows_run(op, QUERY_REGISTRATION_ADD, ROWS_OF(values));
}

enum error store_registration_change(struct op *op,
				     const struct registration *to)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(to->id),
		DB_STR(to->place),     DB_STR(to->hook_id),
		DB_STR(to->state),     DB_INT_OR_NULL(to->sent_at)};

	return rows_change(op, QUERY_REGISTRATION_CHANGE, ROWS_OF(values));
}

enum error store_registration_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_change(op, QUERY_REGISTRATION_REMOVE, ROWS_OF(values));
}

enum error store_registration_get(struct op *op, struct uuid id,
				  struct registration *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_REGISTRATION_GET, ROWS_OF(values),
			read_registration, ret);
}

enum error store_registration_of(struct op *op, struct uuid integration_id,
				 struct registration_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(integration_id)};

	return rows_all(op, QUERY_REGISTRATION_OF, ROWS_OF(values),
			read_registration, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_registration_list(struct op *op, int64_t limit,
				   struct registration_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_INT(limit)};

	return rows_all(op, QUERY_REGISTRATION_LIST, ROWS_OF(values),
			read_registration, sizeof(*ret->items), &ret->items,
			&ret->count);
}
