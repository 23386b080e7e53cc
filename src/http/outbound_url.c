/* URLs that somebody stores, to be called later: libcurl reads them, as it
 * will then, so that no two readers differ. */
#include "http/outbound.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* What matters of a URL; of libcurl, to be freed. */
struct parts {
	char *scheme, *host, *port;
};

static bool read_parts(CURLU *parsed, const char *url, struct parts *ret)
{
	return curl_url_set(parsed, CURLUPART_URL, url,
			    CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	       curl_url_get(parsed, CURLUPART_SCHEME, &ret->scheme, 0) ==
		       CURLUE_OK &&
	       curl_url_get(parsed, CURLUPART_HOST, &ret->host, 0) ==
		       CURLUE_OK &&
	       *ret->host &&
	       curl_url_get(parsed, CURLUPART_PORT, &ret->port,
			    CURLU_DEFAULT_PORT) == CURLUE_OK;
}

static bool has_part(CURLU *parsed, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(parsed, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

/* False when the host is a name. libcurl has made a.b.c.d of every other
 * spelling of an IPv4 address. */
static bool read_literal(const struct parts *parts,
			 struct sockaddr_storage *ret)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	char text[INET6_ADDRSTRLEN];
	uint16_t port = htons((uint16_t)strtol(parts->port, NULL, 10));
	size_t length = strlen(parts->host);

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, parts->host, &v4.sin_addr) == 1) {
		v4.sin_port = port;
		memcpy(ret, &v4, sizeof(v4));
		return true;
	}
	if (parts->host[0] != '[' || length - 2 >= sizeof(text))
		return false;
	memcpy(text, parts->host + 1, length - 2);
	text[length - 2] = '\0';
	if (inet_pton(AF_INET6, text, &v6.sin6_addr) != 1)
		return false;
	v6.sin6_port = port;
	memcpy(ret, &v6, sizeof(v6));
	return true;
}

/* What is not, belongs escaped (RFC 3986, 2). */
static bool is_printable(const char *url)
{
	for (; *url; url++)
		if (*url <= ' ' || *url >= 0x7f || strchr("\\\"<>", *url))
			return false;
	return true;
}

/* libcurl takes one slash or three for two. */
static bool has_two_slashes(const char *url)
{
	const char *slashes = strstr(url, ":/");

	return slashes && slashes[2] == '/' && slashes[3] != '/';
}

static bool is_http(const struct parts *parts)
{
	return strcasecmp(parts->scheme, "http") == 0;
}

/* What nothing can allow. */
static const char *fault_of_form(CURLU *parsed, const char *url,
				 struct parts *parts)
{
	if (!has_two_slashes(url) || !read_parts(parsed, url, parts))
		return "must be a URL such as https://example.com/path";
	if (!is_http(parts) && strcasecmp(parts->scheme, "https") != 0)
		return "must begin with https:// or http://";
	if (has_part(parsed, CURLUPART_USER) ||
	    has_part(parsed, CURLUPART_PASSWORD))
		return "must not hold a user or password";
	return NULL;
}

static const char *fault_of_host(const struct parts *parts,
				 const struct outbound_rule *rules,
				 size_t count)
{
	struct sockaddr_storage literal;
	bool is_plain = is_http(parts);
	long port = strtol(parts->port, NULL, 10);

	if (read_literal(parts, &literal)) {
		const struct sockaddr *at = (const struct sockaddr *)&literal;

		if (outbound_is_allowed(at, is_plain, rules, count))
			return NULL;
		return is_plain && outbound_is_allowed(at, false, rules, count)
			       ? "must begin with https://"
			       : "must not be of an address inside a network";
	}
	/* what the name stands for may be of a rule: seen when it is called */
	if (count)
		return NULL;
	if (is_plain)
		return "must begin with https://";
	if (port != 443 && port < 1024)
		return "must be of port 443 or one above 1023";
	return NULL;
}

static const char *judge(const char *url, const struct outbound_rule *rules,
			 size_t count, bool is_form_alone)
{
	CURLU *parsed = curl_url();
	struct parts parts = {NULL, NULL, NULL};

	if (!parsed)
		abort();
	const char *why = fault_of_form(parsed, url, &parts);
	if (!why && !is_form_alone)
		why = fault_of_host(&parts, rules, count);
	curl_free(parts.scheme);
	curl_free(parts.host);
	curl_free(parts.port);
	curl_url_cleanup(parsed);
	return why;
}

const char *outbound_url_form_fault(const char *url)
{
	return judge(url, NULL, 0, true);
}

const char *outbound_url_fault(const char *url,
			       const struct outbound_rule *rules, size_t count)
{
	if (strlen(url) > OUTBOUND_URL_MAX)
		return "must not be over 2048 bytes";
	if (!is_printable(url))
		return "must be a URL such as https://example.com/path";
	return judge(url, rules, count, false);
}
