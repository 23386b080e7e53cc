/* What commands that serve have in common: where, whom they call, until when.
 */
#ifndef CLEAT_CLI_LISTEN_H
#define CLEAT_CLI_LISTEN_H

#include <signal.h>

#include "cli/args.h"
#include "http/outbound.h"

enum { LISTEN_ADDRESS = 64 };

/* Reads ADDRESS:PORT. False when it is none. */
bool listen_read(const char *text, char *address, size_t size,
		 uint16_t *ret_port);

/* Those of --allow-http, at most ARGS_MAX. False, with the line in `err`, for
 * what is none. */
bool listen_read_rules(const struct args *args, struct outbound_rule *ret,
		       size_t *ret_count, struct buf *err);

/* SIGTERM and SIGINT, before any thread starts, so that only sigwait sees
 * them. */
void listen_block_signals(sigset_t *ret);

#endif
