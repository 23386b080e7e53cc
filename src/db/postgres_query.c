/*
 * Statements of the PostgreSQL driver: parameters and columns in the binary
 * form (network order). A statement's parameters have the types that the
 * server finds for them.
 */
#include "db/postgres.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

/* Of its catalog pg_type; they never change. */
enum { TYPE_BOOLEAN = 16, TYPE_INT8 = 20, TYPE_INT4 = 23 };

struct cursor {
	PGresult *result;
	int row; /* of the current one; -1 before the first */
};

static struct postgres_session *session_of(struct db_session *session)
{
	return (struct postgres_session *)session;
}

static enum error prepare(struct postgres_session *session, enum query query,
			  struct postgres_statement **ret)
{
	struct postgres_statement *statement = &session->statements[query];
	PGresult *described;

	*ret = statement;
	if (statement->is_prepared)
		return OK;
	TRY(postgres_post_preparation(session, query));
	TRY(postgres_ask(session, query_names[query], &described));
	statement->parameter_count = PQnparams(described);
	for (int i = 0; i < statement->parameter_count; i++)
		statement->parameters[i] = PQparamtype(described, i);
	statement->is_prepared = true;
	PQclear(described);
	return OK;
}

/* One parameter in the form that the server takes it for. */
struct bound {
	const char *bytes;
	int length;
	unsigned char number[8];
};

static void bind_integer(struct bound *bound, int64_t integer, Oid type)
{
	uint64_t wide = htobe64((uint64_t)integer);
	uint32_t narrow = htobe32((uint32_t)integer);

	bound->bytes = (const char *)bound->number;
	switch (type) {
	case TYPE_BOOLEAN:
		bound->number[0] = integer != 0;
		bound->length = 1;
		break;
	case TYPE_INT4:
		memcpy(bound->number, &narrow, sizeof(narrow));
		bound->length = sizeof(narrow);
		break;
	default:
		memcpy(bound->number, &wide, sizeof(wide));
		bound->length = sizeof(wide);
	}
}

static void bind(struct bound *bound, const struct db_value *value, Oid type)
{
	*bound = (struct bound){.bytes = value->bytes};
	switch (value->type) {
	case DB_INTEGER:
	case DB_BOOLEAN:
		bind_integer(bound, value->integer, type);
		break;
	case DB_TEXT:
		bound->length = (int)strlen(value->bytes);
		break;
	case DB_BLOB:
		bound->length = (int)value->length;
		break;
	case DB_UUID:
		bound->length = UUID_BYTES;
		break;
	case DB_NULL:
		bound->bytes = NULL;
		break;
	}
}

static enum error post(struct postgres_session *session, enum query query,
		       const struct postgres_statement *statement,
		       const struct db_value *values, size_t count)
{
	struct bound bound[POSTGRES_PARAMETERS_MAX];
	const char *bytes[POSTGRES_PARAMETERS_MAX];
	int lengths[POSTGRES_PARAMETERS_MAX], binary[POSTGRES_PARAMETERS_MAX];

	for (int i = 0; i < statement->parameter_count; i++) {
		static const struct db_value none = {.type = DB_NULL};

		bind(&bound[i], (size_t)i < count ? &values[i] : &none,
		     statement->parameters[i]);
		bytes[i] = bound[i].bytes;
		lengths[i] = bound[i].length;
		binary[i] = 1;
	}
	return postgres_post_prepared(session, query, bytes, lengths, binary);
}

/* PostgreSQL goes on after an error from a savepoint alone. */
static enum error end_savepoint(struct postgres_session *session,
				enum error error)
{
	if (error != OK && error != ERR_TAKEN)
		return error;
	if (error == ERR_TAKEN)
		TRY(postgres_post(session, "ROLLBACK TO SAVEPOINT taken"));
	return postgres_post(session, "RELEASE SAVEPOINT taken");
}

/* Its statement, with the right number of values. */
static enum error find_statement(struct postgres_session *session,
				 enum query query, size_t count,
				 struct postgres_statement **ret)
{
	if (!session->connection)
		return ERR_BUSY;
	TRY(prepare(session, query, ret));
	if (count > (size_t)(*ret)->parameter_count) {
		log_error("query misused", "query", query_names[query], NULL);
		return ERR_INTERNAL;
	}
	if (query_changes_rules[query])
		postgres_forget(session);
	return OK;
}

/* A unique key may be held, which is to be known at once. */
static bool must_be_waited_for(const struct postgres_session *session,
			       enum query query)
{
	return query_is_unique[query] || !session->is_open ||
	       session->access != DB_WRITE ||
	       session->posted >= POSTGRES_POSTED_MAX;
}

enum error postgres_post_change(struct db_session *base, enum query query,
				const struct db_value *values, size_t count,
				bool must_change)
{
	struct postgres_session *session = session_of(base);
	struct postgres_statement *statement;
	int64_t changed;

	if (must_be_waited_for(session, query)) {
		TRY(db_run(base, query, values, count, &changed));
		return must_change && !changed ? ERR_INTERNAL : OK;
	}
	TRY(find_statement(session, query, count, &statement));
	TRY(post(session, query, statement, values, count));
	session->must_change[session->posted - 1] = must_change;
	session->written++;
	return OK;
}

enum error postgres_query(struct db_session *base, enum query query,
			  const struct db_value *values, size_t count,
			  struct db_rows *ret)
{
	struct postgres_session *session = session_of(base);
	struct postgres_statement *statement;
	PGresult *result;

	*ret = (struct db_rows){.session = base, .query = query};
	TRY(find_statement(session, query, count, &statement));
	TRY(postgres_lead_in(session, query_is_alone[query]));
	if (query_is_unique[query])
		TRY(postgres_post(session, "SAVEPOINT taken"));
	TRY(post(session, query, statement, values, count));
	enum error error = postgres_ask(session, query_names[query], &result);
	if (query_is_unique[query])
		TRY(end_savepoint(session, error));
	TRY(error);
	session->changes = strtoll(PQcmdTuples(result), NULL, 10);
	session->written += query_is_unique[query];
	struct cursor *cursor = memory_alloc(sizeof(*cursor));
	*cursor = (struct cursor){result, -1};
	ret->driver = cursor;
	return OK;
}

enum error postgres_next(struct db_rows *rows)
{
	struct cursor *cursor = rows->driver;

	rows->has_row = ++cursor->row < PQntuples(cursor->result);
	return OK;
}

void postgres_finish(struct db_rows *rows)
{
	struct cursor *cursor = rows->driver;

	if (cursor)
		PQclear(cursor->result);
	free(cursor);
	rows->driver = NULL;
	rows->has_row = false;
}

int64_t postgres_changes(struct db_session *base)
{
	return session_of(base)->changes;
}

int64_t postgres_integer(const struct db_rows *rows, int column)
{
	const struct cursor *cursor = rows->driver;
	const char *bytes = PQgetvalue(cursor->result, cursor->row, column);
	uint64_t wide;
	uint32_t narrow;

	switch (PQgetlength(cursor->result, cursor->row, column)) {
	case sizeof(wide):
		memcpy(&wide, bytes, sizeof(wide));
		return (int64_t)be64toh(wide);
	case sizeof(narrow):
		memcpy(&narrow, bytes, sizeof(narrow));
		return (int32_t)be32toh(narrow);
	case 1:
		return bytes[0] != 0;
	default:
		return 0; /* NULL */
	}
}

const void *postgres_blob(const struct db_rows *rows, int column,
			  size_t *ret_length)
{
	const struct cursor *cursor = rows->driver;

	*ret_length = (size_t)PQgetlength(cursor->result, cursor->row, column);
	if (PQgetisnull(cursor->result, cursor->row, column))
		return NULL;
	return PQgetvalue(cursor->result, cursor->row, column);
}
