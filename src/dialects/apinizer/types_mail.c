/* Mail servers. */
#include "dialects/apinizer/types.h"

/* clang-format off */

static const struct field property_fields[] = {
	{TEXT("key"), .flags = FIELD_REQUIRED,
	 .about = "The property's name."},
	{TEXT("value"), .initial = "\"\"", .about = "Its value."},
};
static const struct field_table property = TABLE(NULL, property_fields);

static const struct field email_fields[] = {
	{TEXT("host"), .flags = FIELD_REQUIRED,
	 .about = "The mail server's name or address."},
	{PORT("port", "587"), .about = "Its port."},
	{FLAG("enableStartTls", "false"),
	 .about = "Change to TLS by STARTTLS before anything is sent."},
	{FLAG("auth", "false"),
	 .about = "Log in with the user name and password."},
	{TEXT("username"), .feature = "auth", .about = "Who logs in."},
	{SECRET("password", 0), .feature = "auth",
	 .about = "That user's password."},
	{TEXT("defaultEncoding"), .initial = "\"UTF-8\"",
	 .about = "The character set of messages."},
	{TEXT("addressToTest"),
	 .about = "Where a test message would go."},
	{TEXT("from"), .about = "The sender of messages."},
	{.name = "additionalProperties", .type = FIELD_LIST, .initial = "[]",
	 .members = &property,
	 .about = "More properties for the client's mail library."},
};
const struct field_table apinizer_email = TABLE("email", email_fields);

/* clang-format on */
