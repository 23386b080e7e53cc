/*
 * Uploads: a signed URL is given out, a file is put there, and a manifest is
 * read from it by gs://BUCKET/PATH.
 */
#include "core/upload.h"

#include <md5.h>
#include <sodium.h>
#include <string.h>

#include "dialects/ampersand/ampersand.h"

#define BUCKET "cleat-uploads"

enum { MD5_TEXT = 25 }; /* base64 of 16 bytes, and a NUL */

static bool is_md5(const char *text)
{
	unsigned char bytes[MD5_DIGEST_LENGTH];
	size_t length;

	return sodium_base642bin(bytes, sizeof(bytes), text, strlen(text), NULL,
				 &length, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       length == sizeof(bytes);
}

/* Base64 as it was meant: its + may have come unescaped, and read as a space.
 */
static enum error read_md5(struct request *request, const char **ret)
{
	const char *sent = request_arg(request, "md5");
	char *text = arena_strdup(&request->op.arena, sent ? sent : "");

	for (char *at = text; *at; at++)
		if (*at == ' ')
			*at = '+';
	*ret = text;
	if (!*text || is_md5(text))
		return OK;
	op_issue(&request->op, "query", "md5",
		 "must be the base64 of 16 bytes");
	return op_fail(&request->op, ERR_INVALID,
		       "md5 must be the base64 of 16 bytes");
}

static const char *path_of(struct op *op, const struct upload_address *address)
{
	char project[UUID_TEXT], id[UUID_TEXT];

	uuid_format(address->project_id, project);
	uuid_format(address->id, id);
	return arena_printf(&op->arena, "%s/%s", project, id);
}

enum error amp_generate_upload_url(struct request *request)
{
	struct op *op = &request->op;
	struct upload_address address;
	const char *md5;

	TRY(access_to_manage(op));
	TRY(read_md5(request, &md5));
	upload_address_make(op, md5, &address);
	const char *path = path_of(op, &address);
	const char *url =
		arena_printf(&op->arena, "%s/v1/uploads/%s?md5=%s&signature=%s",
			     request_origin(request), path,
			     url_encode(&op->arena, md5), address.signature);
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_string(&w, "url", url);
	json_put_string(&w, "bucket", BUCKET);
	json_put_string(&w, "path", path);
	json_end_object(&w);
	return OK;
}

static enum error refuse_md5(struct op *op, const char *why)
{
	op_issue(op, "header", "Content-MD5", "%s", why);
	return op_fail(op, ERR_MISSHAPEN, "Content-MD5 %s", why);
}

/* The header is needed, right, and what the URL was asked for with. */
static enum error check_md5(struct request *request, const char *promised)
{
	const char *sent = request_header(request, "Content-MD5");
	unsigned char digest[MD5_DIGEST_LENGTH];
	struct op *op = &request->op;
	char actual[MD5_TEXT];
	MD5_CTX context;

	if (!sent)
		return refuse_md5(op, "is required");
	if (!is_md5(sent))
		return refuse_md5(op, "must be the base64 of 16 bytes");
	MD5Init(&context);
	MD5Update(&context, (const uint8_t *)request->body.bytes,
		  request->body.length);
	MD5Final(digest, &context);
	sodium_bin2base64(actual, sizeof(actual), digest, sizeof(digest),
			  sodium_base64_VARIANT_ORIGINAL);
	if (strcmp(sent, actual) != 0)
		return refuse_md5(op, "is not that of the body");
	if (*promised && strcmp(promised, actual) != 0)
		return refuse_md5(op, "is not what the URL was asked for with");
	return OK;
}

enum error amp_put_upload(struct request *request)
{
	const char *signature = request_arg(request, "signature");
	struct op *op = &request->op;
	struct upload_address to;

	TRY(amp_path_id(request, 0, "upload", &to.project_id));
	TRY(amp_path_id(request, 1, "upload", &to.id));
	to.md5 = request_arg(request, "md5");
	if (!to.md5)
		to.md5 = "";
	to.signature[0] = '\0';
	if (signature && strlen(signature) < sizeof(to.signature))
		memcpy(to.signature, signature, strlen(signature) + 1);
	TRY(upload_put(op, &to, request->body.bytes, request->body.length));
	TRY(check_md5(request, to.md5));
	request->response.status = 200;
	return OK;
}

/* gs://BUCKET/PROJECT/UPLOAD, as it was given out. */
static bool read_url(struct op *op, const char *url, struct uuid *ret_project,
		     struct uuid *ret_id)
{
	static const char start[] = "gs://" BUCKET "/";
	size_t length = strlen(start);

	if (strncmp(url, start, length) != 0 ||
	    strlen(url) != length + 2 * (UUID_TEXT - 1) + 1 ||
	    url[length + UUID_TEXT - 1] != '/')
		return false;
	return uuid_parse(
		       arena_strndup(&op->arena, url + length, UUID_TEXT - 1),
		       ret_project) &&
	       uuid_parse(url + length + UUID_TEXT, ret_id);
}

enum error amp_read_upload(struct op *op, const char *url,
			   const char **ret_yaml)
{
	struct upload_content content;
	struct uuid project_id, id;
	enum error error = ERR_NOT_FOUND;

	if (read_url(op, url, &project_id, &id))
		error = upload_get(op, project_id, id, &content);
	if (error == ERR_NOT_FOUND) {
		op_issue(op, "body", "sourceZipUrl",
			 "names nothing that was uploaded");
		op_advise(op, "Upload the zip to a URL of "
			      "/v1/generate-upload-url, and send it within "
			      "15 minutes.");
		return op_fail(op, ERR_INVALID, "there is no such upload");
	}
	TRY(error);
	return amp_read_zip(op, content.bytes, content.length, ret_yaml);
}
