/* The proxy: what is below /proxy goes on to an installation's provider. */
#include <string.h>
#include <strings.h>

#include "base/json_member.h"
#include "core/passing.h"
#include "dialects/ampersand/ampersand.h"

#define PREFIX "/proxy"

static bool is_true(struct op *op, const char *json, const char *path)
{
	const char *value = json_member(&op->arena, json, strlen(json), path);

	return value && strcmp(value, "true") == 0;
}

static bool allows(struct op *op, const struct installation_view *view)
{
	return is_true(op, view->config.content, "proxy.enabled");
}

static enum error missing(struct request *request, const char *name,
			  const char *why)
{
	op_issue(&request->op, "header", name, "%s", why);
	return op_fail(&request->op, ERR_MISSHAPEN, "%s %s", name, why);
}

static enum error enter(struct request *request)
{
	const char *version = request_header(request, "X-Amp-Proxy-Version");
	const char *handle = request_header(request, "X-Amp-Project-Id");
	struct project project;

	if (!version || strcmp(version, "1") != 0)
		return missing(request, "X-Amp-Proxy-Version", "must be 1");
	if (!handle || !*handle)
		return missing(request, "X-Amp-Project-Id", "is required");
	return project_enter(&request->op, PROJECT_BY_ID_OR_NAME, handle,
			     &project);
}

static enum error find_by_id(struct request *request, const char *text,
			     struct installation_view *ret)
{
	struct uuid id;

	if (uuid_parse(text, &id))
		return installation_find(&request->op, id, ret);
	return op_fail(&request->op, ERR_NOT_FOUND,
		       "there is no installation %s", text);
}

/* The installation's id wins over the names. */
static enum error find(struct request *request, struct installation_view *ret)
{
	const char *id = request_header(request, "X-Amp-Installation-Id");
	const char *name = request_header(request, "X-Amp-Integration-Name");
	const char *group = request_header(request, "X-Amp-Group-Ref");
	struct integration integration;

	if (id && *id)
		return find_by_id(request, id, ret);
	if (!name || !*name || !group || !*group)
		return missing(request, "X-Amp-Installation-Id",
			       "is required, or both X-Amp-Integration-Name "
			       "and X-Amp-Group-Ref");
	TRY(integration_find(&request->op, INTEGRATION_MANIFEST, name,
			     &integration));
	return installation_of_group(&request->op, integration.id, group, ret);
}

/* The module's where the manifest says so, else the provider's. */
static enum error find_base(struct op *op, const struct installation_view *view,
			    const char **ret)
{
	const struct provider *provider =
		catalog_find(view->connection.connection.kind);
	const char *module = NULL;
	struct revision revision;

	TRY(revision_get(op, view->config.revision_id, &revision));
	if (is_true(op, revision.content, "proxy.useModule"))
		module = json_member_text(&op->arena, revision.content,
					  strlen(revision.content), "module");
	if (!provider)
		return op_fail(op, ERR_INVALID, "the provider is not known");
	*ret = module ? provider_base_url(provider, module)
		      : provider->base_url;
	return *ret ? OK
		    : op_fail(op, ERR_INVALID,
			      "the provider's address is not known");
}

static enum error read_mode(struct request *request, bool *ret)
{
	const char *mode = request_header(request, "X-Amp-Rate-Limiter-Mode");

	*ret = mode && strcasecmp(mode, "throttle") == 0;
	if (mode && !*ret)
		return missing(request, "X-Amp-Rate-Limiter-Mode",
			       "must be throttle");
	return OK;
}

static enum error make(struct request *request,
		       const struct installation_view *view)
{
	struct op *op = &request->op;
	struct passing *made = arena_alloc(&op->arena, sizeof(*made));
	struct outbound_header *headers = arena_alloc(
		&op->arena, REQUEST_HEADER_COUNT_MAX * sizeof(*headers));
	struct passing_new asked = {
		.method = request->method_text,
		.target = request->target + strlen(PREFIX),
		.headers = headers,
		.allows = allows,
	};

	asked.header_count =
		request_headers(request, headers, REQUEST_HEADER_COUNT_MAX);
	TRY(read_mode(request, &asked.is_throttled));
	TRY(find_base(op, view, &asked.base_url));
	TRY(passing_make(op, view, &asked, made));
	request->kept = made;
	return OK;
}

enum error amp_pass_on(struct request *request)
{
	struct op *op = &request->op;
	struct installation_view view;

	TRY(enter(request));
	TRY(access_to_write(op));
	TRY(find(request, &view));
	if (allows(op, &view))
		return make(request, &view);
	op_advise(op, "Set config.content.proxy.enabled of the installation.");
	return op_fail(op, ERR_FORBIDDEN,
		       "the installation's configuration does not enable the "
		       "proxy");
}
