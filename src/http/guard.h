/* Refusing requests whose framing could be read in two ways. */
#ifndef CLEAT_HTTP_GUARD_H
#define CLEAT_HTTP_GUARD_H

#include <stdint.h>

#include "http/request.h"

struct guard_verdict {
	int status;	      /* 0 when the request is sound */
	const char *why;      /* constant */
	uint64_t body_length; /* as announced; 0 when it is chunked */
};

/*
 * Looks at the headers before anything is read of the body: one Host, a
 * Content-Length of digits, at most one of it, none with Transfer-Encoding,
 * which is exactly "chunked"; header names that are tokens (RFC 9110, 5.6.2;
 * RFC 9112, 6.1 and 6.3), one behind the other with nothing between; and the
 * limits on line and headers. All texts are in the library's buffer, from
 * `method` on; `target_end` is where the target's ends there.
 */
struct guard_verdict guard_check(struct MHD_Connection *connection,
				 const char *method, const char *target,
				 const char *target_end, const char *version,
				 bool is_stream);

#endif
