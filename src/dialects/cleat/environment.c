/* Environments and their workers. */
#include "core/environment.h"

#include "core/worker.h"
#include "dialects/cleat/cleat.h"
#include "dialects/cleat/page.h"

static void put_environment(struct json_writer *w,
			    const struct environment *environment)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", environment->id);
	json_put_string(w, "name", environment->name);
	json_put_string(w, "kind", environment->kind);
	json_put_time(w, "createdAt", environment->created_at);
	json_end_object(w);
}

enum error cleat_list_environments(struct request *request)
{
	struct environment_list list;
	struct page page;

	TRY(cleat_enter(request));
	TRY(page_read(request, &page));
	TRY(environment_list(&request->op, page.after, page.limit + 1, &list));
	bool has_more = list.count > (size_t)page.limit;
	size_t count = has_more ? (size_t)page.limit : list.count;
	struct json_writer w = page_begin(request);
	for (size_t i = 0; i < count; i++)
		put_environment(&w, &list.items[i]);
	page_end(request, &w, has_more ? list.items[count - 1].name : NULL);
	return OK;
}

enum error cleat_create_environment(struct request *request)
{
	struct environment environment;
	struct body_reader in;

	TRY(cleat_enter_to_manage(request));
	TRY(body_read(request, &in));
	const char *name = body_name(&in, "name", ENVIRONMENT_NAME_MAX);
	const char *kind = body_string(&in, "kind", true, 16);
	if (kind && !environment_kind_is_valid(kind))
		body_invalid(&in, "kind",
			     "must be production, sandbox or test");
	TRY(body_done(&in));
	TRY(environment_create(&request->op, name, kind, &environment));
	struct json_writer w = cleat_answer(request, 201);
	put_environment(&w, &environment);
	return OK;
}

/* params: project, environment */
static enum error find(struct request *request, struct environment *ret)
{
	struct uuid id;

	TRY(cleat_path_id(request, 1, "environment", &id));
	return environment_get(&request->op, id, ret);
}

enum error cleat_get_environment(struct request *request)
{
	struct environment environment;

	TRY(cleat_enter(request));
	TRY(find(request, &environment));
	struct json_writer w = cleat_answer(request, 200);
	put_environment(&w, &environment);
	return OK;
}

enum error cleat_delete_environment(struct request *request)
{
	struct op *op = &request->op;
	struct environment environment;
	struct deletion_options options;
	struct thing thing;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_options_of_query(request, &options));
	TRY(find(request, &environment));
	TRY(thing_find(op, THING_ENVIRONMENT, environment.id, &thing));
	TRY(deletion_run(op, &thing, &options, NULL));
	return cleat_answer_deletion(request, 200, request->op.deletion_id);
}

static void put_worker(struct json_writer *w, const struct worker *worker,
		       const struct worker_counts *counts)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", worker->id);
	json_put_uuid(w, "environmentId", worker->environment_id);
	json_put_string(w, "environment", worker->environment);
	json_put_string(w, "name", worker->name);
	json_put_string(w, "url", worker->url);
	json_put_integer(w, "deployments", counts->deployments);
	json_put_integer(w, "pending", counts->pending);
	json_put_time(w, "seenAt", worker->seen_at);
	json_put_time(w, "createdAt", worker->created_at);
	json_end_object(w);
}

enum error cleat_list_workers(struct request *request)
{
	struct uuid after, last = {{0}};
	struct worker_counts counts;
	struct worker_list list;
	int64_t limit;

	TRY(cleat_enter(request));
	TRY(page_read_after_id(request, &limit, &after));
	TRY(worker_list(&request->op, after, limit + 1, &list));
	struct json_writer w = page_begin(request);
	for (size_t i = 0; i < list.count && i < (size_t)limit; i++) {
		TRY(worker_count(&request->op, list.items[i].id, &counts));
		put_worker(&w, &list.items[i], &counts);
	}
	if (list.count > (size_t)limit)
		last = list.items[limit - 1].id;
	page_end_at_id(request, &w, last);
	return OK;
}

/* params: project, worker */
enum error cleat_delete_worker(struct request *request)
{
	struct deletion_options options;
	struct thing thing;
	struct uuid id;

	TRY(cleat_enter_to_manage(request));
	TRY(cleat_options_of_query(request, &options));
	TRY(cleat_path_id(request, 1, "worker", &id));
	TRY(thing_find(&request->op, THING_WORKER, id, &thing));
	TRY(deletion_run(&request->op, &thing, &options, NULL));
	return cleat_answer_deletion(request, 200, request->op.deletion_id);
}
