/* What happened, in its order; and waiting for what happens next. */
#include "core/event.h"

#include <inttypes.h>
#include <stdlib.h>

#include "dialects/cleat/cleat.h"
#include "dialects/cleat/page.h"

enum { WAIT_MAX_S = 60 };

static enum error read_filter(struct request *request,
			      struct event_page_filter *ret)
{
	struct page page;

	*ret = (struct event_page_filter){
		.type = request_arg(request, "type"),
		.subject_kind = request_arg(request, "subjectKind"),
		.actor = request_arg(request, "actor"),
	};
	TRY(page_read(request, &page));
	ret->limit = page.limit;
	ret->after = strtoll(page.after, NULL, 10);
	TRY(cleat_id_argument(request, "subjectId", &ret->subject_id));
	TRY(cleat_time_argument(request, "since", &ret->since));
	return cleat_time_argument(request, "until", &ret->until);
}

static void put_event(struct json_writer *w, const struct event *event)
{
	json_begin_object(w, NULL);
	json_put_long(w, "number", event->number);
	json_put_string(w, "type", event->type);
	json_put_string(w, "actor", event->actor);
	json_begin_object(w, "subject");
	json_put_string(w, "kind", event->subject_kind);
	json_put_uuid(w, "id", event->subject_id);
	json_end_object(w);
	json_put_raw(w, "payload", event->payload);
	json_put_time(w, "createdAt", event->created_at);
	json_end_object(w);
}

enum error cleat_list_events(struct request *request)
{
	struct event_page_filter filter;
	struct event_page page;
	int64_t wait_s = 0;

	TRY(cleat_enter(request));
	TRY(request_number(request, "wait", 0, WAIT_MAX_S, &wait_s));
	TRY(read_filter(request, &filter));
	TRY(event_page(&request->op, &filter, &page));
	struct json_writer w = page_begin(request);
	for (size_t i = 0; i < page.events.count; i++)
		put_event(&w, &page.events.items[i]);
	page_end_to_follow(
		request, &w,
		arena_printf(&request->op.arena, "%" PRId64, page.after),
		page.is_last);
	if (!page.events.count && page.is_last)
		request->waits_us = wait_s * 1000000;
	return OK;
}
