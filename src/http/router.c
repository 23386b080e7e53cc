/* A tree of path segments; literal before uuid before anything. */
#include "http/router.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/uuid.h"

enum { SEGMENTS_MAX = 16, TAILS_MAX = 4 };

struct node {
	const char *literal; /* NULL for a parameter */
	size_t literal_length;
	struct node *next;     /* sibling literal */
	struct node *literals; /* children */
	struct node *verbs;    /* children {x}:verb; their literal is :verb */
	struct node *uuid;     /* child {x:uuid} */
	struct node *any;      /* child {x} */
	const void *owner;
	size_t routes[METHOD_OTHER]; /* number + 1; 0 for none */
	bool has_route;
};

struct router {
	struct node root;
	const struct route **routes;
	const void **owners;
	size_t count;
	size_t tails[TAILS_MAX]; /* numbers of those of ROUTE_STREAM */
	size_t tail_count;
	struct route_set *sets;
	size_t set_count;
};

static struct node *find_literal(struct node *first, const char *text,
				 size_t length)
{
	for (struct node *n = first; n; n = n->next)
		if (n->literal_length == length &&
		    memcmp(n->literal, text, length) == 0)
			return n;
	return NULL;
}

static struct node *new_node(const void *owner)
{
	struct node *node = memory_zalloc(sizeof(*node));

	node->owner = owner;
	return node;
}

static struct node *add_literal(struct node **first, const char *text,
				size_t length, const void *owner)
{
	struct node *node = find_literal(*first, text, length);

	if (node)
		return node;
	node = new_node(owner);
	node->literal = text;
	node->literal_length = length;
	node->next = *first;
	*first = node;
	return node;
}

static struct node *add_child(struct node *parent, const char *segment,
			      size_t length, const void *owner)
{
	const char *verb = memchr(segment, '}', length);

	if (segment[0] == '{' && verb && verb + 1 < segment + length)
		return add_literal(&parent->verbs, verb + 1,
				   (size_t)(segment + length - verb - 1),
				   owner);
	if (segment[0] == '{') {
		bool is_uuid = length > 6 &&
			       memcmp(segment + length - 6, ":uuid}", 6) == 0;
		struct node **child = is_uuid ? &parent->uuid : &parent->any;

		if (!*child)
			*child = new_node(owner);
		return *child;
	}

	return add_literal(&parent->literals, segment, length, owner);
}

static void add_tail(struct router *router, const struct route *route,
		     const void *owner)
{
	if (router->tail_count == TAILS_MAX)
		abort();
	router->tails[router->tail_count++] = router->count;
	router->routes[router->count] = route;
	router->owners[router->count++] = owner;
}

static void add_route(struct router *router, const struct route *route,
		      const void *owner)
{
	struct node *node = &router->root;
	const char *at = route->pattern;

	if (route->flags & ROUTE_STREAM) {
		add_tail(router, route, owner);
		return;
	}
	while (*at == '/') {
		size_t length = strcspn(++at, "/");

		if (length)
			node = add_child(node, at, length, owner);
		at += length;
	}
	if (node->routes[route->method])
		abort(); /* two routes are the same */
	router->routes[router->count] = route;
	router->owners[router->count] = owner;
	node->routes[route->method] = ++router->count;
	node->has_route = true;
}

struct router *router_new(const struct route_set *sets, size_t count)
{
	struct router *router = memory_zalloc(sizeof(*router));
	size_t total = 0;

	router->sets = memory_zalloc(count * sizeof(*router->sets));
	memcpy(router->sets, sets, count * sizeof(*sets));
	router->set_count = count;
	for (size_t i = 0; i < count; i++)
		total += sets[i].count;
	router->routes = memory_zalloc(total * sizeof(*router->routes));
	router->owners = memory_zalloc(total * sizeof(*router->owners));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sets[i].count; j++)
			add_route(router, &sets[i].routes[j], sets[i].owner);
	return router;
}

static void free_node(struct node *node)
{
	if (!node)
		return;
	for (struct node *n = node->literals, *next; n; n = next) {
		next = n->next;
		free_node(n);
	}
	for (struct node *n = node->verbs, *next; n; n = next) {
		next = n->next;
		free_node(n);
	}
	free_node(node->uuid);
	free_node(node->any);
	free(node);
}

void router_free(struct router *router)
{
	if (!router)
		return;
	for (struct node *n = router->root.literals, *next; n; n = next) {
		next = n->next;
		free_node(n);
	}
	free_node(router->root.any);
	free_node(router->root.uuid);
	free(router->routes);
	free(router->owners);
	free(router->sets);
	free(router);
}

size_t router_count(const struct router *router)
{
	return router->count;
}

const struct route *router_at(const struct router *router, size_t i)
{
	return router->routes[i];
}

const void *router_owner_at(const struct router *router, size_t i)
{
	return router->owners[i];
}

static const char *allowed_methods(struct arena *arena, const struct node *node)
{
	const char *allow = "";

	for (int m = 0; m < METHOD_OTHER; m++)
		if (node->routes[m])
			allow = arena_printf(arena, "%s%s%s", allow,
					     *allow ? ", " : "",
					     method_name((enum method)m));
	return allow;
}

/* The child whose :verb this segment ends with, and the rest's length. */
static const struct node *verb_child(const struct node *node,
				     const char *segment, size_t *length)
{
	for (const struct node *n = node->verbs; n; n = n->next) {
		size_t rest = *length - n->literal_length;

		if (n->literal_length < *length &&
		    memcmp(segment + rest, n->literal, n->literal_length) ==
			    0) {
			*length = rest;
			return n;
		}
	}
	return NULL;
}

static const struct node *step(const struct node *node, struct request *request,
			       const char *segment, size_t length,
			       size_t *params)
{
	const struct node *child =
		find_literal(node->literals, segment, length);
	struct uuid id;

	if (child)
		return child;
	if (*params == REQUEST_PARAMS_MAX)
		return NULL;
	child = verb_child(node, segment, &length);
	const char *text =
		url_decode(&request->op.arena, segment, length, false);
	if (!child && node->uuid && text && uuid_parse(text, &id))
		child = node->uuid;
	if (!child)
		child = node->any;
	if (child)
		request->params[(*params)++] = text;
	return child;
}

static bool has_undecoded(const struct request *request, size_t params)
{
	for (size_t i = 0; i < params; i++)
		if (!request->params[i])
			return true;
	return false;
}

static enum error refuse(struct request *request, const char *part,
			 const char *why)
{
	op_issue(&request->op, part, part, "%s", why);
	return op_fail(&request->op, ERR_MALFORMED, "the %s %s", part, why);
}

static size_t count_args(const char *query)
{
	size_t count = 0;

	for (; *query; query += strcspn(query, "&"), query += *query == '&')
		count += *query != '&';
	return count;
}

static enum error read_query(struct request *request, const char *query)
{
	struct arena *arena = &request->op.arena;

	if (count_args(query) > REQUEST_ARGS_MAX)
		return refuse(request, "query",
			      arena_printf(arena, "has more than %d arguments",
					   REQUEST_ARGS_MAX));
	return url_split_args(arena, query, request->args, REQUEST_ARGS_MAX,
			      &request->arg_count)
		       ? OK
		       : refuse(request, "query", "cannot be decoded");
}

static void choose_route(const struct router *router, const struct node *node,
			 enum method method, struct route_match *ret)
{
	size_t number = method < METHOD_OTHER ? node->routes[method] : 0;

	if (!number)
		return;
	ret->route = router->routes[number - 1];
	ret->owner = router->owners[number - 1];
	ret->number = number - 1;
}

static bool is_on_host(const struct request *request, const char *name,
		       const struct route_host *host)
{
	return strncasecmp(name, host->host, strlen(host->host)) == 0 &&
	       strncmp(request->target, host->below, strlen(host->below)) == 0;
}

void router_address(const struct router *router, struct request *request)
{
	const char *name = request_header(request, "Host");

	for (size_t i = 0; name && i < router->set_count; i++) {
		const struct route_set *set = &router->sets[i];

		for (size_t h = 0; h < set->host_count; h++) {
			if (!is_on_host(request, name, &set->hosts[h]))
				continue;
			const char *const parts[] = {set->hosts[h].prefix,
						     request->target};
			request->target =
				arena_join(&request->op.arena, parts, 2);
			return;
		}
	}
}

enum error router_match(const struct router *router, struct request *request,
			struct route_match *ret)
{
	const struct node *node = &router->root;
	const char *at = request->target;
	size_t path_length = strcspn(at, "?");
	const char *end = at + path_length;
	size_t params = 0, segments = 0;

	*ret = (struct route_match){0};
	if (end > at + 1 && end[-1] == '/')
		end--; /* one slash at the end makes no difference */
	while (node && at < end && *at == '/') {
		const char *segment = ++at;
		const char *slash = memchr(at, '/', (size_t)(end - at));

		at = slash ? slash : end;
		ret->owner = node->owner ? node->owner : ret->owner;
		node = ++segments > SEGMENTS_MAX
			       ? NULL
			       : step(node, request, segment,
				      (size_t)(at - segment), &params);
	}
	if (node && node->owner)
		ret->owner = node->owner;
	if (node && node->has_route)
		choose_route(router, node, request->method, ret);
	if (has_undecoded(request, params))
		return refuse(request, "path", "cannot be decoded");
	if (request->target[path_length] == '?')
		TRY(read_query(request, request->target + path_length + 1));
	if (node && node->has_route && !ret->route)
		ret->allow = allowed_methods(&request->op.arena, node);
	return OK;
}

bool router_match_tail(const struct router *router,
		       const struct request *request, struct route_match *ret)
{
	for (size_t i = 0; i < router->tail_count; i++) {
		size_t number = router->tails[i];
		const struct route *route = router->routes[number];
		size_t length = strlen(route->pattern);

		if (strncmp(request->target, route->pattern, length) != 0 ||
		    !strchr("/?", request->target[length]))
			continue;
		*ret = (struct route_match){.route = route,
					    .number = number,
					    .owner = router->owners[number]};
		return true;
	}
	return false;
}
