/* Ways to make deliveries and to try them. */
#include "deliveries.h"

#include "core/event.h"
#include "core/topic.h"

static const struct uuid somebody = {{1}};

int64_t start;

struct op *begun(struct store *store)
{
	start = (start ? start : START) + 1000 * DAY;
	store->op.now = start;
	return &store->op;
}

struct destination hook(struct op *op, const char *name, const char *type)
{
	const struct destination new = {
		.name = name,
		.kind = DESTINATION_WEBHOOK,
		.metadata = "{\"url\":\"https://example.com/hook\","
			    "\"headers\":{\"X-Own\":\"mine\",\"X\":1}}",
	};
	struct destination made;
	struct event_route route;
	struct topic_route leads;
	struct topic topic;

	must(destination_create(op, &new, NULL, 0, &made));
	must(topic_create(op, name, &topic));
	must(event_route_create(op, type, topic.id, &route));
	must(topic_route_create(op, topic.id, made.id, &leads));
	return made;
}

void tell(struct op *op, const char *type)
{
	must(event_record(op, type, "group", somebody, NULL, 0, NULL));
}

struct delivery_list all_to(struct op *op, struct uuid destination_id)
{
	const struct delivery_filter filter = {.destination_id = destination_id,
					       .limit = 100};
	struct delivery_list list;
	struct uuid after;

	must(delivery_list(op, &filter, &list, &after));
	return list;
}

struct delivery only(struct op *op, struct uuid destination_id)
{
	struct delivery_list list = all_to(op, destination_id);

	assert_int_equal(list.count, 1);
	return list.items[0];
}

enum error claim(struct op *op, struct uuid destination_id, struct job *ret)
{
	const struct job_lane lane = {
		.project_id = op->project_id,
		.lane = delivery_lane(op, destination_id),
	};

	return job_claim(op, DELIVERY_JOB, &lane, JOB_LEASE_US, ret);
}

struct job_end try_with(struct op *op, struct uuid destination_id, int status,
			int64_t retry_after_us)
{
	const struct outbound_answer answer = {
		.status = status,
		.failure = "timed out",
		.retry_after_us = retry_after_us,
		.took_us = 7000,
	};
	struct sending sending;
	struct job_end end;
	struct job job;

	must(claim(op, destination_id, &job));
	must(sending_begin(op, &job, &sending));
	must(sending_end(op, &job, &sending, &answer, &end));
	must(job_finish(op, &job, &end));
	return end;
}
