/* Organizations and their members in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_organization(struct op *op, const struct db_rows *rows,
			      int from, void *ret)
{
	*(struct organization *)ret = (struct organization){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.label = db_text(&op->arena, rows, from + 2),
		.created_at = db_integer(rows, from + 3),
		.updated_at = db_integer(rows, from + 4),
	};
}

static void read_membership(struct op *op, const struct db_rows *rows, int from,
			    void *ret)
{
	struct membership *membership = ret;

	read_organization(op, rows, from, &membership->organization);
	membership->is_owner = db_boolean(rows, from + 5);
}

enum error store_organization_find(struct op *op, const char *name,
				   struct organization *ret)
{
	const struct db_value values[] = {DB_STR(name)};

	return rows_one(op, QUERY_ORGANIZATION_FIND, ROWS_OF(values),
			read_organization, ret);
}

enum error store_organization_add(struct op *op, const struct organization *new)
{
	const struct db_value values[] = {DB_ID(new->id), DB_STR(new->name),
					  DB_STR(new->label),
					  DB_INT(new->created_at)};

	return rows_run(op, QUERY_ORGANIZATION_ADD, ROWS_OF(values));
}

enum error store_organization_rename(struct op *op, struct uuid id,
				     const char *label)
{
	const struct db_value values[] = {DB_ID(id), DB_STR(label),
					  DB_INT(op->now)};

	return rows_change(op, QUERY_ORGANIZATION_RENAME, ROWS_OF(values));
}

enum error store_organization_lock(struct op *op, struct uuid id)
{
	bool may_have_changed;

	return db_enter(op->session, id, &may_have_changed);
}

enum error store_organization_project(struct op *op, struct uuid id,
				      struct uuid *ret)
{
	const struct db_value values[] = {DB_ID(id)};

	return rows_one(op, QUERY_ORGANIZATION_PROJECT, ROWS_OF(values),
			read_id, ret);
}

enum error store_membership_get(struct op *op, struct uuid organization_id,
				struct uuid builder_id, struct membership *ret)
{
	const struct db_value values[] = {DB_ID(organization_id),
					  DB_ID(builder_id)};

	return rows_one(op, QUERY_MEMBERSHIP_GET, ROWS_OF(values),
			read_membership, ret);
}

enum error store_membership_list(struct op *op, struct uuid builder_id,
				 struct membership_list *ret)
{
	const struct db_value values[] = {DB_ID(builder_id)};

	return rows_all(op, QUERY_MEMBERSHIP_LIST, ROWS_OF(values),
			read_membership, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_membership_add(struct op *op, struct uuid organization_id,
				struct uuid builder_id, bool is_owner)
{
	const struct db_value values[] = {DB_ID(organization_id),
					  DB_ID(builder_id), DB_BOOL(is_owner),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_MEMBERSHIP_ADD, ROWS_OF(values));
}

enum error store_membership_change(struct op *op, struct uuid organization_id,
				   struct uuid builder_id, bool is_owner)
{
	const struct db_value values[] = {DB_ID(organization_id),
					  DB_ID(builder_id), DB_BOOL(is_owner)};

	return rows_change(op, QUERY_MEMBERSHIP_CHANGE, ROWS_OF(values));
}

enum error store_membership_remove(struct op *op, struct uuid organization_id,
				   struct uuid builder_id)
{
	const struct db_value values[] = {DB_ID(organization_id),
					  DB_ID(builder_id)};

	return rows_change(op, QUERY_MEMBERSHIP_REMOVE, ROWS_OF(values));
}

enum error store_membership_first_owner(struct op *op,
					struct uuid organization_id,
					struct uuid *ret_builder_id)
{
	const struct db_value values[] = {DB_ID(organization_id)};

	return rows_one(op, QUERY_MEMBERSHIP_FIRST_OWNER, ROWS_OF(values),
			read_id, ret_builder_id);
}

enum error store_membership_other_owner(struct op *op,
					struct uuid organization_id,
					struct uuid builder_id, bool *ret)
{
	const struct db_value values[] = {DB_ID(organization_id),
					  DB_ID(builder_id)};

	return rows_exist(op, QUERY_MEMBERSHIP_OTHER_OWNER, ROWS_OF(values),
			  ret);
}

enum error store_membership_shared(struct op *op, struct uuid one,
				   struct uuid other, bool *ret)
{
	const struct db_value values[] = {DB_ID(one), DB_ID(other)};

	return rows_exist(op, QUERY_MEMBERSHIP_SHARED, ROWS_OF(values), ret);
}
