/*
 * Keys of customers' tokens. Their algorithm is RS256 where it is asked for
 * and RSA where it is shown; their errors are application/json.
 */
#include "core/jwt_key.h"

#include <string.h>

#include "base/rsa_key.h"
#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

static void put_key(struct json_writer *w, const struct jwt_key *key)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", key->id);
	json_put_uuid(w, "projectId", key->project_id);
	json_put_string(w, "label", key->label);
	json_put_string(w, "algorithm", "RSA");
	json_put_string(w, "publicKeyPem", key->public_key);
	json_put_bool(w, "active", key->is_active);
	json_put_time(w, "createTime", key->created_at);
	json_put_time(w, "updateTime", key->updated_at);
	json_end_object(w);
}

static enum error answer(struct request *request, const struct jwt_key *key)
{
	struct json_writer w = amp_answer(request, 200);

	put_key(&w, key);
	return OK;
}

enum error amp_list_jwt_keys(struct request *request)
{
	struct jwt_key_list list;
	bool is_active_alone = false;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(request_flag(request, "active", &is_active_alone));
	TRY(jwt_key_list(&request->op, is_active_alone, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_key(&w, &list.items[i]);
	json_end_array(&w);
	return OK;
}

static const char *read_label(const struct body_reader *in)
{
	return body_string(in, "label", true, JWT_KEY_LABEL_MAX);
}

/* This API has no 422 for a new key: a value that is wrong is 400 as well. */
static enum error invalid_is_bad(enum error error)
{
	return error == ERR_INVALID ? ERR_MISSHAPEN : error;
}

enum error amp_create_jwt_key(struct request *request)
{
	struct project project;
	struct body_reader in;
	struct jwt_key key;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(body_read(request, &in));
	const char *label = read_label(&in);
	const char *algorithm =
		body_string(&in, "algorithm", true, AMP_NAME_MAX);
	const char *pem =
		body_string(&in, "publicKeyPem", true, RSA_KEY_PEM_MAX);
	if (algorithm && strcmp(algorithm, "RS256") != 0)
		body_invalid(&in, "algorithm", "must be RS256");
	TRY(invalid_is_bad(body_done(&in)));
	TRY(invalid_is_bad(jwt_key_create(&request->op, label, pem, &key)));
	struct json_writer w = amp_answer(request, 201);
	json_begin_object(&w, NULL);
	json_put_uuid(&w, "kid", key.id);
	json_end_object(&w);
	return OK;
}

/* In the project that is entered. */
static enum error find_key(struct request *request, struct jwt_key *ret)
{
	struct uuid id;

	TRY(amp_path_id(request, 1, "JWT key", &id));
	return jwt_key_get(&request->op, id, ret);
}

enum error amp_get_jwt_key(struct request *request)
{
	struct project project;
	struct jwt_key key;

	TRY(amp_enter(request, &project));
	TRY(find_key(request, &key));
	return answer(request, &key);
}

enum error amp_update_jwt_key(struct request *request)
{
	static const char *const names[] = {"active", "label", NULL};
	struct amp_update update;
	struct project project;
	struct jwt_key key;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(find_key(request, &key));
	TRY(amp_read_update(request, "jwtKey", &update));
	amp_check_mask(&update, names);
	TRY(body_done(&update.body));
	if (amp_masks(update.mask, "label"))
		key.label = read_label(&update.inside);
	if (amp_masks(update.mask, "active"))
		key.is_active = amp_read_bool(&update.inside, "active");
	TRY(body_done(&update.body));
	TRY(jwt_key_update(&request->op, &key, &key));
	return answer(request, &key);
}

enum error amp_delete_jwt_key(struct request *request)
{
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_manage(&request->op));
	TRY(amp_path_id(request, 1, "JWT key", &id));
	TRY(delete_jwt_key(&request->op, id));
	return amp_no_content(request);
}
