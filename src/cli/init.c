/* cleat init: a new store with its first project. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/operate.h"
#include "cli/store_command.h"

#define FIRST_ORGANIZATION "my-organization"
#define FIRST_PROJECT	   "my-project"

static enum error make_project(struct op *op, void *context)
{
	struct buf *out = context;
	struct project project;

	TRY(project_found(op, FIRST_ORGANIZATION, FIRST_PROJECT, "My Project",
			  &project));
	TRY(write_new_project(op, &project, out));
	/* before the commit: tokens that nobody has seen are of no use */
	if (fputs(buf_cstr(out), stdout) >= 0 && fflush(stdout) == 0)
		return OK;
	return op_fail(op, ERR_INTERNAL,
		       "the tokens could not be printed: no project is made");
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
	enum error error = operate(&opened, make_project, &out, err);
	close_store(&opened);
	buf_release(&out);
	if (error == OK)
		return 0;
	discard_store(args, &opened);
	return 1;
}

static const struct arg_spec options[] = {
	STORE_OPTIONS,
	{NULL, NULL, NULL, false},
};

const struct command init_command = {
	"init", "Make a store with one project and a token for each API",
	options, run};
