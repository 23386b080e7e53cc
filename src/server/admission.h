/*
 * Who calls too often is told to wait: 429 with Retry-After, before anything is
 * done. Each key has a rate, each customer of a signed key his own; who shows
 * no valid credentials is counted by his address, an IPv6 one by its /64.
 * Health, metrics and documents are free.
 */
#ifndef CLEAT_SERVER_ADMISSION_H
#define CLEAT_SERVER_ADMISSION_H

#include "http/request.h"

struct admission;

struct admission_rules {
	int64_t key_rate;	    /* a second; 0: no limit */
	int64_t address_rate;	    /* a second; 0: no limit */
	const char *const *proxies; /* addresses whose X-Forwarded-For is
				     * believed; outlive it */
	size_t proxy_count;
};

struct admission *admission_new(const struct admission_rules *rules);
void admission_free(struct admission *admission);

/*
 * Counts a request of which `error` says how its authentication went: that, or
 * ERR_BUSY with `request->retry_after_s` and the op explained. Any thread.
 */
MUST_CHECK enum error admission_count(struct admission *admission,
				      struct request *request,
				      enum error error);

void admission_write_metrics(const struct admission *admission,
			     struct buf *out);

#endif
