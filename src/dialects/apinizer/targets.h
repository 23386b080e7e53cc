/*
 * From a connection's settings to what a test of it tries: a row a type
 * (targets.c), and for what a row can't say a function (targets_X.c).
 */
#ifndef CLEAT_DIALECTS_APINIZER_TARGETS_H
#define CLEAT_DIALECTS_APINIZER_TARGETS_H

#include <jansson.h>

#include "core/connection_test.h"

/* Of one connection. */
struct target_reader {
	struct op *op;
	const json_t *settings;
	struct connection_test *test; /* probes are added to it */
};

struct target_rule {
	const char *type;
	enum probe_protocol protocol;
	int port; /* when there is none */
	/* Fields; NULL: it has none. Secrets are named as well. */
	const char *host, *port_field, *user, *password, *path, *timeout_ms;
	/* The rest, for one probe with what is above; adds it, or several. */
	void (*complete)(struct target_reader *reader, struct probe *probe);
};

/*
 * Adds the probes of this connection: at least one. ERR_INVALID for a type
 * with nothing outside of its worker.
 */
MUST_CHECK enum error apinizer_targets(struct op *op,
				       struct connection_test *test);

/* targets.c: fields. NULL, 0 and false when it is not there. */
const char *target_text(const struct target_reader *reader, const char *name);
int64_t target_number(const struct target_reader *reader, const char *name);
bool target_flag(const struct target_reader *reader, const char *name);
bool target_is(const struct target_reader *reader, const char *name,
	       const char *word);
const char *target_secret(const struct target_reader *reader, const char *name);
/* A file in base64, with a NUL after it; NULL when it is not there, or none. */
const char *target_file(const struct target_reader *reader, const char *name,
			size_t *ret_length);
/* What of this field is to be trusted, PEM; the probe is unfit without. */
void target_trust(const struct target_reader *reader, struct probe *probe,
		  const char *name);
/* The same of certificates in PKCS #12; `password` may be NULL. */
void target_trust_pkcs12(const struct target_reader *reader,
			 struct probe *probe, const char *name,
			 const char *password);

/* Digits, as microseconds; 0 for what is none or over a day. */
int64_t target_milliseconds(const char *text);

/* Digits; 0 for what is no port. */
int target_port(const char *text);

/* One more; those beyond CONNECTION_TEST_MAX are not tried. */
void target_add(struct target_reader *reader, const struct probe *probe);
/* HOST or HOST:PORT or [V6]:PORT, up to `length`; the port is kept when there
 * is none. */
void target_set_place(struct target_reader *reader, struct probe *probe,
		      const char *text, size_t length);
/* The same for each of a list with commas; adds them. */
void target_add_places(struct target_reader *reader, struct probe *probe,
		       const char *text, size_t length);
/* What follows the URL's scheme, up to a slash, a question or semicolon. */
const char *target_authority(const char *url, size_t *ret_length);
/* An argument behind ? & or ;, NULL when it is not there. */
const char *target_argument(const struct target_reader *reader, const char *url,
			    const char *name);

/* targets_X.c */
void target_email(struct target_reader *reader, struct probe *probe);
void target_ftp(struct target_reader *reader, struct probe *probe);
void target_graylog(struct target_reader *reader, struct probe *probe);
void target_syslog(struct target_reader *reader, struct probe *probe);
void target_snmp(struct target_reader *reader, struct probe *probe);
void target_ldap(struct target_reader *reader, struct probe *probe);
void target_database(struct target_reader *reader, struct probe *probe);
void target_elasticsearch(struct target_reader *reader, struct probe *probe);
void target_webhook(struct target_reader *reader, struct probe *probe);
void target_rabbitmq(struct target_reader *reader, struct probe *probe);
void target_activemq(struct target_reader *reader, struct probe *probe);
void target_kafka(struct target_reader *reader, struct probe *probe);

#endif
