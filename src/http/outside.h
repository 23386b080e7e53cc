/* A call to somebody else that a request waits for. */
#ifndef CLEAT_HTTP_OUTSIDE_H
#define CLEAT_HTTP_OUTSIDE_H

#include "http/client.h"
#include "http/request.h"

/* Set by a handler that has not answered yet; in the request's arena. */
struct outside {
	const struct outbound_call *call;
	int64_t timeout_us;
	/*
	 * Fills the response from what came. On a thread without a session: it
	 * asks nothing of the store. `*ret_status` is for the error that it
	 * returns; 0: the error's own.
	 */
	enum error (*then)(struct request *request,
			   const struct client_answer *came, int *ret_status);
};

#endif
