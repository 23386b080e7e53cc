/* Lines of a file, and requests made of them. */
#include "template.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void text_add(struct text *to, const char *bytes, size_t length)
{
	if (length > sizeof(to->bytes) - to->length)
		errx(1, "a request is longer than %zu", sizeof(to->bytes));
	memcpy(to->bytes + to->length, bytes, length);
	to->length += length;
}

void text_add_string(struct text *to, const char *string)
{
	text_add(to, string, strlen(string));
}

static void lines_split(struct lines *lines, size_t size)
{
	size_t room = 0;

	for (size_t at = 0; at <= size;) {
		const char *end;

		if (lines->count + 1 >= room) {
			room = room ? room * 2 : 1024;
			lines->starts =
				realloc(lines->starts, room * sizeof(size_t));
			if (!lines->starts)
				err(1, "realloc");
		}
		lines->starts[lines->count] = at;
		if (at == size)
			break;
		end = memchr(lines->text + at, '\n', size - at);
		if (!end)
			errx(1, "the last line has no end");
		at = (size_t)(end - lines->text) + 1;
		lines->count++;
	}
}

void lines_open(struct lines *lines, const char *path)
{
	struct stat found;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &found) < 0)
		err(1, "%s", path);
	if (!found.st_size)
		errx(1, "%s is empty", path);
	lines->text = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_PRIVATE,
			   fd, 0);
	if (lines->text == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	lines_split(lines, (size_t)found.st_size);
}

/* Appends the n-th field, counted from 1, of a line. */
static void add_field(struct text *to, const struct lines *lines, size_t line,
		      int n)
{
	const char *at = lines->text + lines->starts[line];
	const char *end = lines->text + lines->starts[line + 1] - 1;

	while (--n) {
		at = memchr(at, '\t', (size_t)(end - at));
		if (!at)
			errx(1, "line %zu has too few fields", line + 1);
		at++;
	}
	text_add(to, at, strcspn(at, "\t\n"));
}

void text_add_template(struct text *to, const char *template,
		       const struct lines *lines, size_t line)
{
	const char *at = template;

	for (; *at; at++) {
		if (at[0] == '{' && at[1] >= '1' && at[1] <= '9' &&
		    at[2] == '}') {
			add_field(to, lines, line, at[1] - '0');
			at += 2;
		} else {
			text_add(to, at, 1);
		}
	}
}
