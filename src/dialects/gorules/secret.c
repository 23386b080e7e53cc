/* Which headers and cookies carry credentials, and what those are called. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dialects/gorules/gorules.h"

/* A run of characters this long with so many different ones is no word. */
enum { KEY_LENGTH = 20, KEY_DISTINCT = 10 };

static const char *const telling_names[] = {
	"auth",	  "token",   "key",	   "secret", "password",
	"passwd", "pwd",     "passphrase", "cookie", "credential",
	"jwt",	  "session", "signature",  "csrf",   "xsrf",
};

static const char *const telling_starts[] = {
	"Bearer ", "Basic ", "Digest ", "Token ", "ApiKey ", "AWS4-",
};

static bool name_tells(const char *name)
{
	for (; *name; name++)
		for (size_t i = 0;
		     i < sizeof(telling_names) / sizeof(telling_names[0]); i++)
			if (strncasecmp(name, telling_names[i],
					strlen(telling_names[i])) == 0)
				return true;
	return false;
}

static bool start_tells(const char *value)
{
	for (size_t i = 0;
	     i < sizeof(telling_starts) / sizeof(telling_starts[0]); i++)
		if (strncasecmp(value, telling_starts[i],
				strlen(telling_starts[i])) == 0)
			return true;
	return false;
}

/* Long, with a digit, and many different characters: random. */
static bool is_random(const char *at, size_t length)
{
	bool seen[256] = {false};
	bool has_digit = false;
	int distinct = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)at[i];

		distinct += !seen[c];
		seen[c] = true;
		has_digit = has_digit || isdigit(c);
	}
	return length >= KEY_LENGTH && distinct >= KEY_DISTINCT && has_digit;
}

static bool holds_random(const char *value)
{
	while (*value) {
		size_t length = 0;

		while (isalnum((unsigned char)value[length]) ||
		       (value[length] && strchr("_-+=", value[length])))
			length++;
		if (is_random(value, length))
			return true;
		value += length ? length : 1;
	}
	return false;
}

bool gorules_is_secret(const char *name, const char *value)
{
	return *value &&
	       (name_tells(name) || start_tells(value) || holds_random(value));
}

const char *gorules_entry_name(const json_t *entry)
{
	const char *name = json_string_value(json_object_get(entry, "name"));

	return name ? name : json_string_value(json_object_get(entry, "key"));
}

/* A header's name is the same in any case, a cookie's is not. */
static bool same_name(const char *in, const char *a, const char *b)
{
	return strcmp(in, "headers") == 0 ? strcasecmp(a, b) == 0
					  : strcmp(a, b) == 0;
}

const char *gorules_secret_name(struct arena *arena, const char *in,
				const json_t *list, size_t i)
{
	const char *name = gorules_entry_name(json_array_get(list, i));
	size_t before = 0; /* of the same name */

	for (size_t j = 0; j < i; j++) {
		const char *other = gorules_entry_name(json_array_get(list, j));

		before += other && same_name(in, name, other);
	}
	char *text = arena_printf(arena, "%s.%s.%zu", in, name, before);
	if (strcmp(in, "headers") == 0)
		for (char *c = text; *c; c++)
			*c = (char)tolower((unsigned char)*c);
	return text;
}

static size_t names_in(struct arena *arena, const json_t *config,
		       const char *in, const char **ret, size_t max)
{
	const json_t *list = json_object_get(config, in);
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(list) && count < max; i++)
		if (json_is_null(
			    json_object_get(json_array_get(list, i), "value")))
			ret[count++] = gorules_secret_name(arena, in, list, i);
	return count;
}

size_t gorules_secret_names(struct arena *arena, const json_t *config,
			    const char **ret, size_t max)
{
	size_t count = names_in(arena, config, "headers", ret, max);

	return count +
	       names_in(arena, config, "cookies", ret + count, max - count);
}
