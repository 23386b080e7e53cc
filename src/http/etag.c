/* Making tags, and comparing them with lists of tags. */
#include "http/etag.h"

#include <sodium.h>
#include <string.h>

enum { TAG_BYTES = 16, VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

const char *etag_make(struct op *op, const void *bytes, size_t length)
{
	static const char purpose[] = "etag"; /* its NUL divides the two */
	char *all = arena_alloc(&op->arena, sizeof(purpose) + length);
	char text[sodium_base64_ENCODED_LEN(TAG_BYTES, VARIANT)];

	memcpy(all, purpose, sizeof(purpose));
	if (length)
		memcpy(all + sizeof(purpose), bytes, length);
	struct digest digest =
		digest_make(&op->keys->sign, all, sizeof(purpose) + length);
	sodium_bin2base64(text, sizeof(text), digest.bytes, TAG_BYTES, VARIANT);
	return arena_printf(&op->arena, "\"%s\"", text);
}

/* One tag of a list, with its quotes. */
struct tag {
	const char *start;
	size_t length;
	bool is_weak;
};

static bool is_tag_char(unsigned char c)
{
	return c == 0x21 || (c >= 0x23 && c != 0x7f);
}

/* Reads a tag at `*at`; false when there is none. */
static bool take_tag(const char **at, struct tag *ret)
{
	const char *end = *at;

	ret->is_weak = strncmp(end, "W/", 2) == 0;
	if (ret->is_weak)
		end += 2;
	ret->start = end;
	if (*end++ != '"')
		return false;
	while (is_tag_char((unsigned char)*end))
		end++;
	if (*end++ != '"')
		return false;
	ret->length = (size_t)(end - ret->start);
	*at = end;
	return true;
}

/* Lists may hold empty elements (RFC 9110, 5.6.1.2), but not these alone. */
static bool list_has(const char *list, const char *etag, bool is_weakly,
		     bool *ret_has)
{
	size_t count = 0;
	struct tag tag;

	*ret_has = false;
	for (;;) {
		list += strspn(list, " \t,");
		if (!*list)
			return count > 0;
		if (!take_tag(&list, &tag))
			return false;
		count++;
		list += strspn(list, " \t");
		if (*list && *list != ',')
			return false;
		if (etag && (is_weakly || !tag.is_weak) &&
		    strlen(etag) == tag.length &&
		    memcmp(etag, tag.start, tag.length) == 0)
			*ret_has = true;
	}
}

/* Does the field name the resource as it is: by *, or by its tag. */
static bool names(const char *field, const char *etag, bool is_weakly,
		  bool *ret)
{
	const char *start = field + strspn(field, " \t");

	if (*start == '*' && !start[1 + strspn(start + 1, " \t")]) {
		*ret = etag != NULL;
		return true;
	}
	return list_has(start, etag, is_weakly, ret);
}

enum precondition etag_judge(enum method method, const char *if_match,
			     const char *if_none_match, const char *etag)
{
	bool is_named;

	if (if_match) {
		if (!names(if_match, etag, false, &is_named))
			return PRECONDITION_UNREADABLE;
		if (!is_named)
			return PRECONDITION_FAILED;
	}
	if (if_none_match) {
		if (!names(if_none_match, etag, true, &is_named))
			return PRECONDITION_UNREADABLE;
		if (is_named)
			return method == METHOD_GET ? PRECONDITION_NOT_MODIFIED
						    : PRECONDITION_FAILED;
	}
	return PRECONDITION_HOLDS;
}

static enum precondition judge(struct request *request, const char *etag)
{
	return etag_judge(request->method,
			  request_header_list(request, "If-Match"),
			  request_header_list(request, "If-None-Match"), etag);
}

static enum error error_of(struct op *op, enum precondition precondition)
{
	if (precondition == PRECONDITION_FAILED) {
		op_advise(op, "Read it again, and decide by what it is now.");
		return op_fail(op, ERR_CHANGED,
			       "it is not what the request's precondition "
			       "asks for");
	}
	if (precondition == PRECONDITION_UNREADABLE)
		return op_fail(op, ERR_MALFORMED,
			       "If-Match and If-None-Match must be * or a "
			       "list of entity tags");
	return OK;
}

enum error etag_check(struct request *request, const char *etag)
{
	return error_of(&request->op, judge(request, etag));
}

enum error etag_finish(struct request *request)
{
	struct response *response = &request->response;
	const char *etag = etag_make(&request->op, response->body.bytes,
				     response->body.length);
	enum precondition precondition = judge(request, etag);

	TRY(error_of(&request->op, precondition));
	response_header(request, "ETag", etag);
	if (precondition == PRECONDITION_NOT_MODIFIED) {
		/* its length is told (RFC 9110, 8.6), and nothing of it sent */
		response->status = 304;
		response->content_type = NULL;
	}
	return OK;
}
