/* Deliveries and the destinations that they go to. */
#include "core/delivery.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "core/event_type.h"
#include "dialects/cleat/cleat.h"
#include "dialects/cleat/page.h"

enum { WORD_MAX = 64 };

static void put_fields(struct json_writer *w, struct op *op,
		       const struct delivery *delivery)
{
	json_put_uuid(w, "id", delivery->id);
	json_put_uuid(w, "destinationId", delivery->destination_id);
	json_put_string(w, "eventType", delivery->event_type);
	json_put_string(
		w, "eventId",
		arena_printf(&op->arena, "%" PRId64, delivery->event_number));
	if (!uuid_is_nil(delivery->deletion_id))
		json_put_uuid(w, "deletionId", delivery->deletion_id);
	json_put_string(w, "state", delivery->state);
	json_put_integer(w, "attempts", delivery->attempts);
	json_put_string(w, "lastAnswer", delivery->answer);
	json_put_time(w, "createdAt", delivery->created_at);
	json_put_time(w, "nextAt", delivery->next_at);
	json_put_time(w, "endedAt", delivery->ended_at);
}

static void put_attempts(struct json_writer *w,
			 const struct delivery_attempt_list *list)
{
	json_begin_array(w, "tries");
	for (size_t i = 0; i < list->count; i++) {
		const struct delivery_attempt *one = &list->items[i];

		json_begin_object(w, NULL);
		json_put_integer(w, "number", one->number);
		json_put_time(w, "at", one->began_at);
		json_put_integer(w, "tookMs", one->took_us / 1000);
		if (one->status)
			json_put_integer(w, "status", one->status);
		json_put_optional(w, "failure", one->failure);
		json_end_object(w);
	}
	json_end_array(w);
}

static enum error answer_delivery(struct request *request,
				  const struct delivery *delivery)
{
	struct delivery_attempt_list attempts;

	TRY(delivery_attempts(&request->op, delivery->id, &attempts));
	struct json_writer w = cleat_answer(request, 200);
	json_begin_object(&w, NULL);
	put_fields(&w, &request->op, delivery);
	put_attempts(&w, &attempts);
	json_end_object(&w);
	return OK;
}

static void answer_page(struct request *request,
			const struct delivery_list *list, struct uuid after)
{
	struct json_writer w = page_begin(request);

	for (size_t i = 0; i < list->count; i++) {
		json_begin_object(&w, NULL);
		put_fields(&w, &request->op, &list->items[i]);
		json_end_object(&w);
	}
	page_end_at_id(request, &w, after);
}

static enum error read_filter(struct request *request,
			      struct delivery_filter *ret)
{
	*ret = (struct delivery_filter){
		.state = request_arg(request, "state"),
		.event_type = request_arg(request, "eventType"),
	};
	TRY(page_read_after_id(request, &ret->limit, &ret->after));
	TRY(cleat_id_argument(request, "destinationId", &ret->destination_id));
	TRY(cleat_time_argument(request, "since", &ret->since));
	TRY(cleat_time_argument(request, "until", &ret->until));
	if (ret->state && !delivery_state_is_known(ret->state))
		return cleat_refuse_argument(
			&request->op, "state",
			"must be waiting, delivered, failed or ended");
	if (ret->event_type && !event_type_is_routable(ret->event_type))
		return cleat_refuse_argument(
			&request->op, "eventType",
			"is not a type of event that is sent");
	return OK;
}

enum error cleat_list_deliveries(struct request *request)
{
	struct delivery_filter filter;
	struct delivery_list list;
	struct uuid after;

	TRY(cleat_enter(request));
	TRY(read_filter(request, &filter));
	TRY(delivery_list(&request->op, &filter, &list, &after));
	answer_page(request, &list, after);
	return OK;
}

enum error cleat_get_delivery(struct request *request)
{
	struct delivery delivery;
	struct uuid id;

	TRY(cleat_enter(request));
	TRY(cleat_path_id(request, 1, "delivery", &id));
	TRY(delivery_get(&request->op, id, &delivery));
	return answer_delivery(request, &delivery);
}

enum error cleat_replay_delivery(struct request *request)
{
	struct delivery delivery;
	struct uuid id;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_path_id(request, 1, "delivery", &id));
	TRY(delivery_replay(&request->op, id, &delivery));
	return answer_delivery(request, &delivery);
}

static enum error answer_destination(struct request *request,
				     const struct destination *destination)
{
	struct json_writer w = cleat_answer(request, 200);

	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", destination->id);
	json_put_string(&w, "name", destination->name);
	json_put_string(&w, "kind", destination->kind);
	json_put_bool(&w, "isDisabled", destination->is_disabled);
	json_put_time(&w, "failingSince", destination->failing_since);
	json_put_time(&w, "createdAt", destination->created_at);
	json_put_time(&w, "updatedAt", destination->updated_at);
	json_end_object(&w);
	return OK;
}

enum error cleat_get_destination(struct request *request)
{
	struct destination destination;
	struct uuid id;

	TRY(cleat_enter(request));
	TRY(cleat_path_id(request, 1, "destination", &id));
	TRY(destination_get(&request->op, id, &destination));
	return answer_destination(request, &destination);
}

enum error cleat_enable_destination(struct request *request)
{
	struct destination destination;
	struct uuid id;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_path_id(request, 1, "destination", &id));
	TRY(destination_enable(&request->op, id, &destination));
	return answer_destination(request, &destination);
}

static const char *read_time(const struct body_reader *in, const char *name,
			     bool is_required, int64_t *ret)
{
	const char *text = body_string(in, name, is_required, WORD_MAX);

	*ret = 0;
	if (text && !clock_parse(text, ret))
		body_invalid(in, name, "must be a time of RFC 3339");
	return text;
}

static enum error read_replay(struct request *request,
			      struct delivery_filter *ret)
{
	struct body_reader in;

	TRY(body_read(request, &in));
	const char *since = read_time(&in, "since", true, &ret->since);
	const char *until = read_time(&in, "until", false, &ret->until);
	ret->state = body_string(&in, "state", false, WORD_MAX);
	if (!ret->state)
		ret->state = DELIVERY_FAILED;
	else if (!delivery_state_is_known(ret->state) ||
		 strcmp(ret->state, DELIVERY_WAITING) == 0)
		body_invalid(&in, "state",
			     "must be delivered, failed or ended");
	TRY(body_done(&in));
	TRY(page_filter(request, "destination", request->params[1]));
	TRY(page_filter(request, "since", since));
	TRY(page_filter(request, "until", until));
	TRY(page_filter(request, "state", ret->state));
	return page_read_after_id(request, &ret->limit, &ret->after);
}

enum error cleat_replay_destination(struct request *request)
{
	struct delivery_filter filter = {.limit = 0};
	struct delivery_list list;
	struct uuid after;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_path_id(request, 1, "destination", &filter.destination_id));
	TRY(read_replay(request, &filter));
	TRY(delivery_replay_all(&request->op, &filter, &list, &after));
	answer_page(request, &list, after);
	return OK;
}
