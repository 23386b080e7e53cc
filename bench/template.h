/* What a request is made of: a template, and the fields of a line. */
#ifndef CLEAT_BENCH_TEMPLATE_H
#define CLEAT_BENCH_TEMPLATE_H

#include <stddef.h>

/* The lines of a file, without their newlines. */
struct lines {
	const char *text;
	size_t *starts; /* count + 1 of them */
	size_t count;
};

/* What one request is written into. */
struct text {
	char bytes[8192];
	size_t length;
};

void lines_open(struct lines *lines, const char *path);

/* All end the program when it is more than fits. */
void text_add(struct text *to, const char *bytes, size_t length);
void text_add_string(struct text *to, const char *string);
/* {1} to {9} stand for the tab-separated fields of the line. */
void text_add_template(struct text *to, const char *template,
		       const struct lines *lines, size_t line);

#endif
