/* Projects: the tenant. One project is one project in every API. */
#ifndef CLEAT_CORE_PROJECT_H
#define CLEAT_CORE_PROJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/op.h"

enum { PROJECT_NAME_MAX = 128, PROJECT_TITLE_MAX = 128 };

#define PROJECT_VERSION "v2" /* of new ones */

struct project {
	struct uuid id;
	struct uuid organization_id;
	const char *name;     /* lower-case, unique in the store */
	const char *title;    /* for people */
	const char *short_id; /* 13 characters, unique in the store */
	const char *version;  /* "v1" or "v2" */
	bool is_protected;
	int64_t created_at;
	int64_t updated_at;
	int64_t deleted_at; /* 0 while it lives */
};

enum project_handle {
	PROJECT_BY_ID,
	PROJECT_BY_NAME, /* without regard to case */
	PROJECT_BY_SHORT_ID,
	PROJECT_BY_ID_OR_NAME,
};

struct project_list {
	struct project *items;
	size_t count;
};

/*
 * Makes this the op's project. ERR_NOT_FOUND if there is none such, or the
 * principal may not see it.
 */
MUST_CHECK enum error project_enter(struct op *op, enum project_handle by,
				    const char *handle, struct project *ret);

/* May the principal see it: ERR_NOT_FOUND. */
MUST_CHECK enum error project_is_seen(struct op *op,
				      const struct project *project);
/* Of all those, the ones that it may; in the same place. */
MUST_CHECK enum error project_list_seen(struct op *op,
					const struct project_list *all,
					struct project_list *ret);
/*
 * The same for whoever asks, who is nobody yet: what is done there has to be
 * let in by a secret of its own. ERR_NOT_FOUND.
 */
MUST_CHECK enum error project_enter_unknown(struct op *op,
					    enum project_handle by,
					    const char *handle,
					    struct project *ret);

/* The op's own. */
MUST_CHECK enum error project_of_op(struct op *op, struct project *ret);

/* Those that the principal may see, oldest first. */
MUST_CHECK enum error project_list(struct op *op, struct project_list *ret);

/* Every one of the store, for the command line. */
MUST_CHECK enum error project_list_all(struct op *op, struct project_list *ret);

/* So, and those that were let go of: their keys and records stay. */
MUST_CHECK enum error project_list_kept(struct op *op,
					struct project_list *ret);

/*
 * For what is kept of it: by name or uuid, or by its uuid one that was let go
 * of. ERR_NOT_FOUND, with the sentence.
 */
MUST_CHECK enum error project_find_kept(struct op *op, const char *handle,
					struct uuid *ret);

/*
 * Makes a project in the principal's organization and lets the principal's
 * token use it. `name` in lower case is 2 to 128 of [a-z0-9-], not beginning
 * or ending with a dash: ERR_INVALID. ERR_TAKEN when another has the name.
 */
MUST_CHECK enum error project_create(struct op *op, const char *name,
				     const char *title, struct project *ret);

/* The same in an organization that the principal is in. ERR_NOT_FOUND. */
MUST_CHECK enum error project_create_in(struct op *op,
					struct uuid organization_id,
					const char *name, const char *title,
					struct project *ret);

/*
 * Name, where it is not NULL, and title, where it is not: of the project that
 * was entered; and its protection, as `which` has it. ERR_INVALID, ERR_TAKEN
 * as above; records project.updated.
 */
MUST_CHECK enum error project_update(struct op *op, const struct project *which,
				     const char *name, const char *title,
				     struct project *ret);

/*
 * Makes an organization too, unless one of this name exists. For the command
 * line: asks for no principal.
 */
MUST_CHECK enum error project_found(struct op *op, const char *organization,
				    const char *name, const char *title,
				    struct project *ret);

bool project_name_is_valid(const char *name);

#endif
