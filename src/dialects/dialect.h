/* What an API is to the server: routes, who may call, and how errors look. */
#ifndef CLEAT_DIALECTS_DIALECT_H
#define CLEAT_DIALECTS_DIALECT_H

#include "core/installation.h"
#include "core/listening.h"
#include "core/principal.h"
#include "http/router.h"

/*
 * A handler reads the request into core structs, calls one core function,
 * and writes `request->response`. When it fails it returns the error with
 * the op explained, and `write_error` makes the answer. For a ROUTE_WRITE
 * route it runs on the writer, within a savepoint that its error undoes;
 * else on a network thread with a read-only session.
 */
struct dialect {
	const char *name; /* of its OpenAPI document, and in metrics */
	/* Pages of the origins of --allow-origin may call it (http/cors.h). */
	bool is_for_browsers;
	const struct route *routes;
	size_t route_count;

	/*
	 * Who calls; not asked for ROUTE_PUBLIC. ERR_UNAUTHENTICATED without
	 * valid credentials, ERR_FORBIDDEN when they do not suit this route.
	 */
	enum error (*authenticate)(struct request *request,
				   struct principal *ret);

	/*
	 * Fills the response for `error`, from op.detail, op.remedy and
	 * op.issues. `status` is 0 for the dialect's own, or one that a limit
	 * prescribes (413, 414, 431, 503).
	 */
	void (*write_error)(struct request *request, enum error error,
			    int status);

	/* Of the dialect that shows installations, else NULL. */
	installation_writer *write_installation;

	/* Of the dialect that has third-party integrations, else NULL. */
	const struct listening_form *listening;

	/* Hosts that its paths are also below, as in struct route_set. */
	const struct route_host *hosts;
	size_t host_count;
};

extern const struct dialect ampersand_dialect;
extern const struct dialect upsun_dialect;
extern const struct dialect gorules_dialect;
extern const struct dialect apinizer_dialect;
extern const struct dialect workers_dialect;
extern const struct dialect cleat_dialect; /* health, metrics, documents */

#endif
