/* Seconds are ours to read, dates are libcurl's. */
#include "http/retry_after.h"

#include <curl/curl.h>
#include <string.h>
#include <time.h>

static const int64_t second = 1000000;

int64_t retry_after_us(const char *text, int64_t now_us)
{
	size_t digits = strspn(text, "0123456789");

	if (digits && !text[digits]) {
		int64_t wait = 0;

		for (; *text && wait < RETRY_AFTER_MAX_US / second; text++)
			wait = wait * 10 + (*text - '0');
		return wait > RETRY_AFTER_MAX_US / second ? RETRY_AFTER_MAX_US
							  : wait * second;
	}
	/* each of HTTP's forms holds a time of day; libcurl would read more */
	if (digits || !strchr(text, ':'))
		return 0;
	time_t at = curl_getdate(text, NULL);
	int64_t now = now_us / second;
	if (at <= now)
		return 0;
	return at - now > RETRY_AFTER_MAX_US / second ? RETRY_AFTER_MAX_US
						      : (at - now) * second;
}
