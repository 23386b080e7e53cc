/* What each git provider's webhooks are reached by, and how one is written. */
#include <string.h>

#include "base/json_member.h"
#include "base/json_read.h"
#include "base/url_encode.h"
#include "core/git_webhook.h"
#include "core/service.h"

/* The settings that a registration needs to remember. */
static const char *const placing[] = {"base_url",	  "url",
				      "project",	  "repository",
				      "username",	  "app_credentials",
				      "addon_credentials"};

static const char *setting(struct op *op, const char *settings,
			   const char *name)
{
	const char *value =
		json_member(&op->arena, settings, strlen(settings), name);

	return value && *value && strcmp(value, "null") != 0 ? value : NULL;
}

/* Without the slashes at its end. */
static const char *server(struct op *op, const char *url)
{
	size_t length = strlen(url);

	while (length && url[length - 1] == '/')
		length--;
	return arena_strndup(&op->arena, url, length);
}

/* owner/name: the slash stays. */
static const char *both_parts(struct op *op, const char *repository)
{
	struct arena *arena = &op->arena;
	const char *slash = strchr(repository, '/');

	if (!slash)
		return url_encode(arena, repository);
	return arena_printf(
		arena, "%s/%s",
		url_encode(arena, arena_strndup(arena, repository,
						(size_t)(slash - repository))),
		url_encode(arena, slash + 1));
}

static const char *github_address(struct op *op, const char *settings)
{
	const char *base = setting(op, settings, "base_url");
	const char *repository = setting(op, settings, "repository");

	if (!repository)
		return NULL;
	return arena_printf(&op->arena, "%s%s/repos/%s/hooks",
			    base ? server(op, base)
				 : service_url(SERVICE_GITHUB),
			    base ? "/api/v3" : "", both_parts(op, repository));
}

static const char *gitlab_address(struct op *op, const char *settings)
{
	const char *base = setting(op, settings, "base_url");
	const char *project = setting(op, settings, "project");

	if (!base || !project)
		return NULL;
	return arena_printf(&op->arena, "%s/api/v4/projects/%s/hooks",
			    server(op, base), url_encode(&op->arena, project));
}

static const char *bitbucket_address(struct op *op, const char *settings)
{
	const char *repository = setting(op, settings, "repository");

	if (!repository ||
	    (!setting(op, settings, "app_credentials.key") &&
	     !setting(op, settings, "addon_credentials.addon_key")))
		return NULL;
	return arena_printf(&op->arena, "%s/2.0/repositories/%s/hooks",
			    service_url(SERVICE_BITBUCKET),
			    both_parts(op, repository));
}

static const char *server_address(struct op *op, const char *settings)
{
	const char *url = setting(op, settings, "url");
	const char *project = setting(op, settings, "project");
	const char *repository = setting(op, settings, "repository");

	if (!url || !project || !repository)
		return NULL;
	return arena_printf(&op->arena,
			    "%s/rest/api/1.0/projects/%s/repos/%s/webhooks",
			    server(op, url), url_encode(&op->arena, project),
			    url_encode(&op->arena, repository));
}

static const char *bearer(const struct git_webhook_talk *talk,
			  const char *token)
{
	return arena_printf(&talk->probe.op->arena, "Bearer %s", token);
}

static void sign_github(struct git_webhook_talk *talk,
			struct outbound_call *call)
{
	probe_header(call, "Authorization",
		     bearer(talk, probe_secret(&talk->probe, "token")));
	probe_header(call, "X-GitHub-Api-Version", "2022-11-28");
}

static void sign_gitlab(struct git_webhook_talk *talk,
			struct outbound_call *call)
{
	probe_header(call, "PRIVATE-TOKEN",
		     probe_secret(&talk->probe, "token"));
}

static void sign_bitbucket(struct git_webhook_talk *talk,
			   struct outbound_call *call)
{
	probe_header(call, "Authorization", bearer(talk, talk->probe.found));
}

static void sign_server(struct git_webhook_talk *talk,
			struct outbound_call *call)
{
	const char *user = probe_setting(&talk->probe, "username");

	probe_header(call, "Authorization",
		     probe_basic(&talk->probe, user ? user : "",
				 probe_secret(&talk->probe, "token")));
}

static const char *page(const struct git_webhook_talk *talk, const char *size,
			const char *number)
{
	return arena_printf(&talk->probe.op->arena, "%s?%s=%d&%s=%lld",
			    talk->of.address, size, GIT_WEBHOOKS_ON_PAGE,
			    number, (long long)talk->page);
}

static const char *list_by_page(const struct git_webhook_talk *talk)
{
	return page(talk, "per_page", "page");
}

static const char *list_bitbucket(const struct git_webhook_talk *talk)
{
	return page(talk, "pagelen", "page");
}

static const char *list_server(const struct git_webhook_talk *talk)
{
	return page(talk, "limit", "start");
}

static const char *quoted(const struct git_webhook_talk *talk, const char *text)
{
	return json_quote(&talk->probe.op->arena, text);
}

static const char *write_github(const struct git_webhook_talk *talk)
{
	return arena_printf(
		&talk->probe.op->arena,
		"{%s\"active\":true,\"events\":[\"push\",\"pull_request\"],"
		"\"config\":{\"url\":%s,\"content_type\":\"json\","
		"\"insecure_ssl\":\"0\",\"secret\":%s}}",
		talk->of.hook_id ? "" : "\"name\":\"web\",",
		quoted(talk, talk->of.hook_url), quoted(talk, talk->secret));
}

static const char *write_gitlab(const struct git_webhook_talk *talk)
{
	return arena_printf(&talk->probe.op->arena,
			    "{\"url\":%s,\"token\":%s,\"push_events\":true,"
			    "\"merge_requests_events\":true,"
			    "\"enable_ssl_verification\":true}",
			    quoted(talk, talk->of.hook_url),
			    quoted(talk, talk->secret));
}

static const char *write_bitbucket(const struct git_webhook_talk *talk)
{
	return arena_printf(
		&talk->probe.op->arena,
		"{\"description\":\"Cleat\",\"url\":%s,\"active\":true,"
		"\"secret\":%s,\"events\":[\"repo:push\","
		"\"pullrequest:created\",\"pullrequest:updated\","
		"\"pullrequest:fulfilled\",\"pullrequest:rejected\"]}",
		quoted(talk, talk->of.hook_url), quoted(talk, talk->secret));
}

static const char *write_server(const struct git_webhook_talk *talk)
{
	return arena_printf(
		&talk->probe.op->arena,
		"{\"name\":\"Cleat\",\"url\":%s,\"active\":true,"
		"\"configuration\":{\"secret\":%s},"
		"\"events\":[\"repo:refs_changed\",\"pr:opened\","
		"\"pr:from_ref_updated\",\"pr:merged\",\"pr:declined\","
		"\"pr:deleted\"]}",
		quoted(talk, talk->of.hook_url), quoted(talk, talk->secret));
}

static const struct git_webhook_way ways[] = {
	{"bitbucket", "url", "uuid", "PUT", bitbucket_address, "repository",
	 true, sign_bitbucket, list_bitbucket, write_bitbucket},
	{"bitbucket_server", "url", "id", "PUT", server_address,
	 "project/repository", false, sign_server, list_server, write_server},
	{"github", "config.url", "id", "PATCH", github_address, "repository",
	 false, sign_github, list_by_page, write_github},
	{"gitlab", "url", "id", "PUT", gitlab_address, "project", false,
	 sign_gitlab, list_by_page, write_gitlab},
};

const struct git_webhook_way *git_webhook_way(const char *kind)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(ways[i].kind, kind) == 0)
			return &ways[i];
	return NULL;
}

static const char *name_of(struct op *op, const struct git_webhook_way *way,
			   const char *settings)
{
	const char *slash = strchr(way->repository, '/');
	struct arena *arena = &op->arena;

	if (!slash)
		return setting(op, settings, way->repository);
	return arena_printf(
		arena, "%s/%s",
		setting(op, settings,
			arena_strndup(arena, way->repository,
				      (size_t)(slash - way->repository))),
		setting(op, settings, slash + 1));
}

/* NULL when the settings are no object. */
static const char *placing_part(struct op *op, const char *settings)
{
	json_t *all, *part = json_new_object(&op->arena);
	const char *why;

	if (json_read(&op->arena, settings, strlen(settings), &all, &why) != OK)
		return NULL;
	for (size_t i = 0; i < sizeof(placing) / sizeof(*placing); i++) {
		json_t *value = json_object_get(all, placing[i]);

		if (value && !json_is_null(value))
			json_object_set(part, placing[i], value);
	}
	return json_text(&op->arena, part);
}

bool git_webhook_place(struct op *op, const struct integration *of,
		       struct registration *ret)
{
	const struct git_webhook_way *way = NULL;

	if (of->family == INTEGRATION_THIRD_PARTY)
		way = git_webhook_way(of->kind);
	const char *address = way ? way->address(op, of->settings) : NULL;
	const char *place = address ? placing_part(op, of->settings) : NULL;

	if (!place)
		return false;
	ret->kind = of->kind;
	ret->address = address;
	ret->place = place;
	ret->repository = name_of(op, way, of->settings);
	return true;
}
