/* Integrations and revisions in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_integration(struct op *op, const struct db_rows *rows,
			     int from, void *ret)
{
	struct arena *arena = &op->arena;

	*(struct integration *)ret = (struct integration){
		.id = db_uuid(rows, from),
		.handle = db_text(arena, rows, from + 1),
		.kind = db_text(arena, rows, from + 2),
		.title = db_text(arena, rows, from + 3),
		.description = db_text(arena, rows, from + 4),
		.category = db_text(arena, rows, from + 5),
		.settings = db_text(arena, rows, from + 6),
		.revision_id = db_uuid(rows, from + 7),
		.created_at = db_integer(rows, from + 8),
		.updated_at = db_integer(rows, from + 9),
		.deleted_at = db_integer(rows, from + 10),
	};
}

static enum error by_id(struct op *op, enum query query,
			enum integration_family family, struct uuid id,
			struct integration *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(id),
		DB_STR(integration_family_name(family)), DB_INT(op->now)};
	size_t count = query == QUERY_INTEGRATION_HIDDEN ? 4 : 3;

	TRY(rows_one(op, query, values, count, read_integration, ret));
	ret->family = family;
	return OK;
}

enum error store_integration_get(struct op *op, enum integration_family family,
				 struct uuid id, struct integration *ret)
{
	return by_id(op, QUERY_INTEGRATION_GET, family, id, ret);
}

enum error store_integration_hidden(struct op *op,
				    enum integration_family family,
				    struct uuid id, struct integration *ret)
{
	return by_id(op, QUERY_INTEGRATION_HIDDEN, family, id, ret);
}

enum error store_integration_find(struct op *op, enum integration_family family,
				  const char *handle, struct integration *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_STR(integration_family_name(family)),
		DB_STR(handle)};

	TRY(rows_one(op, QUERY_INTEGRATION_FIND, ROWS_OF(values),
		     read_integration, ret));
	ret->family = family;
	return OK;
}

static void set_family(struct integration_list *list,
		       enum integration_family family)
{
	for (size_t i = 0; i < list->count; i++)
		list->items[i].family = family;
}

enum error store_integration_list(struct op *op, enum integration_family family,
				  struct integration_list *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_STR(integration_family_name(family))};

	TRY(rows_all(op, QUERY_INTEGRATION_LIST, ROWS_OF(values),
		     read_integration, sizeof(*ret->items), &ret->items,
		     &ret->count));
	ret->total = (int64_t)ret->count;
	set_family(ret, family);
	return OK;
}

enum error store_integration_search(struct op *op,
				    enum integration_family family,
				    const char *pattern, int64_t offset,
				    int64_t limit, struct integration_list *ret)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_STR(integration_family_name(family)),
		DB_STR(pattern), DB_INT(limit), DB_INT(offset)};

	TRY(rows_one(op, QUERY_INTEGRATION_COUNT, values, 3, read_integer,
		     &ret->total));
	TRY(rows_all(op, QUERY_INTEGRATION_SEARCH, ROWS_OF(values),
		     read_integration, sizeof(*ret->items), &ret->items,
		     &ret->count));
	set_family(ret, family);
	return OK;
}

enum error store_integration_add(struct op *op, const struct integration *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),
		DB_ID(new->id),
		DB_STR(integration_family_name(new->family)),
		DB_STR(new->handle),
		DB_STR(new->kind),
		DB_STR(new->title),
		DB_STR(new->description),
		DB_STR(new->category),
		DB_STR(new->settings),
		DB_ID_OR_NULL(new->revision_id),
		DB_INT(new->created_at),
		DB_INT(new->updated_at),
	};

	return rows_run(op, QUERY_INTEGRATION_ADD, ROWS_OF(values));
}

enum error store_integration_change(struct op *op, const struct integration *to)
{
	const struct db_value values[] = {DB_ID(op->project_id),
					  DB_ID(to->id),
					  DB_STR(to->title),
					  DB_STR(to->description),
					  DB_STR(to->category),
					  DB_STR(to->settings),
					  DB_ID_OR_NULL(to->revision_id),
					  DB_INT(to->updated_at)};

	return rows_change(op, QUERY_INTEGRATION_CHANGE, ROWS_OF(values));
}

enum error store_integration_hide(struct op *op, struct uuid id,
				  struct uuid deletion_id, int64_t purge_at)
{
	const struct db_value values[] = {
		DB_ID(op->project_id), DB_ID(id), DB_INT(op->now),
		DB_INT_OR_NULL(purge_at), DB_ID(deletion_id)};

	return rows_change(op, QUERY_INTEGRATION_HIDE, ROWS_OF(values));
}

enum error store_integration_remove(struct op *op, struct uuid id)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	TRY(rows_run(op, QUERY_REVISION_REMOVE_OF, ROWS_OF(values)));
	return rows_change(op, QUERY_INTEGRATION_REMOVE, ROWS_OF(values));
}

static void read_revision(struct op *op, const struct db_rows *rows, int from,
			  void *ret)
{
	*(struct revision *)ret = (struct revision){
		.id = db_uuid(rows, from),
		.integration_id = db_uuid(rows, from + 1),
		.spec_version = db_text(&op->arena, rows, from + 2),
		.content = db_text(&op->arena, rows, from + 3),
		.created_at = db_integer(rows, from + 4),
	};
}

enum error store_revision_add(struct op *op, const struct revision *new)
{
	const struct db_value values[] = {
		DB_ID(op->project_id),	    DB_ID(new->id),
		DB_ID(new->integration_id), DB_STR(new->spec_version),
		DB_STR(new->content),	    DB_INT(new->created_at)};

	return rows_run(op, QUERY_REVISION_ADD, ROWS_OF(values));
}

enum error store_revision_get(struct op *op, struct uuid id,
			      struct revision *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, QUERY_REVISION_GET, ROWS_OF(values), read_revision,
			ret);
}
