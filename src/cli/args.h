/* Reading a command's words: --name VALUE options and positional ones. */
#ifndef CLEAT_CLI_ARGS_H
#define CLEAT_CLI_ARGS_H

#include <stdbool.h>

#include "base/buf.h"

enum { ARGS_MAX = 32, POSITIONALS_MAX = 4 };

/* An option that a command takes. */
struct arg_spec {
	const char *name;  /* "--store" */
	const char *value; /* what help calls it: "URL"; NULL: takes none */
	const char *help;
	bool is_required;
};

struct args {
	const char *names[ARGS_MAX], *values[ARGS_MAX];
	int count;
	const char *positionals[POSITIONALS_MAX];
	int positional_count;
};

/*
 * Reads the words after the command's own. `specs` ends with a NULL name;
 * `words` is what help calls the positional ones, "" when there are none.
 * False, with one line in `err`, when they do not fit.
 */
bool args_read(const struct arg_spec *specs, const char *words, int argc,
	       char **argv, struct args *ret, struct buf *err);

/* An option's value, NULL when it was not given; the last when repeated. */
const char *args_get(const struct args *args, const char *name);

/* Lines of help for the options. */
void args_help(const struct arg_spec *specs, struct buf *out);

#endif
