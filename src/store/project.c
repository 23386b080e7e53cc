/* Projects in SQL. */
#include "core/principal.h"
#include "core/store.h"
#include "store/rows.h"

static void read_project(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	*(struct project *)ret = (struct project){
		.id = db_uuid(rows, from),
		.organization_id = db_uuid(rows, from + 1),
		.name = db_text(&op->arena, rows, from + 2),
		.title = db_text(&op->arena, rows, from + 3),
		.short_id = db_text(&op->arena, rows, from + 4),
		.version = db_text(&op->arena, rows, from + 5),
		.is_protected = db_boolean(rows, from + 6),
		.created_at = db_integer(rows, from + 7),
		.updated_at = db_integer(rows, from + 8),
		.deleted_at = db_integer(rows, from + 9),
	};
}

enum error store_project_find(struct op *op, enum project_handle by,
			      const char *handle, struct project *ret)
{
	struct db_value value = DB_STR(handle);
	enum query query = by == PROJECT_BY_NAME ? QUERY_PROJECT_BY_NAME
						 : QUERY_PROJECT_BY_SHORT_ID;
	struct uuid id;

	if (by == PROJECT_BY_ID) {
		if (!uuid_parse(handle, &id))
			return ERR_NOT_FOUND;
		value = DB_ID(id);
		query = QUERY_PROJECT_BY_ID;
	}
	return rows_one(op, query, &value, 1, read_project, ret);
}

enum error store_project_list(struct op *op, struct project_list *ret)
{
	if (!op->principal)
		return rows_all(op, QUERY_PROJECT_LIST_ALL, NULL, 0,
				read_project, sizeof(*ret->items), &ret->items,
				&ret->count);
	bool is_builder = !uuid_is_nil(op->principal->builder_id);
	const struct db_value values[] = {
		is_builder ? DB_ID(op->principal->builder_id)
			   : DB_ID(op->principal->organization_id)};
	return rows_all(op,
			is_builder ? QUERY_PROJECT_LIST_OF_BUILDER
				   : QUERY_PROJECT_LIST_OF_ORGANIZATION,
			ROWS_OF(values), read_project, sizeof(*ret->items),
			&ret->items, &ret->count);
}

enum error store_project_list_kept(struct op *op, struct project_list *ret)
{
	return rows_all(op, QUERY_PROJECT_LIST_KEPT, NULL, 0, read_project,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_project_add(struct op *op, const struct project *new)
{
	const struct db_value values[] = {
		DB_ID(new->id),
		DB_ID(new->organization_id),
		DB_STR(new->name),
		DB_STR(new->title),
		DB_STR(new->short_id),
		DB_STR(new->version),
		DB_BOOL(new->is_protected),
		DB_INT(new->created_at),
		DB_INT(new->updated_at),
	};

	return rows_run(op, QUERY_PROJECT_ADD, ROWS_OF(values));
}

enum error store_project_change(struct op *op, const struct project *to)
{
	const struct db_value values[] = {
		DB_ID(to->id), DB_STR(to->name), DB_STR(to->title),
		DB_INT(to->updated_at), DB_BOOL(to->is_protected)};

	return rows_change(op, QUERY_PROJECT_CHANGE, ROWS_OF(values));
}

enum error store_project_trash(struct op *op, struct uuid deletion_id,
			       int64_t purge_at)
{
	char name[UUID_TEXT] = "";
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(name),
					  DB_INT(op->now), DB_INT(purge_at),
					  DB_ID(deletion_id)};

	uuid_format(op->project_id, name);
	return rows_change(op, QUERY_PROJECT_TRASH, ROWS_OF(values));
}

enum error store_project_trash_list(struct op *op, struct project_list *ret)
{
	const struct db_value values[] = {DB_ID(op->principal->organization_id),
					  DB_INT(op->now)};

	return rows_all(op, QUERY_PROJECT_TRASH_LIST, ROWS_OF(values),
			read_project, sizeof(*ret->items), &ret->items,
			&ret->count);
}

struct trashed {
	struct project project;
	struct uuid deletion_id;
};

static void read_trashed(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	struct trashed *trashed = ret;

	read_project(op, rows, from, &trashed->project);
	trashed->deletion_id = db_uuid(rows, from + 10);
}

enum error store_project_trashed(struct op *op, struct uuid id, int64_t after,
				 struct project *ret,
				 struct uuid *ret_deletion_id)
{
	const struct db_value values[] = {DB_ID(id), DB_INT(after)};
	struct trashed trashed;

	TRY(rows_one(op, QUERY_PROJECT_TRASHED, ROWS_OF(values), read_trashed,
		     &trashed));
	*ret = trashed.project;
	*ret_deletion_id = trashed.deletion_id;
	return OK;
}

enum error store_project_untrash(struct op *op, const struct project *to)
{
	const struct db_value values[] = {DB_ID(to->id), DB_STR(to->name),
					  DB_INT(to->updated_at)};

	return rows_change(op, QUERY_PROJECT_UNTRASH, ROWS_OF(values));
}
