/* Making, finding, exchanging and checking tokens. */
#include "core/access_token.h"

#include <stdio.h>
#include <string.h>

#include "core/event.h"
#include "core/organization.h"
#include "core/store.h"

/*
 * Each thread remembers who recent tokens belong to, for as long as its reads
 * are of the same snapshot, or of the same second (store_recent). What it
 * remembers was checked in full; it knows the token again by its mark, which
 * nobody outside can aim at.
 */
enum { CACHE_ENTRIES = 512 };

struct cached {
	struct mark mark;
	uint64_t snapshot; /* 0: empty */
	struct principal principal;
};

static _Thread_local struct cached cache[CACHE_ENTRIES];

static struct digest digest_of(const struct op *op, const char *text)
{
	return digest_make(&op->keys->token, text, strlen(text));
}

static struct cached *cache_slot(const struct mark *mark)
{
	size_t at = mark->bytes[0] | (size_t)mark->bytes[1] << 8;

	return &cache[at % CACHE_ENTRIES];
}

static enum error refused(struct op *op)
{
	return op_fail(op, ERR_UNAUTHENTICATED,
		       "the token is not valid or has expired");
}

static bool is_expired(const struct op *op, int64_t expires_at)
{
	return expires_at && expires_at <= op->now;
}

static bool is_exchanged(const struct access_token *token)
{
	return !uuid_is_nil(token->parent_id);
}

/* An API token of a builder's, or what it was exchanged for. */
static bool is_builders(const char *kind)
{
	return strcmp(kind, TOKEN_UPSUN) == 0 ||
	       strcmp(kind, TOKEN_UPSUN_ACCESS) == 0;
}

/* Whose a personal token is: somebody's, or the organization's own. */
static void set_user(const struct access_token *token, struct principal *who)
{
	who->user_id = uuid_is_nil(token->builder_id) ? token->organization_id
						      : token->builder_id;
	who->builder_id = (struct uuid){{0}}; /* it sees no more for that */
	who->reach_id = token->reach_id;
	who->permissions = permissions_of(token->scopes);
	who->sees_made_projects = true;
}

static struct principal principal_of(const struct access_token *token)
{
	struct principal who = {
		.token_id = is_exchanged(token) ? token->parent_id : token->id,
		.organization_id = token->organization_id,
		.project_id = token->project_id,
		.builder_id = token->builder_id,
		.role = token->role,
		.expires_at = token->expires_at,
	};

	if (strcmp(token->kind, TOKEN_GORULES) == 0)
		set_user(token, &who);
	(void)snprintf(who.label, sizeof(who.label), "%.*s",
		       (int)utf8_head(token->label, TOKEN_LABEL_MAX),
		       token->label);
	return who;
}

/* A builder's token sees what the builder does: nothing, once that has left. */
static enum error look_around(struct op *op, struct principal *who)
{
	struct membership membership;

	if (uuid_is_nil(who->builder_id))
		return OK;
	enum error error = store_membership_get(op, who->organization_id,
						who->builder_id, &membership);
	who->sees_organization = error == OK;
	return error == ERR_NOT_FOUND ? OK : error;
}

/* A personal token ends when whose it is leaves. */
static enum error refuse_left(struct op *op, const struct access_token *token)
{
	struct membership membership;

	if (strcmp(token->kind, TOKEN_GORULES) != 0 ||
	    uuid_is_nil(token->builder_id))
		return OK;
	enum error error = store_membership_get(op, token->organization_id,
						token->builder_id, &membership);
	return error == ERR_NOT_FOUND ? refused(op) : error;
}

static enum error look_up(struct op *op, const char *kind, const char *text,
			  struct principal *ret)
{
	struct access_token token;

	if (!token_is_well_formed(text, kind))
		return refused(op);
	struct digest digest = digest_of(op, text);
	enum error error = store_token_by_digest(op, &digest, &token);
	if (error == ERR_NOT_FOUND)
		return refused(op);
	TRY(error);
	if (!token.is_active)
		return refused(op);
	TRY(refuse_left(op, &token));
	struct principal who = principal_of(&token);
	TRY(look_around(op, &who));
	*ret = who;
	return OK;
}

enum error access_token_authenticate(struct op *op, const char *kind,
				     const char *text, struct principal *ret)
{
	if (!text || !token_is_of_kind(text, kind))
		return refused(op);

	uint64_t snapshot = store_recent(op);
	struct mark mark = mark_make(text, TOKEN_LENGTH);
	struct cached *entry = cache_slot(&mark);
	if (!snapshot || entry->snapshot != snapshot ||
	    memcmp(entry->mark.bytes, mark.bytes, MARK_BYTES) != 0) {
		struct principal who;

		TRY(look_up(op, kind, text, &who));
		*entry = (struct cached){mark, snapshot, who};
	}
	if (is_expired(op, entry->principal.expires_at))
		return refused(op);
	*ret = entry->principal;
	return OK;
}

enum error access_token_look(struct op *op, struct uuid id)
{
	struct access_token token;
	enum error error = store_token_get(op, id, &token);

	if (error == ERR_NOT_FOUND)
		return refused(op);
	TRY(error);
	if (!token.is_active || is_expired(op, token.expires_at))
		return refused(op);
	if (token.role != ROLE_ADMIN)
		return op_fail(op, ERR_FORBIDDEN,
			       "the token may not do this any more");
	return OK;
}

static struct digest new_text(struct op *op, struct access_token *token,
			      char ret_text[static TOKEN_TEXT])
{
	char handle[TOKEN_HANDLE_TEXT];

	op->has_secrets = true;
	token_make(token->kind, ret_text);
	token_handle(ret_text, handle);
	token->handle = arena_strdup(&op->arena, handle);
	if (token->lifetime_us)
		token->expires_at = op->now + token->lifetime_us;
	return digest_of(op, ret_text);
}

/* Stores a fresh token; fills in what the caller left open. */
static enum error add_token(struct op *op, struct access_token *token,
			    char ret_text[static TOKEN_TEXT])
{
	struct digest digest = new_text(op, token, ret_text);

	token->id = uuid_make(op->now);
	token->is_active = true;
	token->created_at = op->now;
	return store_token_add(op, token, &digest);
}

static enum error organization_of(struct op *op, struct uuid *ret)
{
	char id[UUID_TEXT];
	struct project project;

	uuid_format(op->project_id, id);
	TRY(store_project_find(op, PROJECT_BY_ID, id, &project));
	*ret = project.organization_id;
	return OK;
}

enum error access_token_create(struct op *op,
			       const struct access_token_new *new,
			       struct access_token *ret,
			       char ret_text[static TOKEN_TEXT])
{
	struct access_token token = {
		.project_id = op->project_id,
		.kind = new->kind,
		.label = new->label,
		.scopes = new->scopes,
		.role = new->role,
		.expires_at = new->expires_at,
		.builder_id = new->builder_id,
		.reach_id = new->reach_id,
		.lifetime_us = new->lifetime_us,
	};

	TRY(organization_of(op, &token.organization_id));
	if (is_builders(new->kind) && uuid_is_nil(new->builder_id))
		TRY(store_membership_first_owner(op, token.organization_id,
						 &token.builder_id));
	TRY(add_token(op, &token, ret_text));
	const struct event_fact facts[] = {{"kind", token.kind, false},
					   {"label", token.label, false}};
	TRY(event_record(op, "token.created", "token", token.id, facts, 2,
			 NULL));
	*ret = token;
	return OK;
}

enum error access_token_list(struct op *op, const char *kind,
			     struct access_token_list *ret)
{
	struct access_token_list all;
	size_t count = 0;

	TRY(store_token_list(op, &all));
	for (size_t i = 0; i < all.count; i++) {
		const struct access_token *token = &all.items[i];

		if (is_exchanged(token) ||
		    (kind && strcmp(token->kind, kind) != 0))
			continue;
		all.items[count++] = *token;
	}
	all.count = count;
	*ret = all;
	return OK;
}

enum error access_token_find(struct op *op, const char *kind,
			     const char *handle_or_text,
			     struct access_token *ret)
{
	char handle[TOKEN_HANDLE_TEXT];

	if (token_is_well_formed(handle_or_text, kind)) {
		struct access_token token;
		struct digest digest = digest_of(op, handle_or_text);

		TRY(store_token_by_digest(op, &digest, &token));
		if (!uuid_equal(token.project_id, op->project_id))
			return ERR_NOT_FOUND;
		*ret = token;
		return OK;
	}
	if (strlen(handle_or_text) != TOKEN_HANDLE)
		return ERR_NOT_FOUND;
	token_handle(handle_or_text, handle);
	return store_token_by_handle(op, kind, handle, ret);
}

enum error access_token_update(struct op *op,
			       const struct access_token *changed)
{
	TRY(store_token_change(op, changed));
	const struct event_fact facts[] = {
		{"kind", changed->kind, false},
		{"label", changed->label, false},
		{"scopes", changed->scopes, false},
		{"active", changed->is_active ? "true" : "false", true},
	};
	return event_record(op, "token.updated", "token", changed->id, facts, 4,
			    NULL);
}

enum error access_token_renew(struct op *op, struct access_token *token,
			      char ret_text[static TOKEN_TEXT])
{
	struct digest digest = new_text(op, token, ret_text);
	const struct event_fact facts[] = {{"kind", token->kind, false},
					   {"label", token->label, false}};

	TRY(store_token_renew(op, token, &digest));
	return event_record(op, "token.regenerated", "token", token->id, facts,
			    2, NULL);
}

enum error access_token_erase(struct op *op, struct uuid id)
{
	TRY(store_token_remove(op, id));
	return event_record(op, "token.deleted", "token", id, NULL, 0, NULL);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a && a < b ? a : b;
}

enum error access_token_exchange(struct op *op, const char *parent_kind,
				 const char *parent_text, const char *kind,
				 int64_t *lifetime_us,
				 char ret_text[static TOKEN_TEXT])
{
	struct principal parent;

	TRY(access_token_authenticate(op, parent_kind, parent_text, &parent));
	op->project_id = parent.project_id;
	struct access_token token = {
		.project_id = parent.project_id,
		.organization_id = parent.organization_id,
		.parent_id = parent.token_id,
		.builder_id = parent.builder_id,
		.kind = kind,
		.label = arena_strdup(&op->arena, parent.label),
		.scopes = "",
		.role = parent.role,
		.expires_at = sooner(parent.expires_at, op->now + *lifetime_us),
	};
	TRY(store_token_sweep(op, parent.token_id));
	TRY(add_token(op, &token, ret_text));
	*lifetime_us = token.expires_at - op->now;
	return OK;
}

enum error access_token_end(struct op *op, const char *kind, const char *text)
{
	struct access_token token;

	if (!token_is_well_formed(text, kind))
		return OK;
	struct digest digest = digest_of(op, text);
	enum error error = store_token_by_digest(op, &digest, &token);
	if (error == ERR_NOT_FOUND)
		return OK;
	TRY(error);
	op->project_id = token.project_id;
	/* as its making, its end is no event: it lives for minutes */
	return store_token_remove(op, token.id);
}
