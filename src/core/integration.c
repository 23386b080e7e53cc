/* Integrations of the three families, and revisions. */
#include "core/integration.h"

#include <string.h>

#include "base/random.h"
#include "core/connection_use.h"
#include "core/event.h"
#include "core/registering.h"
#include "core/store.h"
#include "core/token_rotation.h"

const char *integration_family_name(enum integration_family family)
{
	static const char *const names[] = {"manifest", "third_party", "http"};

	return names[family];
}

bool integration_family_named(const char *name, enum integration_family *ret)
{
	for (int i = INTEGRATION_MANIFEST; i <= INTEGRATION_HTTP; i++) {
		*ret = (enum integration_family)i;
		if (strcmp(integration_family_name(*ret), name) == 0)
			return true;
	}
	return false;
}

static enum error explain_missing(struct op *op, enum error error,
				  const char *handle)
{
	if (error == ERR_NOT_FOUND)
		op_explain(op, "there is no integration %s", handle);
	return error;
}

enum error integration_get(struct op *op, enum integration_family family,
			   struct uuid id, struct integration *ret)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return explain_missing(op, store_integration_get(op, family, id, ret),
			       text);
}

enum error integration_find(struct op *op, enum integration_family family,
			    const char *handle, struct integration *ret)
{
	return explain_missing(
		op, store_integration_find(op, family, handle, ret), handle);
}

enum error integration_list(struct op *op, enum integration_family family,
			    struct integration_list *ret)
{
	return store_integration_list(op, family, ret);
}

/* %text% with the wildcards in it made plain. */
static const char *like_pattern(struct op *op, const char *text)
{
	char *pattern = arena_alloc(&op->arena, strlen(text) * 2 + 3);
	char *out = pattern;

	*out++ = '%';
	for (; *text; text++) {
		if (*text == '%' || *text == '_' || *text == '\\')
			*out++ = '\\';
		*out++ = *text;
	}
	*out++ = '%';
	return pattern;
}

enum error integration_search(struct op *op, enum integration_family family,
			      const char *search, int64_t offset, int64_t limit,
			      struct integration_list *ret)
{
	return store_integration_search(op, family,
					search ? like_pattern(op, search) : "%",
					offset, limit, ret);
}

static enum error record(struct op *op, const char *type,
			 const struct integration *integration)
{
	const struct event_fact facts[] = {
		{"family", integration_family_name(integration->family), false},
		{"handle", integration->handle, false},
		{"kind", integration->kind, false},
	};

	return event_record(op, type, "integration", integration->id, facts, 3,
			    NULL);
}

enum error integration_create(struct op *op, const struct integration *new,
			      const struct new_credential *secrets,
			      size_t secret_count, struct integration *ret)
{
	struct integration made = *new;
	char handle[ID13_TEXT];

	made.id = uuid_make(op->now);
	made.created_at = op->now;
	made.updated_at = op->now;
	if (made.family == INTEGRATION_THIRD_PARTY) {
		id13_format(random_u64(), handle);
		made.handle = arena_strdup(&op->arena, handle);
	}
	enum error error = store_integration_add(op, &made);
	if (error == ERR_TAKEN)
		return op_fail(op, ERR_TAKEN,
			       "there is an integration %s already",
			       made.handle);
	TRY(error);
	op->unrouted_project_id = (struct uuid){{0}};
	TRY(credential_put_all(op, made.id, secrets, secret_count));
	TRY(connection_use_record(op, "integration", made.id, made.settings));
	TRY(record(op, "integration.created", &made));
	TRY(token_rotation_plan(op, &made, true));
	TRY(registering_plan(op, &made, true));
	*ret = made;
	return OK;
}

static bool has_token(const struct new_credential *secrets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(secrets[i].name, "token") == 0)
			return true;
	return false;
}

enum error integration_update(struct op *op, const struct integration *changed,
			      const struct new_credential *secrets,
			      size_t secret_count, struct integration *ret)
{
	struct integration made = *changed;

	made.updated_at = op->now;
	TRY(store_integration_change(op, &made));
	TRY(registering_leave(op, &made));
	TRY(credential_put_all(op, made.id, secrets, secret_count));
	TRY(connection_use_record(op, "integration", made.id, made.settings));
	TRY(record(op, "integration.updated", &made));
	TRY(token_rotation_plan(op, &made, has_token(secrets, secret_count)));
	TRY(registering_plan(op, &made, secret_count > 0));
	*ret = made;
	return OK;
}

static enum error add_revision(struct op *op, struct integration *of,
			       const char *spec_version, const char *content,
			       struct revision *ret)
{
	struct revision revision = {
		.id = uuid_make(op->now),
		.integration_id = of->id,
		.spec_version = spec_version,
		.content = content,
		.created_at = op->now,
	};

	TRY(store_revision_add(op, &revision));
	of->revision_id = revision.id;
	*ret = revision;
	return OK;
}

static enum error create_manifest(struct op *op, const char *name,
				  const char *provider,
				  const char *spec_version, const char *content,
				  struct integration *ret,
				  struct revision *ret_revision)
{
	const struct integration new = {
		.family = INTEGRATION_MANIFEST,
		.handle = name,
		.kind = provider,
		.title = name,
		.settings = "{}",
	};
	struct integration made;

	TRY(integration_create(op, &new, NULL, 0, &made));
	TRY(add_revision(op, &made, spec_version, content, ret_revision));
	TRY(store_integration_change(op, &made));
	*ret = made;
	return OK;
}

static enum error refuse_other_provider(struct op *op,
					const struct integration *of,
					const char *provider)
{
	if (strcmp(of->kind, provider) == 0)
		return OK;
	op_issue(op, "body", "provider", "cannot change from %s", of->kind);
	return op_fail(op, ERR_INVALID,
		       "integration %s is for %s, which cannot change",
		       of->handle, of->kind);
}

enum error integration_revise(struct op *op, const struct integration *of,
			      const char *provider, const char *spec_version,
			      const char *content, struct integration *ret,
			      struct revision *ret_revision)
{
	struct integration changed = *of;

	TRY(refuse_other_provider(op, of, provider));
	TRY(add_revision(op, &changed, spec_version, content, ret_revision));
	return integration_update(op, &changed, NULL, 0, ret);
}

enum error integration_upsert(struct op *op, const char *name,
			      const char *provider, const char *spec_version,
			      const char *content, struct integration *ret,
			      struct revision *ret_revision)
{
	struct integration found;
	struct revision latest;

	enum error error =
		store_integration_find(op, INTEGRATION_MANIFEST, name, &found);
	if (error == ERR_NOT_FOUND)
		return create_manifest(op, name, provider, spec_version,
				       content, ret, ret_revision);
	TRY(error);
	TRY(refuse_other_provider(op, &found, provider));
	TRY(store_revision_get(op, found.revision_id, &latest));
	if (strcmp(latest.content, content) != 0 ||
	    strcmp(latest.spec_version, spec_version) != 0)
		return integration_revise(op, &found, provider, spec_version,
					  content, ret, ret_revision);
	*ret = found;
	*ret_revision = latest;
	return OK;
}

enum error revision_get(struct op *op, struct uuid id, struct revision *ret)
{
	return store_revision_get(op, id, ret);
}
