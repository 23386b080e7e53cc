/* Managers of networks, which are sent traps. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dialects/apinizer/types.h"

/* As in udp:192.168.1.2/162. */
static const char *check_place(const json_t *value)
{
	const char *text = json_string_value(value);
	const char *slash = strrchr(text, '/');
	const char *at = slash ? slash + 1 : "";

	if (apinizer_check_line(value))
		return apinizer_check_line(value);
	if (apinizer_has_variable(text))
		return NULL;
	while (isdigit((unsigned char)*at))
		at++;
	if ((strncasecmp(text, "udp:", 4) != 0 &&
	     strncasecmp(text, "tcp:", 4) != 0) ||
	    !slash || slash == text + 4 || at == slash + 1 || *at)
		return "must have the form udp:HOST/PORT or tcp:HOST/PORT";
	return NULL;
}

/* clang-format off */

static const char *const versions[] = {"V1", "V2c", "V3", NULL};
static const char *const messages[] = {"TRAP", "INFORM", NULL};
static const char *const levels[] = {
	"NOAUTH_NOPRIV", "AUTH_NOPRIV", "AUTH_PRIV", NULL};
static const char *const privacies[] = {
	"PrivAES128", "PrivAES192", "PrivAES192with3DES", "PrivAES256",
	"PrivAES256with3DES", "PrivDES", "Priv3DES", NULL};
static const char *const authentications[] = {
	"AuthMD5", "AuthSHA", "AuthHMAC128SHA224", "AuthHMAC192SHA256",
	"AuthHMAC256SHA384", "AuthHMAC384SHA512", NULL};

static const struct field snmp_fields[] = {
	{WORD("version", 0, versions), .initial = "\"V1\"",
	 .about = "The protocol's version."},
	{CHECKED("connectionString", check_place), .initial = "\"udp:192.168.1.2/162\"",
	 .about = "The manager: udp or tcp, a colon, its host, a slash, its "
		  "port."},
	{TEXT("securityOrCommunityName"), .flags = FIELD_REQUIRED,
	 .about = "The community; with V3 the user."},
	{INT("retryCount", NULL), .about = "How often it is tried again."},
	{INT("timeout", NULL),
	 .about = "Milliseconds to wait for the manager."},
	{WORD("messageType", 0, messages),
	 .about = "A trap, or an inform, which is answered."},
	{TEXT("pduOidForMessage"), .flags = FIELD_REQUIRED,
	 .about = "The object that the message is the value of."},
	{TEXT("pduOidForTime"),
	 .about = "The object that the time is the value of."},
	{.name = "pduVariableMap", .type = FIELD_STRING_MAP, .initial = "{}",
	 .about = "More objects and their values."},
	{WORD("securityLevel", 0, levels),
	 .about = "V3: whether messages are signed and encrypted."},
	{.name = "privacyProtocolList", .type = FIELD_STRING_LIST,
	 .flags = FIELD_FOLDED, .initial = "[]", .values = privacies,
	 .about = "V3: ciphers that may be used."},
	{FLAG("enableUserAuthentication", "false"),
	 .about = "V3: sign as the user below."},
	{TEXT("securityName"), .about = "V3: that user."},
	{WORD("usmUserAuthenticationProtocol", 0, authentications),
	 .about = "V3: how messages are signed."},
	{SECRET("authPassphrase", 0),
	 .about = "V3: what the key for signing is made of."},
	{WORD("usmUserPrivacyProtocol", 0, privacies),
	 .about = "V3: how messages are encrypted."},
	{SECRET("privPassphrase", 0),
	 .about = "V3: what the key for encrypting is made of."},
};
const struct field_table apinizer_snmp = TABLE("snmp", snmp_fields);

/* clang-format on */
