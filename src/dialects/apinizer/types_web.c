/* What is called over HTTP. */
#include "dialects/apinizer/types.h"

enum { TIMEOUT_MAX_S = 86400, POOL_MAX = 100000 };

/* clang-format off */

/* Both generations' words: TRACE and ALL are the older one's. */
static const char *const methods[] = {
	"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE",
	"ALL", NULL};

static const struct field header_fields[] = {
	{TEXT("name"), .flags = FIELD_REQUIRED, .about = "The header's name."},
	{TEXT("value"), .initial = "\"\"", .about = "Its value."},
};
static const struct field_table header = TABLE(NULL, header_fields);

static const struct field webhook_fields[] = {
	{WORD("httpMethod", 0, methods), .initial = "\"GET\"",
	 .about = "The method of the request."},
	{CHECKED("fullUrl", apinizer_check_url), .flags = FIELD_REQUIRED,
	 .about = "What is called: http or https, with a host, without a "
		  "user or password."},
	{.name = "headerList", .type = FIELD_LIST, .initial = "[]",
	 .members = &header, .about = "Headers of the request."},
	{NUMBER("timeout", "2", 0, TIMEOUT_MAX_S),
	 .about = "Seconds until the call is given up."},
	{NUMBER("connectionPoolMaxConnectionPerHost", "24", 1, POOL_MAX),
	 .about = "Connections that are kept open to one host."},
	{NUMBER("connectionPoolMaxConnectionTotal", "48", 1, POOL_MAX),
	 .about = "Connections that are kept open in all."},
};
const struct field_table apinizer_webhook = TABLE("webhook", webhook_fields);

/* clang-format on */
