/* A session, a transaction and an op around one piece of work. */
#include "cli/operate.h"

#include "base/clock.h"
#include "core/installation.h"
#include "core/master_key.h"
#include "db/migrate.h"

static enum error run_with_keys(struct op *op, struct keyring *keys,
				enum error (*run)(struct op *op, void *context),
				void *context)
{
	TRY(master_key_load(op, keys));
	TRY(installation_go_on(op));
	return run ? run(op, context) : OK;
}

static enum error in_session(struct op *op, struct keyring *keys,
			     struct db_session *session,
			     enum error (*run)(struct op *op, void *context),
			     void *context)
{
	op->session = session;
	TRY(migrate(session));
	TRY(db_begin(session));
	enum error error = run_with_keys(op, keys, run, context);
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
		error = in_session(&op, &opened->keys, session, run, context);
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
