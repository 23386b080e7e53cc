/* A session, a transaction and an op around one piece of work. */
#include "cli/operate.h"

#include "base/clock.h"
#include "core/chain.h"
#include "core/installation.h"
#include "core/project.h"
#include "core/signing_key.h"
#include "db/migrate.h"

/* As the writer's commits do. */
static enum error seal_recorded(struct op *op)
{
	for (const struct recorded *r = op->recorded; r; r = r->next) {
		op->project_id = r->project_id;
		TRY(chain_seal(op));
	}
	return OK;
}

static enum error run_with_keys(struct op *op,
				enum error (*run)(struct op *op, void *context),
				void *context)
{
	TRY(project_check_keys(op));
	TRY(installation_go_on(op));
	TRY(chain_go_on(op));
	TRY(signing_key_ensure(op));
	if (run)
		TRY(run(op, context));
	return seal_recorded(op);
}

static enum error in_session(struct op *op, struct db_session *session,
			     enum error (*run)(struct op *op, void *context),
			     void *context)
{
	op->session = session;
	TRY(migrate(session));
	TRY(db_begin(session));
	enum error error = run_with_keys(op, run, context);
	if (error == OK)
		return db_commit(session);
	db_rollback(session);
	return error;
}

enum error operate(struct opened *opened,
		   enum error (*run)(struct op *op, void *context),
		   void *context, struct buf *err)
{
	struct db_session *session;
	struct op op;

	op_init(&op, &opened->keys, clock_now());
	enum error error = db_session_open(opened->db, DB_WRITE, &session);
	if (error == OK) {
		error = in_session(&op, session, run, context);
		db_session_close(session);
	}
	if (error != OK && !err->length && op.detail)
		buf_printf(err, "cleat: %s\n", op.detail);
	else if (error != OK && !err->length)
		buf_printf(err, "cleat: the store failed: %s\n",
			   error_name(error));
	op_release(&op);
	return error;
}
