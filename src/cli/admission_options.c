/* How often callers may call. */
#include "cli/admission_options.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/rate.h"

enum { KEY_RATE = 1000, ADDRESS_RATE = 100 };

static bool read_rate(const struct args *args, const char *name, int64_t usual,
		      int64_t *ret, struct buf *err)
{
	const char *text = args_get(args, name);
	char *end;

	*ret = usual;
	if (!text)
		return true;
	*ret = strtol(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && *ret <= RATE_MAX_PER_S)
		return true;
	buf_printf(err, "cleat: %s %s is not a number from 0 to %d\n", name,
		   text, RATE_MAX_PER_S);
	return false;
}

/* As the peer's address is written, so that the two can be compared. */
static bool is_address(const char *text)
{
	char bytes[sizeof(struct in6_addr)], again[INET6_ADDRSTRLEN];
	int family = strchr(text, ':') ? AF_INET6 : AF_INET;

	return inet_pton(family, text, bytes) == 1 &&
	       inet_ntop(family, bytes, again, sizeof(again)) &&
	       strcmp(text, again) == 0;
}

static bool read_proxies(const struct args *args, const char **proxies,
			 size_t *ret_count, struct buf *err)
{
	*ret_count = 0;
	for (int i = 0; i < args->count; i++) {
		if (strcmp(args->names[i], "--trusted-proxy") != 0)
			continue;
		if (!is_address(args->values[i])) {
			buf_printf(err,
				   "cleat: --trusted-proxy %s is not an "
				   "address such as 10.0.0.5\n",
				   args->values[i]);
			return false;
		}
		proxies[(*ret_count)++] = args->values[i];
	}
	return true;
}

bool admission_options_read(const struct args *args, const char **proxies,
			    struct admission_rules *ret, struct buf *err)
{
	*ret = (struct admission_rules){.proxies = proxies};
	return read_rate(args, "--key-rate", KEY_RATE, &ret->key_rate, err) &&
	       read_rate(args, "--address-rate", ADDRESS_RATE,
			 &ret->address_rate, err) &&
	       read_proxies(args, proxies, &ret->proxy_count, err);
}
