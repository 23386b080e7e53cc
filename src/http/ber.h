/* BER, as far as SNMP uses it (X.690): short tags, definite lengths. */
#ifndef CLEAT_HTTP_BER_H
#define CLEAT_HTTP_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	BER_INTEGER = 0x02,
	BER_TEXT = 0x04,
	BER_NOTHING = 0x05,
	BER_OBJECT = 0x06,
	BER_SEQUENCE = 0x30,
	BER_MESSAGE_MAX = 1400,
};

/* Written from its end to its beginning, so that lengths are known. What does
 * not fit is the caller's defect: limit what others decide. */
struct ber_writer {
	unsigned char bytes[BER_MESSAGE_MAX];
	size_t at;
};

struct ber_writer ber_writer_at_end(void);
void ber_put(struct ber_writer *to, unsigned char tag, const void *bytes,
	     size_t length);
void ber_put_number(struct ber_writer *to, uint32_t value);
/* What was written since `end` becomes the value of this. */
void ber_wrap(struct ber_writer *to, unsigned char tag, size_t end);

/* What is left to be read. */
struct ber {
	const unsigned char *at, *end;
};

/* The next element; its value is one to be read as well. False when there is
 * none, or it is not whole. */
MUST_CHECK bool ber_next(struct ber *from, unsigned char *ret_tag,
			 struct ber *ret_value);
/* The same of one that has this tag. */
MUST_CHECK bool ber_take(struct ber *from, unsigned char tag,
			 struct ber *ret_value);
/* A number that is not negative, of 32 bits at most. */
MUST_CHECK bool ber_take_number(struct ber *from, uint32_t *ret);

#endif
