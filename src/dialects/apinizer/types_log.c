/* What takes log lines. */
#include "dialects/apinizer/types.h"

/* clang-format off */

static const char *const transports[] = {"TCP", "UDP", NULL};
static const char *const compressions[] = {"NONE", "GZIP", "ZLIB", NULL};

/* With and without the number, as the two generations of the API spell them. */
static const char *const gelf_levels[] = {
	"EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO",
	"DEBUG", "EMERGENCY(0)", "ALERT(1)", "CRITICAL(2)", "ERROR(3)",
	"WARNING(4)", "NOTICE(5)", "INFO(6)", "DEBUG(7)", NULL};

static const struct field graylog_fields[] = {
	{TEXT("hostname"), .flags = FIELD_REQUIRED,
	 .about = "The server's name or address."},
	{PORT("port", "12201"), .about = "The port of its GELF input."},
	{WORD("transportType", 0, transports), .initial = "\"TCP\"",
	 .about = "How messages travel."},
	{FLAG("tlsEnabled", "false"), .about = "TCP: encrypt by TLS."},
	{FLAG("tlsCertVerificationEnabled", "false"),
	 .about = "TLS: check the server's certificate."},
	{WORD("compressionType", 0, compressions), .initial = "\"NONE\"",
	 .about = "How messages are compressed."},
	{WORD("gelfMessageLevel", 0, gelf_levels), .initial = "\"INFO\"",
	 .about = "The level of a message that has none."},
	{INT("queueSize", "512"), .about = "Messages that wait at most."},
	{INT("reconnectDelay", "2500"),
	 .about = "Milliseconds before it is connected again."},
	{INT("connectTimeout", "10000"),
	 .about = "Milliseconds to wait for the connection."},
	{FLAG("tcpNoDelay", "true"),
	 .about = "TCP: send small packets at once."},
	{FLAG("tcpKeepAlive", "false"),
	 .about = "TCP: probe a connection that is idle."},
	{NUMBER("sendBufferSize", "-1", -1, INT32_MAX),
	 .about = "Bytes of the socket's buffer; -1 for the system's own."},
	{INT("maxInflightSends", "512"),
	 .about = "Messages that are being sent at once, at most."},
	{INT("threads", "0"),
	 .about = "Threads that send; 0 for as many as suit."},
	{BASE64("tlsTrustCertChainFile"),
	 .about = "TLS: certificates that are trusted, as base64."},
	{TEXT("tlsTrustCertChainFileName"), .about = "That file's name."},
	{FLAG("appendToAttributes", "true"),
	 .about = "Put what is logged into the message's attributes."},
	{FLAG("appendToMessage", "true"),
	 .about = "Put what is logged into the message's text."},
};
const struct field_table apinizer_graylog = TABLE("graylog", graylog_fields);

static const struct field logback_fields[] = {
	{TEXT("logPath"), .initial = "\"/path/to/logs/\"",
	 .about = "The folder of the log."},
	{TEXT("logFileName"), .initial = "\"ApinizerApiProxyTraffic\"",
	 .about = "The file's name, without what the pattern adds."},
	{TEXT("logPodName"), .initial = "\"\"",
	 .about = "What of the worker's name goes into the file's."},
	{TEXT("logFilenamePattern"), .initial = "\"%d{yyyy-MM-dd}.%i.log\"",
	 .about = "What the file's name ends with."},
	{TEXT("logPattern"),
	 .initial = "\"%d{yyyy-MM-dd HH:mm:ss.SSS}[%m]%n\"",
	 .about = "What a line looks like."},
	{INT("maxFileSize", "25"),
	 .about = "Megabytes after which a new file begins."},
	{INT("maxHistory", "0"),
	 .about = "Files that are kept; 0 for all."},
	{INT("totalSizeCap", "0"),
	 .about = "Megabytes that all may have; 0 for no limit."},
};
const struct field_table apinizer_logback = TABLE("logback", logback_fields);

static const char *const syslog_formats[] = {
	"RFC_3164", "RFC_5424", "RFC_5425", NULL};
static const char *const syslog_facilities[] = {
	"KERN", "USER", "MAIL", "DAEMON", "AUTH", "SYSLOG", "LPR", "NEWS",
	"UUCP", "CRON", "AUTHPRIV", "FTP", "NTP", "AUDIT", "ALERT", "CLOCK",
	"LOCAL0", "LOCAL1", "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6",
	"LOCAL7", NULL};
static const char *const syslog_severities[] = {
	"EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE",
	"INFORMATIONAL", "DEBUG", NULL};

static const struct field syslog_fields[] = {
	{WORD("syslogProtocolType", 0, transports), .initial = "\"TCP\"",
	 .about = "How messages travel."},
	{SECRET("syslogMessageHostname", 0),
	 .about = "The host that messages say they come from."},
	{TEXT("syslogServerHostname"), .flags = FIELD_REQUIRED,
	 .about = "The server's name or address."},
	{PORT("syslogPort", "514"), .about = "Its port."},
	{INT("syslogTimeout", "500"),
	 .about = "Milliseconds to wait for the server."},
	{WORD("syslogMessageFormat", 0, syslog_formats),
	 .initial = "\"RFC_3164\"", .about = "The form of messages."},
	{TEXT("syslogAppName"), .initial = "\"Apinizer\"",
	 .about = "The program that messages say they come from."},
	{WORD("syslogFacility", 0, syslog_facilities), .initial = "\"AUDIT\"",
	 .about = "The facility of messages."},
	{WORD("syslogSeverity", 0, syslog_severities),
	 .initial = "\"INFORMATIONAL\"", .about = "The severity of messages."},
	{FLAG("syslogSslEnabled", "false"), .about = "TCP: encrypt by TLS."},
};
const struct field_table apinizer_syslog = TABLE("syslog", syslog_fields);

/* clang-format on */
