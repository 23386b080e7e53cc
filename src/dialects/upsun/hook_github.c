/* Events of GitHub: push and pull_request. */
#include <string.h>

#include "dialects/upsun/hook.h"

#define BRANCH "refs/heads/"

static bool is(const char *text, const char *which)
{
	return text && strcmp(text, which) == 0;
}

static void read_push(const struct hook_reader *reader)
{
	const json_t *body = reader->body;
	const char *ref = hook_text(body, "ref");

	if (!ref || strncmp(ref, BRANCH, strlen(BRANCH)) != 0)
		return; /* a tag */
	hook_branch(reader, ref + strlen(BRANCH), hook_text(body, "after"),
		    hook_text(body, "pusher.name"),
		    json_is_true(hook_value(body, "created")),
		    json_is_true(hook_value(body, "deleted")));
}

/* False for an action that builds nothing. */
static bool read_action(const char *action, enum hook_pull *ret)
{
	if (is(action, "opened") || is(action, "reopened") ||
	    is(action, "ready_for_review"))
		*ret = HOOK_PULL_OPENED;
	else if (is(action, "synchronize"))
		*ret = HOOK_PULL_PUSHED;
	else if (is(action, "closed"))
		*ret = HOOK_PULL_CLOSED;
	else
		return false;
	return true;
}

static void read_pull(const struct hook_reader *reader)
{
	const json_t *pull = hook_value(reader->body, "pull_request");
	bool is_draft = json_is_true(hook_value(pull, "draft"));
	enum hook_pull what;

	if (!hook_flag(reader, "build_pull_requests") ||
	    !read_action(hook_text(reader->body, "action"), &what) ||
	    (is_draft && what != HOOK_PULL_CLOSED &&
	     !hook_flag(reader, "build_draft_pull_requests")))
		return;
	hook_pull(reader, what, "pr", "number", hook_text(pull, "head.sha"),
		  hook_text(reader->body, "sender.login"));
}

static void read_event(const struct hook_reader *reader)
{
	const char *event = request_header(reader->request, "X-GitHub-Event");

	reader->event->repository =
		hook_text(reader->body, "repository.full_name");
	if (is(event, "push"))
		read_push(reader);
	else if (is(event, "pull_request"))
		read_pull(reader);
}

const struct hook_provider hook_github = {
	.kind = "github",
	.signature = "X-Hub-Signature-256",
	.prefix = "sha256=",
	.repository = "repository",
	.read = read_event,
};
