/* Integrations and the manifests that make them. */
#include <string.h>

#include "base/json_read.h"
#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

static enum error put_with_revision(struct request *request,
				    struct json_writer *w,
				    const struct integration *integration)
{
	struct revision revision;

	TRY(revision_get(&request->op, integration->revision_id, &revision));
	amp_put_integration(w, request->op.project_id, integration, &revision);
	return OK;
}

enum error amp_list_integrations(struct request *request)
{
	struct integration_list list;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(integration_list(&request->op, INTEGRATION_MANIFEST, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		TRY(put_with_revision(request, &w, &list.items[i]));
	json_end_array(&w);
	return OK;
}

/* By id or by name. */
static enum error find(struct request *request, struct integration *ret)
{
	const char *text = request->params[1];
	struct uuid id;

	if (uuid_parse(text, &id))
		return integration_get(&request->op, INTEGRATION_MANIFEST, id,
				       ret);
	return integration_find(&request->op, INTEGRATION_MANIFEST, text, ret);
}

enum error amp_get_integration(struct request *request)
{
	struct integration integration;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(find(request, &integration));
	struct json_writer w = amp_answer(request, 200);
	return put_with_revision(request, &w, &integration);
}

enum error amp_delete_integration(struct request *request)
{
	struct integration integration;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(find(request, &integration));
	TRY(delete_integration(&request->op, INTEGRATION_MANIFEST,
			       integration.id, NULL));
	return amp_no_content(request);
}

/* The content is a manifest of one, and says the same as what is around it. */
static enum error check_one(struct op *op, const char *name,
			    const char *provider, json_t *content,
			    struct amp_manifest *ret)
{
	struct amp_manifest_item *item = ret->items;

	amp_check_version(op, "latestRevision.specVersion", ret->spec_version);
	amp_check_content(op, "latestRevision.content", content, item);
	if (item->name && strcmp(item->name, name) != 0)
		op_issue(op, "body", "latestRevision.content.name",
			 "must be the integration's name");
	if (item->provider && strcmp(item->provider, provider) != 0)
		op_issue(op, "body", "latestRevision.content.provider",
			 "must be the integration's provider");
	if (op->issue_count)
		return op_fail(op, ERR_INVALID, "the revision is not valid");
	return OK;
}

/* {name, provider, latestRevision {specVersion, content}} as a manifest. */
static enum error read_one(const struct body_reader *in,
			   struct amp_manifest *ret)
{
	struct amp_manifest_item *item =
		arena_alloc(&in->op->arena, sizeof(*item));
	const char *name = body_string(in, "name", true, AMP_NAME_MAX);
	const char *provider = body_string(in, "provider", true, AMP_NAME_MAX);
	const json_t *latest = body_object(in, "latestRevision", true);

	*ret = (struct amp_manifest){"", item, 1, NULL};
	if (latest) {
		struct body_reader inside =
			body_inside(in, "latestRevision", latest);

		ret->spec_version =
			body_string(&inside, "specVersion", true, AMP_NAME_MAX);
		(void)body_object(&inside, "content", true);
	}
	TRY(body_done(in));
	return check_one(in->op, name, provider,
			 json_object_get(latest, "content"), ret);
}

static enum error refuse_existing(struct op *op,
				  const struct amp_manifest *manifest)
{
	struct integration found;

	for (size_t i = 0; i < manifest->count; i++) {
		const struct amp_manifest_item *item = &manifest->items[i];
		enum error error = integration_find(op, INTEGRATION_MANIFEST,
						    item->name, &found);

		if (error == ERR_NOT_FOUND)
			continue;
		TRY(error);
		op_issue(op, "body",
			 arena_printf(&op->arena, "%s.name", item->path),
			 "%s is taken", item->name);
		op_explain(op, "there is an integration %s already",
			   item->name);
	}
	return op->issue_count ? ERR_TAKEN : OK;
}

enum error amp_create_integration(struct request *request)
{
	struct op *op = &request->op;
	struct amp_manifest manifest;
	struct integration integration;
	struct revision revision;
	struct project project;
	struct body_reader in;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(body_read(request, &in));
	const char *yaml = body_string(&in, "sourceYaml", false, AMP_YAML_MAX);
	TRY(body_done(&in));
	if (yaml)
		TRY(amp_read_manifest(op, "sourceYaml", yaml, &manifest));
	else
		TRY(read_one(&in, &manifest));
	TRY(refuse_existing(op, &manifest));
	TRY(amp_warn(request, &manifest));
	for (size_t i = 0; i < manifest.count; i++)
		TRY(integration_upsert(
			op, manifest.items[i].name, manifest.items[i].provider,
			manifest.spec_version,
			json_text(&op->arena, manifest.items[i].content),
			&integration, &revision));
	request->response.status = 201;
	return OK;
}
