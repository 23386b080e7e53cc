/* Finding and running a command; --help everywhere. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/open.h"
#include "cli/store_command.h"
#include "db/migrate.h"
#include "server/control.h"

enum { OUTPUT_MAX = 4 * 1024 * 1024, STORE_WORDS_MAX = 8 };

static const struct command *const commands[] = {&init_command, &serve_command,
						 &version_command};
enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct arg_spec store_options[] = {
	STORE_OPTIONS,
	{NULL, NULL, NULL, false},
};

static void general_help(struct buf *out)
{
	const struct store_command *s;

	buf_text(out, "cleat keeps a product's third-party integrations and "
		      "lets go of them completely.\n\n");
	for (int i = 0; i < COMMANDS; i++)
		buf_printf(out, "  cleat %-16s %s\n", commands[i]->name,
			   commands[i]->summary);
	for (int i = 0; (s = store_command_at(i)); i++)
		buf_printf(out, "  cleat %s %-*s %s\n", s->noun,
			   (int)(15 - strlen(s->noun)), s->verb, s->summary);
	buf_text(out, "\ncleat COMMAND --help says more.\n");
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static int run_command(const struct command *command, int argc, char **argv,
		       struct buf *out, struct buf *err)
{
	struct args args;

	if (wants_help(argc, argv)) {
		buf_printf(out, "cleat %s: %s\n", command->name,
			   command->summary);
		args_help(command->options, out);
		return 0;
	}
	if (!args_read(command->options, "", argc, argv, &args, err))
		return 2;
	return command->run(&args, argc, argv, err);
}

/* Takes --store and --master-key out of the words; the rest go on. */
static bool split_store_words(int argc, char **argv, struct args *ret,
			      int *ret_argc, char **ret_argv, struct buf *err)
{
	char *store[STORE_WORDS_MAX];
	int store_count = 0;

	*ret_argc = 0;
	for (int i = 0; i < argc; i++) {
		bool is_ours = strncmp(argv[i], "--store", 7) == 0 ||
			       strncmp(argv[i], "--master-key", 12) == 0;

		if (!is_ours) {
			ret_argv[(*ret_argc)++] = argv[i];
			continue;
		}
		if (store_count > STORE_WORDS_MAX - 2) {
			buf_text(err, "cleat: --store is there too often\n");
			return false;
		}
		store[store_count++] = argv[i];
		if (!strchr(argv[i], '=') && i + 1 < argc)
			store[store_count++] = argv[++i];
	}
	return args_read(store_options, "", store_count, store, ret, err);
}

static enum error run_with_keys(struct op *op, int argc, char **argv,
				struct buf *out, struct buf *err,
				int *ret_status)
{
	enum error error = project_check_keys(op);

	if (error == OK)
		return store_command_run(op, argc, argv, out, err, ret_status);
	if (op->detail)
		buf_printf(err, "cleat: %s\n", op->detail);
	*ret_status = 1;
	return error;
}

/* The operation in this process, which has the store to itself. */
static int run_here(struct opened *opened, int argc, char **argv,
		    struct buf *out, struct buf *err)
{
	struct db_session *session;
	int status = 1;
	struct op op;

	op_init(&op, &opened->keys, clock_now());
	enum error error = db_session_open(opened->db, DB_WRITE, &session);
	if (error == OK) {
		error = migrate(session);
		if (error == OK)
			error = db_begin(session);
		if (error == OK) {
			op.session = session;
			error = run_with_keys(&op, argc, argv, out, err,
					      &status);
			if (error == OK)
				error = db_commit(session);
			else
				db_rollback(session);
		}
		db_session_close(session);
	}
	if (error != OK && !err->length)
		buf_printf(err, "cleat: the store failed: %s\n",
			   error_name(error));
	op_release(&op);
	return error == OK ? 0 : status ? status : 1;
}

static int run_on_store(int argc, char **argv, struct buf *out, struct buf *err)
{
	struct args store;
	struct opened opened;
	bool is_served = false;
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	int status = 2, count;

	if (!words)
		return 1;
	if (split_store_words(argc, argv, &store, &count, words, err)) {
		status = open_store(&store, false, &opened, &is_served, err);
		if (status == 0) {
			status = run_here(&opened, count, words, out, err);
			close_store(&opened);
		} else if (is_served) {
			char *path = control_path(args_get(&store, "--store"));

			struct buf remote;
			buf_init(&remote, OUTPUT_MAX);
			if (control_call(path, count, words, out, &remote,
					 &status)) {
				buf_clear(err);
				buf_add(err, remote.bytes, remote.length);
			}
			buf_release(&remote);
			free(path);
		}
	}
	free(words);
	return status;
}

static int run_store_command(int argc, char **argv, struct buf *out,
			     struct buf *err)
{
	const struct store_command *command =
		argc < 2 ? NULL : store_command_find(argv[0], argv[1]);

	if (!command) {
		buf_printf(err,
			   "cleat: there is no command %s%s%s, see "
			   "cleat --help\n",
			   argv[0], argc > 1 ? " " : "",
			   argc > 1 ? argv[1] : "");
		return 2;
	}
	if (wants_help(argc, argv)) {
		buf_printf(out, "cleat %s %s%s%s: %s\n", command->noun,
			   command->verb, *command->words ? " " : "",
			   command->words, command->summary);
		args_help(store_options, out);
		args_help(command->options, out);
		return 0;
	}
	return run_on_store(argc, argv, out, err);
}

static int dispatch(int argc, char **argv, struct buf *out, struct buf *err)
{
	if (argc < 1 || strcmp(argv[0], "--help") == 0 ||
	    strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "help") == 0) {
		general_help(argc < 1 ? err : out);
		return argc < 1 ? 2 : 0;
	}
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(argv[0], commands[i]->name) == 0)
			return run_command(commands[i], argc - 1, argv + 1, out,
					   err);
	return run_store_command(argc, argv, out, err);
}

int command_main(int argc, char **argv)
{
	struct buf out, err;

	buf_init(&out, OUTPUT_MAX);
	buf_init(&err, OUTPUT_MAX);
	int status = dispatch(argc - 1, argv + 1, &out, &err);
	if (out.length &&
	    fwrite(out.bytes, 1, out.length, stdout) != out.length)
		status = status ? status : 1;
	if (err.length)
		(void)fwrite(err.bytes, 1, err.length, stderr);
	if (fflush(stdout) != 0)
		status = status ? status : 1;
	buf_release(&out);
	buf_release(&err);
	return status;
}
