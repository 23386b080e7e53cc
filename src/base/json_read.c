/* jansson behind limits of our own. */
#include "base/json_read.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void json_start(void)
{
	json_set_alloc_funcs(memory_alloc, free);
}

/* jansson allows 2048 levels: count brackets outside strings first. */
static bool is_too_deep(const char *bytes, size_t length)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		if (c == '"')
			in_string = true;
		else if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (depth > JSON_DEPTH_MAX)
			return true;
	}
	return false;
}

static void drop(void *value)
{
	json_decref(value);
}

json_t *json_keep(struct arena *arena, json_t *value)
{
	if (!value)
		abort(); /* out of memory, or a defect of ours */
	arena_on_reset(arena, drop, value);
	return value;
}

json_t *json_new_object(struct arena *arena)
{
	return json_keep(arena, json_object());
}

json_t *json_new_array(struct arena *arena)
{
	return json_keep(arena, json_array());
}

enum error json_read(struct arena *arena, const char *bytes, size_t length,
		     json_t **ret, const char **ret_why)
{
	json_error_t error;

	if (is_too_deep(bytes, length)) {
		*ret_why = arena_printf(arena, "JSON nested over %d levels",
					JSON_DEPTH_MAX);
		return ERR_MALFORMED;
	}
	json_t *value =
		json_loadb(bytes, length,
			   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!value && json_error_code(&error) == json_error_null_character) {
		*ret_why = arena_printf(arena,
					"JSON with a NUL character at line %d, "
					"column %d",
					error.line, error.column);
		return ERR_MALFORMED;
	}
	if (!value) {
		*ret_why = arena_printf(arena,
					"not JSON at line %d, column %d: %s",
					error.line, error.column, error.text);
		return ERR_MALFORMED;
	}
	*ret = json_keep(arena, value);
	return OK;
}

const char *json_text(struct arena *arena, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (!text)
		abort(); /* out of memory */
	const char *copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

/* NULL when a number would be another one with so few digits. */
static const char *text_of_digits(struct arena *arena, const json_t *value,
				  size_t digits)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY |
					       JSON_REAL_PRECISION(digits));

	if (!text)
		abort(); /* out of memory */
	json_t *again = json_loads(text, JSON_DECODE_ANY, NULL);
	bool is_same = again && json_equal(value, again);
	const char *copy = is_same ? arena_strdup(arena, text) : NULL;

	json_decref(again);
	free(text);
	return copy;
}

const char *json_text_short(struct arena *arena, const json_t *value)
{
	enum { LEAST_DIGITS = 15, DIGITS = 17 };

	for (size_t digits = LEAST_DIGITS; digits < DIGITS; digits++) {
		const char *text = text_of_digits(arena, value, digits);

		if (text)
			return text;
	}
	return json_text(arena, value);
}
