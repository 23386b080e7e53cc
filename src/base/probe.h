/* A try of somebody else's service, and what came of it, as plain values. */
#ifndef CLEAT_BASE_PROBE_H
#define CLEAT_BASE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outbound_call.h"

enum { PROBE_HOST_MAX = 253, PROBE_PORT_MAX = 65535 };
#define PROBE_TIMEOUT_US INT64_C(10000000) /* of one, at most */

/* What is spoken; in the order of the table in http/client_probe.c. */
enum probe_protocol {
	PROBE_TCP,	  /* a connection, with TLS if need be, and no more */
	PROBE_UDP,	  /* a datagram, which may be refused */
	PROBE_HTTP,	  /* `call` */
	PROBE_SMTP,	  /* greeting, and login if there is a user */
	PROBE_FTP,	  /* greeting, login, the directory `path` */
	PROBE_SFTP,	  /* the same through SSH */
	PROBE_SSH,	  /* greeting and login */
	PROBE_LDAP,	  /* bind, and the entry `path` */
	PROBE_POSTGRES,	  /* login to the database `path` */
	PROBE_MYSQL,	  /* greeting */
	PROBE_SQL_SERVER, /* answer to a prelogin */
	PROBE_MONGODB,	  /* answer to a hello */
	PROBE_AMQP,	  /* 0-9-1: greeting, login, virtual host `path` */
	PROBE_AMQP_1,	  /* 1.0: greeting, and login if there is a user */
	PROBE_OPENWIRE,	  /* greeting, and login if there is a user */
	PROBE_KAFKA,	  /* greeting, and login if there is a user */
	PROBE_SNMP,	  /* answer to a question for the time it is up */
};

enum probe_tls {
	PROBE_PLAIN,
	PROBE_TLS,	/* from the first byte on */
	PROBE_STARTTLS, /* after the greeting, or there is no login */
};

struct probe {
	enum probe_protocol protocol;
	const char *host; /* a name or an address */
	int port;
	enum probe_tls tls;
	/*
	 * With TLS: whoever it is may answer, or one by another name. Counts
	 * as plain for where it may go. Of a plain PROBE_POSTGRES: TLS is
	 * taken where it is offered.
	 */
	bool trusts_anybody, trusts_any_name;
	const char *authorities; /* PEM, beside the system's; NULL: none */
	const char *identity;	 /* PKCS #12 to show, base64; NULL: none */
	const char *identity_password;
	const char *user, *password; /* NULL: there is no login */
	const char *path;	     /* as the protocol has it; NULL: none */
	const struct outbound_call *call; /* of PROBE_HTTP; its `url` is what
					     follows host and port */
	int version; /* of PROBE_SNMP: 1, 2 or 3; `user` is the community */
	const char *signs_by; /* of its 3: SHA256 or so; NULL: not signed */
	const char *unfit;    /* why it can't be tried; NULL: it can */
	const char *remark;   /* what it does not try; NULL: nothing */
	int64_t timeout_us;   /* 0: the longest */
};

/* How far it came: what was done last, or failed. In their order. */
enum probe_step {
	PROBE_STEP_SETTINGS,
	PROBE_STEP_NAME,
	PROBE_STEP_CONNECT,
	PROBE_STEP_TLS,
	PROBE_STEP_GREETING,
	PROBE_STEP_LOGIN,
	PROBE_STEP_USE,
};

enum probe_fault {
	PROBE_OK,
	PROBE_UNFIT,   /* the settings name nothing to try */
	PROBE_BLOCKED, /* its address is none that may be called */
	PROBE_NO_NAME, /* nobody knows the host */
	PROBE_REFUSED, /* no connection */
	PROBE_TIMED_OUT,
	PROBE_UNTRUSTED,  /* its certificate */
	PROBE_NO_TLS,	  /* TLS was not agreed upon */
	PROBE_UNEXPECTED, /* it speaks something else */
	PROBE_CUT_OFF,
	PROBE_FLOODED, /* it says more than anybody wants to hear */
	PROBE_DENIED,  /* the login */
	PROBE_MISSING, /* the directory, database, virtual host or entry */
	PROBE_FAILING, /* it answers that it is out of order */
	PROBE_STOPPED, /* we are */
};

struct probe_outcome {
	enum probe_step step;
	enum probe_fault fault;
	bool is_unanswered; /* sent, and nothing ever comes back */
	const char *detail; /* a sentence; never a secret; NULL: none */
	int64_t took_us;
};

#endif
