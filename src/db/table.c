/* What drivers share of tables: their lists, and the SQL that reads them. */
#include "db/table.h"

#include <string.h>
#include <strings.h>

enum { TABLES_MAX = 128 };

enum error db_tables(struct db_session *session, struct arena *arena,
		     struct db_table_list *ret)
{
	return session->db->driver->tables(session, arena, ret);
}

enum error db_table_read(struct db_session *session,
			 const struct db_table *table,
			 const struct db_range *range, struct arena *arena,
			 struct db_block *ret)
{
	return session->db->driver->table_read(session, table, range, arena,
					       ret);
}

enum error db_table_add(struct db_session *session,
			const struct db_table *table,
			const struct db_block *rows)
{
	return session->db->driver->table_add(session, table, rows);
}

void db_table_key(const struct db_table *table, const struct db_value *row,
		  struct db_value ret[static TABLE_KEY_MAX])
{
	for (size_t i = 0; i < table->key_count; i++)
		ret[i] = row[table->key[i]];
}

void db_table_columns(const struct db_table *table, struct buf *ret)
{
	for (size_t i = 0; i < table->column_count; i++)
		buf_printf(ret, "%s%s", i ? ", " : "", table->columns[i].name);
}

static void add_key(const struct db_table *table, const char *collation,
		    const char *order, struct buf *ret)
{
	for (size_t i = 0; i < table->key_count; i++) {
		const struct db_column *column = &table->columns[table->key[i]];

		buf_printf(ret, "%s%s%s%s", i ? ", " : "", column->name,
			   column->type == DB_TEXT ? collation : "", order);
	}
}

void db_table_select(const struct db_table *table, const struct db_range *range,
		     const char *collation, struct buf *ret)
{
	buf_text(ret, "SELECT ");
	db_table_columns(table, ret);
	buf_printf(ret, " FROM %s", table->name);
	if (range->after) {
		buf_text(ret, " WHERE (");
		add_key(table, collation, "", ret);
		buf_text(ret, ") > (");
		for (size_t i = 0; i < table->key_count; i++)
			buf_printf(ret, "%s$%zu", i ? ", " : "", i + 1);
		buf_char(ret, ')');
	}
	buf_text(ret, " ORDER BY ");
	add_key(table, collation, range->is_from_end ? " DESC" : "", ret);
	buf_printf(ret, " LIMIT %zu", range->limit);
}

/* As migrations write them, and as PostgreSQL's catalog has them. */
static enum db_type type_of(const char *name)
{
	static const struct {
		const char *name;
		enum db_type type;
	} types[] = {
		{"uuid", DB_UUID},	{"text", DB_TEXT},
		{"bigint", DB_INTEGER}, {"int8", DB_INTEGER},
		{"bytea", DB_BLOB},	{"boolean", DB_BOOLEAN},
		{"bool", DB_BOOLEAN},	{"integer", DB_INTEGER},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcasecmp(name, types[i].name) == 0)
			return types[i].type;
	return DB_NULL;
}

/* The last of the list is the one, or a new one is. */
static struct db_table *table_of(struct arena *arena,
				 struct db_table_list *list, const char *name)
{
	struct db_table *last =
		list->count ? &list->items[list->count - 1] : NULL;

	if (last && strcmp(last->name, name) == 0)
		return last;
	if (!list->items)
		list->items =
			arena_alloc(arena, TABLES_MAX * sizeof(*list->items));
	if (list->count == TABLES_MAX)
		return NULL;
	last = &list->items[list->count++];
	last->name = arena_strdup(arena, name);
	return last;
}

bool db_table_list_add(struct arena *arena, struct db_table_list *list,
		       const struct db_column_found *found)
{
	struct db_table *table = table_of(arena, list, found->table);

	if (!table || table->column_count == TABLE_COLUMNS_MAX ||
	    found->key > TABLE_KEY_MAX)
		return false;
	if (found->key) {
		table->key[found->key - 1] = table->column_count;
		table->key_count++;
	}
	table->columns[table->column_count++] = (struct db_column){
		.name = arena_strdup(arena, found->column),
		.type = type_of(found->type),
		.is_place = found->is_place,
	};
	return type_of(found->type) != DB_NULL;
}
