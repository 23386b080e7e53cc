/*
 * Testing a target: its service is tried from outside of any transaction, at
 * each address that it names. What came of it is recorded, since the test has
 * used its credentials, and told; nothing else is kept.
 */
#ifndef CLEAT_CORE_CONNECTION_TEST_H
#define CLEAT_CORE_CONNECTION_TEST_H

#include "base/probe.h"
#include "core/connection.h"
#include "core/credential.h"

enum { CONNECTION_TEST_MAX = 16 };	     /* addresses of one target */
#define CONNECTION_TEST_US INT64_C(30000000) /* of all of them */

struct connection_test {
	struct connection connection;
	struct credential_list secrets;
	struct probe probes[CONNECTION_TEST_MAX];
	struct probe_outcome outcomes[CONNECTION_TEST_MAX];
	size_t count;
	int64_t began_at; /* monotonic */
	int64_t took_us;
};

/*
 * The named target and its credentials. Those who may change it may test it:
 * ERR_FORBIDDEN, ERR_NOT_FOUND.
 */
MUST_CHECK enum error connection_test_begin(struct op *op, const char *name,
					    struct connection_test *ret);

/* The next probe, with the time that is left for it; NULL: there is none. */
struct probe *connection_test_next(struct connection_test *test, size_t done,
				   int64_t now);

/* Every address is as it should be. */
bool connection_test_passed(const struct connection_test *test);
/* The first that is not, or else the last one; NULL: none was tried. */
const struct probe_outcome *
connection_test_outcome(const struct connection_test *test);

/* Records connection.tested. ERR_BUSY when the server stopped it. */
MUST_CHECK enum error connection_test_end(struct op *op,
					  const struct connection_test *test);

/* Constant words: CONNECT; CONNECTION_REFUSED. */
const char *probe_step_name(enum probe_step step);
const char *probe_fault_name(enum probe_fault fault);

#endif
