/* Reading what a request carries. */
#include "http/request.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/outbound_call.h"
#include "http/chars.h"

static const char *const method_names[METHOD_OTHER] = {
	[METHOD_GET] = "GET",	    [METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",	    [METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE", [METHOD_OPTIONS] = "OPTIONS",
};

const char *method_name(enum method method)
{
	return method_names[method];
}

enum method method_named(const char *name)
{
	for (int m = 0; m < METHOD_OTHER; m++)
		if (strcmp(name, method_names[m]) == 0)
			return (enum method)m;
	return METHOD_OTHER;
}

/* The library keeps the blanks behind a value (RFC 9110, 5.5: no part of it);
 * a copy where there are any. */
static const char *without_blanks(struct arena *arena, const char *value)
{
	size_t length = value ? strlen(value) : 0, kept = length;

	while (kept && (value[kept - 1] == ' ' || value[kept - 1] == '\t'))
		kept--;
	return kept == length ? value : arena_strndup(arena, value, kept);
}

const char *request_header(struct request *request, const char *name)
{
	return without_blanks(&request->op.arena,
			      MHD_lookup_connection_value(request->connection,
							  MHD_HEADER_KIND,
							  name));
}

struct joining {
	struct arena *arena;
	const char *name;
	const char *all;
};

static enum MHD_Result join_value(void *context, enum MHD_ValueKind kind,
				  const char *name, const char *value)
{
	struct joining *joining = context;
	const char *const parts[] = {
		joining->all ? joining->all : "", joining->all ? ", " : "",
		value ? without_blanks(joining->arena, value) : ""};

	(void)kind;
	if (strcasecmp(name, joining->name) == 0)
		joining->all = arena_join(joining->arena, parts, 3);
	return MHD_YES;
}

const char *request_header_list(struct request *request, const char *name)
{
	struct joining joining = {&request->op.arena, name, NULL};

	MHD_get_connection_values(request->connection, MHD_HEADER_KIND,
				  join_value, &joining);
	return joining.all;
}

struct gathering {
	struct arena *arena;
	struct outbound_header *items;
	size_t count, max;
};

static enum MHD_Result gather(void *context, enum MHD_ValueKind kind,
			      const char *name, const char *value)
{
	struct gathering *to = context;

	(void)kind;
	if (to->count == to->max)
		return MHD_NO;
	to->items[to->count++] = (struct outbound_header){
		arena_strdup(to->arena, name),
		arena_strdup(to->arena,
			     value ? without_blanks(to->arena, value) : "")};
	return MHD_YES;
}

size_t request_headers(struct request *request, struct outbound_header *ret,
		       size_t max)
{
	struct gathering to = {&request->op.arena, ret, 0, max};

	MHD_get_connection_values(request->connection, MHD_HEADER_KIND, gather,
				  &to);
	return to.count;
}

const char *request_arg(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->arg_count; i++)
		if (strcmp(request->args[i].name, name) == 0)
			return request->args[i].value;
	return NULL;
}

enum error request_flag(struct request *request, const char *name, bool *ret)
{
	const char *text = request_arg(request, name);

	if (!text)
		return OK;
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0) {
		*ret = true;
	} else if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0) {
		*ret = false;
	} else {
		op_issue(&request->op, "query", name, "must be true or false");
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "%s must be true or false", name);
	}
	return OK;
}

enum error request_number(struct request *request, const char *name,
			  int64_t least, int64_t most, int64_t *ret)
{
	const char *text = request_arg(request, name);
	char *end;

	if (!text)
		return OK;
	errno = 0; /* what is out of range would end as the last in it */
	long long number = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || number < least ||
	    number > most) {
		op_issue(&request->op, "query", name,
			 "must be a number from %lld to %lld", (long long)least,
			 (long long)most);
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "%s must be a number from %lld to %lld", name,
			       (long long)least, (long long)most);
	}
	*ret = number;
	return OK;
}

const char *request_bearer(struct request *request)
{
	const char *value = request_header(request, "Authorization");

	if (!value || strncasecmp(value, "Bearer ", 7) != 0)
		return NULL;
	value += 7;
	return value + strspn(value, " ");
}

bool request_is_of_this_machine(const struct request *request)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	if (!info || !info->client_addr)
		return false;
	memcpy(&v4, info->client_addr, sizeof(v4));
	if (v4.sin_family == AF_INET)
		return ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	if (v4.sin_family != AF_INET6)
		return false;
	memcpy(&v6, info->client_addr, sizeof(v6));
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

const char *request_origin(struct request *request)
{
	const char *host = request_header(request, "Host");
	const char *scheme = request_header(request, "X-Forwarded-Proto");
	bool is_https = scheme && strcmp(scheme, "https") == 0;

	if (request->public_url)
		return request->public_url;
	const char *const parts[] = {is_https ? "https://" : "http://",
				     host ? host : "localhost"};

	return arena_join(&request->op.arena, parts, 2);
}

void response_header(struct request *request, const char *name,
		     const char *value)
{
	struct response *response = &request->response;

	if (response->header_count == RESPONSE_HEADERS_MAX)
		abort();
	response->headers[response->header_count++] =
		(struct header){name, value};
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* How many bytes the UTF-8 sequence here has; 0 when it is none. */
static size_t utf8_length(const unsigned char *at)
{
	size_t length = at[0] < 0x80   ? 1
			: at[0] < 0xc2 ? 0
			: at[0] < 0xe0 ? 2
			: at[0] < 0xf0 ? 3
			: at[0] < 0xf5 ? 4
				       : 0;

	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || /* overlong */
	    (at[0] == 0xed && at[1] > 0x9f) || /* surrogates */
	    (at[0] == 0xf0 && at[1] < 0x90) || /* overlong */
	    (at[0] == 0xf4 && at[1] > 0x8f))   /* past U+10FFFF */
		return 0;
	return length;
}

static bool is_clean_text(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		size_t length = utf8_length(at);

		if (!length || *at < 0x20 || *at == 0x7f)
			return false;
		at += length;
	}
	return true;
}

const char *url_decode(struct arena *arena, const char *text, size_t length,
		       bool is_form)
{
	if (chars_are(text, length, CHARS_UNESCAPED))
		return arena_strndup(arena, text, length);

	char *decoded = arena_alloc(arena, length + 1);
	char *out = decoded;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '+' && is_form)
			c = ' ';
		if (c == '%') {
			int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
			int low = i + 2 < length ? hex_value(text[i + 2]) : -1;
			if (high < 0 || low < 0)
				return NULL;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (!c)
			return NULL;
		*out++ = c;
	}
	return is_clean_text(decoded) ? decoded : NULL;
}

bool url_split_args(struct arena *arena, const char *text, struct argument *ret,
		    size_t max, size_t *ret_count)
{
	size_t count = 0;

	while (*text) {
		size_t length = strcspn(text, "&");
		const char *equals = memchr(text, '=', length);
		size_t name = equals ? (size_t)(equals - text) : length;

		if (length) {
			if (count == max)
				return false;
			ret[count].name = url_decode(arena, text, name, true);
			ret[count].value =
				equals ? url_decode(arena, equals + 1,
						    length - name - 1, true)
				       : "";
			if (!ret[count].name || !ret[count].value)
				return false;
			count++;
		}
		text += length;
		text += *text == '&';
	}
	*ret_count = count;
	return true;
}

const char *request_address(struct request *request)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char text[NI_MAXHOST];

	if (!info || !info->client_addr)
		return NULL;
	socklen_t length = info->client_addr->sa_family == AF_INET6
				   ? sizeof(struct sockaddr_in6)
				   : sizeof(struct sockaddr_in);
	if (getnameinfo(info->client_addr, length, text, sizeof(text), NULL, 0,
			NI_NUMERICHOST) != 0)
		return NULL;
	return arena_strdup(&request->op.arena, text);
}
