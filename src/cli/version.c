/* cleat version */
#include <stdio.h>

#include "cli/command.h"

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	(void)args;
	(void)argc;
	(void)argv;
	(void)err;
	return puts("cleat " CLEAT_VERSION) < 0;
}

static const struct arg_spec options[] = {{NULL, NULL, NULL, false}};

const struct command version_command = {"version", "Print the version", options,
					run};
