/* Invitations and claimed domains in SQL. */
#include "core/store.h"
#include "store/rows.h"

static void read_invite(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	*(struct invite *)ret = (struct invite){
		.id = db_uuid(rows, from),
		.organization_id = db_uuid(rows, from + 1),
		.email = db_text(&op->arena, rows, from + 2),
		.status = db_text(&op->arena, rows, from + 3),
		.created_at = db_integer(rows, from + 4),
		.updated_at = db_integer(rows, from + 5),
		.expires_at = db_integer(rows, from + 6),
	};
}

static void read_domain(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	*(struct claimed_domain *)ret = (struct claimed_domain){
		.id = db_uuid(rows, from),
		.organization_id = db_uuid(rows, from + 1),
		.domain = db_text(&op->arena, rows, from + 2),
	};
}

enum error store_invite_get(struct op *op, struct uuid organization_id,
			    struct uuid id, struct invite *ret)
{
	const struct db_value values[] = {DB_ID(organization_id), DB_ID(id)};

	return rows_one(op, QUERY_INVITE_GET, ROWS_OF(values), read_invite,
			ret);
}

enum error store_invite_list(struct op *op, struct uuid organization_id,
			     struct invite_list *ret)
{
	const struct db_value values[] = {DB_ID(organization_id)};

	return rows_all(op, QUERY_INVITE_LIST, ROWS_OF(values), read_invite,
			sizeof(*ret->items), &ret->items, &ret->count);
}

enum error store_invite_pending(struct op *op, const char *email,
				struct invite *ret)
{
	const struct db_value values[] = {DB_STR(email), DB_INT(op->now)};

	return rows_one(op, QUERY_INVITE_PENDING, ROWS_OF(values), read_invite,
			ret);
}

enum error store_invite_add(struct op *op, const struct invite *new)
{
	const struct db_value over[] = {DB_ID(new->organization_id),
					DB_STR(new->email), DB_INT(op->now)};
	const struct db_value values[] = {
		DB_ID(new->organization_id), DB_ID(new->id), DB_STR(new->email),
		DB_INT(new->created_at), DB_INT(new->expires_at)};

	TRY(rows_run(op, QUERY_INVITE_CLEAR_EXPIRED, ROWS_OF(over)));
	return rows_run(op, QUERY_INVITE_ADD, ROWS_OF(values));
}

enum error store_invite_end(struct op *op, const struct invite *which,
			    const char *status)
{
	const struct db_value values[] = {DB_ID(which->organization_id),
					  DB_ID(which->id), DB_STR(status),
					  DB_INT(op->now)};

	return rows_change(op, QUERY_INVITE_END, ROWS_OF(values));
}

enum error store_invite_revoke_all(struct op *op, struct uuid organization_id,
				   const char *email)
{
	const struct db_value values[] = {DB_ID(organization_id), DB_STR(email),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_INVITE_REVOKE_ALL, ROWS_OF(values));
}

enum error store_claimed_domain_find(struct op *op, const char *domain,
				     struct claimed_domain *ret)
{
	const struct db_value values[] = {DB_STR(domain)};

	return rows_one(op, QUERY_CLAIMED_DOMAIN_FIND, ROWS_OF(values),
			read_domain, ret);
}

enum error store_claimed_domain_list(struct op *op, struct uuid organization_id,
				     struct claimed_domain_list *ret)
{
	const struct db_value values[] = {DB_ID(organization_id)};

	return rows_all(op, QUERY_CLAIMED_DOMAIN_LIST, ROWS_OF(values),
			read_domain, sizeof(*ret->items), &ret->items,
			&ret->count);
}

enum error store_claimed_domain_add(struct op *op,
				    const struct claimed_domain *new)
{
	const struct db_value values[] = {DB_ID(new->organization_id),
					  DB_ID(new->id), DB_STR(new->domain),
					  DB_INT(op->now)};

	return rows_run(op, QUERY_CLAIMED_DOMAIN_ADD, ROWS_OF(values));
}
