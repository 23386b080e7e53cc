/* Statements of the SQLite driver: preparing, binding, stepping, reading. */
#include "db/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

static enum error prepare(struct sqlite_session *session, enum query query,
			  struct statement **ret)
{
	struct statement *statement = &session->statements[query];

	*ret = statement;
	if (statement->handle)
		return OK;
	if (sqlite3_prepare_v3(session->handle, query_texts[query], -1,
			       SQLITE_PREPARE_PERSISTENT, &statement->handle,
			       NULL) != SQLITE_OK)
		return sqlite_error(session->handle, query_names[query]);

	/* SQLite numbers $1, $2 by where they first stand: ask by name */
	for (int i = 1; i <= SQLITE_PARAMETERS_MAX; i++) {
		char name[8];

		(void)snprintf(name, sizeof(name), "$%d", i);
		statement->position[i] =
			sqlite3_bind_parameter_index(statement->handle, name);
	}
	return OK;
}

static int bind(sqlite3_stmt *handle, int at, const struct db_value *value)
{
	switch (value->type) {
	case DB_INTEGER:
	case DB_BOOLEAN:
		return sqlite3_bind_int64(handle, at, value->integer);
	case DB_TEXT:
		return sqlite3_bind_text(handle, at, value->bytes, -1,
					 SQLITE_STATIC);
	case DB_BLOB:
		return sqlite3_bind_blob64(handle, at, value->bytes,
					   value->length, SQLITE_STATIC);
	case DB_UUID:
		return sqlite3_bind_blob(handle, at, value->bytes, UUID_BYTES,
					 SQLITE_STATIC);
	case DB_NULL:
		break;
	}
	return sqlite3_bind_null(handle, at);
}

enum error sqlite_query(struct db_session *base, enum query query,
			const struct db_value *values, size_t count,
			struct db_rows *ret)
{
	struct sqlite_session *session = sqlite_session_of(base);
	struct statement *statement;

	*ret = (struct db_rows){.session = base, .query = query};
	TRY(prepare(session, query, &statement));
	if (count > SQLITE_PARAMETERS_MAX ||
	    sqlite3_stmt_busy(statement->handle)) {
		log_error("query misused", "query", query_names[query], NULL);
		return ERR_INTERNAL;
	}
	for (size_t i = 0; i < count; i++) {
		int at = statement->position[i + 1];

		if (bind(statement->handle, at, &values[i]) != SQLITE_OK)
			return sqlite_error(session->handle,
					    query_names[query]);
	}
	if (!sqlite3_stmt_readonly(statement->handle))
		sqlite_mark_changed(session);
	if (query_changes_rules[query])
		sqlite_forget(session);
	ret->driver = statement->handle;
	return OK;
}

enum error sqlite_next(struct db_rows *rows)
{
	int code = sqlite3_step(rows->driver);

	rows->has_row = code == SQLITE_ROW;
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return OK;
	return sqlite_error(sqlite_session_of(rows->session)->handle,
			    query_names[rows->query]);
}

void sqlite_finish(struct db_rows *rows)
{
	if (rows->driver)
		sqlite3_reset(rows->driver);
	rows->driver = NULL;
	rows->has_row = false;
}

int64_t sqlite_changes(struct db_session *session)
{
	return sqlite3_changes64(sqlite_session_of(session)->handle);
}

bool sqlite_in_transaction(struct db_session *session)
{
	sqlite3 *handle = sqlite_session_of(session)->handle;

	return handle && !sqlite3_get_autocommit(handle);
}

/* What stands in a comment that begins with sqlite is for us. */
enum error sqlite_script(struct db_session *session, const char *sql)
{
	static const char mark[] = "/*sqlite";
	char *own = memory_strdup(sql), *at = own;

	while ((at = strstr(at, mark))) {
		char *end = strstr(at, "*/");

		memset(at, ' ', sizeof(mark) - 1);
		if (end)
			memset(end, ' ', 2);
	}
	sqlite_mark_changed(sqlite_session_of(session));
	sqlite_forget(sqlite_session_of(session));
	enum error error = sqlite_execute(sqlite_session_of(session), own);
	free(own);
	return error;
}

int64_t sqlite_integer(const struct db_rows *rows, int column)
{
	return sqlite3_column_int64(rows->driver, column);
}

const void *sqlite_blob(const struct db_rows *rows, int column,
			size_t *ret_length)
{
	sqlite3_value *value = sqlite3_column_value(rows->driver, column);
	const void *bytes = sqlite3_value_blob(value);

	*ret_length = (size_t)sqlite3_value_bytes(value);
	if (!bytes && sqlite3_value_type(value) != SQLITE_NULL)
		return ""; /* SQLite gives NULL for what is empty */
	return bytes;
}
