/* API keys: shown whole once; afterwards by their handle. */
#include <string.h>

#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

static void put_key(struct json_writer *w, const struct access_token *token,
		    const char *key)
{
	const char *scope = token->scopes;

	json_begin_object(w, NULL);
	json_put_string(w, "key", key);
	json_put_string(w, "label", token->label);
	json_begin_array(w, "scopes");
	if (*scope)
		json_put_string(w, NULL, scope);
	json_end_array(w);
	json_put_uuid(w, "projectId", token->project_id);
	json_put_bool(w, "active", token->is_active);
	json_end_object(w);
}

enum error amp_list_api_keys(struct request *request)
{
	struct access_token_list tokens;
	bool active = false;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(request_flag(request, "active", &active));
	bool has_filter = request_arg(request, "active") != NULL;
	TRY(access_token_list(&request->op, TOKEN_AMPERSAND, &tokens));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < tokens.count; i++)
		if (!has_filter || tokens.items[i].is_active == active)
			put_key(&w, &tokens.items[i], tokens.items[i].handle);
	json_end_array(&w);
	return OK;
}

/*
 * `full` is everything in the project, `frontend` what a browser may do (see
 * ROUTE_FRONTEND); of both the wider one counts. False when none is named.
 */
static bool read_scopes(const struct body_reader *in, enum role *ret_role,
			const char **ret_scopes)
{
	json_t *scopes = body_strings(in, "scopes");
	bool is_full = false;
	const json_t *scope;
	size_t i;

	json_array_foreach (scopes, i, scope) {
		const char *name = json_string_value(scope);

		if (strcmp(name, "full") == 0)
			is_full = true;
		else if (strcmp(name, "frontend") != 0)
			body_invalid(in, "scopes",
				     "may hold full and frontend");
	}
	*ret_role = is_full ? ROLE_ADMIN : ROLE_FRONTEND;
	*ret_scopes = is_full ? "full" : "frontend";
	if (scopes && !json_array_size(scopes))
		body_invalid(in, "scopes", "must hold full or frontend");
	return json_array_size(scopes) > 0;
}

enum error amp_create_api_key(struct request *request)
{
	struct access_token_new new = {.kind = TOKEN_AMPERSAND};
	struct access_token token;
	struct project project;
	struct body_reader in;
	char text[TOKEN_TEXT];

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(body_read(request, &in));
	new.label = body_string(&in, "label", true, TOKEN_LABEL_MAX);
	if (!read_scopes(&in, &new.role, &new.scopes)) {
		new.role = ROLE_ADMIN;
		new.scopes = "full";
	}
	TRY(body_done(&in));
	TRY(access_token_create(&request->op, &new, &token, text));
	struct json_writer w = amp_answer(request, 201);
	put_key(&w, &token, text);
	return OK;
}

/* In the project that was entered. */
static enum error find_key(struct request *request, struct access_token *ret)
{
	enum error error = access_token_find(&request->op, TOKEN_AMPERSAND,
					     request->params[1], ret);
	if (error == ERR_NOT_FOUND)
		return op_fail(&request->op, error, "there is no such key");
	return error;
}

enum error amp_get_api_key(struct request *request)
{
	struct access_token token;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(find_key(request, &token));
	struct json_writer w = amp_answer(request, 200);
	put_key(&w, &token, token.handle);
	return OK;
}

static void read_changes(const struct amp_update *update,
			 struct access_token *token)
{
	const struct body_reader *in = &update->inside;

	if (amp_masks(update->mask, "label"))
		token->label = body_string(in, "label", true, TOKEN_LABEL_MAX);
	if (amp_masks(update->mask, "active"))
		token->is_active = amp_read_bool(in, "active");
	if (amp_masks(update->mask, "scopes") &&
	    !read_scopes(in, &token->role, &token->scopes) && *in->fault == OK)
		body_invalid(in, "scopes", "must hold full or frontend");
}

enum error amp_update_api_key(struct request *request)
{
	static const char *const names[] = {"active", "label", "scopes", NULL};
	struct amp_update update;
	struct access_token token;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(find_key(request, &token));
	TRY(amp_read_update(request, "apiKey", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	read_changes(&update, &token);
	TRY(body_done(&update.body));
	TRY(access_token_update(&request->op, &token));
	struct json_writer w = amp_answer(request, 200);
	put_key(&w, &token, token.handle);
	return OK;
}

enum error amp_delete_api_key(struct request *request)
{
	struct access_token token;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(find_key(request, &token));
	TRY(delete_token(&request->op, token.id));
	return amp_no_content(request);
}
