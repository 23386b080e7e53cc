/*
 * What the tests of core and store share: for each test a real store in a
 * folder of its own, an operation in its transaction, and a project; and
 * short ways to make what the rules are about. The clock is the op's `now`,
 * which a test moves as it likes.
 */
#ifndef CLEAT_TESTS_UNIT_SUPPORT_H
#define CLEAT_TESTS_UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/builder.h"
#include "core/connection.h"
#include "core/installation.h"
#include "core/integration.h"
#include "core/principal.h"
#include "core/project.h"
#include "core/receipt.h"
#include "db/db.h"

#define COUNT(array)		     (sizeof(array) / sizeof(*(array)))
#define must(expression)	     assert_int_equal((expression), OK)
#define must_fail(expression, error) assert_int_equal((expression), (error))
#define assert_uuid_equal(a, b)	     assert_true(uuid_equal((a), (b)))

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)
#define START  INT64_C(1705314600000000) /* 2024-01-15T10:30:00Z */

struct store {
	char folder[32];
	char url[256];
	struct keyring keys;
	struct db *db;
	struct db_session *writer;
	struct op op; /* nobody's, at START, in a transaction of `writer` */
	struct project project; /* the op's */

	struct db_session *reading; /* NULL until store_read */
	struct op reader;	    /* nobody's, in the project */
};

int store_make(void **state);
int store_drop(void **state);
#define STORE_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, store_make, store_drop)

/* Commits, and begins a new transaction. */
void store_commit(struct store *store);
/* Undoes what was done since the last commit, and begins a new one. */
void store_undo(struct store *store);
/* A reader's operation, begun now; it ends before the next. */
struct op *store_read(struct store *store);
void store_read_end(struct store *store);
/* Statements of SQL, to bring about what no operation does. */
void store_script(struct store *store, const char *sql);
/* Commits, and gives the one number that this SQL asks for. */
int64_t store_number(struct store *store, const char *sql);
/* Commits, and looks for these bytes in the store's files. */
bool store_files_hold(struct store *store, const char *bytes);

/* Another project; the op stays in its own. */
struct project make_project(struct op *op, const char *organization,
			    const char *name);
/* Makes it the op's, whoever asks. */
void move_to(struct op *op, struct project project);
/* A principal of this project with no token behind it; lives as the op. */
struct principal *make_principal(struct op *op, const struct project *project,
				 enum role role);
/* The builder of this address, who asks from now on, as an admin of it. */
struct builder ask_as(struct op *op, const struct project *project,
		      const char *email);

/* A connection with api_key "key-of-GROUP", of the consumer "GROUP-user". */
struct connection_view connect_group(struct op *op, const char *group,
				     const char *provider);
/* One with these tokens of OAuth 2, of the workspace "acme". */
struct uuid connect_grant(struct op *op, const char *group,
			  const char *provider,
			  const struct new_credential *secrets,
			  size_t secret_count);
/* A manifest integration at revision 1.0.0. */
struct integration offer(struct op *op, const char *name, const char *provider);
/* Through this connection, or the group's default when it is NULL. */
struct installation_view install(struct op *op, const struct integration *of,
				 const char *group,
				 const struct connection_view *through);

/* The deletion's first steps. */
enum error steps_of(struct op *op, struct uuid deletion_id,
		    struct step_list *ret);

/* How many events of this type the op's project has; NULL: of all types. */
size_t event_count(struct op *op, const char *type);
bool has_event(struct op *op, const char *type, struct uuid subject_id);
/* The payload of the newest event of this type, as text. */
const char *payload_of(struct op *op, const char *type);

#endif
