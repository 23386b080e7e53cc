/* Reading the audit log: of one project, or of several at once. */
#include "core/audit_log.h"

#include <stdlib.h>
#include <string.h>

#include "core/principal.h"
#include "core/store.h"

enum { TAIL_BYTES = 7, TAIL_AT = UUID_BYTES - TAIL_BYTES };
/* A number can be later than its event's time, when the clock was put back. */
#define CLOCK_SLACK_US (INT64_C(3600) * 1000000)

const char *audit_action(const char *event_type)
{
	const char *dot = strchr(event_type, '.');

	return dot ? dot + 1 : "";
}

struct uuid audit_entry_id(const struct audit_entry *entry)
{
	uint64_t number = (uint64_t)entry->event.number;
	struct uuid id;

	for (int i = 0; i < 6; i++)
		id.bytes[i] = (unsigned char)(number >> (56 - 8 * i));
	id.bytes[6] = (unsigned char)(0x80 | (number >> 12 & 0xf));
	id.bytes[7] = (unsigned char)(number >> 4);
	id.bytes[8] = (unsigned char)(0x80 | (number & 0xf));
	memcpy(id.bytes + TAIL_AT, entry->project.id.bytes + TAIL_AT,
	       TAIL_BYTES);
	return id;
}

static bool number_of(struct uuid id, int64_t *ret)
{
	uint64_t number = 0;

	if (id.bytes[6] >> 4 != 8 || id.bytes[8] >> 4 != 8)
		return false;
	for (int i = 0; i < 6; i++)
		number = number << 8 | id.bytes[i];
	number = number << 4 | (id.bytes[6] & 0xf);
	number = number << 8 | id.bytes[7];
	number = number << 4 | (id.bytes[8] & 0xf);
	*ret = (int64_t)number;
	return *ret >= 0;
}

/* Whose token asked; one that is no builder is known by its id alone. */
static enum error find_user(struct op *op, struct audit_entry *entry)
{
	if (uuid_is_nil(entry->origin.user_id))
		return OK;
	enum error error =
		store_builder_get(op, entry->origin.user_id, &entry->user);
	return error == ERR_NOT_FOUND ? OK : error;
}

static enum error complete(struct op *op, const struct project *project,
			   struct audit_entry *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		items[i].project = *project;
		items[i].user = (struct builder){.id = {{0}}};
		if (i && uuid_equal(items[i].origin.user_id,
				    items[i - 1].origin.user_id))
			items[i].user = items[i - 1].user;
		else
			TRY(find_user(op, &items[i]));
	}
	return OK;
}

static enum error bounds_of(struct op *op, const struct audit_filter *filter,
			    struct audit_range *ret)
{
	int64_t from = filter->since ? event_first_number_at(filter->since) : 0;
	int64_t until =
		filter->until
			? event_first_number_at(filter->until + CLOCK_SLACK_US)
			: INT64_MAX;

	return store_audit_bounds(op, from, until, AUDIT_LOOKED_AT, ret);
}

/* Adds a project's: so many of its first as all of them together may need. */
static enum error add_project(struct op *op, const struct project *project,
			      const struct audit_filter *filter,
			      struct audit_list *to)
{
	struct audit_list some;
	struct audit_range range;

	op->project_id = project->id;
	TRY(bounds_of(op, filter, &range));
	TRY(store_audit_page(op, filter, &range, &some));
	TRY(complete(op, project, some.items, some.count));
	to->total += some.total;
	if (!some.count)
		return OK;
	struct audit_entry *items = arena_alloc(
		&op->arena, (to->count + some.count) * sizeof(*items));
	if (to->count)
		memcpy(items, to->items, to->count * sizeof(*items));
	memcpy(items + to->count, some.items, some.count * sizeof(*items));
	to->items = items;
	to->count += some.count;
	return OK;
}

static int by_time(const struct audit_entry *a, const struct audit_entry *b)
{
	if (a->event.number != b->event.number)
		return a->event.number < b->event.number ? -1 : 1;
	return memcmp(a->project.id.bytes, b->project.id.bytes, UUID_BYTES);
}

static int by_type(const struct audit_entry *a, const struct audit_entry *b)
{
	int order = strcmp(a->event.type, b->event.type);

	return order ? order : by_time(a, b);
}

static int by_action(const struct audit_entry *a, const struct audit_entry *b)
{
	int order = strcmp(audit_action(a->event.type),
			   audit_action(b->event.type));

	return order ? order : by_time(a, b);
}

#define SORTER(name, order, sign)                                              \
	static int name(const void *a, const void *b)                          \
	{                                                                      \
		return (sign) * (order)(a, b);                                 \
	}
SORTER(time_up, by_time, 1)
SORTER(time_down, by_time, -1)
SORTER(type_up, by_type, 1)
SORTER(type_down, by_type, -1)
SORTER(action_up, by_action, 1)
SORTER(action_down, by_action, -1)

/* What several projects brought, in one order: the page of it that was asked
 * for is kept. */
static void cut_page(const struct audit_filter *filter, struct audit_list *list)
{
	static int (*const sorters[][2])(const void *, const void *) = {
		[AUDIT_BY_TIME] = {time_down, time_up},
		[AUDIT_BY_TYPE] = {type_down, type_up},
		[AUDIT_BY_ACTION] = {action_down, action_up},
	};
	size_t from = (size_t)filter->offset;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items),
		      sorters[filter->order][filter->is_ascending]);
	if (from > list->count)
		from = list->count;
	list->items += from;
	list->count -= from;
	if (list->count > (size_t)filter->limit)
		list->count = (size_t)filter->limit;
}

static enum error of_all(struct op *op, const struct audit_filter *filter,
			 struct audit_list *ret)
{
	struct audit_filter whole = *filter;
	struct project_list projects;

	whole.offset = 0;
	whole.limit = filter->offset + filter->limit;
	TRY(project_list(op, &projects));
	for (size_t i = 0; i < projects.count; i++)
		TRY(add_project(op, &projects.items[i], &whole, ret));
	if (ret->count)
		cut_page(filter, ret);
	return OK;
}

enum error audit_log_list(struct op *op, const struct audit_filter *filter,
			  struct audit_list *ret)
{
	struct audit_list list = {NULL, 0, 0};
	struct project project;

	if (filter->project)
		TRY(project_enter(op, PROJECT_BY_ID, filter->project,
				  &project));
	TRY(access_to(op, PERMISSION_PROJECT));
	if (filter->project)
		TRY(add_project(op, &project, filter, &list));
	else
		TRY(of_all(op, filter, &list));
	*ret = list;
	return OK;
}

static bool is_in(struct uuid id, const struct project *project)
{
	return memcmp(id.bytes + TAIL_AT, project->id.bytes + TAIL_AT,
		      TAIL_BYTES) == 0;
}

enum error audit_log_get(struct op *op, struct uuid id, struct audit_entry *ret)
{
	struct project_list projects;
	enum error error = ERR_NOT_FOUND;
	int64_t number;

	TRY(access_to(op, PERMISSION_PROJECT));
	if (!number_of(id, &number))
		return ERR_NOT_FOUND;
	TRY(project_list(op, &projects));
	for (size_t i = 0; i < projects.count && error == ERR_NOT_FOUND; i++) {
		if (!is_in(id, &projects.items[i]))
			continue;
		op->project_id = projects.items[i].id;
		error = store_audit_get(op, number, ret);
		if (error == OK)
			TRY(complete(op, &projects.items[i], ret, 1));
	}
	return error;
}
