/* One row, no row, many rows. */
#include "store/rows.h"

#include <string.h>

#include "core/store.h"

uint64_t store_snapshot(const struct op *op)
{
	return db_snapshot(op->session);
}

uint64_t store_recent(const struct op *op)
{
	return db_recent(op->session);
}

uint64_t store_snapshot_of(const struct op *op, struct uuid project_id)
{
	return db_snapshot_of(op->session, project_id);
}

enum error store_answers(struct op *op)
{
	bool is_any;

	return rows_exist(op, QUERY_STORE_ANSWERS, NULL, 0, &is_any);
}

/*
 * Numbers and ids go on from those that another process gave out, for what is
 * told in their order.
 */
static enum error go_on(struct op *op)
{
	const struct db_value values[] = {DB_ID(op->project_id)};
	struct db_rows rows;

	TRY(db_query(op->session, QUERY_EVENT_LAST_NUMBER, ROWS_OF(values),
		     &rows));
	enum error error = db_next(&rows);
	if (error == OK && rows.has_row) {
		event_go_on_from(db_integer(&rows, 0));
		uuid_go_on_from(uuid_stamp(db_uuid(&rows, 1)));
	}
	db_finish(&rows);
	return error;
}

static enum error enter(struct op *op, enum query query)
{
	static const struct uuid whole_store = {{0}};
	bool may_have_changed;

	TRY(db_enter(op->session,
		     query_is_of_store[query] ? whole_store : op->project_id,
		     &may_have_changed));
	return may_have_changed ? go_on(op) : OK;
}

enum error rows_query(struct op *op, enum query query,
		      const struct db_value *values, size_t count,
		      struct db_rows *ret)
{
	TRY(enter(op, query));
	return db_query(op->session, query, values, count, ret);
}

enum error rows_run_counted(struct op *op, enum query query,
			    const struct db_value *values, size_t count,
			    int64_t *ret_changed)
{
	TRY(enter(op, query));
	return db_run(op->session, query, values, count, ret_changed);
}

enum error rows_one(struct op *op, enum query query,
		    const struct db_value *values, size_t count, read_row *read,
		    void *ret)
{
	struct db_rows rows;

	TRY(rows_query(op, query, values, count, &rows));
	enum error error = db_next(&rows);
	if (error == OK && !rows.has_row)
		error = ERR_NOT_FOUND;
	if (error == OK)
		read(op, &rows, 0, ret);
	db_finish(&rows);
	return error;
}

/* Doubles in the arena; the old array stays until the op ends. */
static char *grow(struct op *op, const char *items, size_t size, size_t count,
		  size_t *capacity)
{
	*capacity = *capacity ? *capacity * 2 : 8;
	char *bigger = arena_alloc(&op->arena, *capacity * size);
	if (count)
		memcpy(bigger, items, count * size);
	return bigger;
}

enum error rows_all(struct op *op, enum query query,
		    const struct db_value *values, size_t count, read_row *read,
		    size_t size, void *ret_items, size_t *ret_count)
{
	struct db_rows rows;
	char *items = NULL;
	size_t found = 0, capacity = 0;

	TRY(rows_query(op, query, values, count, &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		if (found == capacity)
			items = grow(op, items, size, found, &capacity);
		read(op, &rows, 0, items + found++ * size);
		error = db_next(&rows);
	}
	db_finish(&rows);
	if (error != OK)
		return error;
	memcpy(ret_items, &items, sizeof(items));
	*ret_count = found;
	return OK;
}

struct sealed_bytes read_sealed_bytes(struct op *op, const struct db_rows *rows,
				      int column)
{
	struct sealed_bytes sealed;
	const void *found = db_blob(rows, column, &sealed.length);
	unsigned char *copy = arena_alloc(&op->arena, sealed.length + 1);

	if (sealed.length)
		memcpy(copy, found, sealed.length);
	sealed.bytes = copy;
	return sealed;
}

void read_integer(struct op *op, const struct db_rows *rows, int from,
		  void *ret)
{
	(void)op;
	*(int64_t *)ret = db_integer(rows, from);
}

void read_text(struct op *op, const struct db_rows *rows, int from, void *ret)
{
	*(const char **)ret = db_text(&op->arena, rows, from);
}

void read_named(struct op *op, const struct db_rows *rows, int from, void *ret)
{
	*(struct thing *)ret = (struct thing){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
	};
}

void read_id(struct op *op, const struct db_rows *rows, int from, void *ret)
{
	(void)op;
	*(struct uuid *)ret = db_uuid(rows, from);
}

enum error rows_ids(struct op *op, enum query query,
		    const struct db_value *values, size_t count,
		    struct uuid *ret, size_t *ret_count)
{
	struct uuid *found;

	TRY(rows_all(op, query, values, count, read_id, sizeof(*found), &found,
		     ret_count));
	if (*ret_count)
		memcpy(ret, found, *ret_count * sizeof(*found));
	return OK;
}

enum error rows_change(struct op *op, enum query query,
		       const struct db_value *values, size_t count)
{
	int64_t changed;

	TRY(rows_run_counted(op, query, values, count, &changed));
	return changed ? OK : ERR_NOT_FOUND;
}

enum error rows_run(struct op *op, enum query query,
		    const struct db_value *values, size_t count)
{
	TRY(enter(op, query));
	return db_post(op->session, query, values, count, false);
}

enum error rows_change_surely(struct op *op, enum query query,
			      const struct db_value *values, size_t count)
{
	TRY(enter(op, query));
	return db_post(op->session, query, values, count, true);
}

void read_party(struct op *op, const struct db_rows *rows, int from, void *ret)
{
	*(struct party *)ret = (struct party){
		.id = db_uuid(rows, from),
		.ref = db_text(&op->arena, rows, from + 1),
		.name = db_text(&op->arena, rows, from + 2),
		.created_at = db_integer(rows, from + 3),
		.updated_at = db_integer(rows, from + 4),
	};
}

void read_connection(struct op *op, const struct db_rows *rows, int from,
		     void *ret)
{
	struct arena *arena = &op->arena;
	struct connection connection = {
		.id = db_uuid(rows, from),
		.kind = db_text(arena, rows, from + 1),
		.name = db_text(arena, rows, from + 2),
		.description = db_text(arena, rows, from + 3),
		.auth_scheme = db_text(arena, rows, from + 4),
		.status = db_text(arena, rows, from + 5),
		.group_id = db_uuid(rows, from + 6),
		.consumer_id = db_uuid(rows, from + 7),
		.workspace_ref = db_text(arena, rows, from + 8),
		.metadata = db_text(arena, rows, from + 9),
		.settings = db_text(arena, rows, from + 10),
		.is_deployed = db_boolean(rows, from + 11),
		.is_enabled = db_boolean(rows, from + 12),
		.created_at = db_integer(rows, from + 13),
		.updated_at = db_integer(rows, from + 14),
	};

	connection.family = uuid_is_nil(connection.group_id)
				    ? CONNECTION_TARGET
				    : CONNECTION_PROVIDER;
	*(struct connection *)ret = connection;
}

void read_provider_app(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	struct arena *arena = &op->arena;

	*(struct provider_app *)ret = (struct provider_app){
		.id = db_uuid(rows, from),
		.provider = db_text(arena, rows, from + 1),
		.external_ref = db_text(arena, rows, from + 2),
		.client_id = db_text(arena, rows, from + 3),
		.scopes = db_text(arena, rows, from + 4),
		.metadata = db_text(arena, rows, from + 5),
		.created_at = db_integer(rows, from + 6),
		.updated_at = db_integer(rows, from + 7),
	};
}

void read_connection_view(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	struct connection_view *view = ret;

	read_connection(op, rows, from, &view->connection);
	read_party(op, rows, from + CONNECTION_COLUMNS, &view->group);
	from += CONNECTION_COLUMNS + PARTY_COLUMNS;
	read_party(op, rows, from, &view->consumer);
	read_provider_app(op, rows, from + PARTY_COLUMNS, &view->app);
}

static void read_truth(struct op *op, const struct db_rows *rows, int from,
		       void *ret)
{
	(void)op;
	*(bool *)ret = db_integer(rows, from) != 0;
}

enum error rows_exist(struct op *op, enum query query,
		      const struct db_value *values, size_t count, bool *ret)
{
	bool is_any;
	enum error error =
		rows_one(op, query, values, count, read_truth, &is_any);

	*ret = error == OK;
	return error == ERR_NOT_FOUND ? OK : error;
}
