/* Hosts that files are moved to, or commands run on. */
#include "dialects/apinizer/types.h"

/* clang-format off */

static const char *const protocols[] = {"FTP", "SFTP", "FTPS", NULL};

static const struct field ftp_fields[] = {
	{TEXT("host"), .flags = FIELD_REQUIRED,
	 .about = "The server's name or address."},
	{PORT("port", "21"), .about = "Its port."},
	{TEXT("username"),
	 .about = "Who logs in; without it the login is anonymous."},
	{SECRET("password", 0), .about = "That user's password."},
	{TEXT("workingDir"), .initial = "\"/\"",
	 .about = "The folder that is worked in."},
	{WORD("protocol", FIELD_REQUIRED, protocols),
	 .about = "FTP as it is, over SSH (SFTP), or over TLS (FTPS)."},
	{INT("timeout", "30000"),
	 .about = "Milliseconds to wait for the server."},
	{INT("retryCount", "3"), .about = "How often it is tried again."},
	{FLAG("useImplicit", "false"),
	 .about = "FTPS: TLS from the first byte."},
	{FLAG("useExplicit", "false"),
	 .about = "FTPS: TLS after AUTH TLS."},
	{TEXT("sslProtocol"), .about = "FTPS: the version of TLS."},
};
const struct field_table apinizer_ftp = TABLE("ftp", ftp_fields);

static const struct field linux_script_fields[] = {
	{TEXT("hostName"), .flags = FIELD_REQUIRED,
	 .about = "The host's name or address."},
	{PORT("sshPort", "22"), .about = "The port of its SSH server."},
	{TEXT("username"), .flags = FIELD_REQUIRED, .about = "Who logs in."},
	{SECRET("password", FIELD_REQUIRED), .about = "That user's password."},
};
const struct field_table apinizer_linux_script =
	TABLE("linux-script", linux_script_fields);

/* clang-format on */
