/* The network thread's side of a stream. Inside of exchange.c. */
#ifndef CLEAT_HTTP_STREAM_EXCHANGE_H
#define CLEAT_HTTP_STREAM_EXCHANGE_H

#include <microhttpd.h>

#include "http/exchange.h"
#include "http/stream.h"

/* The library's access handler, after the first call. */
enum MHD_Result stream_access(struct request *request, const char *bytes,
			      size_t *length);
/* The request has ended. */
void stream_leave(struct request *request);

/* What the application made of it: a problem, or one of its own. */
enum MHD_Result exchange_send(struct request *request);
void exchange_add_headers(struct MHD_Response *answer, struct request *request);

#endif
