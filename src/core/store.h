/*
 * What core needs of a store. One implementation for all SQL drivers is in
 * src/store. Every call works in the op's session and, unless it says
 * otherwise, in the op's project alone; ERR_NOT_FOUND when there is no such
 * row in it; ERR_TAKEN when a unique key is held; else the driver's errors.
 * What is returned lies in the op's arena.
 *
 * Who writes a store has to write all of it: these are all the parts.
 */
#ifndef CLEAT_CORE_STORE_H
#define CLEAT_CORE_STORE_H

#include "core/store_activity.h"
#include "core/store_audit.h"
#include "core/store_event.h"
#include "core/store_job.h"
#include "core/store_leaving.h"
#include "core/store_model.h"
#include "core/store_oauth.h"
#include "core/store_operation.h"
#include "core/store_people.h"
#include "core/store_registration.h"
#include "core/store_sealed.h"
#include "core/store_sending.h"
#include "core/store_warning.h"

/*
 * A number that is another one whenever this thread's reads may find other
 * rules than before; 0 when nothing may be remembered.
 */
uint64_t store_snapshot(const struct op *op);
/* The same for what may be a second old (db_recent). */
uint64_t store_recent(const struct op *op);

/* The same, of what this project has. */
uint64_t store_snapshot_of(const struct op *op, struct uuid project_id);

/* It can be read, just now. */
MUST_CHECK enum error store_answers(struct op *op);

#endif
