/* cleat init: a new store with its first project. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cli/store_command.h"
#include "db/migrate.h"

#define FIRST_ORGANIZATION "my-organization"
#define FIRST_PROJECT	   "my-project"

static enum error make_project(struct op *op, struct buf *out)
{
	struct project project;

	TRY(project_found(op, FIRST_ORGANIZATION, FIRST_PROJECT, "My Project",
			  &project));
	return write_new_project(op, &project, out);
}

static enum error fill(struct opened *opened, struct buf *out)
{
	struct db_session *session;
	struct op op;

	TRY(db_session_open(opened->db, DB_WRITE, &session));
	op_init(&op, &opened->keys, clock_now());
	op.session = session;
	enum error error = migrate(session);
	if (error == OK)
		error = db_begin(session);
	if (error == OK) {
		error = make_project(&op, out);
		if (error == OK)
			error = db_commit(session);
		else
			db_rollback(session);
	}
	op_release(&op);
	db_session_close(session);
	return error;
}

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	struct opened opened;
	bool is_served;
	struct buf out;

	(void)argc;
	(void)argv;
	int status = open_store(args, true, &opened, &is_served, err);
	if (status)
		return status;
	buf_init(&out, 64 * 1024);
	enum error error = fill(&opened, &out);
	close_store(&opened);
	if (error == OK) {
		status = fputs(buf_cstr(&out), stdout) < 0;
	} else {
		discard_store(args);
		buf_printf(err, "cleat: the store could not be made: %s\n",
			   error_name(error));
		status = 1;
	}
	buf_release(&out);
	return status;
}

static const struct arg_spec options[] = {
	STORE_OPTIONS,
	{NULL, NULL, NULL, false},
};

const struct command init_command = {
	"init", "Make a store with one project and a token for each API",
	options, run};
