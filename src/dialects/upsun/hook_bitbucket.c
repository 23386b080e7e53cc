/* Events of Bitbucket's cloud, and of a Bitbucket server. */
#include <string.h>

#include "dialects/upsun/hook.h"

static bool is(const char *text, const char *which)
{
	return text && strcmp(text, which) == 0;
}

static void read_cloud_push(const struct hook_reader *reader)
{
	const json_t *changes = hook_value(reader->body, "push.changes");
	const json_t *change;
	size_t i;

	json_array_foreach (changes, i, change) {
		bool is_deleted = json_is_true(hook_value(change, "closed"));
		const json_t *branch =
			hook_value(change, is_deleted ? "old" : "new");

		if (is(hook_text(branch, "type"), "branch"))
			hook_branch(reader, hook_text(branch, "name"),
				    hook_text(branch, "target.hash"),
				    hook_text(reader->body, "actor.nickname"),
				    json_is_true(hook_value(change, "created")),
				    is_deleted);
	}
}

struct pull_event {
	const char *name;
	enum hook_pull what;
};

static const struct pull_event *find(const struct pull_event *events,
				     const char *name)
{
	for (; events->name; events++)
		if (is(name, events->name))
			return events;
	return NULL;
}

static void read_cloud(const struct hook_reader *reader)
{
	static const struct pull_event pulls[] = {
		{"pullrequest:created", HOOK_PULL_OPENED},
		{"pullrequest:updated", HOOK_PULL_PUSHED},
		{"pullrequest:fulfilled", HOOK_PULL_CLOSED},
		{"pullrequest:rejected", HOOK_PULL_CLOSED},
		{NULL, HOOK_PULL_CLOSED},
	};
	const char *key = request_header(reader->request, "X-Event-Key");
	const json_t *pull = hook_value(reader->body, "pullrequest");
	const struct pull_event *found = find(pulls, key);

	reader->event->repository =
		hook_text(reader->body, "repository.full_name");
	if (is(key, "repo:push"))
		read_cloud_push(reader);
	else if (found && hook_flag(reader, "build_pull_requests"))
		hook_pull(reader, found->what, "pr", "pullrequest.id",
			  hook_text(pull, "source.commit.hash"),
			  hook_text(reader->body, "actor.nickname"));
}

static void read_refs(const struct hook_reader *reader)
{
	const json_t *changes = hook_value(reader->body, "changes"), *change;
	size_t i;

	json_array_foreach (changes, i, change) {
		const char *type = hook_text(change, "type");

		if (is(hook_text(change, "ref.type"), "BRANCH"))
			hook_branch(reader, hook_text(change, "ref.displayId"),
				    hook_text(change, "toHash"),
				    hook_text(reader->body, "actor.name"),
				    is(type, "ADD"), is(type, "DELETE"));
	}
}

/* KEY/slug, as the integration's two settings name it. */
static const char *server_repository(const struct hook_reader *reader)
{
	const json_t *repository = hook_value(reader->body, "repository");
	const char *key, *slug;

	if (!repository)
		repository = hook_value(reader->body,
					"pullRequest.toRef.repository");
	key = hook_text(repository, "project.key");
	slug = hook_text(repository, "slug");
	return key && slug ? arena_printf(&reader->request->op.arena, "%s/%s",
					  key, slug)
			   : NULL;
}

static void read_server(const struct hook_reader *reader)
{
	static const struct pull_event pulls[] = {
		{"pr:opened", HOOK_PULL_OPENED},
		{"pr:from_ref_updated", HOOK_PULL_PUSHED},
		{"pr:merged", HOOK_PULL_CLOSED},
		{"pr:declined", HOOK_PULL_CLOSED},
		{"pr:deleted", HOOK_PULL_CLOSED},
		{NULL, HOOK_PULL_CLOSED},
	};
	const char *key = request_header(reader->request, "X-Event-Key");
	const json_t *pull = hook_value(reader->body, "pullRequest");
	const struct pull_event *found = find(pulls, key);

	reader->event->repository = server_repository(reader);
	if (is(key, "repo:refs_changed"))
		read_refs(reader);
	else if (found && hook_flag(reader, "build_pull_requests"))
		hook_pull(reader, found->what, "pr", "pullRequest.id",
			  hook_text(pull, "fromRef.latestCommit"),
			  hook_text(reader->body, "actor.name"));
}

const struct hook_provider hook_bitbucket = {
	.kind = "bitbucket",
	.signature = "X-Hub-Signature",
	.prefix = "sha256=",
	.repository = "repository",
	.read = read_cloud,
};

const struct hook_provider hook_bitbucket_server = {
	.kind = "bitbucket_server",
	.signature = "X-Hub-Signature",
	.prefix = "sha256=",
	.repository = "project/repository",
	.read = read_server,
};
