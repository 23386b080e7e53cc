/* The JSON writer. */
#include "base/json_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

struct json_writer json_writer_on(struct buf *out)
{
	return (struct json_writer){.out = out};
}

static const char *escape_of(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static void put_quoted(struct buf *out, const char *text)
{
	const char *plain = text;

	buf_char(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, plain, (size_t)(text - plain));
		plain = text + 1;
		if (escape_of(c))
			buf_text(out, escape_of(c));
		else
			buf_printf(out, "\\u%04x", (unsigned)c);
	}
	buf_add(out, plain, (size_t)(text - plain));
	buf_char(out, '"');
}

static void put_key(struct json_writer *w, const char *key)
{
	if (w->needs_comma)
		buf_char(w->out, ',');
	w->needs_comma = true;
	if (!key)
		return;
	put_quoted(w->out, key);
	buf_char(w->out, ':');
}

static void begin(struct json_writer *w, const char *key, char bracket)
{
	put_key(w, key);
	buf_char(w->out, bracket);
	w->needs_comma = false;
}

static void end(struct json_writer *w, char bracket)
{
	buf_char(w->out, bracket);
	w->needs_comma = true;
}

void json_begin_object(struct json_writer *w, const char *key)
{
	begin(w, key, '{');
}

void json_end_object(struct json_writer *w)
{
	end(w, '}');
}

void json_begin_array(struct json_writer *w, const char *key)
{
	begin(w, key, '[');
}

void json_end_array(struct json_writer *w)
{
	end(w, ']');
}

void json_put_string(struct json_writer *w, const char *key, const char *value)
{
	put_key(w, key);
	if (value)
		put_quoted(w->out, value);
	else
		buf_text(w->out, "null");
}

void json_put_optional(struct json_writer *w, const char *key,
		       const char *value)
{
	if (value && *value)
		json_put_string(w, key, value);
}

void json_put_integer(struct json_writer *w, const char *key, int64_t value)
{
	char text[24];

	put_key(w, key);
	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	buf_text(w->out, text);
}

void json_put_long(struct json_writer *w, const char *key, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	json_put_string(w, key, text);
}

void json_put_bool(struct json_writer *w, const char *key, bool value)
{
	put_key(w, key);
	buf_text(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *key)
{
	put_key(w, key);
	buf_text(w->out, "null");
}

void json_put_uuid(struct json_writer *w, const char *key, struct uuid value)
{
	char text[UUID_TEXT];

	uuid_format(value, text);
	json_put_string(w, key, text);
}

void json_put_time(struct json_writer *w, const char *key, int64_t time_us)
{
	char text[CLOCK_TEXT];

	if (!time_us) {
		json_put_null(w, key);
		return;
	}
	clock_format(time_us, text);
	json_put_string(w, key, text);
}

void json_put_raw(struct json_writer *w, const char *key, const char *json)
{
	put_key(w, key);
	buf_text(w->out, json);
}
