/* Whom browsers let read our answers. */
#include "http/cors.h"

#include <stdlib.h>
#include <string.h>

/* Of the port, none or another than the scheme's own. */
static bool is_port(const char *text, const char *usual)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits <= 5 && !text[digits] && *text != '0' &&
	       strtol(text, NULL, 10) <= 65535 && strcmp(text, usual) != 0;
}

bool cors_is_origin(const char *text)
{
	bool is_https = strncmp(text, "https://", 8) == 0;
	const char *host = text + (is_https ? 8 : 7);
	size_t length;

	if (strlen(text) > CORS_ORIGIN_MAX ||
	    (!is_https && strncmp(text, "http://", 7) != 0))
		return false;
	if (*host == '[') {
		length = 1 + strspn(host + 1, "0123456789abcdef:");
		if (length < 3 || host[length] != ']')
			return false;
		length++;
	} else {
		length = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	}
	if (!length || !host[length])
		return length > 0;
	return host[length] == ':' &&
	       is_port(host + length + 1, is_https ? "443" : "80");
}

void cors_look(const struct cors *cors, struct request *request)
{
	const char *origin = request_header(request, "Origin");

	request->cors.varies = cors->count > 0;
	for (size_t i = 0; origin && i < cors->count; i++)
		if (strcmp(cors->origins[i], origin) == 0)
			request->cors.origin = cors->origins[i];
}

bool cors_is_preflight(struct request *request)
{
	return request->cors.origin && request->method == METHOD_OPTIONS &&
	       request_header(request, "Access-Control-Request-Method");
}

void cors_answer_preflight(struct request *request)
{
	request->response.status = 204;
	response_header(request, "Access-Control-Allow-Methods",
			"GET, POST, PUT, PATCH, DELETE");
	response_header(request, "Access-Control-Allow-Headers",
			"x-api-key, authorization, content-type, "
			"idempotency-key, if-match, if-none-match, "
			"x-amp-client, x-amp-client-version");
	response_header(request, "Access-Control-Max-Age", "600");
}

size_t cors_headers(const struct request *request,
		    struct header ret[static CORS_HEADERS])
{
	size_t count = 0;

	if (request->cors.varies)
		ret[count++] = (struct header){"Vary", "Origin"};
	if (request->cors.origin) {
		ret[count++] = (struct header){"Access-Control-Allow-Origin",
					       request->cors.origin};
		ret[count++] = (struct header){
			"Access-Control-Expose-Headers",
			"X-Request-Id, Link, Location, ETag, Retry-After, "
			"Cleat-Deletion, Idempotency-Replayed"};
	}
	return count;
}
