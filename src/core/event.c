/* Recording and reading events. */
#include "core/event.h"

#include <pthread.h>
#include <string.h>

#include "base/json_write.h"
#include "base/random.h"
#include "core/customer.h"
#include "core/delivery.h"
#include "core/event_origin.h"
#include "core/event_type.h"
#include "core/principal.h"
#include "core/store.h"

enum { PAYLOAD_MAX = 16 * 1024 * 1024, LOOKED_AT = 10000 };

static pthread_mutex_t number_lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t last_number; /* guarded by number_lock */

/*
 * Milliseconds, 10 bits of the microseconds beyond them, 10 bits at random. Of
 * a later microsecond than an earlier one, whatever the clock does: a project's
 * events are chained in this order, and no two of them have one time.
 */
int64_t event_next_number(const struct op *op)
{
	int64_t at = op->now;

	pthread_mutex_lock(&number_lock);
	if (at <= event_number_time(last_number))
		at = event_number_time(last_number) + 1;
	int64_t number = at / 1000 << 20 | at % 1000 << 10 |
			 (int64_t)(random_u64() & 0x3ff);
	last_number = number;
	pthread_mutex_unlock(&number_lock);
	return number;
}

void event_go_on_from(int64_t number)
{
	pthread_mutex_lock(&number_lock);
	if (number > last_number && number < INT64_MAX)
		last_number = number;
	pthread_mutex_unlock(&number_lock);
}

const char *event_actor(struct op *op)
{
	char id[UUID_TEXT];

	if (op->actor)
		return op->actor;
	if (!op->principal)
		return "system";
	if (op->principal->customer)
		return arena_printf(&op->arena, "consumer:%s",
				    op->principal->customer->consumer_ref);
	uuid_format(op->principal->token_id, id);
	return arena_printf(&op->arena, "token:%s", id);
}

static enum error payload_of(struct op *op, const struct event_fact *facts,
			     size_t count, const char **ret)
{
	struct buf text;

	buf_init(&text, PAYLOAD_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	for (size_t i = 0; i < count; i++) {
		if (!facts[i].text)
			continue;
		if (facts[i].is_json)
			json_put_raw(&w, facts[i].name, facts[i].text);
		else
			json_put_string(&w, facts[i].name, facts[i].text);
	}
	json_end_object(&w);
	*ret = arena_strdup(&op->arena, buf_cstr(&text));
	bool is_cut = text.is_overfull;
	buf_release(&text);
	if (is_cut)
		return op_fail(op, ERR_TOO_LARGE,
			       "the event of this change would be too large");
	return OK;
}

enum error event_record(struct op *op, const char *type,
			const char *subject_kind, struct uuid subject_id,
			const struct event_fact *facts, size_t fact_count,
			struct event *ret)
{
	struct event event = {
		.number = event_next_number(op),
		.type = type,
		.actor = event_actor(op),
		.subject_kind = subject_kind,
		.subject_id = subject_id,
	};

	if (strchr(type, '.') && !event_type_is_own(type))
		return op_fail(op, ERR_INTERNAL,
			       "events of type %s are not known as our own",
			       type);
	event.created_at = event_number_time(event.number);
	TRY(payload_of(op, facts, fact_count, &event.payload));
	TRY(store_event_add(op, &event));
	TRY(event_origin_keep(op, event.number));
	op_recorded(op, op->project_id, event.number);
	TRY(delivery_fan_out(op, &event));
	if (ret)
		*ret = event;
	return OK;
}

enum error event_record_of(struct op *op, struct uuid deletion_id,
			   const char *type, const char *subject_kind,
			   struct uuid subject_id,
			   const struct event_fact *facts, size_t fact_count)
{
	struct uuid own = op->deletion_id;

	op->deletion_id = deletion_id;
	enum error error = event_record(op, type, subject_kind, subject_id,
					facts, fact_count, NULL);
	op->deletion_id = own;
	return error;
}

bool event_is_change(const struct event *event)
{
	return event_type_is_change(event->type);
}

enum error event_get(struct op *op, int64_t number, struct event *ret)
{
	return store_event_get(op, number, ret);
}

enum error event_list(struct op *op, const struct event_filter *filter,
		      struct event_list *ret)
{
	return store_event_list(op, filter, ret);
}

int64_t event_first_number_at(int64_t time_us)
{
	int64_t time_ms = time_us / 1000;

	return time_ms > INT64_MAX >> 20 ? INT64_MAX : time_ms << 20;
}

int64_t event_number_time(int64_t number)
{
	return (number >> 20) * 1000 + (number >> 10 & 0x3ff);
}

enum error event_page(struct op *op, const struct event_page_filter *filter,
		      struct event_page *ret)
{
	struct event_page_filter from = *filter;
	struct event_list *events = &ret->events;
	int64_t end, looked_at;
	bool is_full;

	if (from.since > 0 &&
	    from.after < event_first_number_at(from.since) - 1)
		from.after = event_first_number_at(from.since) - 1;
	TRY(store_event_window(op, from.after, LOOKED_AT, &end, &looked_at));
	TRY(store_event_page(op, &from, end, events, &is_full));
	ret->is_last = !is_full && looked_at < LOOKED_AT;
	ret->after = is_full ? events->items[events->count - 1].number : end;
	if (!looked_at)
		ret->after = filter->after;
	return OK;
}
