/* Writing, reading and checking cursors. */
#include "dialects/cleat/page.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "dialects/cleat/cleat.h"
#include "http/router.h"

enum {
	VERSION = 1,
	MAC_BYTES = 16,
	HEAD_BYTES = 1 + MAC_BYTES,
	VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
	SIGNED_MAX = 16 * 1024, /* a query is part of a shorter line */
};

static bool is_filter(const struct argument *argument)
{
	return strcmp(argument->name, "cursor") != 0 &&
	       strcmp(argument->name, "limit") != 0 &&
	       strcmp(argument->name, "wait") != 0;
}

static int by_name(const void *a, const void *b)
{
	const struct argument *one = a, *two = b;
	int order = strcmp(one->name, two->name);

	return order ? order : strcmp(one->value, two->value);
}

/* In an order of their own, so that the query's does not matter. */
static size_t sorted_filters(const struct request *request,
			     struct argument *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < request->arg_count; i++)
		if (is_filter(&request->args[i]))
			ret[count++] = request->args[i];
	qsort(ret, count, sizeof(*ret), by_name);
	return count;
}

static void add_text(struct buf *out, const char *text)
{
	buf_add(out, text, strlen(text) + 1); /* none holds a NUL */
}

static struct digest mac_of(struct request *request, const char *position)
{
	struct argument filters[REQUEST_ARGS_MAX] = {{0}};
	size_t count = sorted_filters(request, filters);
	struct op *op = &request->op;
	struct buf all;

	buf_init(&all, SIGNED_MAX);
	add_text(&all, "page");
	buf_add(&all, op->project_id.bytes, UUID_BYTES);
	add_text(&all, request->route->operation);
	add_text(&all, position);
	for (size_t i = 0; i < count; i++) {
		add_text(&all, filters[i].name);
		add_text(&all, filters[i].value);
	}
	struct digest mac = digest_make(&op->keys->sign, all.bytes, all.length);
	buf_release(&all);
	return mac;
}

static const char *write_cursor(struct request *request, const char *position)
{
	struct arena *arena = &request->op.arena;
	struct digest mac = mac_of(request, position);
	size_t length = HEAD_BYTES + strlen(position);
	size_t text_max = sodium_base64_encoded_len(length, VARIANT);
	unsigned char *bytes = arena_alloc(arena, length);

	bytes[0] = VERSION;
	memcpy(bytes + 1, mac.bytes, MAC_BYTES);
	memcpy(bytes + HEAD_BYTES, position, length - HEAD_BYTES);
	return sodium_bin2base64(arena_alloc(arena, text_max), text_max, bytes,
				 length, VARIANT);
}

/*
 * NULL when it is none of ours for this list: not, to the letter, the one that
 * would be given out. (Bytes over 127 are letters to sodium_base642bin.)
 */
static const char *read_cursor(struct request *request, const char *text)
{
	size_t length, text_length = strlen(text);
	unsigned char *bytes = arena_alloc(&request->op.arena, text_length + 1);

	if (sodium_base642bin(bytes, text_length, text, text_length, NULL,
			      &length, NULL, VARIANT) != 0 ||
	    length < HEAD_BYTES)
		return NULL;
	const char *position = arena_strndup(&request->op.arena,
					     (const char *)bytes + HEAD_BYTES,
					     length - HEAD_BYTES);
	const char *ours = write_cursor(request, position);
	bool is_ours = strlen(ours) == text_length &&
		       sodium_memcmp(ours, text, text_length) == 0;
	return is_ours ? position : NULL;
}

enum error page_filter(struct request *request, const char *name,
		       const char *value)
{
	if (!value)
		return OK;
	if (request->arg_count == REQUEST_ARGS_MAX)
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "the query has too many arguments");
	request->args[request->arg_count++] = (struct argument){name, value};
	return OK;
}

enum error page_read(struct request *request, struct page *ret)
{
	const char *cursor = request_arg(request, "cursor");

	*ret = (struct page){.limit = PAGE_DEFAULT, .after = ""};
	TRY(request_number(request, "limit", 1, PAGE_MAX, &ret->limit));
	if (!cursor)
		return OK;
	ret->after = read_cursor(request, cursor);
	if (ret->after)
		return OK;
	op_issue(&request->op, "query", "cursor",
		 "is none that this list gave out for these filters");
	return op_fail(&request->op, ERR_MISSHAPEN,
		       "cursor is none that this list gave out for these "
		       "filters");
}

struct json_writer page_begin(struct request *request)
{
	struct json_writer w = cleat_answer(request, 200);

	json_begin_object(&w, NULL);
	json_begin_array(&w, "items");
	return w;
}

void page_end(struct request *request, struct json_writer *w, const char *last)
{
	json_end_array(w);
	/* NULL writes null */
	json_put_string(w, "nextCursor",
			last ? write_cursor(request, last) : NULL);
	json_end_object(w);
}

void page_end_to_follow(struct request *request, struct json_writer *w,
			const char *after, bool is_last)
{
	const char *cursor = write_cursor(request, after);

	json_end_array(w);
	json_put_string(w, "nextCursor", is_last ? NULL : cursor);
	json_put_string(w, "followCursor", cursor);
	json_end_object(w);
}

enum error page_read_after_id(struct request *request, int64_t *ret_limit,
			      struct uuid *ret_after)
{
	struct page page;

	TRY(page_read(request, &page));
	*ret_limit = page.limit;
	*ret_after = (struct uuid){{0}};
	if (*page.after && !uuid_parse(page.after, ret_after))
		return op_fail(&request->op, ERR_INTERNAL,
			       "a cursor of ours holds no id");
	return OK;
}

void page_end_at_id(struct request *request, struct json_writer *w,
		    struct uuid last)
{
	char text[UUID_TEXT];

	uuid_format(last, text);
	page_end(request, w, uuid_is_nil(last) ? NULL : text);
}
