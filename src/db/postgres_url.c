/* What a store's URL says to us, and what it says to libpq. */
#include "db/postgres.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool libpq_reads(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	PQconninfoFree(options);
	return options != NULL;
}

/* Takes the parameter that begins at `at` out, with one of its separators. */
static void take_out(char *at)
{
	size_t length = strcspn(at, "&");

	if (at[length])
		memmove(at, at + length + 1, strlen(at + length + 1) + 1);
	else
		at[-1] = '\0';
}

/* NULL: it is not there. */
static char *find(char *url, const char *name)
{
	char *at = strchr(url, '?');

	while (at && strncmp(at + 1, name, strlen(name)) != 0)
		at = strchr(at + 1, '&');
	return at ? at + 1 : NULL;
}

static bool read_truth(const char *value, bool *ret)
{
	size_t length = strcspn(value, "&");

	*ret = length == 4 && memcmp(value, "true", 4) == 0;
	return *ret || (length == 5 && memcmp(value, "false", 5) == 0);
}

char *postgres_url_read(const char *url, bool *ret_is_pooled)
{
	static const char name[] = "pgbouncer=";
	char *own = memory_strdup(url);
	char *at = find(own, name);
	bool is_good = true;

	*ret_is_pooled = false;
	if (at) {
		is_good = read_truth(at + strlen(name), ret_is_pooled);
		take_out(at);
	}
	if (is_good && libpq_reads(own))
		return own;
	free(own);
	return NULL;
}
