/*
 * Deployments: which worker has which named connection. There is one as long
 * as the worker may hold it: it ends when the worker has said that it does not.
 */
#ifndef CLEAT_CORE_DEPLOYMENT_H
#define CLEAT_CORE_DEPLOYMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"
#include "core/connection.h"
#include "core/worker.h"

/* The kind of job that brings one about; its lane is the worker's id. */
#define JOB_DEPLOY "deploy"

struct deployment {
	struct uuid id;
	struct uuid worker_id;
	struct uuid connection_id;
	int64_t version;	/* of what is to be; grows in a project */
	int64_t worker_version; /* that the worker has confirmed; 0: none */
	bool is_wanted;		/* else it is to be removed */
	const char *worker;	/* its name */
	const char *url;
	const char *environment; /* its name; NULL: it is gone */
	struct uuid environment_id;
	int64_t tried_version; /* of the last try; 0: there was none */
	int64_t tried_at;
	const char *answer; /* why that failed; NULL: it did not */
};

struct deployment_list {
	struct deployment *items;
	size_t count;
};

/* The worker has confirmed that it has it as it is to be. */
bool deployment_is_settled(const struct deployment *deployment);

/*
 * The workers of the project are to have this target as it is now; or not to
 * have it, when it is not deployed or not enabled.
 */
MUST_CHECK enum error deploy_target(struct op *op,
				    const struct connection *target);

/* This worker is to have all that is deployed, as if it had nothing. */
MUST_CHECK enum error deploy_all(struct op *op, const struct worker *worker);

/* A higher one than any before in this project. */
MUST_CHECK enum error deployment_next_version(struct op *op, int64_t *ret);

/* What is to be has changed: adds the job, or brings it forward. */
MUST_CHECK enum error deployment_order(struct op *op,
				       const struct deployment *was,
				       int64_t version, bool is_wanted);

/* All that waits for this worker is tried at once. */
MUST_CHECK enum error deployment_try_again(struct op *op,
					   struct uuid worker_id);

/* Of a connection, living or gone. */
MUST_CHECK enum error deployments_of_connection(struct op *op, struct uuid id,
						struct deployment_list *ret);

/* What a worker is to have. */
struct deployed_set {
	/* The project's: whatever else it has of this version or an older one,
	 * it is to drop. */
	int64_t version;
	bool is_same; /* as it was in the version that was asked about */
	struct deployment_list list; /* empty when it is the same */
};

/* `since` is the version that the worker has compared with. ERR_NOT_FOUND. */
MUST_CHECK enum error deployed_set_get(struct op *op, struct uuid worker_id,
				       int64_t since, struct deployed_set *ret);

#endif
