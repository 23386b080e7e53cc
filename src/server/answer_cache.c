/*
 * A table of answers by the mark of what was asked; a newer one takes an older
 * one's place, and when they are too many bytes the next in line goes. Whether
 * one still holds is not guessed: it has the snapshot number that its project
 * had when it was read (store_snapshot_of).
 */
#include "server/answer_cache.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/seal.h"
#include "core/principal.h"
#include "core/store.h"
#include "http/router.h"

enum { SLOTS = 2048, SHARE = 8 /* of all bytes: the most for one answer */ };

struct answer {
	struct mark mark;
	uint64_t snapshot;
	atomic_int users; /* the table is one */
	const char *content_type;
	struct header headers[RESPONSE_HEADERS_MAX]; /* values are our own */
	size_t header_count;
	size_t length;
	char body[];
};

struct answer_cache {
	pthread_mutex_t lock;
	struct answer *slots[SLOTS]; /* guarded by lock */
	size_t bytes;		     /* guarded by lock */
	size_t bytes_max;
	size_t hand; /* the next to go; guarded by lock */
	_Atomic uint64_t given, missed;
};

static void leave(struct answer *answer)
{
	if (!answer || atomic_fetch_sub(&answer->users, 1) > 1)
		return;
	for (size_t i = 0; i < answer->header_count; i++)
		free((char *)(uintptr_t)answer->headers[i].value);
	free(answer);
}

static void empty(struct answer_cache *cache, size_t slot)
{
	struct answer *answer = cache->slots[slot];

	if (!answer)
		return;
	cache->slots[slot] = NULL;
	cache->bytes -= answer->length;
	leave(answer);
}

struct answer_cache *answer_cache_new(size_t bytes_max)
{
	struct answer_cache *cache = memory_zalloc(sizeof(*cache));

	pthread_mutex_init(&cache->lock, NULL);
	cache->bytes_max = bytes_max;
	return cache;
}

void answer_cache_free(struct answer_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		empty(cache, i);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

/* Whose answers depend on their one project alone. 0: nothing is kept. */
static uint64_t snapshot_of(struct request *request)
{
	const struct principal *who = request->op.principal;

	if (!(request->route->flags & ROUTE_KEPT) || !who || who->customer ||
	    !uuid_is_nil(who->builder_id) || who->sees_made_projects)
		return 0;
	return store_snapshot_of(&request->op, who->project_id);
}

static struct mark mark_of(struct request *request)
{
	struct arena *arena = &request->op.arena;
	char token[UUID_TEXT];

	uuid_format(request->op.principal->token_id, token);
	const char *parts[] = {token, request_origin(request), " ",
			       request->target};
	const char *text =
		arena_join(arena, parts, sizeof(parts) / sizeof(*parts));
	return mark_make(text, strlen(text));
}

static size_t slot_of(const struct mark *mark)
{
	return (mark->bytes[0] | (size_t)mark->bytes[1] << 8) % SLOTS;
}

static struct answer *find(struct answer_cache *cache, const struct mark *mark,
			   uint64_t snapshot)
{
	pthread_mutex_lock(&cache->lock);
	struct answer *answer = cache->slots[slot_of(mark)];
	if (answer && (answer->snapshot != snapshot ||
		       memcmp(&answer->mark, mark, sizeof(*mark)) != 0))
		answer = NULL;
	if (answer)
		atomic_fetch_add(&answer->users, 1);
	pthread_mutex_unlock(&cache->lock);
	return answer;
}

bool answer_cache_give(struct answer_cache *cache, struct request *request)
{
	uint64_t snapshot = snapshot_of(request);
	struct response *response = &request->response;

	if (!snapshot)
		return false;
	const struct mark mark = mark_of(request);
	struct answer *answer = find(cache, &mark, snapshot);
	if (!answer) {
		atomic_fetch_add(&cache->missed, 1);
		return false;
	}
	response->status = 200;
	response->content_type = answer->content_type;
	buf_clear(&response->body);
	buf_add(&response->body, answer->body, answer->length);
	for (size_t i = 0; i < answer->header_count; i++)
		response_header(request, answer->headers[i].name,
				arena_strdup(&request->op.arena,
					     answer->headers[i].value));
	leave(answer);
	atomic_fetch_add(&cache->given, 1);
	return true;
}

static struct answer *answer_of(const struct response *response)
{
	struct answer *answer =
		memory_zalloc(sizeof(*answer) + response->body.length);

	answer->users = 1;
	answer->content_type = response->content_type;
	answer->header_count = response->header_count;
	for (size_t i = 0; i < response->header_count; i++)
		answer->headers[i] = (struct header){
			response->headers[i].name,
			memory_strdup(response->headers[i].value)};
	answer->length = response->body.length;
	memcpy(answer->body, response->body.bytes, answer->length);
	return answer;
}

static void put(struct answer_cache *cache, struct answer *answer)
{
	size_t slot = slot_of(&answer->mark);

	pthread_mutex_lock(&cache->lock);
	empty(cache, slot);
	while (cache->bytes + answer->length > cache->bytes_max) {
		empty(cache, cache->hand);
		cache->hand = (cache->hand + 1) % SLOTS;
	}
	cache->slots[slot] = answer;
	cache->bytes += answer->length;
	pthread_mutex_unlock(&cache->lock);
}

void answer_cache_keep(struct answer_cache *cache, struct request *request)
{
	const struct response *response = &request->response;
	uint64_t snapshot = snapshot_of(request);

	if (!snapshot || response->status != 200 || request->op.has_secrets ||
	    response->body.is_overfull ||
	    response->body.length > cache->bytes_max / SHARE)
		return;
	struct answer *answer = answer_of(response);
	answer->mark = mark_of(request);
	answer->snapshot = snapshot;
	put(cache, answer);
}

void answer_cache_write_metrics(const struct answer_cache *cache,
				struct buf *out)
{
	buf_printf(out,
		   "# TYPE cleat_answers_kept_total counter\n"
		   "cleat_answers_kept_total{given=\"again\"} %" PRIu64 "\n"
		   "cleat_answers_kept_total{given=\"anew\"} %" PRIu64 "\n",
		   atomic_load(&cache->given), atomic_load(&cache->missed));
}
