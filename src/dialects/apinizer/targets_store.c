/* Databases, directories and files: where they are, and how they are reached.
 */
#include <string.h>
#include <strings.h>

#include "dialects/apinizer/targets.h"

enum {
	PORT_LDAPS = 636,
	PORT_SSH = 22,
	PORT_FTP = 21,
	PORT_HTTPS = 443,
};

#define GREETING_ALONE "its greeting was looked at, the login was not tried"
#define CONNECTION_ALONE                                                       \
	"it takes connections; its protocol and the login were not tried"

/* clang-format off */

static const struct database {
	const char *type;
	enum probe_protocol protocol;
	int port;
	const char *remark;
} databases[] = {
	{"ORACLE", PROBE_TCP, 1521, CONNECTION_ALONE},
	{"MYSQL", PROBE_MYSQL, 3306, GREETING_ALONE},
	{"POSTGRES", PROBE_POSTGRES, 5432, NULL},
	{"SQL_SERVER", PROBE_SQL_SERVER, 1433, GREETING_ALONE},
	{"SYBASE", PROBE_TCP, 5000, CONNECTION_ALONE},
	{"DB2", PROBE_TCP, 50000, CONNECTION_ALONE},
	{"APACHE_HIVE", PROBE_TCP, 10000, CONNECTION_ALONE},
	{"APACHE_IMPALA", PROBE_TCP, 21050, CONNECTION_ALONE},
	{"MONGODB", PROBE_MONGODB, 27017, GREETING_ALONE},
	{"TRINO", PROBE_HTTP, 8080, GREETING_ALONE},
};

/* clang-format on */

static const struct database *database_of(const struct target_reader *reader)
{
	for (size_t i = 0; i < sizeof(databases) / sizeof(*databases); i++)
		if (target_is(reader, "dbType", databases[i].type))
			return &databases[i];
	return NULL;
}

static bool is_word(const char *text, const char *word)
{
	return text && strcasecmp(text, word) == 0;
}

/* As PostgreSQL's driver has it: what it is not told, it takes as it comes. */
static void set_postgres_tls(const struct target_reader *reader,
			     const char *url, struct probe *probe)
{
	const char *mode = target_argument(reader, url, "sslmode");
	const char *ssl = target_argument(reader, url, "ssl");

	if (!mode && (is_word(ssl, "true") || is_word(ssl, "")))
		mode = "verify-full";
	probe->trusts_anybody = !is_word(mode, "disable") &&
				!is_word(mode, "verify-ca") &&
				!is_word(mode, "verify-full");
	probe->trusts_any_name = is_word(mode, "verify-ca");
	if (is_word(mode, "require") || is_word(mode, "verify-ca") ||
	    is_word(mode, "verify-full"))
		probe->tls = PROBE_STARTTLS;
}

static void set_trino(const struct target_reader *reader, const char *url,
		      struct probe *probe)
{
	struct outbound_call *call =
		arena_alloc(&reader->op->arena, sizeof(*call));

	call->method = "GET";
	call->url = "/v1/info";
	probe->call = call;
	probe->user = NULL;
	if (!is_word(target_argument(reader, url, "SSL"), "true"))
		return;
	probe->tls = PROBE_TLS;
	probe->port = PORT_HTTPS;
}

/* Oracle's and Sybase's drivers have forms of their own:
 * jdbc:oracle:thin:@HOST:PORT:SID, jdbc:sybase:Tds:HOST:PORT/NAME. */
static const char *place_of(const char *url, size_t *ret_length)
{
	static const char *const marks[] = {":@", "Tds:"};

	if (strstr(url, "//"))
		return target_authority(url, ret_length);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *found = strstr(url, marks[i]);

		if (!found)
			continue;
		found += strlen(marks[i]);
		*ret_length = strcspn(found, "/?;");
		const char *port = memchr(found, ':', *ret_length);
		if (port)
			*ret_length = (size_t)(port - found) + 1 +
				      strcspn(port + 1, ":/?;");
		return found;
	}
	*ret_length = 0;
	return url;
}

static const char *name_of(const struct target_reader *reader, const char *url)
{
	const char *slashes = strstr(url, "//");
	const char *slash = slashes ? strchr(slashes + 2, '/') : NULL;
	size_t length = slash ? strcspn(slash + 1, "?;") : 0;

	return length ? arena_strndup(&reader->op->arena, slash + 1, length)
		      : NULL;
}

void target_database(struct target_reader *reader, struct probe *probe)
{
	const struct database *database = database_of(reader);
	const char *url = target_text(reader, "jdbcUrl");
	size_t length;

	if (!database || !url)
		return;
	probe->protocol = database->protocol;
	probe->port = database->port;
	probe->remark = database->remark;
	const char *name = name_of(reader, url);
	if (name)
		probe->path = name;
	const json_t *uses =
		json_object_get(reader->settings, "useCredentials");
	if (json_is_false(uses))
		probe->user = NULL;
	if (probe->protocol == PROBE_POSTGRES)
		set_postgres_tls(reader, url, probe);
	if (probe->protocol == PROBE_HTTP)
		set_trino(reader, url, probe);
	if (strncasecmp(url, "mongodb+srv", 11) == 0) {
		probe->unfit = "mongodb+srv names a service, not a host";
		target_add(reader, probe);
		return;
	}
	const char *place = place_of(url, &length);
	target_add_places(reader, probe, place, length);
}

void target_ldap(struct target_reader *reader, struct probe *probe)
{
	const char *address = target_text(reader, "serverAddress");
	size_t length;

	if (!address)
		return;
	if (target_flag(reader, "useSsl") ||
	    strncasecmp(address, "ldaps:", 6) == 0) {
		probe->tls = PROBE_TLS;
		probe->port = PORT_LDAPS;
	}
	const char *place = target_authority(address, &length);
	target_set_place(reader, probe, place, length);
	target_add(reader, probe);
}

void target_ftp(struct target_reader *reader, struct probe *probe)
{
	bool is_implicit = target_flag(reader, "useImplicit");

	if (!probe->user) {
		probe->user = "anonymous";
		probe->password = "cleat@";
	}
	if (target_is(reader, "protocol", "SFTP")) {
		probe->protocol = PROBE_SFTP;
		/* the default is FTP's: nobody has SSH there */
		if (probe->port == PORT_FTP)
			probe->port = PORT_SSH;
	} else if (is_implicit) {
		probe->tls = PROBE_TLS;
	} else if (target_is(reader, "protocol", "FTPS") ||
		   target_flag(reader, "useExplicit")) {
		probe->tls = PROBE_STARTTLS;
	}
	target_add(reader, probe);
}
