/* A session, a transaction and an op around one piece of work. */
#include "cli/operate.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cli/key_file.h"
#include "core/chain.h"
#include "core/installation.h"
#include "core/master_key.h"
#include "core/signing_key.h"
#include "db/migrate.h"
#include "store/telling.h"

/* False when there is none. */
static bool admit_next(const struct keyring *keys, const char *path)
{
	struct key next;
	bool is_there = key_file_read(path, &next) == NULL &&
			keyring_admit(keys, &next);

	key_wipe(&next);
	return is_there;
}

/*
 * A rotation of the master key that was cut short after its commit is ended:
 * the store wants the key that lies beside the one that it had.
 */
static enum error end_rotation(struct op *op, struct keyring *keys,
			       const char *next)
{
	if (!admit_next(keys, next))
		return ERR_FORBIDDEN;
	TRY(master_key_load(op, keys));
	const struct digest wanted = keyring_newest(keys);
	keyring_keep(keys, &wanted);
	if (key_file_replace(next, keyring_file(keys)))
		return OK;
	return op_fail(op, ERR_INTERNAL,
		       "the master key's new file %s cannot take the place of "
		       "the old one",
		       next);
}

static enum error load_keys(struct op *op, struct keyring *keys)
{
	char *next = key_file_next(keyring_file(keys));

	enum error error = master_key_load(op, keys);
	if (error == ERR_FORBIDDEN)
		error = end_rotation(op, keys, next);
	free(next);
	return error;
}

/* As the writer's commits do. */
static enum error seal_recorded(struct op *op)
{
	for (const struct recorded *r = op->recorded; r; r = r->next) {
		op->project_id = r->project_id;
		TRY(chain_seal(op));
		TRY(tell_events(op, r->project_id));
	}
	return op->has_jobs ? tell_jobs(op) : OK;
}

static enum error run_with_keys(struct op *op, struct keyring *keys,
				enum error (*run)(struct op *op, void *context),
				void *context)
{
	TRY(load_keys(op, keys));
	TRY(installation_go_on(op));
	TRY(chain_go_on(op));
	TRY(signing_key_ensure(op));
	if (run)
		TRY(run(op, context));
	return seal_recorded(op);
}

/* Of what is no store, as far as it is seen before anything is done in it. */
static enum error explain(struct op *op, enum error error)
{
	if (error == ERR_NOT_FOUND)
		op_explain(op, "the database is empty: it is no store");
	else if (error == ERR_STORE)
		op_explain(op, "the store cannot be read: it is none, it is "
			       "damaged, or out of reach");
	return error;
}

static enum error in_session(struct op *op, struct keyring *keys,
			     struct db_session *session, bool is_new,
			     enum error (*run)(struct op *op, void *context),
			     void *context)
{
	op->session = session;
	TRY(explain(op, migrate(session, is_new)));
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
	enum error error =
		explain(&op, db_session_open(opened->db, DB_WRITE, &session));
	if (error == OK) {
		error = in_session(&op, &opened->keys, session, opened->is_new,
				   run, context);
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
