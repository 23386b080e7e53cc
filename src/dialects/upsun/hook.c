/* [ours] #hook: a git provider tells its integration what happened there. */
#include "dialects/upsun/hook.h"

#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "core/principal.h"

static const struct hook_provider *const providers[] = {
	&hook_github, &hook_gitlab, &hook_bitbucket, &hook_bitbucket_server};

static const struct hook_provider *provider_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (strcmp(providers[i]->kind, kind) == 0)
			return providers[i];
	return NULL;
}

bool hook_flag(const struct hook_reader *reader, const char *name)
{
	return json_is_true(json_object_get(reader->settings, name));
}

const json_t *hook_value(const json_t *value, const char *path)
{
	char name[64];

	while (value && *path) {
		size_t length = strcspn(path, ".");

		if (length >= sizeof(name))
			return NULL;
		memcpy(name, path, length);
		name[length] = '\0';
		value = json_object_get(value, name);
		path += length + (path[length] == '.');
	}
	return value;
}

const char *hook_text(const json_t *value, const char *path)
{
	return json_string_value(hook_value(value, path));
}

static void add(const struct hook_reader *reader, const struct git_change *it)
{
	struct hook_event *event = reader->event;

	if (event->count < GIT_HOOK_CHANGES_MAX)
		event->changes[event->count++] = *it;
}

void hook_branch(const struct hook_reader *reader, const char *name,
		 const char *commit, const char *by, bool is_made,
		 bool is_deleted)
{
	struct git_change change = {"environment.push", name, commit, by};

	if (!name || !*name || !hook_flag(reader, "fetch_branches") ||
	    (is_deleted && !hook_flag(reader, "prune_branches")))
		return;
	if (is_made)
		change.type = "environment.branch";
	if (is_deleted)
		change.type = "environment.delete";
	add(reader, &change);
}

void hook_pull(const struct hook_reader *reader, enum hook_pull what,
	       const char *prefix, const char *number_path, const char *commit,
	       const char *by)
{
	static const char *const types[] = {
		[HOOK_PULL_OPENED] = "environment.branch",
		[HOOK_PULL_PUSHED] = "environment.push",
		[HOOK_PULL_CLOSED] = "environment.delete",
	};
	struct op *op = &reader->request->op;
	json_int_t number =
		json_integer_value(hook_value(reader->body, number_path));
	const char *name = arena_printf(&op->arena, "%s-%" JSON_INTEGER_FORMAT,
					prefix, number);

	if (number < 1) {
		op_issue(op, "body", number_path, "must be a positive integer");
		return;
	}
	add(reader, &(struct git_change){types[what], name, commit, by});
}

static const char *after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return text && strncmp(text, prefix, length) == 0 ? text + length
							  : NULL;
}

static enum error check(struct request *request,
			const struct hook_provider *provider,
			const struct integration *integration)
{
	struct git_hook_proof proof = {
		.body = buf_cstr(&request->body),
		.length = request->body.length,
	};

	if (provider->signature)
		proof.signature =
			after(request_header(request, provider->signature),
			      provider->prefix);
	if (provider->token)
		proof.token = request_header(request, provider->token);
	return git_hook_check(&request->op, integration, &proof);
}

/* The setting's, or both settings' with a slash between. */
static bool is_its_repository(struct op *op, const json_t *settings,
			      const char *names, const char *repository)
{
	const char *slash = strchr(names, '/');
	const char *wanted = json_string_value(
		json_object_get(settings, slash ? slash + 1 : names));

	if (wanted && slash) {
		const char *first = arena_strndup(&op->arena, names,
						  (size_t)(slash - names));

		first = json_string_value(json_object_get(settings, first));
		wanted = arena_printf(&op->arena, "%s/%s", first ? first : "",
				      wanted);
	}
	return wanted && strcasecmp(wanted, repository) == 0;
}

/*
 * The event's JSON: the body, or its member `payload` where the provider sends
 * a form, as GitHub's webhooks do unless they are told otherwise.
 */
static enum error read_json(struct request *request, json_t **ret)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = request_header(request, "Content-Type");
	struct argument args[REQUEST_ARGS_MAX];
	struct op *op = &request->op;
	const char *why, *text = buf_cstr(&request->body);
	size_t count = 0, length = request->body.length;

	if (type && strncasecmp(type, form, sizeof(form) - 1) == 0) {
		bool is_form = url_split_args(&op->arena, text, args,
					      REQUEST_ARGS_MAX, &count);

		text = NULL;
		for (size_t i = 0; is_form && i < count; i++)
			if (strcmp(args[i].name, "payload") == 0)
				text = args[i].value;
		if (!text)
			return op_fail(op, ERR_MALFORMED,
				       "the form has no payload");
		length = strlen(text);
	}
	if (json_read(&op->arena, text, length, ret, &why) != OK)
		return op_fail(op, ERR_MALFORMED, "%s", why);
	return OK;
}

static enum error refuse_another(struct request *request,
				 const struct hook_provider *provider,
				 const json_t *settings, const char *repository)
{
	struct op *op = &request->op;

	if (!repository ||
	    is_its_repository(op, settings, provider->repository, repository))
		return OK;
	op_issue(op, "body", "repository", "is not the integration's");
	return op_fail(op, ERR_INVALID, "another repository");
}

static enum error read_event(struct request *request,
			     const struct hook_provider *provider,
			     const struct integration *integration,
			     struct hook_event *ret)
{
	struct op *op = &request->op;
	json_t *settings, *body;
	const char *why;

	if (json_read(&op->arena, integration->settings,
		      strlen(integration->settings), &settings, &why) != OK)
		return op_fail(op, ERR_INTERNAL, "settings are not JSON");
	TRY(read_json(request, &body));
	const struct hook_reader reader = {request, settings, body, ret};
	*ret = (struct hook_event){NULL, .count = 0};
	provider->read(&reader);
	TRY(refuse_another(request, provider, settings, ret->repository));
	return op->issue_count ? op_fail(op, ERR_INVALID, "%s %s",
					 op->issues[0].field, op->issues[0].why)
			       : OK;
}

static enum error answer(struct request *request, const struct project *project,
			 const struct integration *integration,
			 const struct activity *activities, size_t count)
{
	const struct upsun_reader reader = {request_origin(request), project,
					    false};
	struct json_writer w = upsun_answer(request, 200);

	json_begin_object(&w, NULL);
	json_put_string(&w, "status", "OK");
	json_put_integer(&w, "code", 200);
	json_begin_object(&w, "_embedded");
	json_begin_array(&w, "activities");
	for (size_t i = 0; i < count; i++)
		TRY(upsun_write_activity(&request->op, &w, &reader, NULL,
					 &activities[i]));
	json_end_array(&w);
	json_end_object(&w);
	upsun_begin_links(
		request, &w,
		upsun_integration_path(&request->op, project, integration),
		"Integration");
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}

static enum error enter(struct request *request, struct project *project,
			struct integration *integration,
			const struct hook_provider **ret)
{
	TRY(project_enter_unknown(&request->op, PROJECT_BY_SHORT_ID,
				  request->params[0], project));
	TRY(upsun_find_integration(request, integration));
	*ret = provider_of(integration->kind);
	return *ret ? OK : ERR_NOT_FOUND;
}

enum error upsun_take_hook(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct integration integration;
	const struct hook_provider *provider;
	struct activity *made =
		arena_alloc(&op->arena, GIT_HOOK_CHANGES_MAX * sizeof(*made));
	struct hook_event event;

	enum error error = enter(request, &project, &integration, &provider);
	if (error == ERR_NOT_FOUND) /* anybody may ask: no word of which */
		op_explain(op, "nothing takes events here");
	TRY(error);
	TRY(check(request, provider, &integration));
	TRY(read_event(request, provider, &integration, &event));
	for (size_t i = 0; i < event.count; i++)
		TRY(git_hook_record(op, &integration, &event.changes[i],
				    &made[i]));
	return answer(request, &project, &integration, made, event.count);
}

enum error upsun_renew_hook_secret(struct request *request)
{
	struct op *op = &request->op;
	struct project project;
	struct integration integration;
	const char *secret;

	TRY(upsun_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(upsun_find_integration(request, &integration));
	if (!provider_of(integration.kind))
		return op_fail(op, ERR_NOT_FOUND,
			       "integrations of this type take no events");
	TRY(git_hook_renew(op, &integration, &secret));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_string(&w, "secret", secret);
	json_put_string(&w, "url",
			arena_printf(&op->arena, "%s%s/hook",
				     request_origin(request),
				     upsun_integration_path(op, &project,
							    &integration)));
	json_end_object(&w);
	return OK;
}
