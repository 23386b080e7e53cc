/*
 * Copying all rows of one database into another, of any engine, and comparing
 * the two. Both have had all migrations; what their catalogs list is copied.
 * Whoever calls has both to himself (db_hold).
 */
#ifndef CLEAT_DB_COPY_H
#define CLEAT_DB_COPY_H

#include "base/hash.h"
#include "db/table.h"

enum { COPY_FROM, COPY_TO, COPY_ENDS };

/* What an end has of a table: BLAKE2b-256 over its rows in the key's order. */
struct copy_sum {
	int64_t rows;
	struct digest digest;
};

struct copy {
	struct db_session *ends[COPY_ENDS];
	/* NULL, or told from time to time: rows that were done of a table */
	void (*progress)(const char *doing, const char *table, int64_t rows);
	struct arena arena;
	struct db_table_list tables;
	struct copy_sum *sums[COPY_ENDS]; /* of each, after copy_compare */
};

/*
 * Lists the tables. ERR_INTERNAL, logged, when the ends have not the same.
 * copy_release, also after an error.
 */
MUST_CHECK enum error copy_init(struct copy *copy, struct db_session *from,
				struct db_session *to);
void copy_release(struct copy *copy);

/* Whether an end has any row at all. */
MUST_CHECK enum error copy_is_empty(const struct copy *copy, int end,
				    bool *ret);

/*
 * Copies what COPY_TO has not yet: of each table, what comes after its last
 * row there. A batch is a transaction, so where it stands is always what is
 * there: killed at any moment, it goes on when it is called again.
 */
MUST_CHECK enum error copy_rows(const struct copy *copy);

/* Reads both ends again, whole, and sums them up. */
MUST_CHECK enum error copy_compare(struct copy *copy);
bool copy_is_same(const struct copy *copy, size_t table);

/* Of all tables of an end: BLAKE2b-256 over their names and sums. */
struct digest copy_digest(const struct copy *copy, int end);

#endif
