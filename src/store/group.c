/* Groups and consumers in SQL. */
#include "core/store.h"
#include "store/rows.h"

static enum error find(struct op *op, enum query query, const char *ref,
		       struct party *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(ref)};

	return rows_one(op, query, ROWS_OF(values), read_party, ret);
}

static enum error add(struct op *op, enum query query, const struct party *new)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(new->id),
					  DB_STR(new->ref), DB_STR(new->name),
					  DB_INT(new->created_at)};

	return rows_run(op, query, ROWS_OF(values));
}

static enum error rename_party(struct op *op, enum query query, struct uuid id,
			       const char *name)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id),
					  DB_STR(name), DB_INT(op->now)};

	return rows_change(op, query, ROWS_OF(values));
}

enum error store_group_find(struct op *op, const char *ref, struct party *ret)
{
	return find(op, QUERY_GROUP_FIND, ref, ret);
}

enum error store_group_add(struct op *op, const struct party *new)
{
	return add(op, QUERY_GROUP_ADD, new);
}

enum error store_group_rename(struct op *op, struct uuid id, const char *name)
{
	return rename_party(op, QUERY_GROUP_RENAME, id, name);
}

enum error store_group_list(struct op *op, const char *after, int64_t limit,
			    struct party_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(after),
					  DB_INT(limit)};

	return rows_all(op, QUERY_GROUP_LIST, ROWS_OF(values), read_party,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_group_count(struct op *op, struct uuid id,
			     struct group_counts *ret)
{
	struct db_value values[] = {DB_ID(op->project_id), DB_ID(id), {0}};

	TRY(rows_before(op, &values[2]));
	TRY(rows_one(op, QUERY_GROUP_COUNT_INSTALLATIONS, ROWS_OF(values),
		     read_integer, &ret->installations));
	return rows_one(op, QUERY_GROUP_COUNT_CONNECTIONS, ROWS_OF(values),
			read_integer, &ret->connections);
}

enum error store_consumer_find(struct op *op, const char *ref,
			       struct party *ret)
{
	return find(op, QUERY_CONSUMER_FIND, ref, ret);
}

enum error store_consumer_add(struct op *op, const struct party *new)
{
	return add(op, QUERY_CONSUMER_ADD, new);
}

enum error store_consumer_rename(struct op *op, struct uuid id,
				 const char *name)
{
	return rename_party(op, QUERY_CONSUMER_RENAME, id, name);
}
