/* deploymentResult: what each worker made of a change. */
#include <string.h>

#include "base/clock.h"
#include "core/awaiting.h"
#include "dialects/apinizer/apinizer.h"

/* A worker is near. What takes longer is `pending`, and goes on. */
enum { WAIT_S = 5, WAIT_MAX_S = 10 };

/* The host of the URL, without brackets or port. */
static const char *host_of(struct op *op, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	if (*host == '[')
		return arena_strndup(&op->arena, host + 1,
				     strcspn(host + 1, "]"));
	return arena_strndup(&op->arena, host, strcspn(host, ":/"));
}

static void put_took(struct json_writer *w, int64_t took_us)
{
	json_put_integer(w, "responseTime", took_us / 1000);
}

static void put_worker(struct op *op, struct json_writer *w,
		       const struct outcome *outcome)
{
	const struct deployment *of = outcome->of;
	const char *detail = outcome->why;

	if (outcome->state == DEPLOYMENT_PENDING)
		detail = "pending";
	json_begin_object(w, NULL);
	json_put_bool(w, "success", outcome->state == DEPLOYMENT_DONE);
	put_took(w, outcome->took_us);
	json_put_optional(w, "envName", of->environment);
	json_put_string(w, "podName", of->worker);
	json_put_string(w, "podIp", host_of(op, of->url));
	json_put_optional(w, "detail", detail);
	json_end_object(w);
}

static const char *detail_of(struct op *op, const struct outcome_list *list)
{
	size_t failed = 0;

	if (!list->is_over)
		return "pending";
	for (size_t i = 0; i < list->count; i++)
		failed += list->items[i].state == DEPLOYMENT_FAILED;
	if (!failed)
		return NULL;
	return arena_printf(&op->arena, "failed at %zu of %zu, and goes on",
			    failed, list->count);
}

static enum error write_result(struct request *request,
			       struct awaiting *awaiting)
{
	struct op *op = &request->op;
	struct outcome_list list;

	TRY(awaiting_look(op, awaiting, &list));
	struct json_writer w = apinizer_begin(request, 200);
	apinizer_put_success(&w, true);
	json_begin_object(&w, "deploymentResult");
	json_put_bool(&w, "success", list.is_done);
	if (list.count)
		put_took(&w, list.took_us);
	json_put_optional(&w, "detail", detail_of(op, &list));
	json_begin_array(&w, "detailList");
	for (size_t i = 0; i < list.count; i++)
		put_worker(op, &w, &list.items[i]);
	json_end_array(&w);
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}

enum error apinizer_write_deployed(struct request *request)
{
	return write_result(request, request->kept);
}

static enum error is_over(struct request *request, bool *ret)
{
	struct outcome_list list;

	TRY(awaiting_look(&request->op, request->kept, &list));
	*ret = list.is_over;
	return OK;
}

enum error apinizer_wait_for_all(struct request *request,
				 struct awaiting *awaiting)
{
	int64_t wait_s = WAIT_S;

	TRY(request_number(request, "wait", 0, WAIT_MAX_S, &wait_s));
	if (!awaiting->at.count || awaiting->at.count > AWAITING_MAX || !wait_s)
		return write_result(request, awaiting);
	struct awaiting *kept = arena_alloc(&request->op.arena, sizeof(*kept));
	*kept = *awaiting;
	request->kept = kept;
	request->is_over = is_over;
	request->waits_us = wait_s * CLOCK_SECOND;
	return OK;
}

enum error apinizer_wait_for_workers(struct request *request,
				     struct uuid connection_id)
{
	struct awaiting awaiting;

	TRY(awaiting_connection(&request->op, connection_id, &awaiting));
	return apinizer_wait_for_all(request, &awaiting);
}
