/* What somebody else may say of a call that we make. */
#include "base/outbound_call.h"

#include <strings.h>

bool outbound_header_is_reserved(const char *name)
{
	static const char *const names[] = {
		"Connection",	     "Content-Length",	 "Expect", "Host",
		"Keep-Alive",	     "Proxy-Connection", "TE",	   "Trailer",
		"Transfer-Encoding", "Upgrade",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}
