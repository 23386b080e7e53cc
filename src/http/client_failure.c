/* What went wrong with a call, for people. */
#include "http/client.h"

const char *client_failure_name(enum client_failure failure)
{
	static const char *const names[] = {
		[CLIENT_OK] = "answered",
		[CLIENT_BLOCKED] = "its address may not be called",
		[CLIENT_BAD_URL] = "its address is none",
		[CLIENT_NO_ADDRESS] = "its name has no address",
		[CLIENT_NO_CONNECTION] = "no connection",
		[CLIENT_TIMED_OUT] = "timed out",
		[CLIENT_NO_TLS] = "it offers no TLS",
		[CLIENT_TLS] = "the TLS handshake failed",
		[CLIENT_CERTIFICATE] = "its certificate does not fit",
		[CLIENT_BROKEN] = "no whole answer",
		[CLIENT_STOPPED] = "stopped",
		[CLIENT_TOO_LARGE] = "its answer is too large",
		[CLIENT_NO_RELAY] = "the server has no mail server (--smtp)",
	};

	return names[failure];
}
