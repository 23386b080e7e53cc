/*
 * Third-party integrations that are told of what happens in their project: a
 * webhook and its like of each activity that its filters let pass, the health
 * types of warnings (core/warning.h). Each telling is a delivery to the
 * integration, and an activity of its own, of which nobody is told.
 */
#ifndef CLEAT_CORE_LISTENING_H
#define CLEAT_CORE_LISTENING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/activity.h"
#include "core/integration.h"
#include "core/project.h"

/* How the dialect of third-party integrations shows activities. */
struct listening_form {
	/* What filters call this type of activity. */
	const char *(*type)(const char *type);
	/* JSON, in the arena; `origin` is scheme://host, or "". */
	enum error (*write)(struct op *op, const struct activity *activity,
			    const char *origin, const char **ret);
	/* The path of what a git provider calls of an integration. */
	const char *(*hook_path)(struct op *op, const struct project *project,
				 const struct integration *of);
};

/*
 * Once, before there are other threads; until then nobody is told of
 * activities. `public_url` outlives it, NULL: links are paths.
 */
void listening_set_form(const struct listening_form *its,
			const char *public_url);

/*
 * What the provider of a git type calls when something happens there; NULL
 * where nobody can call us.
 */
MUST_CHECK enum error listening_hook_url(struct op *op,
					 const struct integration *of,
					 const char **ret);

/* An activity as those who listen are sent it; {} before there is a form. */
MUST_CHECK enum error listening_write(struct op *op,
				      const struct activity *activity,
				      const char **ret);

/* Is this type one that is told of activities? Of warnings? */
bool listening_hears_activities(const char *kind);
bool listening_hears_warnings(const char *kind);

/*
 * Do the filters in these settings let it pass, by this type? `events`,
 * `states`, `environments` and `excluded_environments` are lists of names, in
 * which * stands for any text; what is of no environment passes where all do.
 */
bool listening_passes(struct op *op, const char *settings, const char *type,
		      const struct activity *activity);

/* Adds its deliveries; `*ret_is_told` becomes true when there is one. */
MUST_CHECK enum error listening_tell(struct op *op, const struct event *event,
				     bool *ret_is_told);

/*
 * Whom changes of any of these types are told, as far as they are of no
 * environment; oldest first.
 */
MUST_CHECK enum error listening_targets(struct op *op, const char *const *types,
					size_t count,
					struct integration_list *ret);

/*
 * The activity of a delivery to such an integration: `what` is told of. Begun
 * as pending; `*ret_number` is what to go on with it by.
 */
MUST_CHECK enum error listening_begin(struct op *op,
				      const struct integration *to,
				      const char *what, int64_t *ret_number);

/* A try was made: a line of its log. Nothing when it is over, or 0. */
MUST_CHECK enum error listening_go_on(struct op *op, int64_t number,
				      const char *line);
/* The same of the last one. */
MUST_CHECK enum error listening_end(struct op *op, int64_t number,
				    bool is_success, const char *line);

#endif
