/* New revisions of integrations, and what they stop reading. */
#include <string.h>

#include "base/json_read.h"
#include "core/reconfigure.h"
#include "dialects/ampersand/ampersand.h"

/* {sourceYaml} or {sourceZipUrl} as a manifest. */
static enum error read_source(struct request *request, struct amp_manifest *ret)
{
	struct op *op = &request->op;
	struct body_reader in;

	TRY(body_read(request, &in));
	const char *yaml = body_string(&in, "sourceYaml", false, AMP_YAML_MAX);
	const char *zip = body_string(&in, "sourceZipUrl", false, AMP_URL_MAX);
	if (yaml && zip)
		body_invalid(&in, "sourceZipUrl",
			     "may not be there with sourceYaml");
	if (!yaml && !zip)
		body_invalid(&in, "sourceYaml", "or sourceZipUrl is needed");
	TRY(body_done(&in));
	if (zip)
		TRY(amp_read_upload(op, zip, &yaml));
	return amp_read_manifest(op, zip ? "sourceZipUrl" : "sourceYaml", yaml,
				 ret);
}

static void blame_other_provider(struct op *op, const struct integration *of,
				 const struct amp_manifest_item *item)
{
	if (strcmp(of->kind, item->provider) != 0)
		op_issue(op, "body",
			 arena_printf(&op->arena, "%s.provider", item->path),
			 "cannot change from %s", of->kind);
}

static enum error refuse_blamed(struct op *op)
{
	return op->issue_count
		       ? op_fail(op, ERR_INVALID,
				 "the provider of an integration cannot change")
		       : OK;
}

/* An issue for each that is there for another provider. */
static enum error refuse_other_providers(struct op *op,
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
		blame_other_provider(op, &found, item);
	}
	return refuse_blamed(op);
}

/* The names of what is read, as keys. */
static json_t *names_read(struct arena *arena, const json_t *content)
{
	const json_t *objects =
		json_object_get(json_object_get(content, "read"), "objects");
	json_t *names = json_new_object(arena);
	const json_t *object;
	size_t i;

	json_array_foreach (objects, i, object)
		json_object_set_new(names,
				    json_string_value(json_object_get(
					    object, "objectName")),
				    json_true());
	return names;
}

/* The names, as keys, of what is read today and would not be. */
static enum error find_dropped(struct op *op, const struct integration *of,
			       const struct amp_manifest_item *item,
			       json_t **ret)
{
	const json_t *now = names_read(&op->arena, item->content);
	struct revision latest;
	const char *why, *name;
	json_t *old, *any;
	void *next;

	TRY(revision_get(op, of->revision_id, &latest));
	TRY(json_read(&op->arena, latest.content, strlen(latest.content), &old,
		      &why));
	json_t *dropped = names_read(&op->arena, old);
	json_object_foreach_safe(dropped, next, name, any)
	{
		if (json_object_get(now, name))
			json_object_del(dropped, name);
	}
	*ret = dropped;
	return OK;
}

static void add_issues(struct op *op, const struct amp_manifest_item *item,
		       json_t *dropped)
{
	const char *path =
		arena_printf(&op->arena, "%s.read.objects", item->path);
	const char *name;
	json_t *any;

	json_object_foreach (dropped, name, any) {
		op_issue(op, "body", path, "no longer has %s", name);
	}
}

static enum error refuse_dropped(struct op *op)
{
	if (!op->issue_count)
		return OK;
	op_advise(op, "Send destructive=true to stop those reads.");
	return op_fail(op, ERR_INVALID,
		       "the new revision drops objects that are read");
}

/* What is read today must still be read, unless the caller says otherwise. */
static enum error refuse_dropped_reads(struct op *op,
				       const struct amp_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct amp_manifest_item *item = &manifest->items[i];
		struct integration found;
		json_t *dropped;

		enum error error = integration_find(op, INTEGRATION_MANIFEST,
						    item->name, &found);
		if (error == ERR_NOT_FOUND)
			continue;
		TRY(error);
		TRY(find_dropped(op, &found, item, &dropped));
		add_issues(op, item, dropped);
	}
	return refuse_dropped(op);
}

/* /read/objects/NAME/disabled (RFC 6901) */
static const char *pointer_to(struct arena *arena, const char *name)
{
	char *escaped = arena_alloc(arena, strlen(name) * 2 + 1),
	     *out = escaped;

	for (; *name; name++) {
		if (*name != '~' && *name != '/') {
			*out++ = *name;
			continue;
		}
		*out++ = '~';
		*out++ = *name == '~' ? '0' : '1';
	}
	return arena_printf(arena, "/read/objects/%s/disabled", escaped);
}

/* Who has an installation that reads them reads them no more. */
static enum error pause_reads(struct op *op, const struct integration *of,
			      json_t *dropped, const char *caller)
{
	json_t *patch = json_new_array(&op->arena);
	const char *name;
	json_t *any;

	if (!json_object_size(dropped))
		return OK;
	json_object_foreach (dropped, name, any) {
		json_array_append_new(
			patch,
			json_pack("{s:s,s:s,s:b}", "op", "add", "path",
				  pointer_to(&op->arena, name), "value", 1));
	}
	return reconfigure_all(op, of, json_text(&op->arena, patch), caller);
}

static enum error upsert(struct op *op, const struct amp_manifest *manifest,
			 const struct amp_manifest_item *item,
			 struct integration *ret, struct revision *ret_revision)
{
	json_t *dropped = NULL;
	struct integration found;

	enum error error =
		integration_find(op, INTEGRATION_MANIFEST, item->name, &found);
	if (error == OK)
		error = find_dropped(op, &found, item, &dropped);
	if (error != ERR_NOT_FOUND)
		TRY(error);
	TRY(integration_upsert(
		op, item->name, item->provider, manifest->spec_version,
		json_text(&op->arena, item->content), ret, ret_revision));
	return pause_reads(op, ret, dropped, "api:batch-upsert-integrations");
}

enum error amp_batch_integrations(struct request *request)
{
	struct op *op = &request->op;
	bool is_destructive = false;
	struct amp_manifest manifest;
	struct integration integration;
	struct revision revision;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(request_flag(request, "destructive", &is_destructive));
	TRY(read_source(request, &manifest));
	TRY(refuse_other_providers(op, &manifest));
	if (!is_destructive)
		TRY(refuse_dropped_reads(op, &manifest));
	TRY(amp_warn(request, &manifest));

	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < manifest.count; i++) {
		TRY(upsert(op, &manifest, &manifest.items[i], &integration,
			   &revision));
		amp_put_integration(&w, op->project_id, &integration,
				    &revision);
	}
	json_end_array(&w);
	return OK;
}

/* The integration as the manifest has it, which may have others. */
static enum error find_item(struct op *op, const struct amp_manifest *manifest,
			    const struct integration *of,
			    const struct amp_manifest_item **ret)
{
	for (size_t i = 0; i < manifest->count; i++) {
		*ret = &manifest->items[i];
		if (strcmp((*ret)->name, of->handle) == 0)
			return OK;
	}
	op_issue(op, "body", "integrations", "have none of the name %s",
		 of->handle);
	return op_fail(op, ERR_INVALID, "the manifest has no integration %s",
		       of->handle);
}

enum error amp_create_revision(struct request *request)
{
	struct op *op = &request->op;
	const struct amp_manifest_item *item;
	bool is_destructive = false;
	struct amp_manifest manifest;
	struct integration integration;
	struct revision revision;
	struct project project;
	json_t *dropped;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(op));
	TRY(amp_path_integration(request, &integration));
	TRY(request_flag(request, "destructive", &is_destructive));
	TRY(read_source(request, &manifest));
	TRY(find_item(op, &manifest, &integration, &item));
	blame_other_provider(op, &integration, item);
	TRY(refuse_blamed(op));
	TRY(find_dropped(op, &integration, item, &dropped));
	if (!is_destructive) {
		add_issues(op, item, dropped);
		TRY(refuse_dropped(op));
	}
	TRY(amp_warn(request, &manifest));
	TRY(integration_revise(
		op, &integration, item->provider, manifest.spec_version,
		json_text(&op->arena, item->content), &integration, &revision));
	TRY(pause_reads(op, &integration, dropped, "api:create-revision"));
	request->response.status = 201;
	return OK;
}
