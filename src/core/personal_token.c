/* Making, finding and ending personal access tokens. */
#include "core/personal_token.h"

#include "core/deletion.h"
#include "core/organization.h"
#include "core/project.h"
#include "core/store.h"

enum error personal_token_user(struct op *op, const char *user,
			       struct uuid *ret)
{
	struct membership membership;
	enum error error = ERR_NOT_FOUND;
	struct uuid id;

	TRY(access_to_own(op));
	if (uuid_parse(user, &id)) {
		error = uuid_equal(id, op->principal->organization_id)
				? OK
				: store_membership_get(
					  op, op->principal->organization_id,
					  id, &membership);
	}
	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no service user %s", user);
	TRY(error);
	*ret = id;
	return OK;
}

static struct uuid user_of(const struct access_token *token)
{
	return uuid_is_nil(token->builder_id) ? token->organization_id
					      : token->builder_id;
}

static struct uuid reach_of(struct uuid token_id, struct uuid reach_id)
{
	return uuid_is_nil(reach_id) ? token_id : reach_id;
}

static bool has(const struct project_list *projects, struct uuid id)
{
	for (size_t i = 0; i < projects->count; i++)
		if (uuid_equal(projects->items[i].id, id))
			return true;
	return false;
}

/* Its projects, as far as they are among those that the caller sees. */
static enum error complete(struct op *op, const struct project_list *seen,
			   struct personal_token *ret)
{
	const struct access_token *token = &ret->token;
	struct uuid *others;
	size_t count;

	ret->user_id = user_of(token);
	ret->is_for_all = !uuid_is_nil(token->reach_id);
	ret->project_count = 0;
	if (ret->is_for_all)
		return OK;
	TRY(store_token_projects(op, token->id, &others, &count));
	ret->projects =
		arena_alloc(&op->arena, (count + 1) * sizeof(*ret->projects));
	ret->projects[ret->project_count++] = token->project_id;
	for (size_t i = 0; i < count; i++)
		if (has(seen, others[i]))
			ret->projects[ret->project_count++] = others[i];
	return OK;
}

/* Its project is the op's from here on. */
static enum error enter_first(struct op *op,
			      const struct personal_token_new *new)
{
	struct project project;
	char id[UUID_TEXT];

	uuid_format(new->is_for_all ? op->principal->project_id
				    : new->projects[0],
		    id);
	return project_enter(op, PROJECT_BY_ID, id, &project);
}

static enum error refuse_unseen(struct op *op, const struct project_list *seen,
				const struct personal_token_new *new)
{
	for (size_t i = 0; i < new->project_count && !new->is_for_all; i++)
		if (!has(seen, new->projects[i]))
			op_issue(op, "body",
				 arena_printf(&op->arena, "projects[%zu]", i),
				 "names no project");
	if (op->issue_count)
		return op_fail(op, ERR_MISSHAPEN, "the body does not fit");
	return OK;
}

static bool is_named_before(const struct personal_token_new *new, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (uuid_equal(new->projects[i], new->projects[at]))
			return true;
	return false;
}

static enum error allow_others(struct op *op, struct uuid token_id,
			       const struct personal_token_new *new)
{
	for (size_t i = 1; i < new->project_count && !new->is_for_all; i++)
		if (!is_named_before(new, i))
			TRY(store_token_allow(op, token_id, new->projects[i]));
	return OK;
}

enum error personal_token_create(struct op *op, struct uuid user_id,
				 const struct personal_token_new *new,
				 struct personal_token *ret,
				 char ret_text[static TOKEN_TEXT])
{
	const struct principal *who = op->principal;
	struct access_token_new token = {
		.kind = TOKEN_GORULES,
		.label = new->note,
		.scopes = new->is_owner ? "full" : new->scopes,
		.role = new->is_owner ? ROLE_ADMIN : ROLE_VIEWER,
		.lifetime_us = new->lifetime_us,
	};
	struct personal_token made;
	struct project_list seen;

	if (!uuid_equal(user_id, who->organization_id))
		token.builder_id = user_id;
	if (new->is_for_all)
		token.reach_id = reach_of(who->token_id, who->reach_id);
	TRY(project_list(op, &seen));
	TRY(refuse_unseen(op, &seen, new));
	TRY(enter_first(op, new));
	TRY(access_token_create(op, &token, &made.token, ret_text));
	TRY(allow_others(op, made.token.id, new));
	TRY(complete(op, &seen, &made));
	*ret = made;
	return OK;
}

/* Of one project, at the end of what is there. */
static enum error add_of_project(struct op *op, struct uuid user_id,
				 const struct project_list *seen,
				 struct personal_token_list *to)
{
	struct access_token_list tokens;

	TRY(access_token_list(op, TOKEN_GORULES, &tokens));
	struct personal_token *items = arena_alloc(
		&op->arena, (to->count + tokens.count + 1) * sizeof(*items));
	for (size_t i = 0; i < to->count; i++)
		items[i] = to->items[i];
	to->items = items;
	for (size_t i = 0; i < tokens.count; i++) {
		if (!uuid_equal(user_of(&tokens.items[i]), user_id))
			continue;
		struct personal_token *one = &items[to->count++];

		one->token = tokens.items[i];
		TRY(complete(op, seen, one));
	}
	return OK;
}

enum error personal_token_list(struct op *op, struct uuid user_id,
			       struct personal_token_list *ret)
{
	const struct uuid entered = op->project_id;
	struct personal_token_list list = {NULL, 0};
	struct project_list seen;

	TRY(project_list(op, &seen));
	for (size_t i = 0; i < seen.count; i++) {
		op->project_id = seen.items[i].id;
		TRY(add_of_project(op, user_id, &seen, &list));
	}
	op->project_id = entered;
	*ret = list;
	return OK;
}

/* Its project is the op's then. */
static enum error find(struct op *op, struct uuid user_id, const char *id,
		       struct personal_token *ret)
{
	struct personal_token_list list;
	struct uuid uuid;

	TRY(personal_token_list(op, user_id, &list));
	bool is_id = uuid_parse(id, &uuid);
	for (size_t i = 0; i < list.count && is_id; i++)
		if (uuid_equal(list.items[i].token.id, uuid)) {
			*ret = list.items[i];
			op->project_id = ret->token.project_id;
			return OK;
		}
	return op_fail(op, ERR_NOT_FOUND,
		       "there is no personal access token %s", id);
}

/* Else who gets its text would get at what is not theirs. */
static enum error refuse_wider(struct op *op,
			       const struct personal_token *token)
{
	const struct principal *who = op->principal;
	struct uuid *others;
	size_t count;
	bool is_wider;

	if (token->is_for_all) {
		is_wider = !uuid_equal(token->token.reach_id,
				       reach_of(who->token_id, who->reach_id));
	} else {
		TRY(store_token_projects(op, token->token.id, &others, &count));
		is_wider = count + 1 != token->project_count;
	}
	if (is_wider)
		return op_fail(op, ERR_FORBIDDEN,
			       "it reaches projects that this token does not");
	return OK;
}

enum error personal_token_regenerate(struct op *op, struct uuid user_id,
				     const char *id, struct personal_token *ret,
				     char ret_text[static TOKEN_TEXT])
{
	struct personal_token found;

	TRY(find(op, user_id, id, &found));
	TRY(refuse_wider(op, &found));
	TRY(access_token_renew(op, &found.token, ret_text));
	*ret = found;
	return OK;
}

enum error personal_token_delete(struct op *op, struct uuid user_id,
				 const char *id)
{
	struct personal_token found;

	TRY(find(op, user_id, id, &found));
	return delete_token(op, found.token.id);
}
