/*
 * Answers that are given again while nothing of their project has changed:
 * the same bytes to the same token, for the same target at the same origin.
 */
#ifndef CLEAT_SERVER_ANSWER_CACHE_H
#define CLEAT_SERVER_ANSWER_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/request.h"

struct answer_cache;

/* Keeps at most so many bytes. */
struct answer_cache *answer_cache_new(size_t bytes_max);
void answer_cache_free(struct answer_cache *cache);

/*
 * In a read of a request that has been authenticated, before its handler.
 * True: it is answered. Any thread.
 */
bool answer_cache_give(struct answer_cache *cache, struct request *request);

/* The handler's answer, in the same read. Keeps what may be kept. */
void answer_cache_keep(struct answer_cache *cache, struct request *request);

void answer_cache_write_metrics(const struct answer_cache *cache,
				struct buf *out);

#endif
