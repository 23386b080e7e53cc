/* Mail messages (RFC 5322, RFC 2045), in plain text. */
#ifndef CLEAT_CORE_MAIL_H
#define CLEAT_CORE_MAIL_H

#include <stdint.h>

#include "base/op.h"

/* Texts are UTF-8. */
struct mail {
	const char *from; /* an address; NULL: whoever sends puts it in */
	const char *to;	  /* an address */
	const char *subject;
	const char *text;
	struct uuid id; /* of its Message-ID */
	int64_t sent_at;
};

/*
 * The whole message in the arena, its lines ended by CR and LF. Nothing that
 * the texts hold can end a header.
 */
const char *mail_write(struct op *op, const struct mail *mail);

#endif
