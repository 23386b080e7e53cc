/* The running server: the store, the writer, the dialects, together. */
#ifndef CLEAT_SERVER_APP_H
#define CLEAT_SERVER_APP_H

#include "base/keyring.h"
#include "db/db.h"
#include "http/client.h"
#include "http/cors.h"
#include "http/outbound.h"
#include "server/admission.h"
#include "store/writer.h"

struct app;

struct app_options {
	const char *address;
	uint16_t port;
	const char *control_path; /* where commands ask; NULL: they need not */
	const struct outbound_rule *rules; /* of --allow-http; outlive it */
	size_t rule_count;
	struct cors cors; /* of --allow-origin; outlives it */
	struct admission_rules admission;
	int64_t batch_over;		/* as in struct op */
	int64_t webhook_timeout_us;	/* 0: the usual one */
	int64_t proxy_timeout_us;	/* the same */
	const struct mail_relay *relay; /* NULL: no mail; outlives it */
	const char *public_url; /* scheme://host; NULL: as clients address us */
};

/*
 * Serves the migrated store until app_stop. `db` and `keys` outlive it. NULL,
 * logged, when it cannot.
 */
struct app *app_start(struct db *db, const struct keyring *keys,
		      const struct app_options *options);
uint16_t app_port(const struct app *app);

/* Lets what is under way end, then stops and frees. */
void app_stop(struct app *app);

#endif
