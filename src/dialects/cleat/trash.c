/* What is hidden, and its ways back and out. */
#include "core/restore.h"
#include "dialects/cleat/cleat.h"
#include "dialects/cleat/page.h"

void cleat_put_hidden(struct json_writer *w, const struct deletion *deletion)
{
	json_begin_object(w, NULL);
	json_put_string(w, "kind", deletion->target_kind);
	json_put_uuid(w, "id", deletion->target_id);
	json_put_optional(w, "name", deletion->target_name);
	json_put_uuid(w, "deletionId", deletion->id);
	json_put_time(w, "deletedAt", deletion->created_at);
	json_put_time(w, "purgeAt", deletion->purge_at);
	json_put_raw(w, "counts", deletion->counts);
	json_end_object(w);
}

void cleat_put_restored(struct json_writer *w, enum thing_kind kind,
			struct uuid id, const struct restored *restored)
{
	json_begin_object(w, NULL);
	json_put_string(w, "kind", thing_kind_name(kind));
	json_put_uuid(w, "id", id);
	json_put_optional(w, "name", restored->name);
	json_put_uuid(w, "deletionId", restored->deletion_id);
	json_put_integer(w, "restored", restored->count);
	json_begin_array(w, "needsReauth");
	for (size_t i = 0; i < restored->needs_reauth_count; i++)
		json_put_uuid(w, NULL, restored->needs_reauth[i]);
	json_end_array(w);
	json_end_object(w);
}

enum error cleat_list_trash(struct request *request)
{
	struct deletion_filter filter = {.state = DELETION_HIDDEN};
	struct deletion_list list;
	struct uuid after;

	TRY(cleat_enter(request));
	TRY(page_read_after_id(request, &filter.limit, &filter.after));
	TRY(receipt_list(&request->op, &filter, &list, &after));
	struct json_writer w = page_begin(request);
	for (size_t i = 0; i < list.count; i++)
		cleat_put_hidden(&w, &list.items[i]);
	page_end_at_id(request, &w, after);
	return OK;
}

/* params: project, kind, id */
static enum error find_place(struct request *request, enum thing_kind *ret_kind,
			     struct uuid *ret_id)
{
	TRY(cleat_enter_to_manage(request));
	if (!thing_kind_named(request->params[1], ret_kind))
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "there is no kind %s", request->params[1]);
	return cleat_path_id(request, 2, request->params[1], ret_id);
}

enum error cleat_restore(struct request *request)
{
	enum thing_kind kind;
	struct uuid id;
	struct restored restored;

	TRY(find_place(request, &kind, &id));
	TRY(restore_thing(&request->op, kind, id, &restored));
	struct json_writer w = cleat_answer(request, 200);
	cleat_put_restored(&w, kind, id, &restored);
	return OK;
}

enum error cleat_purge(struct request *request)
{
	enum thing_kind kind;
	struct uuid id;

	TRY(find_place(request, &kind, &id));
	TRY(purge_thing(&request->op, kind, id));
	return cleat_answer_deletion(request, 200, request->op.deletion_id);
}
