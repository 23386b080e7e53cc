/* What the tests of deliveries share; each begins with `begun`. */
#ifndef CLEAT_TESTS_UNIT_DELIVERIES_H
#define CLEAT_TESTS_UNIT_DELIVERIES_H

#include "support.h"

#include "core/delivery.h"
#include "core/job.h"
#include "core/sending.h"

extern int64_t start; /* of this test */

/*
 * The op, at `start`: ids of a process only grow, so each test is of a later
 * time than those before.
 */
struct op *begun(struct store *store);

/* A destination to which events of this type go. */
struct destination hook(struct op *op, const char *name, const char *type);
void tell(struct op *op, const char *type);

struct delivery_list all_to(struct op *op, struct uuid destination_id);
/* There is one. */
struct delivery only(struct op *op, struct uuid destination_id);

/* The job that is next to this destination, now. */
enum error claim(struct op *op, struct uuid destination_id, struct job *ret);

/* Tries what is next, and is answered so; 0: not at all. */
struct job_end try_with(struct op *op, struct uuid destination_id, int status,
			int64_t retry_after_us);

#endif
