/* What both ways of calling share. Inside of client*.c. */
#ifndef CLEAT_HTTP_CLIENT_CALL_H
#define CLEAT_HTTP_CLIENT_CALL_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "http/client.h"

enum { CLIENT_CONNECT_TIMEOUT_MS = 10000 };

struct client {
	const struct outbound_rule *rules;
	size_t rule_count;
	const struct mail_relay *relay; /* NULL: there is none */

	pthread_mutex_t lock;
	bool is_stopped;	 /* guarded by lock */
	struct sending *sending; /* under way; guarded by lock */
};

enum { CLIENT_ADDRESSES_MAX = 4 };

/* Where the guard lets a call go, for who opens the socket itself. */
struct client_addresses {
	struct client_address {
		struct sockaddr_storage address;
		socklen_t length;
	} items[CLIENT_ADDRESSES_MAX];
	size_t count;
};

/*
 * Ends the connections of a library that may not look at the time itself while
 * the other side talks (client_watch.c).
 */
struct client_watch {
	struct client *client;
	int64_t ends_at; /* monotonic */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_over; /* guarded by lock, as are these */
	int descriptors[CLIENT_ADDRESSES_MAX];
	size_t count;
	pthread_t thread;
};

/* False when there is no thread for it. */
MUST_CHECK bool client_watch_start(struct client_watch *watch,
				   struct client *client, int64_t ends_at);
void client_watch_stop(struct client_watch *watch);
/* False: it watches enough of them. */
MUST_CHECK bool client_watch_add(struct client_watch *watch, int descriptor);

/* One call under way. */
struct sending {
	struct client *client;
	CURLM *multi;
	CURL *curl;
	struct curl_slist *headers;
	struct sending *next, *previous; /* guarded by the client's lock */
	enum outbound_use use;
	bool is_plain;
	/* NULL, or collects addresses: no socket is opened */
	struct client_addresses *addresses;
	struct client_watch *watch; /* NULL, or has a hand on its sockets */
	bool is_blocked;
	bool is_opened; /* a socket */
	bool is_too_large;
	bool has_headers; /* all of them, up to the empty line */
	size_t header_bytes;
	struct buf body; /* of client_send */
	/* NULL, or tells now and then whether to go on */
	bool (*goes_on)(void *context);
	void *context; /* its own */
};

bool client_is_stopped(struct client *client);

void sending_enter(struct sending *sending);
void sending_leave(struct sending *sending);

/* Nothing that ends a line early can come in by a name or value. */
bool sending_is_sendable(const struct outbound_call *call);

/* One line, as libcurl takes them. */
void sending_add_header(struct sending *sending, const char *line);
void sending_add_headers(struct sending *sending, struct arena *arena,
			 const struct outbound_call *call);

/* Where it may go and how long it may take. */
void sending_set_guard(struct sending *sending, int64_t timeout_us);
/* Its certificate may be anybody's: its owner says so. */
void sending_trust_any(struct sending *sending);
void sending_set_method(struct sending *sending,
			const struct outbound_call *call);

/* False when this is too much of headers. */
bool sending_take_header(struct sending *sending, const char *bytes,
			 size_t length);

/* client_mail.c: a mail, or a connection alone. */
void client_send_otherwise(struct client *client, struct arena *arena,
			   const struct outbound_call *call, int64_t timeout_us,
			   struct client_answer *ret);

/* Until it ends, or is to: CURLE_ABORTED_BY_CALLBACK. */
CURLcode sending_perform(struct sending *sending);
/* The same of HTTP: what came of it. */
enum client_failure sending_drive(struct sending *sending);
void sending_release(struct sending *sending);

#endif
