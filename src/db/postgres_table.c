/*
 * The PostgreSQL driver's slots for whole tables. Rows are added by one
 * statement that unfolds an array for each column: COPY is refused where row
 * security is (PostgreSQL's documentation, COPY). Arrays are in the form of
 * array_send(): dimensions, whether there are NULLs, the elements' type; the
 * length and the lower bound; then each element with its length.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/postgres.h"
#include "db/table.h"

enum { SQL_MAX = 16 * 1024, ARRAY_MAX = 512 * 1024 * 1024 };

/* Texts are in the order of their bytes, whatever the database's is. */
#define BY_BYTES " COLLATE \"C\""

static const char columns_sql[] =
	"SELECT c.relname, a.attname, t.typname, coalesce(("
	"SELECT k.place FROM pg_index i, "
	"unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place) "
	"WHERE i.indrelid = c.oid AND i.indisprimary "
	"AND k.attnum = a.attnum), 0) "
	"FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
	"JOIN pg_type t ON t.oid = a.atttypid "
	"WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
	"AND c.relnamespace = current_schema()::regnamespace "
	"ORDER BY c.relname, a.attname";

static struct postgres_session *session_of(struct db_session *session)
{
	return (struct postgres_session *)session;
}

static int64_t integer_of(const PGresult *result, int row, int column)
{
	uint64_t wide;

	memcpy(&wide, PQgetvalue(result, row, column), sizeof(wide));
	return (int64_t)be64toh(wide);
}

static enum error list_columns(const PGresult *result, struct arena *arena,
			       struct db_table_list *ret)
{
	for (int row = 0; row < PQntuples(result); row++) {
		const struct db_column_found found = {
			.table = PQgetvalue(result, row, 0),
			.column = PQgetvalue(result, row, 1),
			.type = PQgetvalue(result, row, 2),
			.key = integer_of(result, row, 3),
		};

		if (!db_table_list_add(arena, ret, &found)) {
			log_error("a table is not understood", "table",
				  found.table, "column", found.column, NULL);
			return ERR_INTERNAL;
		}
	}
	return OK;
}

enum error postgres_tables(struct db_session *base, struct arena *arena,
			   struct db_table_list *ret)
{
	struct postgres_session *session = session_of(base);
	PGresult *result;

	*ret = (struct db_table_list){0};
	TRY(postgres_lead_in(session, false));
	TRY(postgres_post(session, columns_sql));
	TRY(postgres_ask(session, "tables", &result));
	enum error error = list_columns(result, arena, ret);
	PQclear(result);
	return error;
}

static struct db_value value_of(struct arena *arena, const PGresult *result,
				int row, int column, enum db_type type)
{
	const char *bytes = PQgetvalue(result, row, column);
	struct db_value found = {.type = type};

	if (PQgetisnull(result, row, column)) {
		found.type = DB_NULL;
	} else if (type == DB_INTEGER) {
		found.integer = integer_of(result, row, column);
	} else if (type == DB_BOOLEAN) {
		found.integer = bytes[0] != 0;
	} else {
		found.length = (size_t)PQgetlength(result, row, column);
		found.bytes = arena_strndup(arena, bytes, found.length);
	}
	return found;
}

static void take_rows(const PGresult *result, const struct db_table *table,
		      struct arena *arena, struct db_block *ret)
{
	ret->row_count = (size_t)PQntuples(result);
	ret->values = arena_alloc(arena, ret->row_count * table->column_count *
						 sizeof(*ret->values));
	struct db_value *at = ret->values;
	for (int row = 0; row < PQntuples(result); row++)
		for (size_t i = 0; i < table->column_count; i++, at++) {
			*at = value_of(arena, result, row, (int)i,
				       table->columns[i].type);
			ret->bytes += at->length;
		}
}

/* A key's values, as parameters. */
struct key_bound {
	uint64_t integers[TABLE_KEY_MAX];
	const char *bytes[TABLE_KEY_MAX];
	int lengths[TABLE_KEY_MAX], binary[TABLE_KEY_MAX];
	Oid types[TABLE_KEY_MAX];
};

/* Of its catalog pg_type; they never change. */
static Oid oid_of(enum db_type type)
{
	static const Oid types[] = {
		[DB_INTEGER] = 20, [DB_BOOLEAN] = 16, [DB_TEXT] = 25,
		[DB_BLOB] = 17,	   [DB_UUID] = 2950,
	};

	return types[type];
}

static void bind_key(const struct db_value *key, size_t count,
		     struct key_bound *ret)
{
	for (size_t i = 0; i < count; i++) {
		ret->types[i] = oid_of(key[i].type);
		ret->binary[i] = 1;
		ret->bytes[i] = key[i].bytes;
		ret->lengths[i] = (int)key[i].length;
		if (key[i].type != DB_INTEGER)
			continue;
		ret->integers[i] = htobe64((uint64_t)key[i].integer);
		ret->bytes[i] = (const char *)&ret->integers[i];
		ret->lengths[i] = sizeof(ret->integers[i]);
	}
}

static enum error ask_range(struct postgres_session *session,
			    const struct db_table *table,
			    const struct db_range *range, PGresult **ret)
{
	struct key_bound key = {.integers = {0}};
	int count = range->after ? (int)table->key_count : 0;
	struct buf sql;

	bind_key(range->after, (size_t)count, &key);
	buf_init(&sql, SQL_MAX);
	db_table_select(table, range, BY_BYTES, &sql);
	enum error error = postgres_posted(
		session, PQsendQueryParams(session->connection, buf_cstr(&sql),
					   count, key.types, key.bytes,
					   key.lengths, key.binary, 1));
	buf_release(&sql);
	return error == OK ? postgres_ask(session, table->name, ret) : error;
}

enum error postgres_table_read(struct db_session *base,
			       const struct db_table *table,
			       const struct db_range *range,
			       struct arena *arena, struct db_block *ret)
{
	struct postgres_session *session = session_of(base);
	PGresult *result;

	*ret = (struct db_block){0};
	if (!session->connection)
		return ERR_BUSY;
	TRY(postgres_lead_in(session, false));
	TRY(ask_range(session, table, range, &result));
	take_rows(result, table, arena, ret);
	PQclear(result);
	return OK;
}

static void put_number(struct buf *array, uint32_t number)
{
	uint32_t wire = htobe32(number);

	buf_add(array, &wire, sizeof(wire));
}

static void put_element(struct buf *array, const struct db_value *value)
{
	uint64_t wide = htobe64((uint64_t)value->integer);
	const char truth = value->integer ? 1 : 0;

	switch (value->type) {
	case DB_NULL:
		put_number(array, UINT32_MAX);
		break;
	case DB_INTEGER:
		put_number(array, sizeof(wide));
		buf_add(array, &wide, sizeof(wide));
		break;
	case DB_BOOLEAN:
		put_number(array, sizeof(truth));
		buf_add(array, &truth, sizeof(truth));
		break;
	case DB_TEXT:
	case DB_BLOB:
	case DB_UUID:
		put_number(array, (uint32_t)value->length);
		buf_add(array, value->bytes, value->length);
		break;
	}
}

static void put_array(struct buf *array, const struct db_table *table,
		      size_t column, const struct db_block *rows)
{
	put_number(array, 1);
	put_number(array, 1);
	put_number(array, oid_of(table->columns[column].type));
	put_number(array, (uint32_t)rows->row_count);
	put_number(array, 1);
	for (size_t row = 0; row < rows->row_count; row++)
		put_element(array,
			    &rows->values[row * table->column_count + column]);
}

static void write_insert(const struct db_table *table, struct buf *sql)
{
	static const char *const names[] = {
		[DB_INTEGER] = "bigint", [DB_BOOLEAN] = "boolean",
		[DB_TEXT] = "text",	 [DB_BLOB] = "bytea",
		[DB_UUID] = "uuid",
	};

	buf_printf(sql, "INSERT INTO %s (", table->name);
	db_table_columns(table, sql);
	buf_text(sql, ") SELECT * FROM unnest(");
	for (size_t i = 0; i < table->column_count; i++)
		buf_printf(sql, "%s$%zu::%s[]", i ? ", " : "", i + 1,
			   names[table->columns[i].type]);
	buf_char(sql, ')');
}

static enum error send_arrays(struct postgres_session *session,
			      const struct db_table *table,
			      const struct buf *arrays)
{
	const char *bytes[TABLE_COLUMNS_MAX];
	int lengths[TABLE_COLUMNS_MAX], binary[TABLE_COLUMNS_MAX];
	struct buf sql;

	for (size_t i = 0; i < table->column_count; i++) {
		if (arrays[i].is_overfull) {
			log_error("rows are too long", "table", table->name,
				  NULL);
			return ERR_STORE;
		}
		bytes[i] = arrays[i].bytes;
		lengths[i] = (int)arrays[i].length;
		binary[i] = 1;
	}
	buf_init(&sql, SQL_MAX);
	write_insert(table, &sql);
	enum error error = postgres_posted(
		session, PQsendQueryParams(session->connection, buf_cstr(&sql),
					   (int)table->column_count, NULL,
					   bytes, lengths, binary, 1));
	buf_release(&sql);
	return error;
}

enum error postgres_table_add(struct db_session *base,
			      const struct db_table *table,
			      const struct db_block *rows)
{
	struct postgres_session *session = session_of(base);
	struct buf arrays[TABLE_COLUMNS_MAX];

	if (!session->connection)
		return ERR_BUSY;
	for (size_t i = 0; i < table->column_count; i++) {
		buf_init(&arrays[i], ARRAY_MAX);
		put_array(&arrays[i], table, i, rows);
	}
	enum error error = send_arrays(session, table, arrays);
	for (size_t i = 0; i < table->column_count; i++)
		buf_release(&arrays[i]);
	return error == OK ? postgres_ask(session, table->name, NULL) : error;
}
