/* Trying repositories: is the token good, and enough for the repository? */
#include <stdlib.h>
#include <string.h>

#include "base/hmac.h"
#include "base/jws_detached.h"
#include "base/json_member.h"
#include "base/url_encode.h"
#include "core/probe.h"
#include "core/service.h"

enum { GITLAB_MAINTAINER = 40 };

/* The same of all: `host` and `thing` are the fields that name those. */
static bool is_refused(struct probe *probe,
		       const struct outbound_answer *answer, const char *host,
		       const char *token, const char *thing)
{
	if (!answer->status)
		probe_fault(probe, host, "can't be reached: %s",
			    answer->failure);
	else if (answer->status == 401)
		probe_fault(probe, token, "is not taken: it was answered 401");
	else if (answer->status == 403)
		probe_fault(probe, token,
			    "may not do this: it was answered 403");
	else if (answer->status == 404)
		probe_fault(probe, thing,
			    "is not there, or the token does not see it");
	else if (answer->status / 100 != 2)
		probe_fault(probe, host, "answered with %d", answer->status);
	return probe->is_over;
}

static bool is_true(const char *json)
{
	return json && strcmp(json, "true") == 0;
}

/* The words of a JSON list of names, or of a text, as " a b ". */
static bool has_word(const struct probe *probe, const char *words,
		     const char *word)
{
	struct arena *arena = &probe->op->arena;
	const char *text = words ? words : "";

	if (*text == '[')
		text = json_words(arena, text, strlen(text));
	return strstr(arena_printf(arena, " %s ", text),
		      arena_printf(arena, " %s ", word)) != NULL;
}

/* A GitHub of one's own has its API below its own address. */
static bool ask_github(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	const char *base = probe_setting(probe, "base_url");
	bool is_own = base && strcmp(base, "null") != 0;

	probe_get(ret,
		  url_below(arena, is_own ? base : service_url(SERVICE_GITHUB),
			    arena_printf(arena, "%s/repos/%s",
					 is_own ? "/api/v3" : "",
					 probe_setting(probe, "repository"))));
	probe_header(
		ret, "Authorization",
		arena_printf(arena, "Bearer %s", probe_secret(probe, "token")));
	probe_header(ret, "X-GitHub-Api-Version", "2022-11-28");
	return true;
}

static void judge_github(struct probe *probe,
			 const struct outbound_answer *answer)
{
	if (is_refused(probe, answer, "base_url", "token", "repository"))
		return;
	if (!is_true(probe_said(probe, answer, "permissions.push")))
		probe_fault(probe, "token",
			    "may not write to the repository: it needs the "
			    "scope repo");
	else
		probe_works(probe);
}

enum { GITLAB_TOKEN, GITLAB_PROJECT };

static bool ask_gitlab(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	const char *what = "personal_access_tokens/self";

	if (probe->step == GITLAB_PROJECT)
		what = arena_printf(
			arena, "projects/%s",
			url_encode(arena, probe_setting(probe, "project")));
	probe_get(ret, url_below(arena, probe_setting(probe, "base_url"),
				 arena_printf(arena, "/api/v4/%s", what)));
	probe_header(ret, "PRIVATE-TOKEN", probe_secret(probe, "token"));
	return true;
}

static int64_t level(const struct probe *probe,
		     const struct outbound_answer *answer, const char *path)
{
	const char *text = probe_said(probe, answer, path);

	return text ? strtoll(text, NULL, 10) : 0;
}

static void judge_gitlab(struct probe *probe,
			 const struct outbound_answer *answer)
{
	bool is_token = probe->step == GITLAB_TOKEN;

	if (is_refused(probe, answer, "base_url", "token",
		       is_token ? "token" : "project"))
		return;
	if (is_token &&
	    !has_word(probe, probe_said(probe, answer, "scopes"), "api"))
		probe_fault(probe, "token", "needs the scope api");
	else if (is_token)
		probe_go_on(probe, GITLAB_PROJECT);
	else if (level(probe, answer,
		       "permissions.project_access.access_level") <
			 GITLAB_MAINTAINER &&
		 level(probe, answer, "permissions.group_access.access_level") <
			 GITLAB_MAINTAINER)
		probe_fault(probe, "token",
			    "needs the role of a maintainer in the project");
	else
		probe_works(probe);
}

enum { BITBUCKET_LOGIN, BITBUCKET_REPOSITORY };

static const char *encode(struct arena *arena, const char *text)
{
	return jws_encode(arena, text, strlen(text));
}

/* What an add-on shows itself by: HS256 with its shared secret. */
static const char *addon_token(const struct probe *probe, const char *issuer,
			       const char *subject)
{
	struct arena *arena = &probe->op->arena;
	long long seconds = probe->now / 1000000;
	const char *key =
		probe_secret(probe, "addon_credentials.shared_secret");
	const char *claims =
		arena_printf(arena,
			     "{\"iss\":\"%s\",\"sub\":\"%s\",\"iat\":%lld,"
			     "\"exp\":%lld}",
			     issuer, subject, seconds, seconds + 180);
	const char *text = arena_printf(arena, "%s.%s",
					encode(arena, "{\"alg\":\"HS256\","
						      "\"typ\":\"JWT\"}"),
					encode(arena, claims));
	const struct hmac_part part = {text, strlen(text)};
	unsigned char code[HMAC_BYTES];

	hmac_sha256(key, strlen(key), &part, 1, code);
	return arena_printf(arena, "JWT %s.%s", text,
			    jws_encode(arena, code, sizeof(code)));
}

bool probe_log_in_bitbucket(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	const char *key = probe_setting(probe, "app_credentials.key");
	const char *addon = probe_setting(probe, "addon_credentials.addon_key");
	const char *client =
		probe_setting(probe, "addon_credentials.client_key");

	if (!key && !addon) {
		probe_fault(probe, "app_credentials",
			    "are needed to reach the repository");
		return false;
	}
	probe_post(ret,
		   arena_printf(arena, "%s/site/oauth2/access_token",
				service_url(SERVICE_BITBUCKET_SITE)),
		   "application/x-www-form-urlencoded",
		   key ? "grant_type=client_credentials"
		       : "grant_type=urn%3Abitbucket%3Aoauth2%3Ajwt");
	probe_header(
		ret, "Authorization",
		key ? probe_basic(probe, key,
				  probe_secret(probe, "app_credentials.secret"))
		    : addon_token(probe, addon, client ? client : ""));
	return true;
}

static bool ask_bitbucket(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;

	if (probe->step == BITBUCKET_LOGIN)
		return probe_log_in_bitbucket(probe, ret);
	probe_get(ret, arena_printf(arena, "%s/2.0/repositories/%s",
				    service_url(SERVICE_BITBUCKET),
				    probe_setting(probe, "repository")));
	probe_header(ret, "Authorization",
		     arena_printf(arena, "Bearer %s", probe->found));
	return true;
}

static void judge_bitbucket(struct probe *probe,
			    const struct outbound_answer *answer)
{
	const char *by = probe_setting(probe, "app_credentials.key")
				 ? "app_credentials"
				 : "addon_credentials";

	/* OAuth says 400 for credentials that it does not take */
	if (probe->step == BITBUCKET_LOGIN && answer->status == 400)
		probe_fault(probe, by, "are not taken: answered with 400");
	else if (is_refused(probe, answer, "repository", by, "repository"))
		return;
	else if (probe->step == BITBUCKET_REPOSITORY)
		probe_works(probe);
	else if (!has_word(probe, probe_said(probe, answer, "scopes"),
			   "repository") &&
		 !has_word(probe, probe_said(probe, answer, "scopes"),
			   "repository:write"))
		probe_fault(probe, by, "need the scope repository");
	else if (!(probe->found = probe_said(probe, answer, "access_token")))
		probe_fault(probe, by, "brought no access token");
	else
		probe_go_on(probe, BITBUCKET_REPOSITORY);
}

enum { SERVER_REPOSITORY, SERVER_WRITABLE };

static bool ask_bitbucket_server(struct probe *probe, struct outbound_call *ret)
{
	struct arena *arena = &probe->op->arena;
	const char *project =
		url_encode(arena, probe_setting(probe, "project"));
	const char *repository =
		url_encode(arena, probe_setting(probe, "repository"));

	const char *path =
		probe->step == SERVER_REPOSITORY
			? arena_printf(arena,
				       "/rest/api/1.0/projects/%s/repos/%s",
				       project, repository)
			: arena_printf(arena,
				       "/rest/api/1.0/repos?projectkey=%s&"
				       "name=%s&permission=REPO_WRITE&"
				       "limit=1000",
				       project, repository);

	probe_get(ret, url_below(arena, probe_setting(probe, "url"), path));
	probe_header(ret, "Authorization",
		     probe_basic(probe, probe_setting(probe, "username"),
				 probe_secret(probe, "token")));
	return true;
}

static void judge_bitbucket_server(struct probe *probe,
				   const struct outbound_answer *answer)
{
	const char *size;

	if (is_refused(probe, answer, "url", "token", "repository"))
		return;
	if (probe->step == SERVER_REPOSITORY) {
		probe_go_on(probe, SERVER_WRITABLE);
		return;
	}
	size = probe_said(probe, answer, "size");
	if (!size || strtoll(size, NULL, 10) < 1)
		probe_fault(probe, "token", "may not write to the repository");
	else
		probe_works(probe);
}

const struct probe_way probe_git_ways[] = {
	{"bitbucket", ask_bitbucket, judge_bitbucket},
	{"bitbucket_server", ask_bitbucket_server, judge_bitbucket_server},
	{"github", ask_github, judge_github},
	{"gitlab", ask_gitlab, judge_gitlab},
};
const size_t probe_git_count = sizeof(probe_git_ways) / sizeof(*probe_git_ways);
