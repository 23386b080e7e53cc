/*
 * Tables as the database itself has them, whatever migrations made them, and
 * their rows as values: for who moves or compares a whole store. Everything
 * else asks named queries.
 */
#ifndef CLEAT_DB_TABLE_H
#define CLEAT_DB_TABLE_H

#include "base/buf.h"
#include "db/db.h"

enum { TABLE_COLUMNS_MAX = 32, TABLE_KEY_MAX = 4 };

struct db_column {
	const char *name;
	enum db_type type;
	/* where SQLite puts the row: a hint, that may be another one there */
	bool is_place;
};

struct db_table {
	const char *name;
	struct db_column columns[TABLE_COLUMNS_MAX]; /* by name */
	size_t column_count;
	size_t key[TABLE_KEY_MAX]; /* columns, in the key's order */
	size_t key_count;
};

struct db_table_list {
	struct db_table *items; /* by name */
	size_t count;
};

/* Rows in the key's order, where texts are ordered by their bytes. */
struct db_range {
	const struct db_value *after; /* a key; NULL: from the first */
	size_t limit;
	bool is_from_end; /* backwards */
};

/* Rows: a value for each column, row after row. Text has its length too. */
struct db_block {
	struct db_value *values;
	size_t row_count;
	size_t bytes; /* of texts and blobs */
};

/* In the arena. ERR_INTERNAL for a type that migrations do not use. */
MUST_CHECK enum error db_tables(struct db_session *session, struct arena *arena,
				struct db_table_list *ret);

/* In a transaction, within the whole store (db_enter). In the arena. */
MUST_CHECK enum error db_table_read(struct db_session *session,
				    const struct db_table *table,
				    const struct db_range *range,
				    struct arena *arena, struct db_block *ret);

/* The same; ERR_TAKEN when one of the keys is held. */
MUST_CHECK enum error db_table_add(struct db_session *session,
				   const struct db_table *table,
				   const struct db_block *rows);

/* A row's values of the key. */
void db_table_key(const struct db_table *table, const struct db_value *row,
		  struct db_value ret[static TABLE_KEY_MAX]);

/*
 * For drivers: the SQL of a range, with the key after which it begins as $1,
 * $2, ... `collation` follows texts of the key.
 */
void db_table_select(const struct db_table *table, const struct db_range *range,
		     const char *collation, struct buf *ret);
/* The names of all columns, with commas. */
void db_table_columns(const struct db_table *table, struct buf *ret);

/*
 * For drivers: adds a column to the list, in a table of its own when it is the
 * first of that name. `key` is its place in the key, from 1, or 0. False: more
 * than fits, or no type that migrations use.
 */
struct db_column_found {
	const char *table, *column, *type;
	int64_t key;
	bool is_place;
};
MUST_CHECK bool db_table_list_add(struct arena *arena,
				  struct db_table_list *list,
				  const struct db_column_found *found);

#endif
