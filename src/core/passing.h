/*
 * Passing a caller's request on to the provider of an installation: where it
 * goes and with what credentials. Sends nothing itself.
 */
#ifndef CLEAT_CORE_PASSING_H
#define CLEAT_CORE_PASSING_H

#include "base/op.h"
#include "base/outbound_call.h"
#include "core/installation.h"

/* The action of its operations (core/operation.h). */
#define PASSING_ACTION "proxy"

/* What is asked for. */
struct passing_new {
	const char *base_url; /* of the catalog, with variables */
	const char *method;
	const char *target; /* path and query, as they came */
	const struct outbound_header *headers;
	size_t header_count;
	bool is_throttled; /* X-Amp-Rate-Limiter-Mode */
	/* By the installation's configuration. */
	bool (*allows)(struct op *op, const struct installation_view *view);
};

struct passing {
	struct uuid installation_id, connection_id;
	struct uuid token_id; /* of who asks; nil: nobody does by a token */
	int64_t expires_at;   /* that token; 0: never */
	struct outbound_call call;
	/* that was put in and may be refreshed, or NULL */
	const char *token;
	bool wants_token;	  /* token is "": one is to be got first */
	struct passing_new asked; /* to make it anew */
};

/*
 * NULL, or why a path can't be passed on, as the rest of a sentence. What
 * stays below an address whatever it is read by: no dot segments, backslashes
 * or empty steps, however often encoded.
 */
const char *passing_path_fault(struct arena *arena, const char *target);

/* RFC 9110, 7.6.1, what is ours, and what is set anew. */
bool passing_drops_header(const char *name);

/*
 * The call, in the op's arena, with what the connection of the installation
 * has. ERR_MISSHAPEN for a bad path; ERR_INVALID, explained, when something is
 * not known that it needs; ERR_UNSUPPORTED for credentials of another kind.
 */
MUST_CHECK enum error passing_make(struct op *op,
				   const struct installation_view *view,
				   const struct passing_new *asked,
				   struct passing *ret);

/* For another arena, whose thread makes it anew. */
struct passing passing_copy(struct arena *arena, const struct passing *from);

/*
 * Is what it lives by still there: the installation with this connection, and
 * a configuration that allows it? ERR_NOT_FOUND. And the caller's token, as
 * access_token_look has it.
 */
MUST_CHECK enum error passing_look(struct op *op, const struct passing *passing,
				   struct installation_view *ret);

/* It is over. */
struct passing_outcome {
	int status;	     /* of the provider; 0: none */
	const char *failure; /* NULL: none */
	int64_t sent, received, took_us;
	bool is_refreshed;
};

/* An operation with its log, and the connection's status. On the writer. */
MUST_CHECK enum error passing_record(struct op *op,
				     const struct passing *passing,
				     const struct passing_outcome *outcome);

#endif
