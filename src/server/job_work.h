/* Jobs claim and end on the writer; here the two meet. */
#ifndef CLEAT_SERVER_JOB_WORK_H
#define CLEAT_SERVER_JOB_WORK_H

#include "jobs/loop.h"
#include "store/writer.h"

/*
 * Starts the loop with all kinds; the writer, the keys and the client outlive
 * it. NULL on failure.
 */
struct jobs *jobs_on_writer(struct writer *writer, const struct keyring *keys,
			    struct client *client, bool is_alone);

#endif
