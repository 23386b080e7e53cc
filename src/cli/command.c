/* Finding and running a command; --help everywhere. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/memory.h"
#include "cli/operate.h"
#include "cli/store_command.h"
#include "server/control.h"

enum { OUTPUT_MAX = 4 * 1024 * 1024, STORE_WORDS_MAX = 8 };

static const struct command *const commands[] = {
	&init_command,	       &serve_command,	      &version_command,
	&audit_verify_command, &audit_export_command, &store_copy_command,
	&types_command,	       &worker_command,
};
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

static bool is_of_store(const char *word)
{
	return strncmp(word, "--store", 7) == 0 ||
	       strncmp(word, "--master-key", 12) == 0;
}

/* Whether it says in which project of which store. */
static bool is_where(const char *word)
{
	return is_of_store(word) || strncmp(word, "--project", 9) == 0;
}

/* Takes --store and --master-key out of the words; the rest go on. */
static bool split_store_words(int argc, char **argv, struct args *ret,
			      int *ret_argc, char **ret_argv, struct buf *err)
{
	char *store[STORE_WORDS_MAX];
	int store_count = 0;

	*ret_argc = 0;
	for (int i = 0; i < argc; i++) {
		if (!is_of_store(argv[i])) {
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

/* A command's words on their way into an operation. */
struct call {
	int argc;
	char **argv;
	struct buf *out, *err;
	int status;
};

static enum error run_call(struct op *op, void *context)
{
	struct call *call = context;

	/* nothing else waits for this process */
	if (!store_command_prepare(op->keys, call->argc, call->argv, call->err))
		return ERR_INVALID;
	return store_command_run(op, call->argc, call->argv, call->out,
				 call->err, &call->status);
}

/* The operation in this process, which has the store to itself. */
static int run_here(struct opened *opened, struct call *call)
{
	call->status = 1;
	if (operate(opened, run_call, call, call->err) == OK)
		return store_command_settle(&opened->keys, call->argc,
					    call->argv, call->err)
			       ? 0
			       : 1;
	buf_clear(call->out);
	return call->status ? call->status : 1;
}

/* In the process that serves the store; keeps `status` when none answers. */
static int run_there(const char *url, struct call *call, int status)
{
	char *path = control_path(url);
	struct buf err;

	buf_init(&err, OUTPUT_MAX);
	if (control_call(path, call->argc, call->argv, call->out, &err,
			 &status)) {
		buf_clear(call->err);
		buf_add(call->err, err.bytes, err.length);
	}
	buf_release(&err);
	free(path);
	return status;
}

static int run_on_store(int argc, char **argv, struct buf *out, struct buf *err)
{
	struct call call = {.out = out, .err = err};
	struct args store;
	struct opened opened;
	bool is_served = false;
	int status = 2;

	call.argv = memory_zalloc(((size_t)argc + 1) * sizeof(*call.argv));
	if (split_store_words(argc, argv, &store, &call.argc, call.argv, err))
		status = open_store(&store, false, &opened, &is_served, err);
	if (status == 0) {
		status = run_here(&opened, &call);
		close_store(&opened);
	} else if (is_served) {
		status = run_there(args_get(&store, "--store"), &call, status);
	}
	free(call.argv);
	return status;
}

/* `cleat deletion --help`: the commands that begin so. */
static bool help_of_noun(const char *noun, struct buf *out)
{
	const struct store_command *s;
	bool is_any = false;

	for (int i = 0; (s = store_command_at(i)); i++) {
		if (strcmp(s->noun, noun) != 0)
			continue;
		is_any = true;
		buf_printf(out, "  cleat %s %s%s%s: %s\n", s->noun, s->verb,
			   *s->words ? " " : "", s->words, s->summary);
	}
	for (int i = 0; i < COMMANDS; i++) {
		size_t length = strlen(noun);

		if (strncmp(commands[i]->name, noun, length) != 0 ||
		    commands[i]->name[length] != ' ')
			continue;
		is_any = true;
		buf_printf(out, "  cleat %s: %s\n", commands[i]->name,
			   commands[i]->summary);
	}
	return is_any;
}

static int run_store_command(int argc, char **argv, struct buf *out,
			     struct buf *err)
{
	const struct store_command *command =
		argc < 2 ? NULL : store_command_find(argv[0], argv[1]);

	if (!command && argc == 2 && wants_help(1, argv + 1) &&
	    help_of_noun(argv[0], out))
		return 0;
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

/* How many of the words are the command's name; 0: they are another's. */
static int words_of(const struct command *command, int argc, char **argv)
{
	const char *second = strchr(command->name, ' ');
	size_t length = strcspn(command->name, " ");

	if (strlen(argv[0]) != length ||
	    strncmp(argv[0], command->name, length) != 0)
		return 0;
	if (!second)
		return 1;
	return argc > 1 && strcmp(argv[1], second + 1) == 0 ? 2 : 0;
}

static int dispatch(int argc, char **argv, struct buf *out, struct buf *err)
{
	if (argc < 1 || strcmp(argv[0], "--help") == 0 ||
	    strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "help") == 0) {
		general_help(argc < 1 ? err : out);
		return argc < 1 ? 2 : 0;
	}
	for (int i = 0; i < COMMANDS; i++) {
		int words = words_of(commands[i], argc, argv);

		if (words)
			return run_command(commands[i], argc - words,
					   argv + words, out, err);
	}
	return run_store_command(argc, argv, out, err);
}

/* The words that say where; gives back how many. */
static int take_where(int argc, char **argv, char **ret)
{
	int count = 0;

	for (int i = 0; i < argc; i++) {
		if (!is_where(argv[i]))
			continue;
		ret[count++] = argv[i];
		if (!strchr(argv[i], '=') && i + 1 < argc)
			ret[count++] = argv[++i];
	}
	return count;
}

/* False when it was another command, or failed. */
static bool revoke_unseen(int argc, char **argv, const struct buf *out,
			  struct arena *arena, struct buf *err)
{
	char **words = arena_alloc(arena, ((size_t)argc + 2) * sizeof(*words));
	struct buf ignored;
	const char *why;
	json_t *token;

	if (argc < 2 || strcmp(argv[0], "token") != 0 ||
	    strcmp(argv[1], "create") != 0 ||
	    json_read(arena, out->bytes, out->length, &token, &why) != OK)
		return false;
	const char *id = json_string_value(json_object_get(token, "id"));
	words[0] = argv[0];
	words[1] = arena_strdup(arena, "revoke");
	words[2] = arena_strdup(arena, id ? id : "");
	int count = 3 + take_where(argc - 2, argv + 2, words + 3);

	buf_init(&ignored, OUTPUT_MAX);
	bool is_done = dispatch(count, words, &ignored, err) == 0;
	buf_release(&ignored);
	return is_done;
}

/* A token that was made and that nobody has seen is revoked. */
static bool take_back(int argc, char **argv, const struct buf *out,
		      struct buf *err)
{
	struct arena arena;

	arena_init(&arena);
	bool is_back = revoke_unseen(argc, argv, out, &arena, err);
	arena_release(&arena);
	return is_back;
}

/* What was done is said by its output alone. */
static void explain_unprinted(int argc, char **argv, const struct buf *out,
			      struct buf *err)
{
	bool is_back = take_back(argc, argv, out, err);

	buf_clear(err);
	buf_text(err, is_back ? "cleat: the token could not be printed: it is "
				"revoked\n"
			      : "cleat: it was done, but could not be "
				"printed\n");
}

int command_main(int argc, char **argv)
{
	struct buf out, err;

	buf_init(&out, OUTPUT_MAX);
	buf_init(&err, OUTPUT_MAX);
	int status = dispatch(argc - 1, argv + 1, &out, &err);
	bool is_printed = !out.length || fwrite(out.bytes, 1, out.length,
						stdout) == out.length;

	if (fflush(stdout) != 0)
		is_printed = false;
	if (!is_printed && !status) {
		status = 1;
		explain_unprinted(argc - 1, argv + 1, &out, &err);
	}
	if (err.length)
		(void)fwrite(err.bytes, 1, err.length, stderr);
	buf_release(&out);
	buf_release(&err);
	return status;
}
