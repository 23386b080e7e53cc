/* cleat deletion plan, run, list, show, retry, abandon; cleat group offboard */
#include "cli/deletion.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/deletion.h"
#include "core/plan.h"
#include "core/project.h"
#include "core/step.h"
#include "dialects/cleat/cleat.h"

enum { LISTED = 1000 };

enum error cli_enter(struct op *op, const struct args *args)
{
	struct project project;

	return store_command_enter(op, args_get(args, "--project"), &project);
}

/* A deleted project's records are found by its id. */
static enum error enter_record(struct op *op, const struct args *args)
{
	return project_find_kept(op, args_get(args, "--project"),
				 &op->project_id);
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
			       "KIND must be " THING_KINDS_NAMED);
	if (!uuid_parse(args->positionals[1], ret_id))
		return op_fail(op, ERR_MISSHAPEN, "ID must be a uuid");
	return OK;
}

static enum error write_part(struct op *op, struct uuid id, int64_t part,
			     struct uuid steps_after, struct buf *out)
{
	struct json_writer w = json_writer_on(out);
	struct deletion deletion;

	TRY(receipt_get(op, id, &deletion));
	TRY(cleat_put_receipt(op, &w, &deletion, part, steps_after));
	buf_char(out, '\n');
	return OK;
}

enum error cli_write_receipt(struct op *op, struct uuid id, struct buf *out)
{
	return write_part(op, id, 0, (struct uuid){{0}}, out);
}

/* A number that a page named; `*ret` is kept without one. */
static enum error read_cursor(struct op *op, const struct args *args,
			      int64_t *ret)
{
	const char *cursor = args_get(args, "--cursor");
	char *end;

	if (!cursor)
		return OK;
	long number = strtol(cursor, &end, 10);
	if (!*cursor || *end || number < 0 || number > INT32_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "--cursor must be a nextCursor");
	*ret = number;
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
	int64_t from = 0;

	TRY(cli_deletion_options(op, args, &options));
	TRY(read_cursor(op, args, &from));
	TRY(cli_kind_and_id(op, args, &kind, &id));
	TRY(cli_enter(op, args));
	TRY(thing_find(op, kind, id, &thing));
	TRY(policy_settle(op, &thing, &options, &terms));
	TRY(plan_make(op, &thing, &terms, from, planned));
	buf_text(out, plan_text(op, planned));
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec plan_options[] = {
	PROJECT_OPTION,
	DELETION_OPTIONS,
	{"--cursor", "NUMBER",
	 "the first effect to show, as nextCursor says; default: 0", false},
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

	if (filter.state && !deletion_state_is_known(filter.state))
		return op_fail(op, ERR_MISSHAPEN,
			       "--state must be " DELETION_STATES_NAMED);
	TRY(enter_record(op, args));
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
	{"--state", "STATE",
	 "running, done, waiting, hidden or restored; default: all", false},
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
	const char *steps = args_get(args, "--steps-cursor");
	struct uuid id, steps_after = {{0}};
	int64_t part = 0;

	if (!uuid_parse(args->positionals[0], &id))
		return op_fail(op, ERR_MISSHAPEN, "ID must be a uuid");
	if (steps && !uuid_parse(steps, &steps_after))
		return op_fail(op, ERR_MISSHAPEN,
			       "--steps-cursor must be a nextStepsCursor");
	TRY(read_cursor(op, args, &part));
	TRY(enter_record(op, args));
	return write_part(op, id, part, steps_after, out);
}

static const struct arg_spec show_options[] = {
	PROJECT_OPTION,
	{"--cursor", "NUMBER",
	 "the part of the effects, as nextCursor says; default: the first",
	 false},
	{"--steps-cursor", "ID",
	 "the step after which to go on, as nextStepsCursor says", false},
	NO_MORE_OPTIONS,
};

const struct store_command deletion_show_command = {
	"deletion", "show",	  "A deletion's receipt, as JSON",
	"ID",	    show_options, show,
};

/* Of the words DELETION and STEP. */
static enum error find_step(struct op *op, const struct args *args,
			    struct uuid *ret_deletion, struct uuid *ret_step)
{
	if (!uuid_parse(args->positionals[0], ret_deletion) ||
	    !uuid_parse(args->positionals[1], ret_step))
		return op_fail(op, ERR_MISSHAPEN,
			       "DELETION and STEP must be uuids");
	return enter_record(op, args);
}

static void write_step(const struct step *step, struct buf *out)
{
	struct json_writer w = json_writer_on(out);

	cleat_put_step(&w, step);
	buf_char(out, '\n');
}

static enum error retry(struct op *op, const struct args *args, struct buf *out)
{
	struct uuid deletion, id;
	struct step step;

	TRY(find_step(op, args, &deletion, &id));
	TRY(step_retry(op, deletion, id, &step));
	write_step(&step, out);
	return OK;
}

const struct store_command deletion_retry_command = {
	"deletion",	 "retry",	  "Try a waiting step at once",
	"DELETION STEP", project_options, retry,
};

static enum error abandon(struct op *op, const struct args *args,
			  struct buf *out)
{
	const char *reason = args_get(args, "--reason");
	struct uuid deletion, id;
	struct step step;

	if (!*reason || utf8_count(reason) > STEP_REASON_MAX)
		return op_fail(op, ERR_MISSHAPEN,
			       "--reason must have 1 to %d characters",
			       STEP_REASON_MAX);
	TRY(find_step(op, args, &deletion, &id));
	TRY(step_abandon(op, deletion, id, reason, &step));
	write_step(&step, out);
	return OK;
}

static const struct arg_spec abandon_options[] = {
	PROJECT_OPTION,
	{"--reason", "TEXT", "stays in the receipt", true},
	NO_MORE_OPTIONS,
};

const struct store_command deletion_abandon_command = {
	"deletion",	 "abandon",	  "Give a waiting step up for good",
	"DELETION STEP", abandon_options, abandon,
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

static const struct arg_spec offboard_options[] = {
	PROJECT_OPTION,
	DELETION_OPTIONS,
	NO_MORE_OPTIONS,
};

const struct store_command group_offboard_command = {
	"group", "offboard",	   "Let go of all that one customer has",
	"REF",	 offboard_options, offboard,
};

static enum error end_project(struct op *op, const struct args *args,
			      struct buf *out)
{
	struct deletion_options options;
	struct project project;
	struct thing thing;

	TRY(cli_deletion_options(op, args, &options));
	TRY(store_command_enter(op, args->positionals[0], &project));
	TRY(thing_find(op, THING_PROJECT, project.id, &thing));
	TRY(deletion_run(op, &thing, &options, NULL));
	return cli_write_receipt(op, op->deletion_id, out);
}

static const struct arg_spec delete_project_options[] = {
	DELETION_OPTIONS,
	NO_MORE_OPTIONS,
};

const struct store_command project_delete_command = {
	"project",
	"delete",
	"Let go of a project and all that it has, for good",
	"NAME",
	delete_project_options,
	end_project,
};
