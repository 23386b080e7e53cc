/* Expressions, read and looked up in one go. */
#include "dialects/gorules/expression.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"

enum { INDEX_DIGITS = 9, NUMBER_MAX = 40 };

struct reader {
	struct arena *arena;
	const char *at;
	const json_t *root; /* NULL: nothing is looked up */
	const char *why;    /* NULL: it can be read so far */
};

static void skip_blanks(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\t')
		r->at++;
}

static const json_t *refuse(struct reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return NULL;
}

static bool begins_name(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static size_t name_length(const char *at)
{
	size_t length = 0;

	while (begins_name(at[length]) || isdigit((unsigned char)at[length]))
		length++;
	return length;
}

static const json_t *member(const json_t *of, const char *name)
{
	return json_is_object(of) ? json_object_get(of, name) : NULL;
}

/* 'it' or "it", up to the next such quote: there are no escapes. */
static const char *read_text(struct reader *r)
{
	char quote[2] = {*r->at, 0};
	const char *from = r->at + 1;
	size_t length = strcspn(from, quote);

	if (!from[length]) {
		refuse(r, "has a text that does not end");
		return "";
	}
	r->at = from + length + 1;
	return arena_strndup(r->arena, from, length);
}

static const json_t *read_index(struct reader *r, const json_t *of)
{
	size_t digits = strspn(r->at, "0123456789");

	if (!digits || digits > INDEX_DIGITS)
		return refuse(r, "has an index that is neither a number nor a "
				 "text in quotes");
	size_t i = strtoul(r->at, NULL, 10);
	r->at += digits;
	return json_array_get(of, i); /* NULL of what is no list */
}

/* [0] or ["name"], behind its bracket. */
static const json_t *read_bracket(struct reader *r, const json_t *of)
{
	const json_t *found;

	skip_blanks(r);
	if (*r->at == '"' || *r->at == '\'')
		found = member(of, read_text(r));
	else
		found = read_index(r, of);
	skip_blanks(r);
	if (*r->at != ']')
		return refuse(r, "has an index without its ]");
	r->at++;
	return found;
}

static const json_t *read_steps(struct reader *r, const json_t *of)
{
	while (!r->why && (*r->at == '.' || *r->at == '[')) {
		if (*r->at++ == '[') {
			of = read_bracket(r, of);
			continue;
		}
		size_t length = begins_name(*r->at) ? name_length(r->at) : 0;
		if (!length)
			return refuse(r, "has a dot without a name behind it");
		of = member(of, arena_strndup(r->arena, r->at, length));
		r->at += length;
	}
	return of;
}

static const json_t *read_number(struct reader *r)
{
	size_t length = strspn(r->at, "-+.0123456789eE");
	const char *text = arena_strndup(r->arena, r->at, length);
	const char *why;
	json_t *value;

	if (length > NUMBER_MAX ||
	    json_read(r->arena, text, length, &value, &why) != OK)
		return refuse(r, "has something like a number that is none");
	r->at += length;
	return value;
}

static bool is_operator(const char *word)
{
	static const char *const words[] = {"and", "or", "not", "in"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* true, false, null, or a path from the top. */
static const json_t *read_word(struct reader *r)
{
	size_t length = name_length(r->at);
	const char *word = arena_strndup(r->arena, r->at, length);

	r->at += length;
	if (strcmp(word, "true") == 0)
		return json_true();
	if (strcmp(word, "false") == 0)
		return json_false();
	if (strcmp(word, "null") == 0)
		return json_null();
	if (is_operator(word))
		return refuse(r, "has an operator, which templates do not "
				 "support");
	if (*r->at == '(')
		return refuse(r, "calls a function, which templates do not "
				 "support");
	return read_steps(r, member(r->root, word));
}

static const json_t *read_operand(struct reader *r)
{
	skip_blanks(r);
	if (*r->at == '"' || *r->at == '\'')
		return json_keep(r->arena, json_string(read_text(r)));
	if (*r->at == '-' || isdigit((unsigned char)*r->at))
		return read_number(r);
	if (*r->at == '$') {
		r->at++;
		return read_steps(r, r->root);
	}
	if (begins_name(*r->at))
		return read_word(r);
	return refuse(r, "has no name, $, text or number where one must be");
}

static bool is_nothing(const json_t *value)
{
	return !value || json_is_null(value);
}

const char *expression_read(struct arena *arena, const char **at,
			    const json_t *root, const json_t **ret)
{
	struct reader r = {.arena = arena, .at = *at, .root = root};
	const json_t *value = read_operand(&r);

	skip_blanks(&r);
	while (!r.why && strncmp(r.at, "??", 2) == 0) {
		r.at += 2;
		const json_t *other = read_operand(&r);

		if (is_nothing(value))
			value = other;
		skip_blanks(&r);
	}
	*at = r.at;
	*ret = value;
	return r.why;
}

const char *expression_of(struct arena *arena, const char *text,
			  const json_t *root, const json_t **ret)
{
	const char *why = expression_read(arena, &text, root, ret);

	if (!why && *text)
		why = "has more than a path, a literal or ?? between them";
	return why;
}
