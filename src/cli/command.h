/* The commands of the program, one file and one table row each. */
#ifndef CLEAT_CLI_COMMAND_H
#define CLEAT_CLI_COMMAND_H

#include "cli/args.h"

struct command {
	const char *name; /* one word or two */
	const char *summary;
	const struct arg_spec *options;
	/* The exit status; one line in `err` when it is not 0. */
	int (*run)(const struct args *args, int argc, char **argv,
		   struct buf *err);
};

extern const struct command init_command, serve_command, version_command,
	audit_verify_command, audit_export_command, store_copy_command,
	types_command, worker_command;

/* Runs the program; its exit status. */
int command_main(int argc, char **argv);

#endif
