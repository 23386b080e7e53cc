/* Calls to the server, by the one client. */
#include "worker/upstream.h"

#include <string.h>

#include "base/json_member.h"
#include "base/json_read.h"
#include "base/json_write.h"

/* Shorter than it may take to be back: a call into a network that is gone
 * must not keep the next one waiting. */
#define CALL_TIMEOUT_US	    INT64_C(2000000)
#define REGISTER_TIMEOUT_US INT64_C(5000000)

enum { BODY_MAX = 8 * 1024 };

static void add_header(struct outbound_call *call, const char *name,
		       const char *value)
{
	call->headers[call->header_count++] =
		(struct outbound_header){name, value};
}

static struct outbound_call call_of(const struct upstream *upstream,
				    struct arena *arena, const char *method,
				    const char *path)
{
	struct outbound_call call = {
		.method = method,
		.url = arena_printf(arena, "%s/workers/v1%s", upstream->url,
				    path),
	};

	add_header(&call, "Authorization",
		   arena_printf(arena, "Bearer %s", upstream->token));
	return call;
}

/* 401, 403 and 404 count when they are the server's own word, not that of what
 * is before it (a proxy whose server is away). */
static bool is_problem(struct arena *arena, const struct client_answer *answer)
{
	const char *by = json_member_text(arena, answer->body,
					  answer->body_length, "subsystem");

	return by && strcmp(by, "api") == 0;
}

static struct upstream_said judge(struct arena *arena,
				  const struct client_answer *answer)
{
	struct upstream_said said = {.status = answer->status};

	if (answer->failure != CLIENT_OK) {
		said.answer = UPSTREAM_AWAY;
		said.why = client_failure_name(answer->failure);
		return said;
	}
	said.why = json_member_text(arena, answer->body, answer->body_length,
				    "detail");
	if (answer->status == 200)
		said.answer = UPSTREAM_OK;
	else if (answer->status == 204)
		said.answer = UPSTREAM_SAME;
	else if (answer->status == 404 && is_problem(arena, answer))
		said.answer = UPSTREAM_UNKNOWN;
	else if ((answer->status == 401 || answer->status == 403) &&
		 is_problem(arena, answer))
		said.answer = UPSTREAM_ENDED;
	else if (answer->status < 500 && answer->status != 404)
		said.answer = UPSTREAM_REFUSED;
	else
		said.answer = UPSTREAM_AWAY;
	return said;
}

static struct upstream_said ask(const struct upstream *upstream,
				struct arena *arena,
				const struct outbound_call *call,
				int64_t timeout_us, json_t **ret)
{
	struct client_answer answer;
	const char *why;

	client_send(upstream->client, arena, call, timeout_us, &answer);
	struct upstream_said said = judge(arena, &answer);
	if (said.answer == UPSTREAM_OK &&
	    json_read(arena, answer.body, answer.body_length, ret, &why) != OK)
		said = (struct upstream_said){UPSTREAM_AWAY, answer.status,
					      "its answer is no JSON"};
	return said;
}

static const char *write_me(struct arena *arena, const struct upstream_me *me)
{
	struct buf text;

	buf_init(&text, BODY_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	json_put_string(&w, "environment", me->environment);
	json_put_string(&w, "name", me->name);
	json_put_string(&w, "url", me->url);
	json_end_object(&w);
	const char *body = arena_strdup(arena, buf_cstr(&text));
	buf_release(&text);
	return body;
}

static bool copy(char *to, size_t size, const char *from)
{
	if (!from || strlen(from) >= size)
		return false;
	memcpy(to, from, strlen(from) + 1);
	return true;
}

static bool read_known(const json_t *from, struct holding_known *ret,
		       int64_t *ret_heartbeat_s)
{
	const char *id = json_string_value(json_object_get(from, "id"));

	*ret_heartbeat_s =
		json_integer_value(json_object_get(from, "heartbeatSeconds"));
	return id && uuid_parse(id, &ret->id) &&
	       copy(ret->key, sizeof(ret->key),
		    json_string_value(json_object_get(from, "key"))) &&
	       *ret_heartbeat_s > 0;
}

static struct upstream_said not_ours(int status)
{
	return (struct upstream_said){UPSTREAM_AWAY, status,
				      "its answer is not that of Cleat"};
}

struct upstream_said upstream_register(const struct upstream *upstream,
				       struct arena *arena,
				       const struct upstream_me *me,
				       struct holding_known *ret,
				       int64_t *ret_heartbeat_s)
{
	struct outbound_call call =
		call_of(upstream, arena, "POST", "/register");
	struct holding_known known;
	json_t *json = NULL;

	add_header(&call, "Content-Type", "application/json");
	call.body = write_me(arena, me);
	call.body_length = strlen(call.body);
	struct upstream_said said =
		ask(upstream, arena, &call, REGISTER_TIMEOUT_US, &json);
	if (said.answer != UPSTREAM_OK)
		return said;
	if (!read_known(json, &known, ret_heartbeat_s) ||
	    !copy(known.url, sizeof(known.url), me->url))
		return not_ours(said.status);
	*ret = known;
	return said;
}

static const char *path_of(struct arena *arena, struct uuid id,
			   const char *rest)
{
	char text[UUID_TEXT];

	uuid_format(id, text);
	return arena_printf(arena, "/workers/%s/%s", text, rest);
}

struct upstream_said upstream_beat(const struct upstream *upstream,
				   struct arena *arena, struct uuid id,
				   bool again)
{
	struct outbound_call call =
		call_of(upstream, arena, "POST",
			path_of(arena, id,
				again ? "heartbeat?again=true" : "heartbeat"));
	json_t *json;

	return ask(upstream, arena, &call, CALL_TIMEOUT_US, &json);
}

static bool read_set(struct arena *arena, const json_t *from,
		     struct upstream_set *ret)
{
	const json_t *list = json_object_get(from, "connections");
	const json_t *version = json_object_get(from, "version");

	ret->version = json_integer_value(version);
	ret->count = json_array_size(list);
	ret->items = arena_alloc(arena, (ret->count + 1) * sizeof(*ret->items));
	for (size_t i = 0; i < ret->count; i++) {
		const json_t *one = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(one, "id"));

		if (!id || !uuid_parse(id, &ret->items[i].id))
			return false;
		ret->items[i].version =
			json_integer_value(json_object_get(one, "version"));
		ret->items[i].is_pending =
			json_is_true(json_object_get(one, "pending"));
	}
	return json_is_array(list) && json_is_integer(version);
}

struct upstream_said upstream_get_set(const struct upstream *upstream,
				      struct arena *arena, struct uuid id,
				      int64_t since, struct upstream_set *ret)
{
	const char *rest =
		arena_printf(arena, "connections?since=%lld", (long long)since);
	struct outbound_call call =
		call_of(upstream, arena, "GET", path_of(arena, id, rest));
	struct upstream_set set;
	json_t *json = NULL;

	struct upstream_said said =
		ask(upstream, arena, &call, CALL_TIMEOUT_US, &json);
	if (said.answer != UPSTREAM_OK)
		return said;
	if (!read_set(arena, json, &set))
		return not_ours(said.status);
	*ret = set;
	return said;
}
