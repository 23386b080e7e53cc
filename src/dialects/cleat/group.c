/* Groups: the customers. */
#include "core/group.h"

#include "base/url_encode.h"
#include "dialects/cleat/cleat.h"
#include "dialects/cleat/page.h"
#include "http/etag.h"

static void put_party(struct json_writer *w, const struct party *group)
{
	json_put_uuid(w, "id", group->id);
	json_put_string(w, "ref", group->ref);
	json_put_string(w, "name", group->name);
	json_put_time(w, "createdAt", group->created_at);
	json_put_time(w, "updatedAt", group->updated_at);
}

static void put_group(struct json_writer *w, const struct party *group,
		      const struct group_counts *counts)
{
	json_begin_object(w, NULL);
	put_party(w, group);
	json_put_integer(w, "installations", counts->installations);
	json_put_integer(w, "connections", counts->connections);
	json_end_object(w);
}

/* One more is read, to know whether there is a next page. */
enum error cleat_list_groups(struct request *request)
{
	struct party_list list;
	struct page page;

	TRY(cleat_enter(request));
	TRY(page_read(request, &page));
	TRY(group_list(&request->op, page.after, page.limit + 1, &list));
	bool has_more = list.count > (size_t)page.limit;
	size_t count = has_more ? (size_t)page.limit : list.count;
	struct json_writer w = page_begin(request);
	for (size_t i = 0; i < count; i++) {
		json_begin_object(&w, NULL);
		put_party(&w, &list.items[i]);
		json_end_object(&w);
	}
	page_end(request, &w, has_more ? list.items[count - 1].ref : NULL);
	return OK;
}

/* Writes it as the answer; what was there before goes. */
static enum error answer_group(struct request *request, int status,
			       const char *ref)
{
	struct group_counts counts;
	struct party group;

	TRY(group_get(&request->op, ref, &group, &counts));
	buf_clear(&request->response.body);
	struct json_writer w = cleat_answer(request, status);
	put_group(&w, &group, &counts);
	return OK;
}

static const char *tag_of_answer(struct request *request)
{
	const struct buf *body = &request->response.body;

	return etag_make(&request->op, body->bytes, body->length);
}

enum error cleat_get_group(struct request *request)
{
	TRY(cleat_enter(request));
	TRY(answer_group(request, 200, request->params[1]));
	return etag_finish(request);
}

enum error cleat_check_group(struct request *request)
{
	TRY(answer_group(request, 200, request->params[1]));
	TRY(etag_check(request, tag_of_answer(request)));
	buf_clear(&request->response.body);
	return OK;
}

static const char *path_of(struct request *request, const char *ref)
{
	struct arena *arena = &request->op.arena;

	return arena_printf(arena, "/cleat/v1/projects/%s/groups/%s",
			    url_encode(arena, request->params[0]),
			    url_encode(arena, ref));
}

enum error cleat_create_group(struct request *request)
{
	struct body_reader in;
	struct party group;

	TRY(cleat_enter_to_manage(request));
	TRY(body_read(request, &in));
	const char *ref = body_ref(&in, "ref", REF_MAX);
	const char *name = body_string(&in, "name", false, PARTY_NAME_MAX);
	if (name && !*name)
		body_invalid(&in, "name", "must not be empty");
	TRY(body_done(&in));
	TRY(group_create(&request->op, ref, name, &group));
	TRY(answer_group(request, 201, ref));
	response_header(request, "ETag", tag_of_answer(request));
	response_header(request, "Location", path_of(request, ref));
	return OK;
}

enum error cleat_update_group(struct request *request)
{
	const char *ref = request->params[1];
	struct body_reader in;
	struct party group;

	TRY(cleat_enter_to_manage(request));
	TRY(answer_group(request, 200, ref));
	TRY(body_read(request, &in));
	const char *name = body_string(&in, "name", true, PARTY_NAME_MAX);
	TRY(body_done(&in));
	TRY(etag_check(request, tag_of_answer(request)));
	TRY(group_rename(&request->op, ref, name, &group));
	TRY(answer_group(request, 200, ref));
	response_header(request, "ETag", tag_of_answer(request));
	return OK;
}
