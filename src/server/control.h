/*
 * The control socket: commands that change the store while it is served run
 * in the serving process. A Unix socket beside the store, mode 0600.
 */
#ifndef CLEAT_SERVER_CONTROL_H
#define CLEAT_SERVER_CONTROL_H

#include "base/buf.h"
#include "jobs/loop.h"
#include "store/writer.h"

struct control;

/*
 * NULL, logged, when the socket cannot be made. Its commands' ops are given
 * `batch_over`.
 */
struct control *control_start(const char *path, struct writer *writer,
			      struct jobs *jobs, const struct keyring *keys,
			      int64_t batch_over);
void control_stop(struct control *control);

/*
 * Sends a command to the serving process and gives back its output, error
 * text and exit status. False when nobody answers at `path`.
 */
bool control_call(const char *path, int argc, char **argv, struct buf *ret_out,
		  struct buf *ret_err, int *ret_status);

#endif
