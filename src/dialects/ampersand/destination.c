/* Destinations: listed, made, shown, changed, deleted. */
#include "core/destination.h"

#include <string.h>

#include "base/json_read.h"
#include "core/deletion.h"
#include "dialects/ampersand/ampersand.h"

enum { METADATA_MAX = 64 * 1024 };

static void put_destination(struct json_writer *w, const char *signing_key,
			    const struct destination *destination)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", destination->id);
	json_put_string(w, "name", destination->name);
	json_put_string(w, "type", destination->kind);
	json_put_raw(w, "metadata", destination->metadata);
	json_put_time(w, "createTime", destination->created_at);
	if (destination->updated_at)
		json_put_time(w, "updateTime", destination->updated_at);
	if (signing_key) {
		json_begin_object(w, "secrets");
		json_put_string(w, "webhookSigningKey", signing_key);
		json_end_object(w);
	}
	json_end_object(w);
}

enum error amp_list_destinations(struct request *request)
{
	struct destination_list list;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(destination_list(&request->op, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_destination(&w, NULL, &list.items[i]);
	json_end_array(&w);
	return OK;
}

static bool is_kind(const char *text)
{
	static const char *const kinds[] = {
		"webhook",    "kinesis",   "s3",       "slack",
		"clickhouse", "snowflake", "bigquery", "redshift",
		"sqs",	      "pubsub",	   "rabbitmq", "azureservicebus"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i], text) == 0)
			return true;
	return false;
}

static const char *read_kind(const struct body_reader *in)
{
	const char *kind = body_string(in, "type", true, AMP_NAME_MAX);

	if (kind && !is_kind(kind))
		body_invalid(in, "type", "is not a type of destination");
	return kind;
}

static const char *keep_metadata(const struct body_reader *in,
				 const json_t *metadata)
{
	const char *text = json_text(&in->op->arena, metadata);

	if (strlen(text) > METADATA_MAX)
		body_invalid(in, "metadata", "is over %d bytes", METADATA_MAX);
	return text;
}

/* One that looks like an id would be taken for one. */
static const char *read_name(const struct body_reader *in)
{
	const char *name = body_string(in, "name", true, AMP_NAME_MAX);
	struct uuid id;

	if (name && uuid_parse(name, &id))
		body_invalid(in, "name", "must not look like an id");
	return name;
}

static enum error explain_taken(const struct body_reader *in, enum error error)
{
	if (error == ERR_TAKEN)
		body_invalid(in, "name", "is taken");
	return error;
}

enum error amp_create_destination(struct request *request)
{
	struct new_credential secrets[AMP_DESTINATION_SECRETS];
	json_t *metadata = json_new_object(&request->op.arena);
	struct destination made = {0};
	struct project project;
	struct body_reader in;
	size_t count;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(body_read(request, &in));
	made.name = read_name(&in);
	made.kind = read_kind(&in);
	amp_read_destination(&in, NULL, made.kind, metadata, secrets, &count);
	made.metadata = keep_metadata(&in, metadata);
	TRY(body_done(&in));
	TRY(explain_taken(&in, destination_create(&request->op, &made, secrets,
						  count, &made)));
	struct json_writer w = amp_answer(request, 201);
	put_destination(&w, NULL, &made);
	return OK;
}

/* Showing a key is an event, and rotating it a change. */
bool amp_destination_needs_writer(const struct request *request)
{
	return request_arg(request, "includeSecrets") ||
	       request_arg(request, "rotate");
}

enum error amp_get_destination(struct request *request)
{
	bool with_secrets = false, rotate = false;
	struct credential_list credentials = {0};
	const struct credential *key = NULL;
	struct destination destination;
	struct op *op = &request->op;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(request_flag(request, "includeSecrets", &with_secrets));
	TRY(request_flag(request, "rotate", &rotate));
	if (with_secrets || rotate)
		TRY(access_to_manage(op));
	TRY(destination_find(op, request->params[1], &destination));
	if (rotate)
		TRY(destination_rotate(op, &destination));
	if (with_secrets) {
		TRY(credential_read(op, "destination", destination.id,
				    &credentials));
		key = credential_find(&credentials, SIGNING_KEY);
	}
	struct json_writer w = amp_answer(request, 200);
	put_destination(&w, key ? (const char *)key->value.bytes : NULL,
			&destination);
	return OK;
}

enum error amp_update_destination(struct request *request)
{
	struct new_credential secrets[AMP_DESTINATION_SECRETS];
	struct destination to;
	struct op *op = &request->op;
	struct amp_update update;
	struct project project;
	const char *why;
	json_t *metadata;
	struct uuid id;
	size_t count;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_path_id(request, 1, "destination", &id));
	TRY(destination_get(op, id, &to));
	TRY(amp_read_update(request, "destination", &update));
	TRY(json_read(&op->arena, to.metadata, strlen(to.metadata), &metadata,
		      &why));
	amp_read_destination(&update.inside, &update, to.kind, metadata,
			     secrets, &count);
	TRY(body_done(&update.body));
	if (amp_masks(update.mask, "name"))
		to.name = read_name(&update.inside);
	to.metadata = keep_metadata(&update.inside, metadata);
	TRY(body_done(&update.body));
	TRY(explain_taken(&update.inside,
			  destination_update(op, &to, secrets, count, &to)));
	struct json_writer w = amp_answer(request, 200);
	put_destination(&w, NULL, &to);
	return OK;
}

enum error amp_delete_destination(struct request *request)
{
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "destination", &id));
	TRY(delete_destination(&request->op, id));
	return amp_no_content(request);
}
