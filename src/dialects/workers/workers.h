/* What workers call: /workers/v1. */
#ifndef CLEAT_DIALECTS_WORKERS_H
#define CLEAT_DIALECTS_WORKERS_H

#include "http/request.h"

/* Handlers, one an operation; in the project of the caller's token. */
enum error workers_register(struct request *request);
enum error workers_heartbeat(struct request *request);
enum error workers_list_connections(struct request *request);

#endif
