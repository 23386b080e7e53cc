/* Hiding a project, and its way back. */
#include "core/project_trash.h"

#include <string.h>

#include "core/deletion.h"
#include "core/event.h"
#include "core/hold.h"
#include "core/plan.h"
#include "core/principal.h"
#include "core/store.h"

#define DAY_US (INT64_C(86400) * 1000000)

static enum error refuse_protected(struct op *op, const struct project *project)
{
	if (!project->is_protected)
		return OK;
	op_advise(op, "Lift its protection first.");
	return op_fail(op, ERR_HELD, "project %s is protected", project->name);
}

static enum error keep_record(struct op *op, const struct project *project,
			      int64_t purge_at)
{
	const struct deletion_terms terms = {.mode = MODE_SOFT,
					     .revoke = REVOKE_AT_PURGE,
					     .purge_at = purge_at};
	const struct thing thing = {.kind = THING_PROJECT,
				    .id = project->id,
				    .name = project->name};
	const struct effect hidden = {.what = EFFECT_HIDDEN,
				      .kind = EFFECT_OF_PROJECT,
				      .id = project->id,
				      .name = project->name};
	const struct event_fact facts[] = {{"name", project->name, false}};
	struct record record;

	record_begin(op, &record);
	enum error error = event_record(op, "project.deleted", "project",
					project->id, facts, 1, NULL);
	if (error == OK)
		error = record_effect(op, &record, &hidden);
	if (error == OK)
		error = record_end(op, &record, &thing, &terms);
	record_release(&record);
	return error;
}

enum error project_trash(struct op *op, const struct project *which)
{
	int64_t days;

	TRY(refuse_protected(op, which));
	TRY(policy_retention(op, "http", &days));
	int64_t purge_at = op->now + days * DAY_US;
	if (op->is_dry_run)
		return plan_of_hiding(op, EFFECT_OF_PROJECT, which->id,
				      which->name, purge_at);
	TRY(keep_record(op, which, purge_at));
	return store_project_trash(op, op->deletion_id, purge_at);
}

enum error project_trash_list(struct op *op, struct project_list *ret)
{
	struct project_list all;

	TRY(store_project_trash_list(op, &all));
	return project_list_seen(op, &all, ret);
}

static enum error missing(struct op *op, struct uuid id)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return op_fail(op, ERR_NOT_FOUND, "there is no project %s in the trash",
		       text);
}

/* The name itself, or the first of name-1, name-2, ... that is free. */
static enum error free_name(struct op *op, const char *name, const char **ret)
{
	const char *tried = name;
	struct project other;

	for (int suffix = 1;; suffix++) {
		enum error error =
			store_project_find(op, PROJECT_BY_NAME, tried, &other);

		if (error == ERR_NOT_FOUND)
			break;
		TRY(error);
		tried = arena_printf(&op->arena, "%.*s-%d",
				     PROJECT_NAME_MAX - 12, name, suffix);
	}
	*ret = tried;
	return OK;
}

static enum error come_back(struct op *op, struct project *project)
{
	TRY(free_name(op, project->name, &project->name));
	project->updated_at = op->now;
	project->deleted_at = 0;
	return store_project_untrash(op, project);
}

static enum error find(struct op *op, struct uuid id, struct project *ret,
		       struct uuid *ret_deletion_id)
{
	enum error error =
		store_project_trashed(op, id, op->now, ret, ret_deletion_id);
	if (error == OK)
		error = project_is_seen(op, ret);
	return error == ERR_NOT_FOUND ? missing(op, id) : error;
}

enum error project_trash_find(struct op *op, struct uuid id,
			      struct project *ret)
{
	struct uuid ignored;

	return find(op, id, ret, &ignored);
}

enum error project_trash_restore(struct op *op, struct uuid id,
				 struct project *ret)
{
	struct uuid deletion_id;
	struct project project;

	TRY(find(op, id, &project, &deletion_id));
	op->project_id = id;
	TRY(come_back(op, &project));
	TRY(store_deletion_state(op, deletion_id, DELETION_RESTORED, op->now));
	const struct event_fact facts[] = {{"name", project.name, false}};
	TRY(event_record(op, "project.restored", "project", id, facts, 1,
			 NULL));
	*ret = project;
	return OK;
}

enum error project_trash_purge(struct op *op, const struct deletion *deletion)
{
	const struct deletion_options options = {.mode = MODE_HARD};
	struct hold_list holds;
	struct project project;
	struct uuid ignored;
	struct thing thing;

	TRY(hold_list(op, &holds));
	if (holds.count)
		return hold_refuse(op, &holds.items[0], HOLD_WAIT);
	TRY(store_project_trashed(op, op->project_id, 0, &project, &ignored));
	TRY(come_back(op, &project));
	TRY(thing_find(op, THING_PROJECT, op->project_id, &thing));
	TRY(deletion_run(op, &thing, &options, NULL));
	op->deletion_id = deletion->id;
	return store_deletion_state(op, deletion->id, DELETION_DONE, op->now);
}
