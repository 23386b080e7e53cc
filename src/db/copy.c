/* Copying a store's rows, batch by batch. */
#include "db/copy.h"

#include <string.h>

#include "base/log.h"

/*
 * A batch is read whole: as many rows as come to so many bytes, by what those
 * before them came to.
 */
enum { ROWS_MAX = 1000, ROWS_FIRST = 50, BATCH_BYTES = 1024 * 1024 };

/* Rows after a key; two arenas, since the next batch needs the last's key. */
struct walk {
	struct db_session *session;
	const struct db_table *table;
	struct arena arenas[2];
	int batch;
	struct db_value key[TABLE_KEY_MAX];
	struct db_range range;
	struct db_block block;
	int64_t rows;
};

static void walk_init(struct walk *walk, struct db_session *session,
		      const struct db_table *table)
{
	*walk = (struct walk){
		.session = session,
		.table = table,
		.range = {.limit = ROWS_FIRST},
	};
	arena_init(&walk->arenas[0]);
	arena_init(&walk->arenas[1]);
}

static void walk_release(struct walk *walk)
{
	arena_release(&walk->arenas[0]);
	arena_release(&walk->arenas[1]);
}

/* Everything is seen; a writer locks nothing by it. */
static enum error begin_whole(struct db_session *session)
{
	static const struct uuid whole;
	bool may_have_changed;

	TRY(db_begin(session));
	enum error error = db_enter(session, whole, &may_have_changed);
	if (error != OK)
		db_rollback(session);
	return error;
}

static enum error end(struct db_session *session, enum error error)
{
	if (error == OK)
		return db_commit(session);
	db_rollback(session);
	return error;
}

static enum error walk_read(struct walk *walk)
{
	struct arena *arena = &walk->arenas[++walk->batch % 2];

	arena_reset(arena);
	TRY(begin_whole(walk->session));
	return end(walk->session,
		   db_table_read(walk->session, walk->table, &walk->range,
				 arena, &walk->block));
}

/* One at least, however long it is. */
static size_t rows_that_fit(size_t row_bytes)
{
	size_t rows = 1 + BATCH_BYTES / (row_bytes + 1);

	return rows < ROWS_MAX ? rows : ROWS_MAX;
}

static void walk_go_on(struct walk *walk)
{
	const struct db_block *block = &walk->block;
	size_t rows = block->row_count;

	db_table_key(walk->table,
		     &block->values[(rows - 1) * walk->table->column_count],
		     walk->key);
	walk->range.after = walk->key;
	walk->rows += (int64_t)rows;
	walk->range.limit = rows_that_fit(block->bytes / rows);
}

/* The next batch; none when it has no rows. */
static enum error walk_next(struct walk *walk)
{
	TRY(walk_read(walk));
	if (walk->block.row_count)
		walk_go_on(walk);
	return OK;
}

/* To where the other end stands. */
static enum error walk_skip(struct walk *walk, struct db_session *other)
{
	struct walk there;
	struct db_range last = {.limit = 1, .is_from_end = true};

	walk_init(&there, other, walk->table);
	there.range = last;
	enum error error = walk_read(&there);
	if (error == OK && there.block.row_count) {
		/* its arena is the walk's from here on */
		struct arena unused = walk->arenas[1];

		walk->arenas[1] = there.arenas[1];
		there.arenas[1] = unused;
		walk->batch = 1;
		db_table_key(walk->table, there.block.values, walk->key);
		walk->range.after = walk->key;
	}
	walk_release(&there);
	return error;
}

static enum error add_batch(struct db_session *to, const struct walk *walk)
{
	TRY(begin_whole(to));
	TRY(end(to, db_table_add(to, walk->table, &walk->block)));
	db_idle(to, false);
	return OK;
}

static void tell(const struct copy *copy, const char *doing,
		 const struct walk *walk)
{
	if (copy->progress)
		copy->progress(doing, walk->table->name, walk->rows);
}

static enum error copy_rest(const struct copy *copy, struct walk *walk)
{
	TRY(walk_skip(walk, copy->ends[COPY_TO]));
	for (;;) {
		TRY(walk_next(walk));
		if (!walk->block.row_count)
			return OK;
		TRY(add_batch(copy->ends[COPY_TO], walk));
		tell(copy, "copying", walk);
	}
}

enum error copy_rows(const struct copy *copy)
{
	enum error error = OK;

	for (size_t i = 0; error == OK && i < copy->tables.count; i++) {
		struct walk walk;

		walk_init(&walk, copy->ends[COPY_FROM], &copy->tables.items[i]);
		error = copy_rest(copy, &walk);
		walk_release(&walk);
	}
	return error;
}

/* One that says of each value what it is: NULL is not an empty text. */
static void hash_value(struct hash *hash, const struct db_value *value)
{
	static const char kinds[] = {
		[DB_NULL] = 'n', [DB_INTEGER] = 'i', [DB_BOOLEAN] = 'b',
		[DB_TEXT] = 't', [DB_BLOB] = 'x',    [DB_UUID] = 'u',
	};

	hash_add(hash, &kinds[value->type], 1);
	if (value->type == DB_INTEGER || value->type == DB_BOOLEAN)
		hash_add_integer(hash, value->integer);
	else if (value->type != DB_NULL)
		hash_add_text(hash, value->bytes, value->length);
}

static void hash_batch(struct hash *hash, const struct walk *walk)
{
	const struct db_table *table = walk->table;
	const struct db_value *at = walk->block.values;

	for (size_t row = 0; row < walk->block.row_count; row++)
		for (size_t i = 0; i < table->column_count; i++, at++)
			if (!table->columns[i].is_place)
				hash_value(hash, at);
}

static enum error sum_up(const struct copy *copy, struct walk *walk,
			 struct copy_sum *ret)
{
	struct hash hash;

	hash_begin(&hash);
	do {
		TRY(walk_next(walk));
		hash_batch(&hash, walk);
		tell(copy, "comparing", walk);
	} while (walk->block.row_count);
	*ret = (struct copy_sum){walk->rows, hash_end(&hash)};
	return OK;
}

enum error copy_compare(struct copy *copy)
{
	enum error error = OK;

	for (size_t i = 0; error == OK && i < COPY_ENDS * copy->tables.count;
	     i++) {
		int which = (int)(i % COPY_ENDS);
		size_t table = i / COPY_ENDS;
		struct walk walk;

		walk_init(&walk, copy->ends[which], &copy->tables.items[table]);
		error = sum_up(copy, &walk, &copy->sums[which][table]);
		walk_release(&walk);
	}
	return error;
}

bool copy_is_same(const struct copy *copy, size_t table)
{
	const struct copy_sum *from = &copy->sums[COPY_FROM][table],
			      *to = &copy->sums[COPY_TO][table];

	return from->rows == to->rows &&
	       memcmp(&from->digest, &to->digest, sizeof(to->digest)) == 0;
}

struct digest copy_digest(const struct copy *copy, int end_of)
{
	struct hash hash;

	hash_begin(&hash);
	for (size_t i = 0; i < copy->tables.count; i++) {
		const char *name = copy->tables.items[i].name;
		const struct copy_sum *sum = &copy->sums[end_of][i];

		hash_add_text(&hash, name, strlen(name));
		hash_add_integer(&hash, sum->rows);
		hash_add(&hash, sum->digest.bytes, sizeof(sum->digest.bytes));
	}
	return hash_end(&hash);
}

enum error copy_is_empty(const struct copy *copy, int which, bool *ret)
{
	bool is_empty = true;
	enum error error = OK;

	for (size_t i = 0; error == OK && i < copy->tables.count; i++) {
		struct walk walk;

		walk_init(&walk, copy->ends[which], &copy->tables.items[i]);
		walk.range.limit = 1;
		error = walk_read(&walk);
		is_empty &= error == OK && !walk.block.row_count;
		walk_release(&walk);
	}
	*ret = is_empty;
	return error;
}

/* Each end's own: what it has had, and whether it is whole. */
static bool is_own(const struct db_table *table)
{
	return strcmp(table->name, "schema_migration") == 0 ||
	       strcmp(table->name, "store_copy") == 0;
}

static enum error list(struct copy *copy, int which, struct db_table_list *ret)
{
	size_t kept = 0;

	TRY(db_tables(copy->ends[which], &copy->arena, ret));
	for (size_t i = 0; i < ret->count; i++)
		if (!is_own(&ret->items[i]))
			ret->items[kept++] = ret->items[i];
	ret->count = kept;
	return OK;
}

/* A place at either end is one at both. */
static bool join(struct db_table *table, const struct db_table *other)
{
	bool is_same = strcmp(table->name, other->name) == 0 &&
		       table->column_count == other->column_count &&
		       table->key_count && table->key_count == other->key_count;

	for (size_t i = 0; is_same && i < table->column_count; i++) {
		struct db_column *column = &table->columns[i];

		is_same = strcmp(column->name, other->columns[i].name) == 0 &&
			  column->type == other->columns[i].type;
		column->is_place |= other->columns[i].is_place;
	}
	for (size_t i = 0; is_same && i < table->key_count; i++)
		is_same = table->key[i] == other->key[i];
	return is_same;
}

enum error copy_init(struct copy *copy, struct db_session *from,
		     struct db_session *to)
{
	struct db_table_list others;

	*copy = (struct copy){.ends = {from, to}};
	arena_init(&copy->arena);
	TRY(list(copy, COPY_FROM, &copy->tables));
	TRY(list(copy, COPY_TO, &others));
	bool is_same = copy->tables.count == others.count;
	for (size_t i = 0; is_same && i < others.count; i++)
		is_same = join(&copy->tables.items[i], &others.items[i]);
	for (int i = 0; i < COPY_ENDS; i++)
		copy->sums[i] =
			arena_alloc(&copy->arena,
				    copy->tables.count * sizeof(**copy->sums));
	if (is_same)
		return OK;
	log_error("the stores have not the same tables", NULL);
	return ERR_INTERNAL;
}

void copy_release(struct copy *copy)
{
	arena_release(&copy->arena);
}
