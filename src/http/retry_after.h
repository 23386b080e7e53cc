/* How long an answer asks to wait (RFC 9110, 10.2.3). */
#ifndef CLEAT_HTTP_RETRY_AFTER_H
#define CLEAT_HTTP_RETRY_AFTER_H

#include <stdint.h>

#define RETRY_AFTER_MAX_US INT64_C(86400000000)

/*
 * `text` is the field's value: seconds, or a date of any of HTTP's forms.
 * Microseconds from `now_us` on, a day at most; 0 for what is past or neither.
 */
int64_t retry_after_us(const char *text, int64_t now_us);

#endif
