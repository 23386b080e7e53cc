/* An HTTP request to somebody else, as plain values. */
#ifndef CLEAT_BASE_OUTBOUND_CALL_H
#define CLEAT_BASE_OUTBOUND_CALL_H

#include <stddef.h>

enum { OUTBOUND_HEADERS_MAX = 80 };

struct outbound_header {
	const char *name;
	const char *value;
};

struct outbound_call {
	const char *method;
	const char *url;
	struct outbound_header headers[OUTBOUND_HEADERS_MAX];
	size_t header_count;
	const char *body; /* NULL: none */
	size_t body_length;
};

#endif
