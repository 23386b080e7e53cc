/*
 * Checkpoints: what a chain's last link was at some time, signed, to be kept
 * where who can write to the store cannot. docs/proof.md has their form.
 */
#ifndef CLEAT_CORE_CHECKPOINT_H
#define CLEAT_CORE_CHECKPOINT_H

#include "base/seal.h"
#include "core/signing_key.h"

#define CHECKPOINT_JOB	    "checkpoint"
#define CHECKPOINT_EVERY_US (INT64_C(3600) * 1000000)

enum { CHECKPOINTS_AT_ONCE = 500, CHECKPOINT_LINE_MAX = 4096 };

struct checkpoint {
	struct uuid project_id;
	int64_t number; /* of the last link */
	struct digest hash;
	int64_t last_event;
};

struct checkpoint_list {
	struct checkpoint *items;
	size_t count; /* CHECKPOINTS_AT_ONCE: there may be more */
};

/* Somebody to tell: a file or a URL. */
struct checkpoint_target {
	const char *lane; /* "file" or "url" */
	const char *text;
};

struct uuid checkpoint_target_id(const struct op *op, const char *text);

/*
 * Before jobs run: one job for each of these, due now, and for no others. The
 * jobs are of no project.
 */
MUST_CHECK enum error checkpoint_plan(struct op *op,
				      const struct checkpoint_target *targets,
				      size_t count);

/* The chains that have grown since this target was told. */
MUST_CHECK enum error checkpoint_due(struct op *op, struct uuid target_id,
				     struct checkpoint_list *ret);

/* A line each, signed as of `now`; in the arena. Without a store. */
const char *checkpoint_lines(struct arena *arena, const struct signer *signer,
			     int64_t now, const struct checkpoint_list *of);

/* The target has them. */
MUST_CHECK enum error checkpoint_told(struct op *op, struct uuid target_id,
				      const struct checkpoint_list *list);

/* False when the line is none that one of these keys has signed. */
MUST_CHECK bool checkpoint_read(const struct signing_key_list *keys,
				const char *line, struct checkpoint *ret);

#endif
