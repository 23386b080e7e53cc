/* What the commands about letting go have in common. */
#ifndef CLEAT_CLI_DELETION_H
#define CLEAT_CLI_DELETION_H

#include "cli/store_command.h"
#include "core/policy.h"
#include "core/thing.h"

#define PROJECT_OPTION                                                         \
	{                                                                      \
		"--project", "PROJECT", "its name or uuid", true               \
	}
#define DELETION_OPTIONS                                                       \
	{"--mode", "soft|hard", "default: the project's policy", false},       \
		{"--revoke", "now|purge|never",                                \
		 "when grants are ended at their providers; default: now, or " \
		 "purge for soft",                                             \
		 false},                                                       \
	{                                                                      \
		"--force", NULL, "let go of what uses it as well", false       \
	}
#define NO_MORE_OPTIONS                                                        \
	{                                                                      \
		NULL, NULL, NULL, false                                        \
	}

/* --project becomes the op's. ERR_NOT_FOUND. */
MUST_CHECK enum error cli_enter(struct op *op, const struct args *args);

/* ERR_MISSHAPEN for what the options may not be. */
MUST_CHECK enum error cli_deletion_options(struct op *op,
					   const struct args *args,
					   struct deletion_options *ret);

/* Of the words KIND and ID. ERR_MISSHAPEN. */
MUST_CHECK enum error cli_kind_and_id(struct op *op, const struct args *args,
				      enum thing_kind *ret_kind,
				      struct uuid *ret_id);

/* The receipt as a line of JSON. */
MUST_CHECK enum error cli_write_receipt(struct op *op, struct uuid id,
					struct buf *out);

#endif
