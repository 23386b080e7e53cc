/* Making and renaming groups and consumers. */
#include "core/group.h"

#include <string.h>

#include "core/event.h"
#include "core/store.h"

/* What differs between the two. */
struct party_kind {
	const char *name;
	const char *created, *updated;
	enum error (*find)(struct op *op, const char *ref, struct party *ret);
	enum error (*add)(struct op *op, const struct party *new);
	enum error (*rename)(struct op *op, struct uuid id, const char *name);
	enum error (*drop_documents)(struct op *op, struct uuid id);
};

static const struct party_kind group_kind = {
	"group",
	"group.created",
	"group.updated",
	store_group_find,
	store_group_add,
	store_group_rename,
	store_documents_of_group,
};

static const struct party_kind consumer_kind = {
	"consumer",
	"consumer.created",
	"consumer.updated",
	store_consumer_find,
	store_consumer_add,
	store_consumer_rename,
	store_documents_of_consumer,
};

static enum error add_party(struct op *op, const struct party_kind *kind,
			    const char *ref, const char *name,
			    struct party *ret)
{
	struct party party = {uuid_make(op->now), ref, name, op->now, 0};
	const struct event_fact facts[] = {{"ref", ref, false}};

	TRY(kind->add(op, &party));
	TRY(event_record(op, kind->created, kind->name, party.id, facts, 1,
			 NULL));
	*ret = party;
	return OK;
}

/* Nothing when it is called so already. */
static enum error rename_party(struct op *op, const struct party_kind *kind,
			       struct party *party, const char *name)
{
	const struct event_fact facts[] = {{"ref", party->ref, false}};

	if (strcmp(party->name, name) == 0)
		return OK;
	TRY(kind->rename(op, party->id, name));
	TRY(kind->drop_documents(op, party->id));
	TRY(event_record(op, kind->updated, kind->name, party->id, facts, 1,
			 NULL));
	party->name = name;
	party->updated_at = op->now;
	return OK;
}

static enum error ensure(struct op *op, const struct party_kind *kind,
			 const char *ref, const char *name, struct party *ret)
{
	struct party found;
	bool has_name = name && *name;

	enum error error = kind->find(op, ref, &found);
	if (error == ERR_NOT_FOUND)
		return add_party(op, kind, ref, has_name ? name : ref, ret);
	TRY(error);
	if (has_name)
		TRY(rename_party(op, kind, &found, name));
	*ret = found;
	return OK;
}

enum error group_ensure(struct op *op, const char *ref, const char *name,
			struct party *ret)
{
	return ensure(op, &group_kind, ref, name, ret);
}

enum error consumer_ensure(struct op *op, const char *ref, const char *name,
			   struct party *ret)
{
	return ensure(op, &consumer_kind, ref, name, ret);
}

enum error group_get(struct op *op, const char *ref, struct party *ret,
		     struct group_counts *ret_counts)
{
	struct party party;
	enum error error = store_group_find(op, ref, &party);

	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no group %s", ref);
	TRY(error);
	if (ret_counts)
		TRY(store_group_count(op, party.id, ret_counts));
	*ret = party;
	return OK;
}

enum error group_list(struct op *op, const char *after, int64_t limit,
		      struct party_list *ret)
{
	return store_group_list(op, after, limit, ret);
}

static enum error create(struct op *op, const struct party_kind *kind,
			 const char *ref, const char *name, struct party *ret)
{
	struct party there;
	enum error error = kind->find(op, ref, &there);

	if (error == OK) {
		op_advise(op, arena_printf(&op->arena,
					   "Choose another reference, or "
					   "change the %s that has it.",
					   kind->name));
		return op_fail(op, ERR_IN_USE, "there is a %s %s already",
			       kind->name, ref);
	}
	if (error != ERR_NOT_FOUND)
		return error;
	return add_party(op, kind, ref, name ? name : ref, ret);
}

enum error group_create(struct op *op, const char *ref, const char *name,
			struct party *ret)
{
	return create(op, &group_kind, ref, name, ret);
}

enum error consumer_create(struct op *op, const char *ref, const char *name,
			   struct party *ret)
{
	return create(op, &consumer_kind, ref, name, ret);
}

enum error group_rename(struct op *op, const char *ref, const char *name,
			struct party *ret)
{
	struct party party;

	TRY(group_get(op, ref, &party, NULL));
	TRY(rename_party(op, &group_kind, &party, name));
	*ret = party;
	return OK;
}
