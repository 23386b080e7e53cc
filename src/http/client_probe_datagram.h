/* Datagrams to where the guard lets a probe go. Inside of client_probe*.c. */
#ifndef CLEAT_HTTP_CLIENT_PROBE_DATAGRAM_H
#define CLEAT_HTTP_CLIENT_PROBE_DATAGRAM_H

#include "http/client_talk.h"

/* A socket to the first address that takes one; -1 when none does. The caller
 * closes it. */
int datagram_open(struct talk *talk);
/* False when it was refused. */
MUST_CHECK bool datagram_send(struct talk *talk, int to, const void *bytes,
			      size_t length);
/*
 * What comes back, at most so many bytes; `*ret_length` 0 when nothing did
 * within `most_us`. False when it was refused, or the probe has ended.
 */
MUST_CHECK bool datagram_take(struct talk *talk, int from, int64_t most_us,
			      void *ret, size_t max, size_t *ret_length);

#endif
