/* Apinizer's connections: what the files of this folder share. */
#ifndef CLEAT_DIALECTS_APINIZER_H
#define CLEAT_DIALECTS_APINIZER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/connection.h"
#include "core/principal.h"
#include "core/project.h"
#include "dialects/fields.h"
#include "http/request.h"

enum { APINIZER_NAME_MAX = 256 }; /* bytes */

/* auth.c */
enum error apinizer_token(struct request *request);
enum error apinizer_authenticate(struct request *request,
				 struct principal *ret);

/* project.c */
enum error apinizer_project_list(struct request *request);

/* Makes the path's project the op's: "Project 'X' not found" if it is none. */
MUST_CHECK enum error apinizer_enter(struct request *request,
				     struct project *ret);
/* The same for who may change it. */
MUST_CHECK enum error apinizer_enter_to_manage(struct request *request);

/* environment.c */
enum error apinizer_environment_list(struct request *request);
enum error apinizer_project_environments(struct request *request);

/* connection.c */
enum error apinizer_connection_list(struct request *request);
enum error apinizer_connection_get(struct request *request);
enum error apinizer_connection_create(struct request *request);
enum error apinizer_connection_update(struct request *request);
enum error apinizer_connection_delete(struct request *request);

/* ERR_NOT_FOUND becomes this API's own: 400. */
MUST_CHECK enum error apinizer_explain_missing(struct op *op, enum error error,
					       const char *name);

/* test_connection.c */
enum error apinizer_connection_test(struct request *request);

/* Whether the caller may read the secrets of a connection back. */
bool apinizer_may_manage(const struct request *request);

/*
 * deployment.c: what became of a change at the workers. An answer waits for
 * them, for a time: then its handler runs again, with `request->kept`, and is
 * to call apinizer_write_deployed at once.
 */

/* This connection has changed, or is gone. */
MUST_CHECK enum error apinizer_wait_for_workers(struct request *request,
						struct uuid connection_id);
/* All of these are awaited. */
struct awaiting; /* core/awaiting.h */
MUST_CHECK enum error apinizer_wait_for_all(struct request *request,
					    struct awaiting *awaiting);
MUST_CHECK enum error apinizer_write_deployed(struct request *request);
/* Answers with this one connection, and its secrets to who may see them. */
MUST_CHECK enum error apinizer_write_whole(struct request *request,
					   const struct project *project,
					   const struct connection *connection);

/* lookup.c */
enum error apinizer_connection_names(struct request *request);
enum error apinizer_connection_name(struct request *request);
enum error apinizer_connection_full(struct request *request);

/* variable.c */
enum error apinizer_variable_list(struct request *request);
enum error apinizer_variable_get(struct request *request);
enum error apinizer_variable_create(struct request *request);
enum error apinizer_variable_update(struct request *request);
enum error apinizer_variable_delete(struct request *request);

/* test.c */
enum error apinizer_health(struct request *request);
enum error apinizer_hello(struct request *request);

/* types.c: the fields of each type as a table. */

/* By name without regard to case; NULL when there is none such. */
const struct field_table *apinizer_type(const char *name);

/* In order of name; NULL after the last. */
const struct field_table *apinizer_type_at(size_t i);

/* read.c: a connection as a path and a body have it. */
struct apinizer_input {
	struct connection connection;
	struct field_values values;
};

/* The connection's name in the path: not empty, not too long. */
MUST_CHECK enum error apinizer_path_name(struct request *request,
					 const char **ret);

MUST_CHECK enum error apinizer_read_new(struct request *request,
					const char *path_name,
					struct apinizer_input *ret);

/*
 * What is left out or null stays as it is in `old`, secrets as well. With
 * `path_name` the body may have no other name; with NULL it renames.
 */
MUST_CHECK enum error apinizer_read_change(struct request *request,
					   const struct connection *old,
					   const char *path_name,
					   struct apinizer_input *ret);

/* result.c: both generations of the wire format in one body. */
struct json_writer apinizer_begin_list(struct request *request);
void apinizer_end_list(struct json_writer *w, size_t count);

/* An answer that is begun, and what both generations say of its success. */
struct json_writer apinizer_begin(struct request *request, int status);
void apinizer_put_success(struct json_writer *w, bool is_success);

/* The answer of a test, whose `testResult` is to follow. */
struct json_writer apinizer_begin_test(struct request *request, bool is_passed,
				       const char *sentence);

/* Secret fields are null unless `secrets` has them. */
MUST_CHECK enum error
apinizer_write_connection(struct op *op, struct json_writer *w,
			  const struct project *project,
			  const struct connection *connection,
			  const struct credential_list *secrets);

void apinizer_write_error(struct request *request, enum error error,
			  int status);

#endif
