/*
 * Commands on a store's contents. They run as one operation: in this process
 * when nobody serves the store, else in the one that does.
 */
#ifndef CLEAT_CLI_STORE_COMMAND_H
#define CLEAT_CLI_STORE_COMMAND_H

#include "base/op.h"
#include "cli/args.h"
#include "core/project.h"

struct store_command {
	const char *noun, *verb; /* cleat NOUN VERB */
	const char *summary;
	const char *words;		/* the positional ones */
	const struct arg_spec *options; /* besides --store */
	/* Writes its answer to `out`; op_explain says why it failed. */
	enum error (*run)(struct op *op, const struct args *args,
			  struct buf *out);
};

/* The i-th of all; NULL past the last. */
const struct store_command *store_command_at(int i);

const struct store_command *store_command_find(const char *noun,
					       const char *verb);

/*
 * Runs the command that `argv` names. `*ret_status` is 0, 1 when it failed,
 * or 2 when the words are wrong; then `err` has one line. The error is what
 * must undo the operation.
 */
MUST_CHECK enum error store_command_run(struct op *op, int argc, char **argv,
					struct buf *out, struct buf *err,
					int *ret_status);

/*
 * What a command does beside the store, before its operation and after the
 * commit: files, on no thread of the store's. Most do nothing.
 */
struct store_command_beside {
	const struct store_command *of;
	/* False with one line in `err`. */
	bool (*prepare)(const struct keyring *keys, const struct args *args,
			struct buf *err);
	bool (*settle)(const struct keyring *keys, const struct args *args,
		       struct buf *err);
};

/* That of the command that `argv` names; OK for words that are none. */
MUST_CHECK bool store_command_prepare(const struct keyring *keys, int argc,
				      char **argv, struct buf *err);
MUST_CHECK bool store_command_settle(const struct keyring *keys, int argc,
				     char **argv, struct buf *err);

extern const struct store_command_beside key_rotate_beside;

/* The project of this name or uuid becomes the op's, whoever asks.
 * ERR_NOT_FOUND. */
MUST_CHECK enum error store_command_enter(struct op *op, const char *name,
					  struct project *ret);

/* The commands, one file each. */
extern const struct store_command project_create_command, project_list_command,
	token_create_command, token_list_command, token_revoke_command,
	deletion_plan_command, deletion_run_command, deletion_list_command,
	deletion_show_command, deletion_retry_command, deletion_abandon_command,
	trash_list_command, trash_restore_command, trash_purge_command,
	group_offboard_command, key_rotate_command, key_status_command,
	audit_rotate_key_command, project_delete_command, builder_list_command,
	builder_set_command, builder_remove_command;

/* Tokens for each API, and the JSON object that shows project and tokens. */
MUST_CHECK enum error write_new_project(struct op *op,
					const struct project *project,
					struct buf *out);

#endif
