/* Entering, listing and making projects. */
#include "core/project.h"

#include <string.h>

#include "base/random.h"
#include "core/event.h"
#include "core/organization.h"
#include "core/principal.h"
#include "core/project_key.h"
#include "core/store.h"

static enum error unknown_project(struct op *op, const char *handle)
{
	op_advise(op, "Check the project's id or name.");
	return op_fail(op, ERR_NOT_FOUND, "there is no project %s", handle);
}

/* Is who asks of this organization? ERR_NOT_FOUND. */
static enum error is_of(struct op *op, struct uuid organization_id)
{
	const struct principal *who = op->principal;
	bool is_home = uuid_equal(who->organization_id, organization_id);
	struct membership membership;

	if (uuid_is_nil(who->builder_id))
		return is_home ? OK : ERR_NOT_FOUND;
	if (is_home && who->sees_organization)
		return OK;
	/* also its own: it may have joined by this very operation */
	return store_membership_get(op, organization_id, who->builder_id,
				    &membership);
}

/* The token whose projects it may use. */
static struct uuid reach_of(const struct principal *who)
{
	return uuid_is_nil(who->reach_id) ? who->token_id : who->reach_id;
}

enum error project_is_seen(struct op *op, const struct project *project)
{
	const struct principal *who = op->principal;

	if (!who)
		return ERR_NOT_FOUND;
	if (!uuid_is_nil(who->builder_id))
		return is_of(op, project->organization_id);
	if (uuid_equal(who->project_id, project->id))
		return OK;
	TRY(is_of(op, project->organization_id));
	if (who->sees_organization)
		return OK;
	if (who->sees_made_projects)
		return store_token_allowed(op, reach_of(who), project->id);
	return ERR_NOT_FOUND;
}

static const char *to_lower(struct op *op, const char *text)
{
	return arena_lower(&op->arena, text);
}

enum { REMEMBERED_TEXT = 160 };

/*
 * The project that this thread's last request was about, for as long as its
 * reads are of the same snapshot.
 */
struct remembered {
	uint64_t snapshot; /* 0: empty */
	enum project_handle by;
	struct project project; /* its texts are those below */
	char handle[REMEMBERED_TEXT];
	char name[REMEMBERED_TEXT];
	char title[REMEMBERED_TEXT];
	char short_id[REMEMBERED_TEXT];
	char version[REMEMBERED_TEXT];
};

static _Thread_local struct remembered last;

/* False when the text is too long to be remembered. */
static bool keep_text(char *to, const char *text, const char **ret)
{
	size_t size = strlen(text) + 1;

	if (size > REMEMBERED_TEXT)
		return false;
	memcpy(to, text, size);
	*ret = to;
	return true;
}

static void remember(uint64_t snapshot, enum project_handle by,
		     const char *handle, const struct project *project)
{
	struct project *kept = &last.project;
	const char *ignored;

	last.by = by;
	*kept = *project;
	bool is_kept =
		keep_text(last.handle, handle, &ignored) &&
		keep_text(last.name, project->name, &kept->name) &&
		keep_text(last.title, project->title, &kept->title) &&
		keep_text(last.short_id, project->short_id, &kept->short_id) &&
		keep_text(last.version, project->version, &kept->version);
	last.snapshot = is_kept ? snapshot : 0;
}

/* Names and uuids come in any case, short ids as they are made alone. */
static const char *as_kept(struct op *op, enum project_handle by,
			   const char *handle)
{
	return by == PROJECT_BY_SHORT_ID ? handle : to_lower(op, handle);
}

static enum error find_project(struct op *op, enum project_handle by,
			       const char *handle, struct project *ret)
{
	uint64_t snapshot = store_recent(op);

	if (snapshot && last.snapshot == snapshot && last.by == by &&
	    strcmp(last.handle, handle) == 0) {
		*ret = last.project;
		return OK;
	}
	TRY(store_project_find(op, by, handle, ret));
	remember(snapshot, by, handle, ret);
	return OK;
}

enum error project_enter(struct op *op, enum project_handle by,
			 const char *handle, struct project *ret)
{
	struct project found;
	struct uuid id;

	if (by == PROJECT_BY_ID_OR_NAME)
		by = uuid_parse(handle, &id) ? PROJECT_BY_ID : PROJECT_BY_NAME;
	enum error error =
		find_project(op, by, as_kept(op, by, handle), &found);
	if (error == OK)
		error = project_is_seen(op, &found);
	if (error == ERR_NOT_FOUND)
		return unknown_project(op, handle);
	TRY(error);
	op->project_id = found.id;
	*ret = found;
	return OK;
}

enum error project_enter_unknown(struct op *op, enum project_handle by,
				 const char *handle, struct project *ret)
{
	enum error error = find_project(op, by, as_kept(op, by, handle), ret);

	if (error == ERR_NOT_FOUND)
		return unknown_project(op, handle);
	TRY(error);
	op->project_id = ret->id;
	return OK;
}

enum error project_of_op(struct op *op, struct project *ret)
{
	char id[UUID_TEXT];

	uuid_format(op->project_id, id);
	return store_project_find(op, PROJECT_BY_ID, id, ret);
}

enum error project_list_seen(struct op *op, const struct project_list *all,
			     struct project_list *ret)
{
	struct project_list seen = {all->items, 0};

	for (size_t i = 0; i < all->count; i++) {
		enum error error = project_is_seen(op, &all->items[i]);

		if (error == OK)
			seen.items[seen.count++] = all->items[i];
		else if (error != ERR_NOT_FOUND)
			return error;
	}
	*ret = seen;
	return OK;
}

enum error project_list(struct op *op, struct project_list *ret)
{
	struct project_list all;

	TRY(store_project_list(op, &all));
	return project_list_seen(op, &all, ret);
}

enum error project_list_all(struct op *op, struct project_list *ret)
{
	return store_project_list(op, ret);
}

enum error project_list_kept(struct op *op, struct project_list *ret)
{
	return store_project_list_kept(op, ret);
}

enum error project_find_kept(struct op *op, const char *handle,
			     struct uuid *ret)
{
	struct project project;
	struct uuid id;
	bool is_id = uuid_parse(handle, &id), was = false;

	if (is_id)
		TRY(store_project_was(op, id, &was));
	if (was) {
		*ret = id;
		return OK;
	}
	enum error error = store_project_find(
		op, is_id ? PROJECT_BY_ID : PROJECT_BY_NAME, handle, &project);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no project %s", handle);
	TRY(error);
	*ret = project.id;
	return OK;
}

bool project_name_is_valid(const char *name)
{
	size_t length = strlen(name);

	if (length < 2 || length > PROJECT_NAME_MAX || name[0] == '-' ||
	    name[length - 1] == '-')
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static enum error check_name(struct op *op, const char *name)
{
	struct uuid id;

	if (uuid_parse(name, &id)) {
		op_issue(op, "body", "name", "must not look like an id");
		return op_fail(op, ERR_INVALID, "%s looks like an id", name);
	}
	if (project_name_is_valid(name))
		return OK;
	op_issue(op, "body", "name",
		 "must be 2 to 128 letters, digits and dashes, and "
		 "neither begin nor end with a dash");
	return op_fail(op, ERR_INVALID,
		       "%s is no name for a project: 2 to 128 of a-z, 0-9 "
		       "and -, which stands neither first nor last",
		       name);
}

static enum error say_taken(struct op *op, const char *name, enum error error)
{
	if (error != ERR_TAKEN)
		return error;
	op_issue(op, "body", "name", "is taken");
	return op_fail(op, ERR_TAKEN, "there is a project %s already", name);
}

static enum error add_project(struct op *op, struct uuid organization_id,
			      const char *name, const char *title,
			      struct project *ret)
{
	char short_id[ID13_TEXT];

	TRY(check_name(op, name));
	id13_format(random_u64(), short_id);
	struct project project = {
		.id = uuid_make(op->now),
		.organization_id = organization_id,
		.name = name,
		.title = title,
		.short_id = arena_strdup(&op->arena, short_id),
		.version = PROJECT_VERSION,
		.created_at = op->now,
		.updated_at = op->now,
	};
	TRY(say_taken(op, name, store_project_add(op, &project)));
	op->project_id = project.id;
	TRY(project_key_make(op, 1, true));
	const struct event_fact facts[] = {{"name", name, false}};
	TRY(event_record(op, "project.created", "project", project.id, facts, 1,
			 NULL));
	*ret = project;
	return OK;
}

enum error project_create(struct op *op, const char *name, const char *title,
			  struct project *ret)
{
	TRY(access_to_manage(op));
	return project_create_in(op, op->principal->organization_id, name,
				 title, ret);
}

enum error project_create_in(struct op *op, struct uuid organization_id,
			     const char *name, const char *title,
			     struct project *ret)
{
	const struct principal *who = op->principal;

	TRY(access_to_manage(op));
	TRY(is_of(op, organization_id));
	TRY(add_project(op, organization_id, to_lower(op, name), title, ret));
	if (who->sees_organization || !uuid_is_nil(who->builder_id))
		return OK;
	return store_token_allow(op, reach_of(who), ret->id);
}

enum error project_update(struct op *op, const struct project *which,
			  const char *name, const char *title,
			  struct project *ret)
{
	struct project to = *which;

	if (name)
		to.name = to_lower(op, name);
	if (title)
		to.title = title;
	if (name)
		TRY(check_name(op, to.name));
	to.updated_at = op->now;
	TRY(say_taken(op, to.name, store_project_change(op, &to)));
	const struct event_fact facts[] = {{"name", to.name, false}};
	TRY(event_record(op, "project.updated", "project", to.id, facts, 1,
			 NULL));
	*ret = to;
	return OK;
}

enum error project_found(struct op *op, const char *organization,
			 const char *name, const char *title,
			 struct project *ret)
{
	struct organization owner;

	TRY(organization_found(op, organization, &owner));
	return add_project(op, owner.id, to_lower(op, name), title, ret);
}
