/* Databases and directories. */
#include <string.h>

#include "dialects/apinizer/types.h"

/* Drivers name themselves so, but MongoDB's, which has a scheme of its own. */
static const char *check_jdbc_url(const json_t *value)
{
	const char *url = json_string_value(value);

	if (apinizer_check_line(value))
		return apinizer_check_line(value);
	if (apinizer_has_variable(url) || strncmp(url, "jdbc:", 5) == 0 ||
	    strncmp(url, "mongodb", 7) == 0)
		return NULL;
	return "must begin with jdbc:";
}

/* clang-format off */

static const char *const database_types[] = {
	"ORACLE", "MYSQL", "POSTGRES", "SQL_SERVER", "SYBASE", "DB2",
	"APACHE_HIVE", "APACHE_IMPALA", "MONGODB", "TRINO", NULL};

static const struct field database_fields[] = {
	{WORD("dbType", FIELD_REQUIRED, database_types),
	 .about = "Which database it is."},
	{CHECKED("jdbcUrl", check_jdbc_url), .flags = FIELD_REQUIRED,
	 .about = "Where it is, as its JDBC driver takes it; a password in it "
		  "would be no secret."},
	{FLAG("useCredentials", "true"),
	 .about = "Log in with the user name and password."},
	{TEXT("username"), .about = "Who logs in."},
	{TEXT("databaseName"), .about = "The database on that server."},
	{SECRET("password", 0), .about = "That user's password."},
	{INT("initialPoolSize", "1"),
	 .about = "Connections that are opened at first."},
	{INT("minPoolSize", "1"),
	 .about = "Connections that are open at least."},
	{INT("maxPoolSize", "5"),
	 .about = "Connections that are open at most."},
	{INT("incrementCount", "1"),
	 .about = "Connections that are opened at once when all are in use."},
	{INT("maxStatements", "100"),
	 .about = "Prepared statements that are kept, of all connections."},
	{INT("idleConnectionTestPeriod", "30000"),
	 .about = "Milliseconds between tests of a connection that is idle."},
	{INT("connectionTimeout", "30000"),
	 .about = "Milliseconds to wait for a connection."},
	{FLAG("testConnectionOnCheckout", "true"),
	 .about = "Test a connection before it is used."},
	{FLAG("testConnectionOnCheckin", "false"),
	 .about = "Test a connection when it is given back."},
	{INT("maxConnectionAge", "180000"),
	 .about = "Milliseconds after which a connection is replaced."},
	{INT("maxIdleTime", "120000"),
	 .about = "Milliseconds after which an idle connection is closed."},
	{TEXT("selectedEnvironmentId"),
	 .about = "The environment whose values are shown with it."},
	{TEXT("defaultLogSchema"),
	 .about = "As a target of logs: the schema of their tables."},
	{.name = "logTableSchemaOverrides", .type = FIELD_OBJECT,
	 .about = "As a target of logs: another schema for some tables."},
	{.name = "logTableNameOverrides", .type = FIELD_OBJECT,
	 .about = "As a target of logs: other names for some tables."},
};
const struct field_table apinizer_database = TABLE("database", database_fields);

static const char *const certificate_types[] = {
	"NOT_REQUIRED", "REQUIRED_CN", "REQUIRED_AN_PN", NULL};
static const char *const search_scopes[] = {
	"OBJECT", "ONE_LEVEL", "SUBTREE", NULL};

static const struct field ldap_fields[] = {
	{TEXT("serverAddress"), .flags = FIELD_REQUIRED,
	 .about = "The directory's URL, or its host and port."},
	{WORD("requireCertificateType", 0, certificate_types),
	 .initial = "\"NOT_REQUIRED\"",
	 .about = "Whether users need a certificate, and what of it names "
		  "them."},
	{TEXT("username"),
	 .about = "The name that binds; without it the bind is anonymous."},
	{SECRET("password", 0), .about = "That name's password."},
	{TEXT("customFilter"), .about = "A filter for searches."},
	{WORD("searchScope", 0, search_scopes), .initial = "\"SUBTREE\"",
	 .about = "How far below the base is searched."},
	{TEXT("baseDn"), .flags = FIELD_REQUIRED,
	 .about = "Where searches begin."},
	{TEXT("certificateId"), .about = "The server's certificate, by id."},
	{TEXT("certificateName"),
	 .about = "The server's certificate, by name."},
	{FLAG("useSsl", "false"), .about = "TLS from the first byte."},
	{TEXT("selectedEnvironmentId"),
	 .about = "The environment whose values are shown with it."},
};
const struct field_table apinizer_ldap = TABLE("ldap", ldap_fields);

/* clang-format on */
