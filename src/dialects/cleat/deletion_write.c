/* Deletions and receipts as JSON. */
#include "core/delivery.h"
#include "dialects/cleat/cleat.h"

void cleat_put_deletion(struct json_writer *w, const struct deletion *deletion)
{
	json_put_uuid(w, "id", deletion->id);
	json_begin_object(w, "target");
	json_put_string(w, "kind", deletion->target_kind);
	json_put_uuid(w, "id", deletion->target_id);
	json_put_optional(w, "name", deletion->target_name);
	json_end_object(w);
	if (!uuid_is_nil(deletion->group_id))
		json_put_uuid(w, "groupId", deletion->group_id);
	json_put_string(w, "mode", deletion->mode);
	json_put_string(w, "revoke", deletion->revoke);
	json_put_string(w, "state", deletion->state);
	json_put_string(w, "actor", deletion->actor);
	json_put_time(w, "createdAt", deletion->created_at);
	json_put_time(w, "purgeAt", deletion->purge_at);
	json_put_time(w, "finishedAt", deletion->finished_at);
	json_put_raw(w, "counts", deletion->counts);
}

void cleat_put_step(struct json_writer *w, const struct step *step)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", step->id);
	json_put_string(w, "kind", step->kind);
	json_begin_object(w, "subject");
	json_put_string(w, "kind", step->subject_kind);
	json_put_uuid(w, "id", step->subject_id);
	json_end_object(w);
	json_put_raw(w, "facts", step->facts);
	json_put_string(w, "state", step->state);
	json_put_integer(w, "attempts", step->attempts);
	json_put_string(w, "lastAnswer", step->answer);
	json_put_string(w, "reason", step->reason);
	json_put_time(w, "createdAt", step->created_at);
	json_put_time(w, "updatedAt", step->updated_at);
	json_put_time(w, "nextAt", step->next_at);
	json_end_object(w);
}

/* How the messages of it went, for as long as deliveries are kept. */
static void put_notifications(struct json_writer *w,
			      const struct delivery_counts_list *told)
{
	json_begin_array(w, "notifications");
	for (size_t i = 0; i < told->count; i++) {
		const struct delivery_counts *one = &told->items[i];

		json_begin_object(w, NULL);
		json_put_uuid(w, "destinationId", one->destination_id);
		json_put_optional(w, "destination", one->name);
		json_put_integer(w, "waiting", one->waiting);
		json_put_integer(w, "delivered", one->delivered);
		json_put_integer(w, "failed", one->failed);
		json_put_integer(w, "ended", one->ended);
		json_end_object(w);
	}
	json_end_array(w);
}

enum error cleat_put_receipt(struct op *op, struct json_writer *w,
			     const struct deletion *deletion, int64_t part,
			     struct uuid steps_after)
{
	const char *effects, *next;
	struct delivery_counts_list told;
	struct step_list steps;
	struct uuid more;

	TRY(receipt_part(op, deletion, part, &effects));
	TRY(receipt_part(op, deletion, part + 1, &next));
	TRY(receipt_steps(op, deletion->id, steps_after, &steps, &more));
	TRY(delivery_counts_of_deletion(op, deletion->id, &told));
	json_begin_object(w, NULL);
	cleat_put_deletion(w, deletion);
	json_put_raw(w, "effects", effects ? effects : "[]");
	if (next)
		json_put_integer(w, "nextCursor", part + 1);
	else
		json_put_null(w, "nextCursor");
	json_begin_array(w, "steps");
	for (size_t i = 0; i < steps.count; i++)
		cleat_put_step(w, &steps.items[i]);
	json_end_array(w);
	if (uuid_is_nil(more))
		json_put_null(w, "nextStepsCursor");
	else
		json_put_uuid(w, "nextStepsCursor", more);
	put_notifications(w, &told);
	json_end_object(w);
	return OK;
}
