/* Who uses a thing that is to go. */
#include "core/blocker.h"

#include "core/connection_use.h"
#include "core/destination.h"
#include "core/filling.h"
#include "core/leaving.h"
#include "core/store.h"

enum { BLAMED = 20 };

/* How it is said of each kind; those without a row are used by nothing. */
static const struct refusal {
	const char *field, *why, *advice;
} refusals[THING_KINDS] = {
	[THING_CONNECTION] = {"connectionId",
			      "installations use this connection",
			      "Delete the installations first, or delete with "
			      "force=true to let go of them as well."},
	[THING_CONSUMER] = {"consumer", "installations use this consumer",
			    "Delete the installations first, or delete with "
			    "force=true to let go of them as well."},
	[THING_PROVIDER_APP] = {"providerAppId",
				"connections use this provider app",
				"Delete the connections first."},
	[THING_VARIABLE] = {"name", "connections use this variable",
			    "Take it out of the connections first, or delete "
			    "with force=true."},
	[THING_DESTINATION] = {"destination", "this destination is in use",
			       "Delete the routes, and change or delete the "
			       "installations first."},
};

/* Of a target, which installations don't use. */
static const struct refusal target_refusal = {
	"connectionId", "this connection is in use",
	"Take its id out of what uses it first, or delete with force=true."};

struct listing {
	struct op *op;
	const struct thing *thing;
	size_t limit;
	struct blocker_list *ret;
};

static void add(struct listing *listing, const char *kind, struct uuid id,
		const char *does)
{
	struct blocker_list *list = listing->ret;

	if (list->count < listing->limit)
		list->items[list->count++] = (struct blocker){kind, id, does};
}

static enum error add_installations(struct listing *listing)
{
	struct leaving_list users;

	TRY(store_leaving(listing->op, listing->thing, (int64_t)listing->limit,
			  &users));
	for (size_t i = 0; i < users.count; i++)
		add(listing, "installation", users.items[i].id, "uses it");
	return OK;
}

static struct uuid *room_for_ids(struct listing *listing)
{
	return arena_alloc(&listing->op->arena,
			   listing->limit * sizeof(struct uuid));
}

static enum error add_connections(struct listing *listing)
{
	struct uuid *users = room_for_ids(listing);
	size_t count;

	TRY(store_provider_app_users(listing->op, listing->thing->id, users,
				     listing->limit, &count));
	for (size_t i = 0; i < count; i++)
		add(listing, "connection", users[i], "uses it");
	return OK;
}

static bool is_target(const struct thing *thing)
{
	return thing->kind == THING_CONNECTION && uuid_is_nil(thing->group_id);
}

static enum error add_users_of_target(struct listing *listing)
{
	struct connection_user_list users;

	TRY(connection_users(listing->op, listing->thing->id,
			     (int64_t)listing->limit, &users));
	for (size_t i = 0; i < users.count; i++)
		add(listing, users.items[i].kind, users.items[i].id, "uses it");
	return OK;
}

static enum error add_users_of_variable(struct listing *listing)
{
	struct connection_list users;

	TRY(filling_users(listing->op, listing->thing->name, &users));
	for (size_t i = 0; i < users.count; i++)
		add(listing, "connection", users.items[i].connection.id,
		    "uses it");
	return OK;
}

static enum error add_routes_and_readers(struct listing *listing)
{
	const struct thing *thing = listing->thing;
	struct uuid *readers = room_for_ids(listing);
	struct topic_route_list routes;
	size_t count;

	TRY(store_topic_route_list(listing->op, (struct uuid){{0}}, thing->id,
				   &routes));
	for (size_t i = 0; i < routes.count; i++)
		add(listing, "route", routes.items[i].id, "goes to it");
	TRY(store_destination_readers(
		listing->op, destination_mention(listing->op, thing->name),
		readers, listing->limit, &count));
	for (size_t i = 0; i < count; i++)
		add(listing, "installation", readers[i], "reads into it");
	return OK;
}

enum error blocker_list(struct op *op, const struct thing *thing,
			const struct deletion_terms *terms, size_t limit,
			struct blocker_list *ret)
{
	struct listing listing = {op, thing, limit, ret};

	*ret = (struct blocker_list){
		.items = arena_alloc(&op->arena, limit * sizeof(*ret->items)),
		.yields = leaving_is_blocked_by_users(thing),
	};
	if (ret->yields && terms->force)
		return OK;
	if (is_target(thing))
		return add_users_of_target(&listing);
	if (thing->kind == THING_VARIABLE)
		return add_users_of_variable(&listing);
	if (ret->yields)
		return add_installations(&listing);
	if (thing->kind == THING_PROVIDER_APP)
		return add_connections(&listing);
	if (thing->kind == THING_DESTINATION)
		return add_routes_and_readers(&listing);
	return OK;
}

enum error blocker_refuse(struct op *op, const struct thing *thing,
			  const struct deletion_terms *terms)
{
	const struct refusal *refusal =
		is_target(thing) ? &target_refusal : &refusals[thing->kind];
	struct blocker_list list;
	char id[UUID_TEXT];

	TRY(blocker_list(op, thing, terms, BLAMED, &list));
	if (!list.count)
		return OK;
	for (size_t i = 0; i < list.count; i++) {
		uuid_format(list.items[i].id, id);
		op_issue(op, "path", refusal->field, "%s %s %s",
			 list.items[i].kind, id, list.items[i].does);
	}
	op_advise(op, refusal->advice);
	return op_fail(op, ERR_IN_USE, "%s", refusal->why);
}
