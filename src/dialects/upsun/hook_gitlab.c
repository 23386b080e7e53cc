/* Events of GitLab: Push Hook and Merge Request Hook. */
#include <string.h>

#include "dialects/upsun/hook.h"

#define BRANCH "refs/heads/"

static bool is(const char *text, const char *which)
{
	return text && strcmp(text, which) == 0;
}

/* The commit of what is not there: zeros alone. */
static bool is_nothing(const char *commit)
{
	return commit && *commit && !commit[strspn(commit, "0")];
}

static void read_push(const struct hook_reader *reader)
{
	const json_t *body = reader->body;
	const char *ref = hook_text(body, "ref");

	if (!ref || strncmp(ref, BRANCH, strlen(BRANCH)) != 0)
		return;
	hook_branch(reader, ref + strlen(BRANCH), hook_text(body, "after"),
		    hook_text(body, "user_username"),
		    is_nothing(hook_text(body, "before")),
		    is_nothing(hook_text(body, "after")));
}

/* An update without `oldrev` is one of its texts. */
static bool read_action(const json_t *merge, enum hook_pull *ret)
{
	const char *action = hook_text(merge, "action");

	if (is(action, "open") || is(action, "reopen"))
		*ret = HOOK_PULL_OPENED;
	else if (is(action, "update") && hook_text(merge, "oldrev"))
		*ret = HOOK_PULL_PUSHED;
	else if (is(action, "close") || is(action, "merge"))
		*ret = HOOK_PULL_CLOSED;
	else
		return false;
	return true;
}

static void read_merge(const struct hook_reader *reader)
{
	const json_t *merge = hook_value(reader->body, "object_attributes");
	bool is_draft = json_is_true(hook_value(merge, "draft")) ||
			json_is_true(hook_value(merge, "work_in_progress"));
	enum hook_pull what;

	if (!hook_flag(reader, "build_merge_requests") ||
	    !read_action(merge, &what) ||
	    (is_draft && what != HOOK_PULL_CLOSED &&
	     !hook_flag(reader, "build_wip_merge_requests")))
		return;
	hook_pull(reader, what, "mr", "object_attributes.iid",
		  hook_text(merge, "last_commit.id"),
		  hook_text(reader->body, "user.username"));
}

static void read_event(const struct hook_reader *reader)
{
	const char *kind = hook_text(reader->body, "object_kind");

	reader->event->repository =
		hook_text(reader->body, "project.path_with_namespace");
	if (is(kind, "push"))
		read_push(reader);
	else if (is(kind, "merge_request"))
		read_merge(reader);
}

const struct hook_provider hook_gitlab = {
	.kind = "gitlab",
	.token = "X-Gitlab-Token",
	.repository = "project",
	.read = read_event,
};
