/* Who is told of an event, and what is said of its subject, in SQL. */
#include "core/store.h"
#include "store/rules.h"

static void read_target(struct op *op, const struct db_rows *rows, int from,
			void *ret)
{
	*(struct destination *)ret = (struct destination){
		.id = db_uuid(rows, from),
		.name = db_text(&op->arena, rows, from + 1),
		.kind = db_text(&op->arena, rows, from + 2),
	};
}

static void read_subject(struct op *op, const struct db_rows *rows, int from,
			 void *ret)
{
	struct arena *arena = &op->arena;

	*(struct message_subject *)ret = (struct message_subject){
		.integration_id = db_uuid(rows, from),
		.integration_name = db_text(arena, rows, from + 1),
		.installation_id = db_uuid(rows, from + 2),
		.connection_id = db_uuid(rows, from + 3),
		.provider = db_text(arena, rows, from + 4),
		.group_ref = db_text(arena, rows, from + 5),
		.group_name = db_text(arena, rows, from + 6),
		.consumer_ref = db_text(arena, rows, from + 7),
		.consumer_name = db_text(arena, rows, from + 8),
		.config = db_text(arena, rows, from + 9),
	};
}

enum error store_event_routes_exist(struct op *op, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};
	struct rules rules;

	*ret = false;
	TRY(rules_of(op, &rules));
	if (!rules.has_routes)
		return OK;
	return rows_exist(op, QUERY_EVENT_ROUTES_EXIST, ROWS_OF(values), ret);
}

enum error store_listeners_exist(struct op *op, bool *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id)};
	struct rules rules;

	*ret = false;
	TRY(rules_of(op, &rules));
	if (!rules.has_third_parties)
		return OK;
	return rows_exist(op, QUERY_LISTENERS_EXIST, ROWS_OF(values), ret);
}

enum error store_event_destinations(struct op *op, const char *type,
				    struct destination_list *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_STR(type)};

	return rows_all(op, QUERY_EVENT_DESTINATIONS, ROWS_OF(values),
			read_target, sizeof(*ret->items), &ret->items,
			&ret->count);
}

static enum error find_subject(struct op *op, enum query query, struct uuid id,
			       struct message_subject *ret)
{
	const struct db_value values[] = {DB_ID(op->project_id), DB_ID(id)};

	return rows_one(op, query, ROWS_OF(values), read_subject, ret);
}

enum error store_message_of_installation(struct op *op, struct uuid id,
					 struct message_subject *ret)
{
	return find_subject(op, QUERY_MESSAGE_OF_INSTALLATION, id, ret);
}

enum error store_message_of_connection(struct op *op, struct uuid id,
				       struct message_subject *ret)
{
	return find_subject(op, QUERY_MESSAGE_OF_CONNECTION, id, ret);
}
