/* The look at a request's framing. */
#include "http/guard.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "http/chars.h"
#include "http/stream.h"

enum { LINE_END = 2 }; /* CR and LF */

struct headers {
	const char *next; /* where the next one's name must be */
	size_t count;
	size_t bytes;
	int hosts;
	int lengths;
	int encodings;
	bool has_bad_name;
	bool has_bad_value;
	bool is_torn; /* the library has not read it as it was sent */
	bool expects; /* waits for 100 Continue before it sends its body */
	const char *host;
	const char *length;
	const char *encoding;
};

/*
 * The library reads a request where it lies: NUL bytes take the place of the
 * colon and of each line's end. So each header has its place right behind the
 * one before, and what is not there was read otherwise than it was sent: a
 * folded line (RFC 9112, 5.2), which is glued to the name of the header before
 * it, somewhere else; a NUL byte, which ends a value early; a line without a
 * name, which ends all headers; a line that ends with LF alone.
 */
static bool is_in_place(const struct headers *seen, const char *name,
			size_t name_length, const char *value)
{
	const char *after = name + name_length + 1;

	return name == seen->next && value == after + strspn(after, " \t");
}

static enum MHD_Result look_at(void *context, enum MHD_ValueKind kind,
			       const char *name, const char *value)
{
	struct headers *seen = context;

	(void)kind;
	if (!value) {
		seen->is_torn = true;
		return MHD_NO;
	}
	size_t name_length = strlen(name), value_length = strlen(value);
	if (!is_in_place(seen, name, name_length, value))
		seen->is_torn = true;
	seen->next = value + value_length + LINE_END;
	seen->count++;
	seen->bytes += name_length + value_length + 4;
	if (!name_length || !chars_are(name, name_length, CHARS_TOKEN))
		seen->has_bad_name = true;
	if (!chars_are(value, value_length, CHARS_FIELD))
		seen->has_bad_value = true; /* a split line would carry them */
	if (!strchr("HhCcTtEe", *name))
		return MHD_YES; /* none of those below */
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
	if (seen->is_torn)
		return "a header's line is folded, or without name or CR, or "
		       "has a "
		       "NUL byte";
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

/* From the first byte of the request line to the last of the empty one. */
static size_t bytes_of_headers(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
		->header_size;
}

struct guard_verdict guard_check(struct MHD_Connection *connection,
				 const char *method, const char *target,
				 const char *target_end, const char *version,
				 bool is_stream)
{
	struct guard_verdict verdict = {0};
	struct headers seen = {.next = version + strlen(version) + LINE_END};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, look_at, &seen);
	if (seen.next + LINE_END != method + bytes_of_headers(connection))
		seen.is_torn = true;
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
	} else if (version + strlen(version) > method + REQUEST_LINE_MAX) {
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
