/* The look at a request's framing. */
#include "http/guard.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "http/chars.h"
#include "http/stream.h"

struct headers {
	size_t count;
	size_t bytes;
	int hosts;
	int lengths;
	int encodings;
	bool has_bad_name;
	bool has_bad_value;
	bool expects; /* waits for 100 Continue before it sends its body */
	const char *host;
	const char *length;
	const char *encoding;
};

/*
 * The library glues a folded line (RFC 9112, 5.2) to the name of the header
 * before it: "Content-Length:" and " 5" become the name Content-Length5. Such
 * a name hides a framing that others may see.
 */
static bool hides_framing(const char *name)
{
	static const char *const framing[] = {"Content-Length",
					      "Transfer-Encoding"};

	for (int i = 0; i < 2; i++) {
		size_t length = strlen(framing[i]);

		if (strncasecmp(name, framing[i], length) == 0 && name[length])
			return true;
	}
	return false;
}

static enum MHD_Result look_at(void *context, enum MHD_ValueKind kind,
			       const char *name, const char *value)
{
	struct headers *seen = context;

	(void)kind;
	if (!value)
		value = "";
	size_t name_length = strlen(name), value_length = strlen(value);
	seen->count++;
	seen->bytes += name_length + value_length + 4;
	if (!name_length || !chars_are(name, name_length, CHARS_TOKEN))
		seen->has_bad_name = true;
	if (!chars_are(value, value_length, CHARS_FIELD))
		seen->has_bad_value = true; /* a split line would carry them */
	if (!strchr("HhCcTtEe", *name))
		return MHD_YES; /* none of those below */
	if (hides_framing(name))
		seen->has_bad_name = true;
	if (strcasecmp(name, "Host") == 0) {
		seen->hosts++;
		seen->host = value;
	} else if (strcasecmp(name, "Expect") == 0) {
		seen->expects = true;
	} else if (strcasecmp(name, "Content-Length") == 0) {
		seen->lengths++;
		seen->length = value;
	} else if (strcasecmp(name, "Transfer-Encoding") == 0) {
		seen->encodings++;
		seen->encoding = value;
	}
	return MHD_YES;
}

/* Digits alone, few enough not to overflow. */
static bool read_length(const char *text, uint64_t *ret)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || text[digits] || digits > 18)
		return false;
	*ret = 0;
	for (; *text; text++)
		*ret = *ret * 10 + (uint64_t)(*text - '0');
	return true;
}

static const char *framing_fault(const struct headers *seen,
				 const char *version, uint64_t *ret_length)
{
	bool is_1_1 = strcmp(version, "HTTP/1.1") == 0;

	if (!is_1_1 && strcmp(version, "HTTP/1.0") != 0)
		return "only HTTP/1.1 and HTTP/1.0 are spoken here";
	if (seen->has_bad_name)
		return "a header's name is not a token";
	if (seen->has_bad_value)
		return "a header's value has a control character";
	if (seen->hosts > 1 || (is_1_1 && seen->hosts == 0))
		return "exactly one Host header is needed";
	if (seen->host && strpbrk(seen->host, " \t\"<>\\^`{|},/?#@"))
		return "the Host header is not a host";
	if (seen->lengths > 1)
		return "more than one Content-Length";
	if (seen->lengths && seen->encodings)
		return "both Content-Length and Transfer-Encoding";
	if (seen->encodings > 1 ||
	    (seen->encodings &&
	     (!is_1_1 || strcmp(seen->encoding, "chunked") != 0)))
		return "the only Transfer-Encoding is chunked";
	if (seen->lengths && !read_length(seen->length, ret_length))
		return "Content-Length is not a number";
	return NULL;
}

struct guard_verdict guard_check(struct MHD_Connection *connection,
				 const char *method, const char *target,
				 const char *target_end, const char *version,
				 bool is_stream)
{
	struct guard_verdict verdict = {0};
	struct headers seen = {0};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at, &seen);
	verdict.why = framing_fault(&seen, version, &verdict.body_length);
	if (verdict.why) {
		verdict.status = 400;
	} else if (target[0] != '/') {
		verdict.status = 400;
		verdict.why = "the request target must be a path";
	} else if (version != target_end + 1) {
		/* a space was between them; a NUL byte ends the text before */
		verdict.status = 400;
		verdict.why = "the request target has a NUL byte";
	} else if (strlen(method) + strlen(target) > REQUEST_LINE_MAX) {
		verdict.status = 414;
		verdict.why = "the request line is over 8 KiB";
	} else if (seen.bytes > REQUEST_HEADERS_MAX ||
		   seen.count > REQUEST_HEADER_COUNT_MAX) {
		verdict.status = 431;
		verdict.why = "more than 100 headers, or over 32 KiB of them";
	} else if (is_stream) {
		if (verdict.body_length > (uint64_t)STREAM_BODY_MAX) {
			verdict.status = 413;
			verdict.why = "the body is over 256 MiB";
		}
	} else if (verdict.body_length > REQUEST_DISCARD_MAX ||
		   (verdict.body_length > REQUEST_BODY_MAX && seen.expects)) {
		/* others are read to their end, so that the answer arrives */
		verdict.status = 413;
		verdict.why = "the body is over 1 MiB";
	}
	return verdict;
}
