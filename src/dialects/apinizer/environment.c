/* Environments as Apinizer shows them. They are made by the native API. */
#include "core/environment.h"

#include <ctype.h>

#include "core/worker.h"
#include "dialects/apinizer/apinizer.h"

static const char *upper(struct op *op, const char *text)
{
	char *copy = arena_strdup(&op->arena, text);

	for (char *at = copy; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return copy;
}

static bool has_worker(const struct worker_list *workers,
		       const struct environment *environment)
{
	for (size_t i = 0; i < workers->count; i++)
		if (uuid_equal(workers->items[i].environment_id,
			       environment->id))
			return true;
	return false;
}

/*
 * Published is one that has workers. What they lack is brought to them without
 * anybody's doing, so none is ever to be redeployed.
 */
static void put_environment(struct op *op, struct json_writer *w,
			    const struct environment *environment,
			    bool is_published)
{
	json_begin_object(w, NULL);
	json_put_string(w, "name", environment->name);
	json_put_string(w, "description", NULL);
	json_put_string(w, "type", upper(op, environment->kind));
	json_put_string(w, "status",
			is_published ? "PUBLISHED" : "UNPUBLISHED");
	json_put_string(w, "accessUrl", NULL);
	json_put_bool(w, "deployed", is_published);
	json_put_bool(w, "redeployRequired", false);
	json_end_object(w);
}

/* Those of the op's project. */
static enum error put_all(struct op *op, struct json_writer *w, size_t *count)
{
	struct environment_list list;
	struct worker_list workers;

	TRY(environment_list(op, "", INT64_MAX, &list));
	TRY(worker_list(op, (struct uuid){{0}}, INT64_MAX, &workers));
	for (size_t i = 0; i < list.count; i++)
		put_environment(op, w, &list.items[i],
				has_worker(&workers, &list.items[i]));
	*count += list.count;
	return OK;
}

/* Of every project that the caller may see. */
enum error apinizer_environment_list(struct request *request)
{
	struct op *op = &request->op;
	struct project_list list;
	size_t count = 0;

	TRY(project_list(op, &list));
	struct json_writer w = apinizer_begin_list(request);
	for (size_t i = 0; i < list.count; i++) {
		op->project_id = list.items[i].id;
		TRY(put_all(op, &w, &count));
	}
	apinizer_end_list(&w, count);
	return OK;
}

enum error apinizer_project_environments(struct request *request)
{
	struct project project;
	size_t count = 0;

	TRY(apinizer_enter(request, &project));
	struct json_writer w = apinizer_begin_list(request);
	TRY(put_all(&request->op, &w, &count));
	apinizer_end_list(&w, count);
	return OK;
}
