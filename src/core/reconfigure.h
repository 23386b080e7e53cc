/*
 * Changing configurations: of one installation (installation_update), or of
 * all that an integration has, by one patch.
 */
#ifndef CLEAT_CORE_RECONFIGURE_H
#define CLEAT_CORE_RECONFIGURE_H

#include "core/installation.h"

/* What an installation is to become. */
struct installation_change {
	struct uuid connection_id; /* nil: it stays */
	struct uuid revision_id;   /* of a new configuration; nil: it stays */
	const char *content;	   /* NULL: it stays */
	const char *created_by;	   /* of the configuration; NULL: not named */
	const char *caller;	   /* who makes it when nobody is named */
};

/*
 * Where content or creator differ, the installation gets a configuration with
 * an id of its own, and the one it had is kept as a past one. Records
 * installation.updated, unless nothing differs. ERR_INVALID for a connection
 * that installation_create would refuse.
 */
MUST_CHECK enum error installation_update(struct op *op,
					  const struct integration *of,
					  const struct installation_view *now,
					  const struct installation_change *to,
					  struct installation_view *ret);

/* The job that goes on where the first transaction stopped; its subject is
 * the integration. */
#define JOB_RECONFIGURE "reconfigure"

/* A change of each configuration that it finds something to change in. */
struct reconfiguring {
	const char *patch;  /* JSON, as json_patch_text takes it */
	const char *caller; /* who makes the new configurations */
	struct uuid after;  /* the installation that was looked at last */
};

/*
 * Changes the configurations of all installations of the integration, oldest
 * first, each as installation_update does. Those beyond op->batch_over follow
 * by the job.
 */
MUST_CHECK enum error reconfigure_all(struct op *op,
				      const struct integration *of,
				      const char *patch, const char *caller);

/* One batch of it, by the job's payload; adds the job of the next one. */
MUST_CHECK enum error reconfigure_go_on(struct op *op,
					struct uuid integration_id,
					const char *payload);

#endif
