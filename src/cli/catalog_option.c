/* Reading an operator's providers before the program serves. */
#include "cli/catalog_option.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dialects/ampersand/catalog_file.h"

enum { FILE_MAX = 4 * 1024 * 1024, CHUNK = 64 * 1024 };

/* False, with errno set, when it can't be read or is too large. */
static bool read_file(const char *file, struct buf *ret)
{
	FILE *in = fopen(file, "rbe");
	char chunk[CHUNK];
	size_t got;

	if (!in)
		return false;
	while ((got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buf_add(ret, chunk, got);
	bool is_read = !ferror(in);
	(void)fclose(in);
	if (ret->is_overfull)
		errno = EFBIG;
	return is_read && !ret->is_overfull;
}

static void tell_faults(const struct op *op, const char *file, struct buf *err)
{
	if (!op->issue_count)
		buf_printf(err, "cleat: --catalog %s: %s\n", file, op->detail);
	for (size_t i = 0; i < op->issue_count; i++)
		buf_printf(err, "cleat: --catalog %s: %s %s\n", file,
			   op->issues[i].field, op->issues[i].why);
}

bool catalog_option(struct op *op, const char *file, struct buf *err)
{
	const struct provider **providers;
	struct buf text;
	size_t count;
	bool is_good;

	if (!file)
		return true;
	buf_init(&text, FILE_MAX);
	is_good = read_file(file, &text);
	if (!is_good) {
		buf_printf(err, "cleat: --catalog %s: %s\n", file,
			   strerror(errno));
	} else if (amp_read_catalog(op, buf_cstr(&text), text.length,
				    &providers, &count) == OK) {
		catalog_extend(providers, count);
	} else {
		is_good = false;
		tell_faults(op, file, err);
	}
	buf_release(&text);
	return is_good;
}
