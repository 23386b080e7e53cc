/* cleat init: a new store with its first project. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/operate.h"
#include "cli/store_command.h"

#define FIRST_ORGANIZATION "my-organization"
#define FIRST_PROJECT	   "my-project"

static enum error make_project(struct op *op, void *context)
{
	struct project project;

	TRY(project_found(op, FIRST_ORGANIZATION, FIRST_PROJECT, "My Project",
			  &project));
	return write_new_project(op, &project, context);
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
	/* tokens that nobody has seen are of no use */
	bool is_printed = error == OK && fputs(buf_cstr(&out), stdout) >= 0 &&
			  fflush(stdout) == 0;
	if (!is_printed) {
		discard_store(args);
		status = 1;
	}
	if (error == OK && !is_printed)
		buf_text(err, "cleat: the tokens could not be printed: "
			      "nothing is made\n");
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
