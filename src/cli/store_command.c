/* The table of commands on a store, and running one. */
#include "cli/store_command.h"

#include <string.h>

#include "core/store.h"

static const struct store_command *const commands[] = {
	&project_create_command,   &project_list_command,
	&project_delete_command,   &token_create_command,
	&token_list_command,	   &token_revoke_command,
	&builder_list_command,	   &builder_set_command,
	&builder_remove_command,   &deletion_plan_command,
	&deletion_run_command,	   &deletion_list_command,
	&deletion_show_command,	   &deletion_retry_command,
	&deletion_abandon_command, &trash_list_command,
	&trash_restore_command,	   &trash_purge_command,
	&group_offboard_command,   &key_rotate_command,
	&key_status_command,	   &audit_rotate_key_command,
};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

const struct store_command *store_command_at(int i)
{
	return i < COMMANDS ? commands[i] : NULL;
}

const struct store_command *store_command_find(const char *noun,
					       const char *verb)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->noun, noun) == 0 && verb &&
		    strcmp(commands[i]->verb, verb) == 0)
			return commands[i];
	return NULL;
}

enum error store_command_run(struct op *op, int argc, char **argv,
			     struct buf *out, struct buf *err, int *ret_status)
{
	struct args args;
	const struct store_command *command =
		argc < 2 ? NULL : store_command_find(argv[0], argv[1]);

	*ret_status = 2;
	if (!command) {
		buf_text(err, "cleat: there is no such command\n");
		return ERR_INVALID;
	}
	if (!args_read(command->options, command->words, argc - 2, argv + 2,
		       &args, err))
		return ERR_INVALID;

	enum error error = command->run(op, &args, out);
	*ret_status = error == OK ? 0 : error == ERR_MISSHAPEN ? 2 : 1;
	if (error == OK)
		return OK;
	buf_clear(out);
	buf_printf(err, "cleat: %s\n",
		   op->detail ? op->detail : error_name(error));
	return error;
}

static const struct store_command_beside *const besides[] = {
	&key_rotate_beside};
enum { BESIDES = sizeof(besides) / sizeof(*besides) };

/* NULL for most commands, and for words that store_command_run refuses. */
static const struct store_command_beside *find_beside(int argc, char **argv,
						      struct args *ret)
{
	const struct store_command *command =
		argc < 2 ? NULL : store_command_find(argv[0], argv[1]);
	struct buf fault;

	for (int i = 0; i < BESIDES && command; i++) {
		if (besides[i]->of != command)
			continue;
		buf_init(&fault, 4096);
		bool is_read = args_read(command->options, command->words,
					 argc - 2, argv + 2, ret, &fault);
		buf_release(&fault);
		return is_read ? besides[i] : NULL;
	}
	return NULL;
}

bool store_command_prepare(const struct keyring *keys, int argc, char **argv,
			   struct buf *err)
{
	struct args args;
	const struct store_command_beside *beside =
		find_beside(argc, argv, &args);

	return !beside || beside->prepare(keys, &args, err);
}

bool store_command_settle(const struct keyring *keys, int argc, char **argv,
			  struct buf *err)
{
	struct args args;
	const struct store_command_beside *beside =
		find_beside(argc, argv, &args);

	return !beside || beside->settle(keys, &args, err);
}

enum error store_command_enter(struct op *op, const char *name,
			       struct project *ret)
{
	struct uuid id;
	enum error error = store_project_find(
		op, uuid_parse(name, &id) ? PROJECT_BY_ID : PROJECT_BY_NAME,
		name, ret);

	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no project %s", name);
	TRY(error);
	op->project_id = ret->id;
	return OK;
}
