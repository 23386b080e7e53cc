/* Templates, rendered piece by piece. */
#include "dialects/gorules/template.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "base/url_encode.h"
#include "dialects/gorules/expression.h"

enum { RENDERED_MAX = 64 * 1024 };

/* What of a URL comes next. */
enum url_part {
	URL_BEGIN, /* its scheme has not ended */
	URL_HOST,
	URL_PATH,
	URL_REST, /* query and fragment */
};

struct rendering {
	struct arena *arena;
	enum template_place place;
	const json_t *root;
	struct buf out;
};

bool template_has_any(const char *text)
{
	return strstr(text, "{{") != NULL;
}

static enum url_part part_after(const char *begun)
{
	const char *host = strstr(begun, "://");

	if (!host)
		return URL_BEGIN;
	host += 3;
	const char *path = host + strcspn(host, "/?#");
	if (!*path)
		return URL_HOST;
	return path[strcspn(path, "?#")] ? URL_REST : URL_PATH;
}

bool template_chooses_host(const char *url)
{
	const char *first = strstr(url, "{{");
	const char *host = strstr(url, "://");

	if (!first)
		return false;
	if (!host || host > first)
		return true;
	host += 3;
	return host + strcspn(host, "/?#") >= first;
}

/* Reads the expression behind "{{", and the "}}" behind it. */
static const char *read_one(struct arena *arena, const char **at,
			    const json_t *root, const json_t **ret)
{
	const char *why = expression_read(arena, at, root, ret);

	if (why)
		return why;
	if (strncmp(*at, "}}", 2) != 0)
		return "has more between {{ and }} than a path, a literal or "
		       "?? between them";
	*at += 2;
	return NULL;
}

const char *template_fault(struct arena *arena, const char *text)
{
	const char *at = text;
	const json_t *ignored;

	while ((at = strstr(at, "{{"))) {
		at += 2;
		const char *why = read_one(arena, &at, NULL, &ignored);

		if (why)
			return why;
	}
	return NULL;
}

/* The value as text; NULL when it has none. */
static const char *text_of(struct arena *arena, const json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_number(value) || json_is_boolean(value))
		return json_text_short(arena, value);
	return NULL;
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static bool is_of_host(const char *text)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-.";

	return *text && !text[strspn(text, chars)];
}

static const char *put_in_url(struct rendering *r, const char *text)
{
	switch (part_after(buf_cstr(&r->out))) {
	case URL_BEGIN: /* the whole of it is looked at in the end */
		buf_text(&r->out, text);
		return NULL;
	case URL_HOST:
		if (!is_of_host(text))
			return "may be letters, digits, dots and dashes alone, "
			       "in the host";
		buf_text(&r->out, text);
		return NULL;
	case URL_PATH:
		if (!*text)
			return "is empty, in the path";
		break;
	case URL_REST:
		break;
	}
	buf_text(&r->out, url_encode(r->arena, text));
	return NULL;
}

/* cookie-octet of RFC 6265, without the % that begins an escape. */
static bool is_of_cookie(unsigned char c)
{
	return c > 0x20 && c < 0x7f && !strchr("\",;\\%", c);
}

static void put_in_cookie(struct rendering *r, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_of_cookie(c))
			buf_char(&r->out, *text);
		else
			buf_printf(&r->out, "%%%02X", c);
	}
}

static const char *put_text(struct rendering *r, const char *text)
{
	switch (r->place) {
	case TEMPLATE_URL:
		return put_in_url(r, text);
	case TEMPLATE_COOKIE:
		put_in_cookie(r, text);
		return NULL;
	case TEMPLATE_HEADER:
		if (has_control(text))
			return "has a line break or another control character, "
			       "which no header may have";
		break;
	case TEMPLATE_TEXT:
		break;
	}
	buf_text(&r->out, text);
	return NULL;
}

static const char *put_value(struct rendering *r, const json_t *value)
{
	if (!value || json_is_null(value))
		return "is null, or not in the input";
	const char *text = text_of(r->arena, value);
	if (!text)
		return "is an object or a list, of which no text is made";
	return put_text(r, text);
}

static const char *render_one(struct rendering *r, const char **at)
{
	const char *from = *at;
	const json_t *value;

	*at += 2;
	const char *why = read_one(r->arena, at, r->root, &value);
	if (why)
		return why;
	why = put_value(r, value);
	if (!why)
		return NULL;
	return arena_printf(r->arena, "needs %s, which %s",
			    arena_strndup(r->arena, from, (size_t)(*at - from)),
			    why);
}

static const char *render_all(struct rendering *r, const char *text)
{
	for (;;) {
		const char *next = strstr(text, "{{");

		if (!next) {
			buf_text(&r->out, text);
			return NULL;
		}
		buf_add(&r->out, text, (size_t)(next - text));
		text = next;
		const char *why = render_one(r, &text);
		if (why)
			return why;
	}
}

const char *template_render(struct arena *arena, enum template_place place,
			    const char *text, const json_t *root,
			    const char **ret)
{
	struct rendering r = {arena, place, root, {0}};

	buf_init(&r.out, RENDERED_MAX);
	const char *why = render_all(&r, text);
	if (!why && r.out.is_overfull)
		why = "becomes too long";
	if (!why)
		*ret = arena_strdup(arena, buf_cstr(&r.out));
	buf_release(&r.out);
	return why;
}
