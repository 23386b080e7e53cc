/* Names of the errors, for logs. */
#include "base/error.h"

const char *error_name(enum error error)
{
	switch (error) {
	case OK:
		return "ok";
	case ERR_MALFORMED:
		return "malformed";
	case ERR_MISSHAPEN:
		return "misshapen";
	case ERR_INVALID:
		return "invalid";
	case ERR_UNAUTHENTICATED:
		return "unauthenticated";
	case ERR_FORBIDDEN:
		return "forbidden";
	case ERR_NOT_FOUND:
		return "not_found";
	case ERR_METHOD:
		return "method";
	case ERR_TAKEN:
		return "taken";
	case ERR_IN_USE:
		return "in_use";
	case ERR_HELD:
		return "held";
	case ERR_CHANGED:
		return "changed";
	case ERR_PLANNED:
		return "planned";
	case ERR_TOO_LARGE:
		return "too_large";
	case ERR_BUSY:
		return "busy";
	case ERR_ELSEWHERE:
		return "elsewhere";
	case ERR_UNSUPPORTED:
		return "unsupported";
	case ERR_STORE:
		return "store";
	case ERR_INTERNAL:
		return "internal";
	}
	return "unknown";
}
