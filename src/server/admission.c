/* Whose bucket a request is taken from. */
#include "server/admission.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/rate.h"
#include "core/customer.h"
#include "http/router.h"

enum { IPV6_NETWORK_BYTES = 8, ADDRESS_BYTES = 16 };

struct admission {
	struct admission_rules rules;
	struct rate *keys;	/* NULL: no limit */
	struct rate *addresses; /* NULL: no limit */
	atomic_ullong key_refusals;
	atomic_ullong address_refusals;
};

struct admission *admission_new(const struct admission_rules *rules)
{
	struct admission *admission = memory_zalloc(sizeof(*admission));

	admission->rules = *rules;
	if (rules->key_rate)
		admission->keys = rate_new(rules->key_rate);
	if (rules->address_rate)
		admission->addresses = rate_new(rules->address_rate);
	return admission;
}

void admission_free(struct admission *admission)
{
	if (!admission)
		return;
	rate_free(admission->keys);
	rate_free(admission->addresses);
	free(admission);
}

static enum error refuse(struct request *request, int64_t wait,
			 atomic_ullong *refusals, const char *whose)
{
	atomic_fetch_add(refusals, 1);
	request->retry_after_s = (wait + CLOCK_SECOND - 1) / CLOCK_SECOND;
	return op_fail(&request->op, ERR_BUSY, "too many requests %s", whose);
}

static int64_t take_of_key(struct admission *admission,
			   const struct principal *who)
{
	struct buf name;

	if (!who->customer)
		return rate_take(admission->keys, &who->token_id,
				 sizeof(who->token_id), clock_monotonic());
	buf_init(&name, REQUEST_HEADERS_MAX);
	buf_add(&name, (const char *)&who->token_id, sizeof(who->token_id));
	buf_text(&name, who->customer->group_ref);
	buf_add(&name, "", 1);
	buf_text(&name, who->customer->consumer_ref);
	int64_t wait = rate_take(admission->keys, name.bytes, name.length,
				 clock_monotonic());
	buf_release(&name);
	return wait;
}

static bool is_proxy(const struct admission *admission, const char *address)
{
	for (size_t i = 0; i < admission->rules.proxy_count; i++)
		if (strcmp(admission->rules.proxies[i], address) == 0)
			return true;
	return false;
}

/* The one that a proxy that is believed has added, else who is connected. */
static const char *address_of(const struct admission *admission,
			      struct request *request)
{
	const char *peer = request_address(request);
	const char *all;

	if (!peer || !is_proxy(admission, peer))
		return peer;
	all = request_header_list(request, "X-Forwarded-For");
	if (!all)
		return peer;
	const char *last = strrchr(all, ',');
	last = last ? last + 1 : all;
	return last + strspn(last, " \t");
}

static int64_t take_of_address(struct admission *admission,
			       struct request *request)
{
	const char *text = address_of(admission, request);
	unsigned char bytes[ADDRESS_BYTES];

	if (!text)
		return 0;
	if (inet_pton(AF_INET6, text, bytes) == 1)
		return rate_take(admission->addresses, bytes,
				 IPV6_NETWORK_BYTES, clock_monotonic());
	return rate_take(admission->addresses, text, strlen(text),
			 clock_monotonic());
}

enum error admission_count(struct admission *admission, struct request *request,
			   enum error error)
{
	const struct principal *who = request->op.principal;
	int64_t wait = 0;

	if (request->route->flags & ROUTE_FREE || error == ERR_STORE ||
	    error == ERR_INTERNAL)
		return error;
	if (error == OK && who) {
		if (admission->keys)
			wait = take_of_key(admission, who);
		return wait ? refuse(request, wait, &admission->key_refusals,
				     "with this key")
			    : OK;
	}
	if (admission->addresses)
		wait = take_of_address(admission, request);
	return wait ? refuse(request, wait, &admission->address_refusals,
			     "without valid credentials from this address")
		    : error;
}

void admission_write_metrics(const struct admission *admission, struct buf *out)
{
	buf_text(out, "# HELP cleat_limited_total Requests refused with 429, "
		      "by whose rate it was.\n"
		      "# TYPE cleat_limited_total counter\n");
	buf_printf(out,
		   "cleat_limited_total{by=\"key\"} %llu\n"
		   "cleat_limited_total{by=\"address\"} %llu\n",
		   atomic_load(&admission->key_refusals),
		   atomic_load(&admission->address_refusals));
}
