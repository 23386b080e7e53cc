/* What all drivers share. */
#include "db/db.h"

#include <string.h>

static const struct db_driver *const drivers[] = {&sqlite_driver,
						  &postgres_driver};

enum error db_open(const char *url, enum db_use use, struct db **ret)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++) {
		const char *scheme = drivers[i]->scheme;

		if (strncmp(url, scheme, strlen(scheme)) == 0)
			return drivers[i]->open(url, use, ret);
	}
	return ERR_INVALID;
}

void db_close(struct db *db)
{
	if (db)
		db->driver->close(db);
}

bool db_is_shared(const struct db *db)
{
	return db->driver->is_shared;
}

enum error db_session_open(struct db *db, enum db_access access,
			   struct db_session **ret)
{
	return db->driver->session_open(db, access, ret);
}

void db_session_close(struct db_session *session)
{
	if (session)
		session->db->driver->session_close(session);
}

enum error db_begin(struct db_session *session)
{
	session->has_entered = false;
	return session->db->driver->begin(session);
}

enum error db_commit(struct db_session *session)
{
	return session->db->driver->commit(session);
}

void db_rollback(struct db_session *session)
{
	session->db->driver->rollback(session);
}

enum error db_exclude(struct db_session *session, bool is_patient)
{
	const struct db_driver *driver = session->db->driver;

	return driver->exclude ? driver->exclude(session, is_patient) : OK;
}

enum error db_savepoint(struct db_session *session)
{
	return session->db->driver->savepoint(session);
}

enum error db_savepoint_release(struct db_session *session)
{
	return session->db->driver->savepoint_release(session);
}

void db_savepoint_rollback(struct db_session *session)
{
	session->has_entered = false;
	session->db->driver->savepoint_rollback(session);
}

bool db_in_transaction(struct db_session *session)
{
	return session->db->driver->in_transaction(session);
}

void db_idle(struct db_session *writer, bool is_idle)
{
	writer->db->driver->idle(writer, is_idle);
}

uint64_t db_snapshot(const struct db_session *session)
{
	return session->db->driver->snapshot(session);
}

uint64_t db_snapshot_of(const struct db_session *session,
			struct uuid project_id)
{
	return session->db->driver->snapshot_of(session, &project_id);
}

uint64_t db_recent(const struct db_session *session)
{
	return session->db->driver->recent(session);
}

enum error db_tell(struct db_session *writer, const char *text)
{
	const struct db_driver *driver = writer->db->driver;

	return driver->tell ? driver->tell(writer, text) : OK;
}

struct db_listener *db_listen(struct db *db, db_heard *heard, void *context)
{
	return db->driver->listen ? db->driver->listen(db, heard, context)
				  : NULL;
}

void db_listen_stop(struct db *db, struct db_listener *listener)
{
	if (listener)
		db->driver->listen_stop(listener);
}

enum error db_wall(struct db_session *session)
{
	const struct db_driver *driver = session->db->driver;

	return driver->wall ? driver->wall(session) : OK;
}

enum error db_hold(struct db_session *session)
{
	const struct db_driver *driver = session->db->driver;

	return driver->hold ? driver->hold(session) : OK;
}

enum error db_loaded(struct db_session *writer)
{
	const struct db_driver *driver = writer->db->driver;

	return driver->loaded ? driver->loaded(writer) : OK;
}

enum error db_script(struct db_session *session, const char *sql)
{
	return session->db->driver->script(session, sql);
}

enum error db_enter(struct db_session *session, struct uuid project_id,
		    bool *ret_may_have_changed)
{
	const struct db_driver *driver = session->db->driver;

	*ret_may_have_changed = false;
	if (session->has_entered && uuid_equal(session->project_id, project_id))
		return OK;
	session->has_entered = false;
	if (driver->enter)
		TRY(driver->enter(session, &project_id, ret_may_have_changed));
	session->has_entered = true;
	session->project_id = project_id;
	return OK;
}

enum error db_query(struct db_session *session, enum query query,
		    const struct db_value *values, size_t count,
		    struct db_rows *ret)
{
	return session->db->driver->query(session, query, values, count, ret);
}

enum error db_next(struct db_rows *rows)
{
	return rows->session->db->driver->next(rows);
}

void db_finish(struct db_rows *rows)
{
	rows->session->db->driver->finish(rows);
}

enum error db_run(struct db_session *session, enum query query,
		  const struct db_value *values, size_t count,
		  int64_t *ret_changed)
{
	struct db_rows rows;

	TRY(db_query(session, query, values, count, &rows));
	enum error error = db_next(&rows);
	db_finish(&rows);
	if (error == OK && ret_changed)
		*ret_changed = session->db->driver->changes(session);
	return error;
}

enum error db_post(struct db_session *session, enum query query,
		   const struct db_value *values, size_t count,
		   bool must_change)
{
	const struct db_driver *driver = session->db->driver;
	int64_t changed;

	if (driver->post)
		return driver->post(session, query, values, count, must_change);
	TRY(db_run(session, query, values, count, &changed));
	return must_change && !changed ? ERR_INTERNAL : OK;
}

int64_t db_integer(const struct db_rows *rows, int column)
{
	return rows->session->db->driver->integer(rows, column);
}

bool db_boolean(const struct db_rows *rows, int column)
{
	return db_integer(rows, column) != 0;
}

const char *db_text(struct arena *arena, const struct db_rows *rows, int column)
{
	size_t length;
	const void *bytes = db_blob(rows, column, &length);

	return bytes ? arena_strndup(arena, bytes, length) : NULL;
}

struct uuid db_uuid(const struct db_rows *rows, int column)
{
	struct uuid id = {{0}};
	size_t length;
	const void *bytes = db_blob(rows, column, &length);

	if (bytes && length == UUID_BYTES)
		memcpy(id.bytes, bytes, UUID_BYTES);
	return id;
}

const void *db_blob(const struct db_rows *rows, int column, size_t *ret_length)
{
	return rows->session->db->driver->blob(rows, column, ret_length);
}

struct db_value db_text_value(const char *text)
{
	if (!text)
		return (struct db_value){.type = DB_NULL};
	return (struct db_value){.type = DB_TEXT, .bytes = text};
}

struct db_value db_integer_or_null(int64_t number)
{
	struct db_value value = {.type = DB_NULL};

	if (number)
		value = DB_INT(number);
	return value;
}

struct db_value db_uuid_or_null(const struct uuid *id)
{
	struct db_value value = {.type = DB_NULL};

	if (!uuid_is_nil(*id))
		value = DB_ID(*id);
	return value;
}
