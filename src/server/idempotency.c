/* The table of what is under way, and answers that are given again. */
#include "server/idempotency.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "core/principal.h"
#include "http/router.h"

enum { BUCKETS = 1024 };

struct idempotency {
	pthread_mutex_t lock;
	struct keyed *buckets[BUCKETS]; /* guarded by lock */
};

struct idempotency *idempotency_new(void)
{
	struct idempotency *table = memory_zalloc(sizeof(*table));

	pthread_mutex_init(&table->lock, NULL);
	return table;
}

void idempotency_free(struct idempotency *table)
{
	if (!table)
		return;
	pthread_mutex_destroy(&table->lock);
	free(table);
}

static struct mark mark_of(struct op *op, const char *key)
{
	size_t length = strlen(key);
	unsigned char *bytes = arena_alloc(&op->arena, UUID_BYTES + length);

	memcpy(bytes, op->principal->token_id.bytes, UUID_BYTES);
	memcpy(bytes + UUID_BYTES, key, length);
	return mark_make(bytes, UUID_BYTES + length);
}

/* Of method, target and body. No target holds a NUL. */
static struct digest fingerprint_of(struct request *request)
{
	struct arena *arena = &request->op.arena;
	const struct key *key = &request->op.keys->sign;
	const char *line = arena_printf(
		arena, "%s %s", method_name(request->method), request->target);
	size_t length = strlen(line) + 1;
	char *all = arena_alloc(arena, length + DIGEST_BYTES);
	struct digest body =
		digest_make(key, request->body.bytes, request->body.length);

	memcpy(all, line, length);
	memcpy(all + length, body.bytes, DIGEST_BYTES);
	return digest_make(key, all, length + DIGEST_BYTES);
}

static struct keyed **place_of(struct idempotency *table,
			       const struct mark *mark)
{
	size_t number = (size_t)mark->bytes[0] << 8 | mark->bytes[1];
	struct keyed **at = &table->buckets[number % BUCKETS];

	while (*at && memcmp(&(*at)->mark, mark, sizeof(*mark)) != 0)
		at = &(*at)->next;
	return at;
}

static bool add(struct idempotency *table, struct keyed *keyed)
{
	pthread_mutex_lock(&table->lock);
	struct keyed **at = place_of(table, &keyed->mark);
	bool is_free = !*at;
	if (is_free) {
		keyed->next = NULL;
		*at = keyed;
	}
	pthread_mutex_unlock(&table->lock);
	return is_free;
}

enum error idempotency_enter(struct idempotency *table, struct request *request,
			     struct keyed *ret)
{
	struct op *op = &request->op;
	const char *key = NULL;

	*ret = (struct keyed){.next = NULL};
	if (request->route->flags & ROUTE_IDEMPOTENT)
		key = request_header_list(request, "Idempotency-Key");
	if (!key)
		return OK;
	if (!idempotency_key_is_valid(key)) {
		op_issue(op, "header", "Idempotency-Key",
			 "must be 1 to %d visible ASCII characters",
			 IDEMPOTENCY_KEY_MAX);
		return op_fail(op, ERR_MALFORMED,
			       "Idempotency-Key must be 1 to %d visible ASCII "
			       "characters",
			       IDEMPOTENCY_KEY_MAX);
	}
	ret->mark = mark_of(op, key);
	ret->once = (struct once){key, fingerprint_of(request)};
	ret->is_under_way = !add(table, ret);
	if (ret->is_under_way)
		return op_fail(op, ERR_BUSY,
			       "a request with this Idempotency-Key is being "
			       "answered");
	return OK;
}

void idempotency_leave(struct idempotency *table, struct keyed *keyed)
{
	if (!keyed->once.key)
		return;
	pthread_mutex_lock(&table->lock);
	struct keyed **at = place_of(table, &keyed->mark);
	*at = keyed->next;
	pthread_mutex_unlock(&table->lock);
}

/* As lines; no header of ours holds a line's end. */
static const char *headers_of(struct request *request)
{
	const struct response *response = &request->response;
	const char *lines = "";

	for (size_t i = 0; i < response->header_count; i++)
		lines = arena_printf(&request->op.arena, "%s%s: %s\n", lines,
				     response->headers[i].name,
				     response->headers[i].value);
	return lines;
}

static void put_headers(struct request *request, const char *lines)
{
	struct arena *arena = &request->op.arena;

	while (*lines) {
		size_t name = strcspn(lines, ":");
		const char *value = lines + name + 2;
		size_t length = strcspn(value, "\n");

		response_header(request, arena_strndup(arena, lines, name),
				arena_strndup(arena, value, length));
		lines = value + length + 1;
	}
}

static enum error answer_again(struct request *request,
			       const struct kept_answer *kept)
{
	struct response *response = &request->response;

	response->status = kept->status;
	response->content_type = kept->content_type;
	buf_add(&response->body, kept->body, kept->length);
	put_headers(request, kept->headers);
	response_header(request, "Idempotency-Replayed", "true");
	return OK;
}

static enum error keep(struct keyed *keyed, struct request *request)
{
	const struct response *response = &request->response;
	const struct kept_answer answer = {
		.status = response->status,
		.content_type = response->content_type,
		.headers = headers_of(request),
		.body = response->body.bytes,
		.length = response->body.length,
	};

	if (response->body.is_overfull)
		return op_fail(&request->op, ERR_TOO_LARGE,
			       "the answer would be too large to be kept");
	enum error error =
		idempotency_keep(&request->op, &keyed->once, &answer);
	keyed->is_under_way = error == ERR_BUSY;
	return error;
}

enum error idempotency_run(struct keyed *keyed, struct request *request,
			   enum error (*handle)(struct request *request))
{
	struct kept_answer kept;

	if (!keyed->once.key)
		return handle(request);
	enum error error = idempotency_find(&request->op, &keyed->once, &kept);
	if (error == OK)
		return answer_again(request, &kept);
	if (error != ERR_NOT_FOUND)
		return error;
	TRY(handle(request));
	return keep(keyed, request);
}
