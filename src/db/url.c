/* A store's URL as others may see it. */
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

enum { LONGEST = 4096 }; /* the rest is not shown */

static const char hidden[] = "***";

/* Up to the last @, so that nothing of a password with one is left. */
static const char *show_user(const char *at, struct buf *out)
{
	const char *end = strrchr(at, '@');
	const char *colon = memchr(at, ':', end ? (size_t)(end - at) : 0);

	if (!colon)
		return at;
	buf_add(out, at, (size_t)(colon + 1 - at));
	buf_text(out, hidden);
	return end;
}

/* Also where letters of the name are escaped, as libpq would have it. */
static bool is_secret(const char *name, size_t length)
{
	static const char *const secrets[] = {"password", "sslpassword"};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
		if (length == strlen(secrets[i]) &&
		    memcmp(name, secrets[i], length) == 0)
			return true;
	return memchr(name, '%', length) != NULL;
}

/* From its separator on. */
static void show_parameter(const char *at, size_t length, struct buf *out)
{
	const char *equals = memchr(at, '=', length);

	if (!equals || !is_secret(at + 1, (size_t)(equals - at) - 1)) {
		buf_add(out, at, length);
		return;
	}
	buf_add(out, at, (size_t)(equals + 1 - at));
	buf_text(out, hidden);
}

char *db_url_public(const char *url)
{
	const char *at = strstr(url, "://");
	struct buf out;

	if (strncmp(url, sqlite_driver.scheme, strlen(sqlite_driver.scheme)) ==
	    0)
		return memory_strdup(url);
	if (!at)
		return memory_strdup(strstr(url, "password") ? hidden : url);
	buf_init(&out, LONGEST);
	buf_add(&out, url, (size_t)(at + 3 - url));
	at = show_user(at + 3, &out);
	size_t length = strcspn(at, "?");
	buf_add(&out, at, length);
	for (at += length; *at; at += length) {
		length = 1 + strcspn(at + 1, "&");
		show_parameter(at, length, &out);
	}
	char *shown = memory_strdup(buf_cstr(&out));
	buf_release(&out);
	return shown;
}
