/* Files that are part of the program. */
#ifndef CLEAT_HTTP_EMBEDDED_H
#define CLEAT_HTTP_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name;
	const unsigned char *bytes;
	size_t length;
};

/* Ends with a NULL name; made at build time. */
extern const struct embedded_file embedded_files[];

#endif
