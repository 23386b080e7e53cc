/* Helpers that every file of the store uses: one row, no row, many rows. */
#ifndef CLEAT_STORE_ROWS_H
#define CLEAT_STORE_ROWS_H

#include "base/op.h"
#include "core/connection.h"
#include "core/group.h"
#include "core/hold.h"
#include "core/store.h"
#include "db/db.h"

/* Reads the current row, from column `from` on, into `ret`. */
typedef void read_row(struct op *op, const struct db_rows *rows, int from,
		      void *ret);

/* db_query and db_run, as the op's project. All go by these. */
MUST_CHECK enum error rows_query(struct op *op, enum query query,
				 const struct db_value *values, size_t count,
				 struct db_rows *ret);
MUST_CHECK enum error rows_run_counted(struct op *op, enum query query,
				       const struct db_value *values,
				       size_t count, int64_t *ret_changed);

/* The first row; ERR_NOT_FOUND without one. */
MUST_CHECK enum error rows_one(struct op *op, enum query query,
			       const struct db_value *values, size_t count,
			       read_row *read, void *ret);

/*
 * All rows, each `size` bytes, into an array in the arena. `ret_items` is
 * the address of the pointer to it.
 */
MUST_CHECK enum error rows_all(struct op *op, enum query query,
			       const struct db_value *values, size_t count,
			       read_row *read, size_t size, void *ret_items,
			       size_t *ret_count);

/*
 * The uuids of the first column, into `ret`, which has room for as many as
 * the query's own limit lets through.
 */
MUST_CHECK enum error rows_ids(struct op *op, enum query query,
			       const struct db_value *values, size_t count,
			       struct uuid *ret, size_t *ret_count);

/* Runs a change; ERR_NOT_FOUND when it changed nothing. */
MUST_CHECK enum error rows_change(struct op *op, enum query query,
				  const struct db_value *values, size_t count);

/*
 * Runs a change of what this operation has read: that it is not there is
 * ERR_INTERNAL, and may be found out later (db_post).
 */
MUST_CHECK enum error rows_change_surely(struct op *op, enum query query,
					 const struct db_value *values,
					 size_t count);

/* Runs a change of any number of rows (db_post). */
MUST_CHECK enum error rows_run(struct op *op, enum query query,
			       const struct db_value *values, size_t count);

#define ROWS_OF(values) (values), sizeof(values) / sizeof(*(values))

/* Whether there is such a row. */
MUST_CHECK enum error rows_exist(struct op *op, enum query query,
				 const struct db_value *values, size_t count,
				 bool *ret);

/* A copy of what is sealed, of one column. */
struct sealed_bytes read_sealed_bytes(struct op *op, const struct db_rows *rows,
				      int column);

/*
 * For the parameter `before` of the parts of leaving_scope.sql; lives as long
 * as the op.
 */
MUST_CHECK enum error rows_before(struct op *op, struct db_value *ret);
/*
 * The same for those that end in _now, which need no answer beforehand: where
 * that would take a way to the server it is not asked for.
 */
MUST_CHECK enum error rows_before_now(struct op *op, struct db_value *ret);

/* One column: int64_t, a text in the arena, a uuid. */
void read_integer(struct op *op, const struct db_rows *rows, int from,
		  void *ret);
void read_text(struct op *op, const struct db_rows *rows, int from, void *ret);
void read_id(struct op *op, const struct db_rows *rows, int from, void *ret);

/* Shared by the queries that join: their column lists are the same. */
enum { PARTY_COLUMNS = 5, CONNECTION_COLUMNS = 15, APP_COLUMNS = 8 };
void read_party(struct op *op, const struct db_rows *rows, int from, void *ret);
void read_connection(struct op *op, const struct db_rows *rows, int from,
		     void *ret);
void read_provider_app(struct op *op, const struct db_rows *rows, int from,
		       void *ret);
/* A connection, its group, its consumer and its provider app, in this order. */
void read_connection_view(struct op *op, const struct db_rows *rows, int from,
			  void *ret);
/* What goes, living or hidden: struct leaving, struct parting. */
void read_leaving(struct op *op, const struct db_rows *rows, int from,
		  void *ret);
void read_parting(struct op *op, const struct db_rows *rows, int from,
		  void *ret);
/* The id and name of a struct thing. */
void read_named(struct op *op, const struct db_rows *rows, int from, void *ret);
void read_hold(struct op *op, const struct db_rows *rows, int from, void *ret);

#endif
