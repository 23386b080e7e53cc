/* Headers that are not passed on. */
#include "base/hop_by_hop.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool hop_by_hop_is(const char *name)
{
	static const char *const names[] = {
		"Connection",
		"Content-Length",
		"Keep-Alive",
		"Proxy-Authenticate",
		"Proxy-Authentication-Info",
		"Proxy-Authorization",
		"Proxy-Connection",
		"TE",
		"Trailer",
		"Transfer-Encoding",
		"Upgrade",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

bool hop_by_hop_lists(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (*list) {
		size_t item;

		list += strspn(list, ", \t");
		item = strcspn(list, ", \t");
		if (item == length && strncasecmp(list, name, length) == 0)
			return true;
		list += item;
	}
	return false;
}
