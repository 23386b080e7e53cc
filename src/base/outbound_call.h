/* An HTTP request to somebody else, as plain values. */
#ifndef CLEAT_BASE_OUTBOUND_CALL_H
#define CLEAT_BASE_OUTBOUND_CALL_H

#include <stddef.h>
#include <stdint.h>

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

/* What came back. */
struct outbound_answer {
	int status;	     /* 0: nothing came */
	const char *failure; /* then why */
	const char *body;
	size_t length;
	int64_t retry_after_us; /* 0: not said */
	int64_t took_us;
};

#endif
