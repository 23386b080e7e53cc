/* Reading a destination's metadata and secrets. */
#include <string.h>

#include "base/json_read.h"
#include "base/utf8.h"
#include "core/destination.h"
#include "dialects/ampersand/ampersand.h"
#include "http/outbound.h"

enum { HEADERS_MAX = 64 };

static const char *const texts[] = {"url",
				    "region",
				    "streamName",
				    "endpointUrl",
				    "partitionKeyTemplate",
				    "bucket",
				    "keyTemplate",
				    "storageClass",
				    "username",
				    "tableName",
				    "database",
				    "accountIdentifier",
				    "userId",
				    "dbName",
				    "schemaName",
				    "projectId",
				    "datasetId",
				    "tableId",
				    "workgroupName",
				    "clusterIdentifier",
				    "dbUser",
				    "account",
				    "container",
				    "queueUrl",
				    "topicId",
				    "serverUrl",
				    "exchange",
				    "name",
				    NULL};
static const char *const numbers[] = {"batchSize", "maxWaitSecs", NULL};
static const char *const secret_names[] = {
	"awsKeyId",   "awsSecretKey", "awsSessionToken", "password",
	"privateKey", "credentials",  "accessKeyId",	 "secretAccessKey",
	"accessKey",  "username",     "connectionString"};

static bool is_in(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names;
}

/* RFC 9110, 5.6.2 and 5.5, without what is not ASCII. */
static bool is_header(const char *name, const char *value)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (!*name || name[strspn(name, token)])
		return false;
	for (; *value; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') ||
		    (unsigned char)*value >= 0x7f)
			return false;
	return true;
}

static void check_headers(const struct body_reader *in, const char *key)
{
	const json_t *headers = body_object(in, key, false);
	void *at = NULL;

	if (!headers)
		return;
	struct body_reader inside = body_inside(in, key, headers);
	json_t *all = json_object_get(in->object, key);

	if (json_object_size(all) > HEADERS_MAX)
		body_invalid(in, key, "are over %d", HEADERS_MAX);
	for (at = json_object_iter(all); at;
	     at = json_object_iter_next(all, at)) {
		const char *name = json_object_iter_key(at);
		const char *value =
			body_string(&inside, name, false, AMP_URL_MAX);

		if (json_is_null(json_object_iter_value(at)))
			body_misshapen(&inside, name, "must be a string");
		if (utf8_count(name) > AMP_NAME_MAX ||
		    (value && !is_header(name, value)))
			body_invalid(in, key, "%s is no header", name);
	}
}

static void check_number(const struct body_reader *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (json_is_null(value))
		return;
	if (!json_is_integer(value))
		body_misshapen(in, key, "must be an integer");
	else if (json_integer_value(value) < 1 ||
		 json_integer_value(value) > 100000)
		body_invalid(in, key, "must be from 1 to 100000");
}

/* Keys that no destination has are let be, and not kept. */
static void read_one(const struct body_reader *in, const char *key,
		     json_t *metadata)
{
	json_t *value = json_object_get(in->object, key);

	if (strcmp(key, "headers") == 0)
		check_headers(in, key);
	else if (strcmp(key, "tls") == 0)
		body_bool(in, key);
	else if (is_in(numbers, key))
		check_number(in, key);
	else if (is_in(texts, key))
		(void)body_string(in, key, false, AMP_URL_MAX);
	else
		return;
	if (json_is_null(value))
		json_object_del(metadata, key);
	else
		json_object_set(metadata, key, value);
}

static void read_metadata(const struct body_reader *in, const json_t *mask,
			  json_t *metadata)
{
	const json_t *object = body_object(in, "metadata", true);
	json_t *all = json_object_get(in->object, "metadata");
	bool is_whole = amp_masks(mask, "metadata");

	if (!object)
		return;
	struct body_reader inside = body_inside(in, "metadata", object);
	if (is_whole)
		json_object_clear(metadata);
	for (void *at = json_object_iter(all); at;
	     at = json_object_iter_next(all, at)) {
		const char *key = json_object_iter_key(at);

		if (is_whole ||
		    amp_masks(mask,
			      arena_printf(&in->op->arena, "metadata.%s", key)))
			read_one(&inside, key, metadata);
	}
}

static void check_webhook(const struct body_reader *in, const json_t *metadata)
{
	const char *url = json_string_value(json_object_get(metadata, "url"));

	if (!url) {
		body_misshapen(in, "metadata.url", "is required for a webhook");
		return;
	}
	const char *why =
		outbound_url_fault(url, in->op->rules, in->op->rule_count);
	if (why)
		body_invalid(in, "metadata.url", "%s", why);
}

static void read_secrets(const struct body_reader *in, const json_t *mask,
			 struct new_credential *secrets, size_t *ret_count)
{
	const json_t *object = body_object(in, "secrets", false);

	if (!object)
		return;
	struct body_reader inside = body_inside(in, "secrets", object);
	for (size_t i = 0; i < AMP_DESTINATION_SECRETS; i++) {
		const char *key = secret_names[i];

		if (!json_object_get(object, key) ||
		    !amp_masks(mask,
			       arena_printf(&in->op->arena, "secrets.%s", key)))
			continue;
		secrets[(*ret_count)++] = (struct new_credential){
			key, body_string(&inside, key, false, CREDENTIAL_MAX),
			0};
	}
}

/* May this be in a mask, and is its value there? */
static void check_mask(const struct amp_update *update)
{
	const json_t *one;
	size_t i;

	json_array_foreach (update->mask, i, one) {
		const char *name = json_string_value(one);
		const char *dot = strchr(name, '.');
		const json_t *of = update->inside.object;
		bool is_known = strcmp(name, "name") == 0 ||
				strcmp(name, "metadata") == 0;

		if (strncmp(name, "metadata.", 9) == 0)
			is_known = is_in(texts, name + 9) ||
				   is_in(numbers, name + 9) ||
				   strcmp(name + 9, "tls") == 0 ||
				   strcmp(name + 9, "headers") == 0;
		for (size_t s = 0; s < AMP_DESTINATION_SECRETS; s++)
			is_known = is_known ||
				   (strncmp(name, "secrets.", 8) == 0 &&
				    strcmp(name + 8, secret_names[s]) == 0);
		if (is_known && dot)
			of = json_object_get(of, dot[-1] == 'a' ? "metadata"
								: "secrets");
		if (!is_known)
			body_misshapen(
				&update->body, "updateMask",
				arena_printf(&update->body.op->arena,
					     "holds %s, which can't be changed",
					     name));
		else if (!json_object_get(of, dot ? dot + 1 : name))
			body_misshapen(&update->inside, name,
				       "is required by updateMask");
	}
}

static bool masks_metadata(const json_t *mask)
{
	const json_t *one;
	size_t i;

	json_array_foreach (mask, i, one) {
		if (strncmp(json_string_value(one), "metadata", 8) == 0)
			return true;
	}
	return !mask;
}

void amp_read_destination(const struct body_reader *in,
			  const struct amp_update *update, const char *kind,
			  json_t *metadata, struct new_credential *secrets,
			  size_t *ret_count)
{
	const json_t *mask = update ? update->mask : NULL;

	*ret_count = 0;
	if (update)
		check_mask(update);
	if (*in->fault != OK)
		return;
	if (masks_metadata(mask)) {
		read_metadata(in, mask, metadata);
		if (*in->fault == OK && kind &&
		    strcmp(kind, DESTINATION_WEBHOOK) == 0)
			check_webhook(in, metadata);
	}
	read_secrets(in, mask, secrets, ret_count);
}
