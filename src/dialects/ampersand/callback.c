/*
 * The pages that a browser comes back to: each tells its opener and shows one
 * sentence. The one script is the same for all and named by its hash in the
 * policy; what it tells stands in an attribute, so nothing that came in the
 * address can be taken for a script or markup.
 */
#include <sodium.h>
#include <string.h>

#include "core/consent.h"
#include "dialects/ampersand/ampersand.h"

enum { PAGE_MAX = 256 * 1024, PARAM_MAX = 4096, PARAMS_MAX = 16 };

/* What is told is public: who opened the page may be of any origin. */
static const char script[] =
	"const told=JSON.parse(document.body.dataset.told);"
	"if(window.opener)window.opener.postMessage(told,\"*\");";

static const char *policy(struct request *request)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES,
					    sodium_base64_VARIANT_ORIGINAL)];

	crypto_hash_sha256(hash, (const unsigned char *)script,
			   sizeof(script) - 1);
	sodium_bin2base64(text, sizeof(text), hash, sizeof(hash),
			  sodium_base64_VARIANT_ORIGINAL);
	return arena_printf(&request->op.arena,
			    "default-src 'none'; script-src 'sha256-%s'; "
			    "base-uri 'none'; form-action 'none'; "
			    "frame-ancestors 'none'",
			    text);
}

static void put_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (strchr("<>&\"'", c))
			buf_printf(out, "&#%d;", c);
		else
			buf_char(out, (char)c);
	}
}

static enum error answer_page(struct request *request, int status,
			      const char *told, const char *sentence)
{
	struct buf *out = &request->response.body;

	request->response.status = status;
	request->response.content_type = "text/html; charset=utf-8";
	response_header(request, "Content-Security-Policy", policy(request));
	response_header(request, "X-Content-Type-Options", "nosniff");
	response_header(request, "Referrer-Policy", "no-referrer");
	response_header(request, "Cache-Control", "no-store");
	buf_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>"
		      "<meta charset=\"utf-8\"><title>Connection</title>"
		      "</head>\n<body data-told=\"");
	put_escaped(out, told);
	buf_text(out, "\">\n<p>");
	put_escaped(out, sentence);
	buf_printf(out, "</p>\n<script>%s</script>\n</body>\n</html>\n",
		   script);
	return OK;
}

/* {eventType: ..., data: {NAME: VALUE}} */
static const char *event_of(struct request *request, const char *type,
			    const char *name, const char *value)
{
	struct buf text;

	buf_init(&text, PAGE_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "eventType", type);
	json_begin_object(&w, "data");
	json_put_string(&w, name, value);
	json_end_object(&w);
	json_end_object(&w);
	const char *copy = arena_strdup(&request->op.arena, buf_cstr(&text));
	buf_release(&text);
	return copy;
}

static enum error answer_failure(struct request *request, int status,
				 const char *why)
{
	return answer_page(
		request, status,
		event_of(request, "AUTHORIZATION_FAILED", "error", why),
		arena_printf(&request->op.arena, "Not connected: %s.", why));
}

static enum error answer_end(struct request *request)
{
	struct connection_view view;
	char id[UUID_TEXT];

	enum error error = amp_obtained(request, &view);
	if (error == ERR_INVALID || error == ERR_NOT_FOUND)
		return answer_failure(request, 400, request->op.detail);
	if (error == ERR_BUSY && request->op.detail)
		return answer_failure(request, 504, request->op.detail);
	TRY(error);
	uuid_format(view.connection.id, id);
	return answer_page(
		request, 200,
		event_of(request, "AUTHORIZATION_SUCCEEDED", "connection", id),
		"Connected. You may close this window.");
}

/* One that is there twice can be read in two ways. */
static bool is_repeated(const struct request *request)
{
	for (size_t i = 0; i < request->arg_count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(request->args[i].name,
				   request->args[j].name) == 0)
				return true;
	return false;
}

enum error amp_oauth_callback(struct request *request)
{
	const struct consent_return with = {
		.state = request_arg(request, "state"),
		.code = request_arg(request, "code"),
		.error = request_arg(request, "error"),
		.issuer = request_arg(request, "iss"),
	};
	struct obtaining obtaining;
	const char *refusal;

	if (request->kept)
		return answer_end(request);
	if (is_repeated(request))
		return answer_failure(request, 400,
				      "the provider's answer is ambiguous");
	TRY(consent_come_back(&request->op, &with, &obtaining, &refusal));
	if (refusal)
		return answer_failure(request, 400, refusal);
	return amp_wait_for(request, obtaining.id);
}

/* {source: ..., params: {NAME: VALUE, ...}}: who opened it goes on with them.
 */
enum error amp_custom_auth_callback(struct request *request)
{
	struct buf text;

	if (is_repeated(request) || request->arg_count > PARAMS_MAX)
		return answer_failure(request, 400,
				      "the provider's answer is ambiguous");
	buf_init(&text, PAGE_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "source", "ampersand-custom-auth");
	json_begin_object(&w, "params");
	for (size_t i = 0; i < request->arg_count; i++)
		if (!strpbrk(request->args[i].name, "\"\\"))
			json_put_string(&w, request->args[i].name,
					request->args[i].value);
	json_end_object(&w);
	json_end_object(&w);
	const char *told = arena_strdup(&request->op.arena, buf_cstr(&text));
	buf_release(&text);
	return answer_page(request, 200, told, "You may close this window.");
}
