/*
 * cleat store copy: a whole store into another database. Values are copied as
 * they are, secrets sealed: no master key is read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "cli/command.h"
#include "cli/open.h"
#include "db/copy.h"
#include "db/migrate.h"

#define TOLD_EVERY_US INT64_C(5000000)

enum { OUTPUT_MAX = 64 * 1024 };

struct move {
	const char *urls[COPY_ENDS];
	char *shown[COPY_ENDS]; /* without passwords */
	struct db *dbs[COPY_ENDS];
	struct db_session *sessions[COPY_ENDS];
	struct uuid source_id;
	bool goes_on; /* some of it was copied before */
	struct copy copy;
	struct buf *err;
};

static enum error hold(struct move *move, int end, enum db_use use)
{
	TRY(db_open(move->urls[end], use, &move->dbs[end]));
	TRY(db_session_open(move->dbs[end],
			    end == COPY_FROM ? DB_READ : DB_WRITE,
			    &move->sessions[end]));
	return db_hold(move->sessions[end]);
}

static int said(struct move *move, int end, enum error error)
{
	return error == OK
		       ? 0
		       : open_explain(error, move->urls[end], false, move->err);
}

static int failed(struct move *move, int end, const char *why)
{
	buf_printf(move->err, "cleat: the store %s %s\n", move->shown[end],
		   why);
	return 1;
}

/* Nil when it has none. */
static enum error first_id(struct db_session *session, enum query query,
			   struct uuid *ret)
{
	struct db_rows rows;

	*ret = (struct uuid){{0}};
	TRY(db_query(session, query, NULL, 0, &rows));
	enum error error = db_next(&rows);
	if (error == OK && rows.has_row)
		*ret = db_uuid(&rows, 0);
	db_finish(&rows);
	return error;
}

/* In a transaction of its own; NULL, or what is wrong with it. */
static const char *in_transaction(struct move *move, int end,
				  const char *(*run)(struct move *move))
{
	struct db_session *session = move->sessions[end];

	if (db_begin(session) != OK)
		return "cannot be read";
	const char *fault = run(move);
	if (fault)
		db_rollback(session);
	else if (db_commit(session) != OK)
		fault = "cannot be written";
	return fault;
}

/* A store's first signing key is made when it is, and stays. */
static const char *look_at_source(struct move *move)
{
	struct db_session *session = move->sessions[COPY_FROM];

	if (migrate_check(session) != OK)
		return "cannot be copied";
	if (first_id(session, QUERY_SIGNING_KEY_LIST, &move->source_id) != OK)
		return "cannot be read";
	return uuid_is_nil(move->source_id) ? "has nothing to copy" : NULL;
}

static const char *look_at_target(struct move *move)
{
	struct db_session *session = move->sessions[COPY_TO];
	struct uuid copied;

	if (migrate_check_tables(session) != OK ||
	    first_id(session, QUERY_STORE_COPY_OF, &copied) != OK)
		return "cannot be read";
	if (!uuid_is_nil(copied) && !uuid_equal(copied, move->source_id))
		return "is half a copy of another store";
	move->goes_on = !uuid_is_nil(copied);
	return NULL;
}

/* From here on it is not served, until it is whole. */
static const char *mark_as_copy(struct move *move)
{
	const struct db_value values[] = {DB_ID(move->source_id),
					  DB_INT(clock_now())};

	return db_run(move->sessions[COPY_TO], QUERY_STORE_COPY_BEGIN, values,
		      2, NULL) == OK
		       ? NULL
		       : "cannot be written";
}

static const char *mark_as_whole(struct move *move)
{
	return db_run(move->sessions[COPY_TO], QUERY_STORE_COPY_END, NULL, 0,
		      NULL) == OK
		       ? NULL
		       : "cannot be written";
}

static int open_source(struct move *move)
{
	int status = said(move, COPY_FROM, hold(move, COPY_FROM, DB_EXISTING));

	if (status)
		return status;
	const char *fault = in_transaction(move, COPY_FROM, look_at_source);
	return fault ? failed(move, COPY_FROM, fault) : 0;
}

static void close_end(struct move *move, int end)
{
	db_session_close(move->sessions[end]);
	db_close(move->dbs[end]);
	move->sessions[end] = NULL;
	move->dbs[end] = NULL;
}

/* Tables where there are none: a store that was about to be made is empty. */
static int ensure_tables(struct move *move)
{
	struct db_table_list tables;
	struct arena arena;

	arena_init(&arena);
	enum error error = db_tables(move->sessions[COPY_TO], &arena, &tables);
	if (error == OK && !tables.count)
		error = migrate(move->sessions[COPY_TO], true);
	arena_release(&arena);
	return error == OK ? 0 : failed(move, COPY_TO, "cannot be made");
}

static int open_target(struct move *move)
{
	enum error error = hold(move, COPY_TO, DB_NEW);

	if (error == ERR_TAKEN && !move->dbs[COPY_TO])
		error = hold(move, COPY_TO, DB_EXISTING);
	int status = said(move, COPY_TO, error);
	if (status == 0)
		status = ensure_tables(move);
	if (status)
		return status;
	const char *fault = in_transaction(move, COPY_TO, look_at_target);
	return fault ? failed(move, COPY_TO, fault) : 0;
}

/* Only into a store without a row, or into what was begun before. */
static int begin_copy(struct move *move)
{
	const char *fault = NULL;
	bool is_empty = true;

	if (copy_init(&move->copy, move->sessions[COPY_FROM],
		      move->sessions[COPY_TO]) != OK)
		return failed(move, COPY_TO, "cannot be copied into");
	if (move->goes_on)
		return 0;
	if (copy_is_empty(&move->copy, COPY_TO, &is_empty) != OK)
		fault = "cannot be read";
	else if (!is_empty)
		fault = "exists, and is not a copy that was begun";
	else
		fault = in_transaction(move, COPY_TO, mark_as_copy);
	return fault ? failed(move, COPY_TO, fault) : 0;
}

static int say_differences(struct move *move)
{
	const char *separator = "";

	buf_printf(move->err, "cleat: the store %s is not what %s is, in ",
		   move->shown[COPY_TO], move->shown[COPY_FROM]);
	for (size_t i = 0; i < move->copy.tables.count; i++) {
		if (copy_is_same(&move->copy, i))
			continue;
		buf_printf(move->err,
			   "%s%s (%" PRId64 " rows, there %" PRId64 ")",
			   separator, move->copy.tables.items[i].name,
			   move->copy.sums[COPY_TO][i].rows,
			   move->copy.sums[COPY_FROM][i].rows);
		separator = ", ";
	}
	buf_text(move->err, ": empty it, and copy again\n");
	return 1;
}

static int compare(struct move *move)
{
	bool is_same = true;

	if (copy_compare(&move->copy) != OK)
		return failed(move, COPY_TO, "could not be compared");
	for (size_t i = 0; i < move->copy.tables.count; i++)
		is_same &= copy_is_same(&move->copy, i);
	return is_same ? 0 : say_differences(move);
}

static int copy_all(struct move *move)
{
	if (copy_rows(&move->copy) != OK) {
		buf_text(move->err, "cleat: the copy was cut short: run the "
				    "same command again\n");
		return 1;
	}
	int status = compare(move);
	if (status)
		return status;
	if (db_loaded(move->sessions[COPY_TO]) != OK)
		return failed(move, COPY_TO, "cannot be written");
	const char *fault = in_transaction(move, COPY_TO, mark_as_whole);
	if (fault)
		return failed(move, COPY_TO, fault);
	db_idle(move->sessions[COPY_TO], true);
	return 0;
}

static void put_table(struct json_writer *w, const char *name,
		      const struct copy_sum *sum)
{
	char digest[DIGEST_TEXT];

	digest_format(&sum->digest, digest);
	json_begin_object(w, NULL);
	json_put_string(w, "name", name);
	json_put_integer(w, "rows", sum->rows);
	json_put_string(w, "checksum", digest);
	json_end_object(w);
}

static bool print_sums(const struct copy *copy)
{
	const struct digest digest = copy_digest(copy, COPY_TO);
	char text[DIGEST_TEXT];
	int64_t rows = 0;
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	struct json_writer w = json_writer_on(&out);
	for (size_t i = 0; i < copy->tables.count; i++)
		rows += copy->sums[COPY_TO][i].rows;
	digest_format(&digest, text);
	json_begin_object(&w, NULL);
	json_put_integer(&w, "rows", rows);
	json_put_string(&w, "checksum", text);
	json_begin_array(&w, "tables");
	for (size_t i = 0; i < copy->tables.count; i++)
		put_table(&w, copy->tables.items[i].name,
			  &copy->sums[COPY_TO][i]);
	json_end_array(&w);
	json_end_object(&w);
	bool is_written = puts(buf_cstr(&out)) >= 0;
	buf_release(&out);
	return is_written;
}

/* The key is the operator's: where it lies is his to say. */
static void say_what_is_next(const struct move *move)
{
	const char *from = move->shown[COPY_FROM], *to = move->shown[COPY_TO];

	buf_printf(move->err,
		   "serve it with the same master key: cleat serve "
		   "--store '%s' --master-key ",
		   to);
	if (open_is_file(from))
		buf_printf(move->err, "'%s.key' --listen ...\n",
			   strchr(from, ':') + 1);
	else
		buf_text(move->err, "FILE --listen ...\n");
	buf_printf(move->err,
		   "and no more %s: whatever waits would be done by both\n",
		   from);
}

/* Nobody waits for a short copy. */
static void tell_progress(const char *doing, const char *table, int64_t rows)
{
	static int64_t told_at;
	int64_t now = clock_monotonic();

	if (!told_at)
		told_at = now;
	if (now - told_at < TOLD_EVERY_US)
		return;
	told_at = now;
	(void)fprintf(stderr, "%s %s: %" PRId64 " rows\n", doing, table, rows);
}

static int run_move(struct move *move)
{
	int status = open_source(move);

	if (status == 0)
		status = open_target(move);
	if (status == 0)
		status = begin_copy(move);
	move->copy.progress = tell_progress;
	if (status == 0)
		status = copy_all(move);
	if (status == 0 && !print_sums(&move->copy))
		status = 1;
	if (status == 0)
		say_what_is_next(move);
	return status;
}

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	struct move move = {
		.urls = {args_get(args, "--from"), args_get(args, "--to")},
		.err = err,
	};

	(void)argc;
	(void)argv;
	if (strcmp(move.urls[COPY_FROM], move.urls[COPY_TO]) == 0) {
		buf_text(err, "cleat: --from and --to are the same store\n");
		return 2;
	}
	for (int end = 0; end < COPY_ENDS; end++)
		move.shown[end] = db_url_public(move.urls[end]);
	int status = run_move(&move);
	copy_release(&move.copy);
	close_end(&move, COPY_TO);
	close_end(&move, COPY_FROM);
	free(move.shown[COPY_TO]);
	free(move.shown[COPY_FROM]);
	return status;
}

static const struct arg_spec options[] = {
	{"--from", "URL", "sqlite:FILE or postgresql://...; nobody serves it",
	 true},
	{"--to", "URL", "where there is no store yet, or half of this copy",
	 true},
	{NULL, NULL, NULL, false},
};

const struct command store_copy_command = {
	"store copy", "Copy a store into another database, and compare them",
	options, run};
