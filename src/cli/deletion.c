/* cleat deletion plan, run, list, show; cleat group offboard */
#include "cli/deletion.h"

#include <string.h>

#include "core/deletion.h"
#include "core/plan.h"
#include "dialects/cleat/cleat.h"

enum { LISTED = 1000 };

enum error cli_enter(struct op *op, const struct args *args)
{
	struct project project;

	return store_command_enter(op, args_get(args, "--project"), &project);
}

enum error cli_deletion_options(struct op *op, const struct args *args,
				struct deletion_options *ret)
{
	const char *mode = args_get(args, "--mode");
	const char *revoke = args_get(args, "--revoke");

	*ret = (struct deletion_options){.force = args_get(args, "--force") !=
						  NULL};
	if (mode && !mode_named(mode, &ret->mode))
		return op_fail(op, ERR_MISSHAPEN,
			       "--mode must be soft or hard");
	if (revoke && !revoke_named(revoke, &ret->revoke))
		return op_fail(op, ERR_MISSHAPEN,
			       "--revoke must be now, purge or never");
	return OK;
}

enum error cli_kind_and_id(struct op *op, const struct args *args,
			   enum thing_kind *ret_kind, struct uuid *ret_id)
{
	if (!thing_kind_named(args->positionals[0], ret_kind))
		return op_fail(op, ERR_MISSHAPEN,
			       "KIND must be installation, integration, "
			       "connection, group, consumer or "
			       "environment");
	if (!uuid_parse(args->positionals[1], ret_id))
		return op_fail(op, ERR_MISSHAPEN, "ID must be a uuid");
	return OK;
}

enum error cli_write_receipt(struct op *op, struct uuid id, struct buf *out)
{
	struct json_writer w = json_writer_on(out);
	struct deletion deletion;

	TRY(receipt_get(op, id, &deletion));
	TRY(cleat_put_receipt(op, &w, &deletion, 0));
	buf_char(out, '\n');
	return OK;
}

static enum error plan(struct op *op, const struct args *args, struct buf *out)
{
	struct plan *planned = arena_alloc(&op->arena, sizeof(*planned));
	struct deletion_options options;
	struct deletion_terms terms;
	enum thing_kind kind;
	struct thing thing;
	struct uuid id;

	TRY(cli_deletion_options(op, args, &options));
	TRY(cli_kind_and_id(op, args, &kind, &id));
	TRY(cli_enter(op, args));
	TRY(thing_find(op, kind, id, &thing));
	TRY(policy_settle(op, &thing, &options, &terms));
	TRY(plan_make(op, &thing, &terms, 0, planned));
	buf_text(out, plan_text(op, planned));
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec plan_options[] = {
	PROJECT_OPTION,
	DELETION_OPTIONS,
	NO_MORE_OPTIONS,
};

const struct store_command deletion_plan_command = {
	"deletion", "plan",	  "What a deletion would do, as JSON",
	"KIND ID",  plan_options, plan,
};

static enum error run(struct op *op, const struct args *args, struct buf *out)
{
	TRY(cli_enter(op, args));
	TRY(deletion_run_planned(op, args->positionals[0]));
	return cli_write_receipt(op, op->deletion_id, out);
}

static const struct arg_spec project_options[] = {
	PROJECT_OPTION,
	NO_MORE_OPTIONS,
};

const struct store_command deletion_run_command = {
	"deletion",
	"run",
	"Do what was planned, or nothing if it has changed",
	"PLANTOKEN",
	project_options,
	run,
};

static enum error list(struct op *op, const struct args *args, struct buf *out)
{
	struct json_writer w = json_writer_on(out);
	struct deletion_filter filter = {
		.state = args_get(args, "--state"),
		.limit = LISTED,
	};
	struct deletion_list page;

	TRY(cli_enter(op, args));
	json_begin_array(&w, NULL);
	do {
		TRY(receipt_list(op, &filter, &page, &filter.after));
		for (size_t i = 0; i < page.count; i++) {
			json_begin_object(&w, NULL);
			cleat_put_deletion(&w, &page.items[i]);
			json_end_object(&w);
		}
	} while (!uuid_is_nil(filter.after));
	json_end_array(&w);
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec list_options[] = {
	PROJECT_OPTION,
	{"--state", "STATE", "done, waiting, hidden or restored; default: all",
	 false},
	NO_MORE_OPTIONS,
};

const struct store_command deletion_list_command = {
	"deletion",
	"list",
	"A project's deletions, oldest first, as JSON",
	"",
	list_options,
	list,
};

static enum error show(struct op *op, const struct args *args, struct buf *out)
{
	struct uuid id;

	if (!uuid_parse(args->positionals[0], &id))
		return op_fail(op, ERR_MISSHAPEN, "ID must be a uuid");
	TRY(cli_enter(op, args));
	return cli_write_receipt(op, id, out);
}

const struct store_command deletion_show_command = {
	"deletion", "show",	     "A deletion's receipt, as JSON",
	"ID",	    project_options, show,
};

static enum error offboard(struct op *op, const struct args *args,
			   struct buf *out)
{
	struct deletion_options options;
	struct thing group;

	TRY(cli_deletion_options(op, args, &options));
	TRY(cli_enter(op, args));
	TRY(thing_find_party(op, THING_GROUP, args->positionals[0], &group));
	TRY(deletion_run(op, &group, &options, NULL));
	return cli_write_receipt(op, op->deletion_id, out);
}

const struct store_command group_offboard_command = {
	"group", "offboard",   "Let go of all that one customer has",
	"REF",	 plan_options, offboard,
};
