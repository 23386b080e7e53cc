/* Command-line words. */
#include "cli/args.h"

#include <string.h>

static const struct arg_spec *spec_of(const struct arg_spec *specs,
				      const char *name, size_t length)
{
	for (; specs->name; specs++)
		if (strlen(specs->name) == length &&
		    strncmp(specs->name, name, length) == 0)
			return specs;
	return NULL;
}

/* One option, as --name VALUE or --name=VALUE; how many words it took. */
static int take_option(const struct arg_spec *specs, int argc, char **argv,
		       struct args *ret, struct buf *err)
{
	const char *word = argv[0];
	size_t length = strcspn(word, "=");
	const struct arg_spec *spec = spec_of(specs, word, length);

	if (!spec) {
		buf_printf(err, "cleat: there is no option %.*s\n", (int)length,
			   word);
		return 0;
	}
	if (ret->count == ARGS_MAX) {
		buf_text(err, "cleat: too many options\n");
		return 0;
	}
	if (!spec->value) {
		if (word[length]) {
			buf_printf(err, "cleat: %s takes no value\n",
				   spec->name);
			return 0;
		}
		ret->names[ret->count] = spec->name;
		ret->values[ret->count++] = "";
		return 1;
	}
	if (!word[length] && argc < 2) {
		buf_printf(err, "cleat: %s needs a value: %s\n", spec->name,
			   spec->value);
		return 0;
	}
	ret->names[ret->count] = spec->name;
	ret->values[ret->count++] = word[length] ? word + length + 1 : argv[1];
	return word[length] ? 1 : 2;
}

static bool has_required(const struct arg_spec *specs, const struct args *args,
			 struct buf *err)
{
	for (; specs->name; specs++)
		if (specs->is_required && !args_get(args, specs->name)) {
			buf_printf(err, "cleat: %s %s is needed\n", specs->name,
				   specs->value);
			return false;
		}
	return true;
}

static int count_words(const char *words)
{
	int count = 0;

	for (; *words; words += strspn(words, " ")) {
		words += strcspn(words, " ");
		count++;
	}
	return count;
}

bool args_read(const struct arg_spec *specs, const char *words, int argc,
	       char **argv, struct args *ret, struct buf *err)
{
	int positionals = count_words(words);

	*ret = (struct args){.count = 0};
	for (int i = 0; i < argc;) {
		int taken = 1;

		if (argv[i][0] == '-' && argv[i][1]) {
			taken = take_option(specs, argc - i, argv + i, ret,
					    err);
			if (!taken)
				return false;
		} else if (ret->positional_count == positionals) {
			buf_printf(err, "cleat: too many words: %s\n", argv[i]);
			return false;
		} else {
			ret->positionals[ret->positional_count++] = argv[i];
		}
		i += taken;
	}
	if (ret->positional_count < positionals) {
		buf_printf(err, "cleat: a word is missing: %s\n", words);
		return false;
	}
	return has_required(specs, ret, err);
}

const char *args_get(const struct args *args, const char *name)
{
	for (int i = args->count - 1; i >= 0; i--)
		if (strcmp(args->names[i], name) == 0)
			return args->values[i];
	return NULL;
}

void args_help(const struct arg_spec *specs, struct buf *out)
{
	for (; specs->name; specs++)
		buf_printf(out, "  %s%s%s\n        %s%s\n", specs->name,
			   specs->value ? " " : "",
			   specs->value ? specs->value : "", specs->help,
			   specs->is_required ? "" : " (optional)");
}
