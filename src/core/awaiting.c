/* Looking how deployments stand. */
#include "core/awaiting.h"

#include <string.h>

#include "core/store.h"

enum error awaiting_connection(struct op *op, struct uuid id,
			       struct awaiting *ret)
{
	*ret = (struct awaiting){.began_at = op->now};
	return deployments_of_connection(op, id, &ret->at);
}

static bool has(const struct awaiting *awaiting, struct uuid id)
{
	for (size_t i = 0; i < awaiting->at.count; i++)
		if (uuid_equal(awaiting->at.items[i].id, id))
			return true;
	return false;
}

enum error awaiting_add(struct op *op, struct awaiting *to, struct uuid id)
{
	struct deployment_list had = to->at, more;
	struct deployment *all;

	TRY(deployments_of_connection(op, id, &more));
	all = arena_alloc(&op->arena,
			  (had.count + more.count + 1) * sizeof(*all));
	for (size_t i = 0; i < had.count; i++)
		all[i] = had.items[i];
	for (size_t i = 0; i < more.count; i++)
		if (!has(to, more.items[i].id))
			all[had.count++] = more.items[i];
	to->at = (struct deployment_list){all, had.count};
	return OK;
}

/* A removal's row goes when it is confirmed. */
static void judge_gone(const struct deployment *was, int64_t took_us,
		       struct outcome *ret)
{
	ret->took_us = took_us;
	ret->state = was->is_wanted ? DEPLOYMENT_FAILED : DEPLOYMENT_DONE;
	ret->why = was->is_wanted ? "it was removed meanwhile" : NULL;
}

static void judge(const struct deployment *now, const struct awaiting *awaiting,
		  struct outcome *ret)
{
	bool was_tried = now->tried_version == now->version;

	if (deployment_is_settled(now)) {
		ret->state = DEPLOYMENT_DONE;
	} else if (was_tried && now->answer) {
		ret->state = DEPLOYMENT_FAILED;
		ret->why = now->answer;
	}
	if (was_tried && now->tried_at > awaiting->began_at)
		ret->took_us = now->tried_at - awaiting->began_at;
}

static enum error look_at(struct op *op, struct awaiting *awaiting, size_t i,
			  struct outcome *ret)
{
	const struct deployment *was = &awaiting->at.items[i];
	struct outcome outcome = {
		.of = was,
		.state = DEPLOYMENT_PENDING,
		.took_us = op->now - awaiting->began_at,
	};
	struct deployment now;

	enum error error = store_deployment_get(op, was->id, &now);
	if (error != OK && error != ERR_NOT_FOUND)
		return error;
	if (error == OK) {
		judge(&now, awaiting, &outcome);
	} else {
		if (!awaiting->gone_at[i])
			awaiting->gone_at[i] = op->now;
		judge_gone(was, awaiting->gone_at[i] - awaiting->began_at,
			   &outcome);
	}
	*ret = outcome;
	return OK;
}

static void expect_gone(struct op *op, struct awaiting *awaiting)
{
	size_t size = awaiting->at.count * sizeof(*awaiting->gone_at);

	if (awaiting->gone_at)
		return;
	awaiting->gone_at = arena_alloc(&op->arena, size + 1);
	memset(awaiting->gone_at, 0, size);
}

enum error awaiting_look(struct op *op, struct awaiting *awaiting,
			 struct outcome_list *ret)
{
	struct outcome_list list = {
		.count = awaiting->at.count,
		.is_over = true,
		.is_done = true,
		.took_us = op->now - awaiting->began_at,
	};

	list.items =
		arena_alloc(&op->arena, (list.count + 1) * sizeof(*list.items));
	expect_gone(op, awaiting);
	for (size_t i = 0; i < list.count; i++) {
		struct outcome *outcome = &list.items[i];

		TRY(look_at(op, awaiting, i, outcome));
		list.is_over &= outcome->state != DEPLOYMENT_PENDING;
		list.is_done &= outcome->state == DEPLOYMENT_DONE;
	}
	*ret = list;
	return OK;
}
