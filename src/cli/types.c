/* cleat types: the tables that an API's types are read and written by. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "dialects/apinizer/apinizer.h"

enum { TEXT_MAX = 1024 * 1024 };

/* The APIs that have types, and their tables one after the other. */
static const struct typed_api {
	const char *name;
	const struct field_table *(*type_at)(size_t i);
} apis[] = {
	{"apinizer", apinizer_type_at},
};

static const struct typed_api *find(const char *name)
{
	for (size_t i = 0; i < sizeof(apis) / sizeof(*apis); i++)
		if (strcmp(apis[i].name, name) == 0)
			return &apis[i];
	return NULL;
}

static int print(const struct typed_api *api)
{
	const struct field_table *table;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_array(&w, NULL);
	for (size_t i = 0; (table = api->type_at(i)); i++)
		fields_describe(&w, table);
	json_end_array(&w);
	int status = puts(buf_cstr(&text)) < 0;
	buf_release(&text);
	return status;
}

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	const char *name = args_get(args, "--api");
	const struct typed_api *api = find(name);

	(void)argc;
	(void)argv;
	if (api)
		return print(api);
	buf_printf(err, "cleat: no types are known of the API %s\n", name);
	return 1;
}

static const struct arg_spec options[] = {
	{"--api", "NAME", "apinizer", true},
	{NULL, NULL, NULL, false},
};

const struct command types_command = {
	"types", "Print the fields of an API's types as JSON", options, run};
