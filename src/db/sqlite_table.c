/* The SQLite driver's slots for whole tables. */
#include <string.h>

#include "base/log.h"
#include "db/sqlite.h"
#include "db/table.h"

enum { SQL_MAX = 16 * 1024 };

/*
 * Every column, with its place in the key. The key is the primary one, but for
 * a row's own place (INTEGER PRIMARY KEY), which has no index: then it is the
 * UNIQUE that stands in the table's declaration.
 */
static const char columns_sql[] =
	"SELECT m.name, c.name, c.type, "
	"COALESCE((SELECT i.seqno + 1 FROM pragma_index_info("
	"(SELECT l.name FROM pragma_index_list(m.name) l "
	"WHERE l.origin IN ('pk', 'u') ORDER BY l.origin = 'u', l.seq DESC "
	"LIMIT 1)) i WHERE i.name = c.name), 0), c.type = 'INTEGER' AND c.pk "
	"FROM sqlite_master m, pragma_table_info(m.name) c "
	"WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite@_%' ESCAPE '@' "
	"ORDER BY m.name, c.name";

static enum error prepare(struct sqlite_session *session, struct buf *sql,
			  sqlite3_stmt **ret)
{
	if (sqlite3_prepare_v2(session->handle, buf_cstr(sql), -1, ret, NULL) ==
	    SQLITE_OK)
		return OK;
	return sqlite_error(session->handle, "a table");
}

static enum error bind(struct sqlite_session *session, sqlite3_stmt *statement,
		       size_t at, const struct db_value *value)
{
	int number = (int)at + 1, code = SQLITE_OK;

	switch (value->type) {
	case DB_INTEGER:
	case DB_BOOLEAN:
		code = sqlite3_bind_int64(statement, number, value->integer);
		break;
	case DB_TEXT:
		code = sqlite3_bind_text64(statement, number, value->bytes,
					   value->length, SQLITE_STATIC,
					   SQLITE_UTF8);
		break;
	case DB_BLOB:
	case DB_UUID:
		code = sqlite3_bind_blob64(statement, number, value->bytes,
					   value->length, SQLITE_STATIC);
		break;
	case DB_NULL:
		code = sqlite3_bind_null(statement, number);
		break;
	}
	return code == SQLITE_OK ? OK : sqlite_error(session->handle, "bind");
}

static enum error list_columns(struct sqlite_session *session,
			       sqlite3_stmt *statement, struct arena *arena,
			       struct db_table_list *ret)
{
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		const struct db_column_found found = {
			(const char *)sqlite3_column_text(statement, 0),
			(const char *)sqlite3_column_text(statement, 1),
			(const char *)sqlite3_column_text(statement, 2),
			sqlite3_column_int64(statement, 3),
			sqlite3_column_int(statement, 4) != 0,
		};

		if (!db_table_list_add(arena, ret, &found)) {
			log_error("a table is not understood", "table",
				  found.table, "column", found.column, NULL);
			return ERR_INTERNAL;
		}
	}
	return code == SQLITE_DONE ? OK
				   : sqlite_error(session->handle, "tables");
}

enum error sqlite_tables(struct db_session *base, struct arena *arena,
			 struct db_table_list *ret)
{
	struct sqlite_session *session = sqlite_session_of(base);
	sqlite3_stmt *statement;

	*ret = (struct db_table_list){0};
	if (sqlite3_prepare_v2(session->handle, columns_sql, -1, &statement,
			       NULL) != SQLITE_OK)
		return sqlite_error(session->handle, "tables");
	enum error error = list_columns(session, statement, arena, ret);
	sqlite3_finalize(statement);
	return error;
}

static const void *copy_of(struct arena *arena, sqlite3_value *value,
			   size_t *ret_length)
{
	const void *bytes = sqlite3_value_blob(value);

	*ret_length = (size_t)sqlite3_value_bytes(value);
	return arena_strndup(arena, bytes ? bytes : "", *ret_length);
}

static struct db_value value_of(struct arena *arena, sqlite3_stmt *statement,
				int column, enum db_type type)
{
	sqlite3_value *value = sqlite3_column_value(statement, column);
	struct db_value found = {.type = type};

	if (sqlite3_value_type(value) == SQLITE_NULL)
		found.type = DB_NULL;
	else if (type == DB_INTEGER || type == DB_BOOLEAN)
		found.integer = sqlite3_value_int64(value);
	else
		found.bytes = copy_of(arena, value, &found.length);
	return found;
}

static enum error read_rows(struct sqlite_session *session,
			    sqlite3_stmt *statement,
			    const struct db_table *table, struct arena *arena,
			    struct db_block *ret)
{
	struct db_value *at = ret->values;
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		for (size_t i = 0; i < table->column_count; i++, at++) {
			*at = value_of(arena, statement, (int)i,
				       table->columns[i].type);
			ret->bytes += at->length;
		}
		ret->row_count++;
	}
	return code == SQLITE_DONE ? OK
				   : sqlite_error(session->handle, table->name);
}

static enum error read_range(struct sqlite_session *session, struct buf *sql,
			     const struct db_table *table,
			     const struct db_range *range, struct arena *arena,
			     struct db_block *ret)
{
	sqlite3_stmt *statement;

	TRY(prepare(session, sql, &statement));
	enum error error = OK;
	for (size_t i = 0; range->after && i < table->key_count; i++)
		if (error == OK)
			error = bind(session, statement, i, &range->after[i]);
	if (error == OK)
		error = read_rows(session, statement, table, arena, ret);
	sqlite3_finalize(statement);
	return error;
}

enum error sqlite_table_read(struct db_session *base,
			     const struct db_table *table,
			     const struct db_range *range, struct arena *arena,
			     struct db_block *ret)
{
	struct buf sql;

	*ret = (struct db_block){
		.values =
			arena_alloc(arena, range->limit * table->column_count *
						   sizeof(*ret->values)),
	};
	buf_init(&sql, SQL_MAX);
	db_table_select(table, range, "", &sql);
	enum error error = read_range(sqlite_session_of(base), &sql, table,
				      range, arena, ret);
	buf_release(&sql);
	return error;
}

/* A place that is taken is of no matter: then it goes before all others. */
static void add_value(const struct db_table *table, size_t i, struct buf *sql)
{
	const char *place = table->columns[i].name;

	if (!table->columns[i].is_place) {
		buf_printf(sql, "?%zu", i + 1);
		return;
	}
	buf_printf(sql,
		   "CASE WHEN EXISTS (SELECT 1 FROM %s WHERE %s = ?%zu) "
		   "THEN MIN(0, (SELECT MIN(%s) FROM %s)) - 1 ELSE ?%zu END",
		   table->name, place, i + 1, place, table->name, i + 1);
}

static void write_insert(const struct db_table *table, struct buf *sql)
{
	buf_printf(sql, "INSERT INTO %s (", table->name);
	db_table_columns(table, sql);
	buf_text(sql, ") VALUES (");
	for (size_t i = 0; i < table->column_count; i++) {
		buf_text(sql, i ? ", " : "");
		add_value(table, i, sql);
	}
	buf_char(sql, ')');
}

static enum error add_row(struct sqlite_session *session,
			  sqlite3_stmt *statement, const struct db_table *table,
			  const struct db_value *row)
{
	for (size_t i = 0; i < table->column_count; i++)
		TRY(bind(session, statement, i, &row[i]));
	sqlite3_step(statement);
	return sqlite3_reset(statement) == SQLITE_OK
		       ? OK
		       : sqlite_error(session->handle, table->name);
}

static enum error add_rows(struct sqlite_session *session, struct buf *sql,
			   const struct db_table *table,
			   const struct db_block *rows)
{
	sqlite3_stmt *statement;
	enum error error = OK;

	TRY(prepare(session, sql, &statement));
	for (size_t i = 0; error == OK && i < rows->row_count; i++)
		error = add_row(session, statement, table,
				&rows->values[i * table->column_count]);
	sqlite3_finalize(statement);
	return error;
}

enum error sqlite_table_add(struct db_session *base,
			    const struct db_table *table,
			    const struct db_block *rows)
{
	struct buf sql;

	buf_init(&sql, SQL_MAX);
	write_insert(table, &sql);
	enum error error = add_rows(sqlite_session_of(base), &sql, table, rows);
	buf_release(&sql);
	return error;
}
