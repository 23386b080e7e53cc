/* The native API: what the four others lack. Paths begin with /cleat/v1. */
#ifndef CLEAT_DIALECTS_CLEAT_CLEAT_H
#define CLEAT_DIALECTS_CLEAT_CLEAT_H

#include "base/json_write.h"
#include "core/deletion.h"
#include "core/project.h"
#include "core/receipt.h"
#include "core/restore.h"
#include "dialects/body.h"
#include "http/request.h"

/* Any token of the four other APIs, in Authorization or X-Api-Key. */
enum error cleat_authenticate(struct request *request, struct principal *ret);

/* The path's project, by uuid, name or 13 characters. ERR_NOT_FOUND. */
MUST_CHECK enum error cleat_enter(struct request *request);

/* Enters it; ERR_FORBIDDEN unless the caller may manage the project. */
MUST_CHECK enum error cleat_enter_to_manage(struct request *request);

struct json_writer cleat_answer(struct request *request, int status);

/* The path's id; ERR_NOT_FOUND for what is no uuid. */
MUST_CHECK enum error cleat_path_id(struct request *request, int param,
				    const char *what, struct uuid *ret);

/* A query argument in RFC 3339; `*ret` is 0 when absent. */
MUST_CHECK enum error cleat_time_argument(struct request *request,
					  const char *name, int64_t *ret);

/* A query argument that is a uuid; `*ret` is nil when absent. */
MUST_CHECK enum error cleat_id_argument(struct request *request,
					const char *name, struct uuid *ret);

/* {"mode", "revoke", "force"}, each optional. */
void cleat_read_options(const struct body_reader *in,
			struct deletion_options *ret);
/* An argument of the query is not as it must be: ERR_MISSHAPEN. */
MUST_CHECK enum error cleat_refuse_argument(struct op *op, const char *name,
					    const char *why);
/* The same options out of the query. */
MUST_CHECK enum error cleat_options_of_query(struct request *request,
					     struct deletion_options *ret);

/* The receipt, with the part of its effects that the query asks for. */
MUST_CHECK enum error cleat_answer_deletion(struct request *request, int status,
					    struct uuid id);

/* Handlers, one an operation. */
enum error cleat_list_environments(struct request *request);
enum error cleat_create_environment(struct request *request);
enum error cleat_get_environment(struct request *request);
enum error cleat_delete_environment(struct request *request);
enum error cleat_delete_worker(struct request *request);
enum error cleat_list_workers(struct request *request);
enum error cleat_plan_deletion(struct request *request);
enum error cleat_run_deletion(struct request *request);
enum error cleat_list_deletions(struct request *request);
enum error cleat_get_deletion(struct request *request);
enum error cleat_get_certificate(struct request *request);
enum error cleat_list_events(struct request *request);
enum error cleat_list_keys(struct request *request);
enum error cleat_retry_step(struct request *request);
enum error cleat_abandon_step(struct request *request);
enum error cleat_list_groups(struct request *request);
/* 412 when If-Match asks for another state of the group; an answer is left
 * over, to be cleared. */
MUST_CHECK enum error cleat_check_group(struct request *request);
enum error cleat_get_group(struct request *request);
enum error cleat_create_group(struct request *request);
enum error cleat_update_group(struct request *request);
enum error cleat_delete_group(struct request *request);
enum error cleat_delete_consumer(struct request *request);
enum error cleat_delete_project(struct request *request);
enum error cleat_list_policies(struct request *request);
enum error cleat_set_policy(struct request *request);
enum error cleat_list_trash(struct request *request);
enum error cleat_restore(struct request *request);
enum error cleat_purge(struct request *request);
enum error cleat_list_holds(struct request *request);
enum error cleat_put_hold(struct request *request);
enum error cleat_lift_hold(struct request *request);

enum error cleat_list_deliveries(struct request *request);
enum error cleat_get_delivery(struct request *request);
enum error cleat_replay_delivery(struct request *request);
enum error cleat_get_destination(struct request *request);
enum error cleat_enable_destination(struct request *request);
enum error cleat_replay_destination(struct request *request);

/* A deletion's fields into an object that is open. */
void cleat_put_deletion(struct json_writer *w, const struct deletion *deletion);
void cleat_put_step(struct json_writer *w, const struct step *step);
/* An object of these, one part of its effects, and its steps after this one
 * (nil: the first), with where each goes on. */
MUST_CHECK enum error cleat_put_receipt(struct op *op, struct json_writer *w,
					const struct deletion *deletion,
					int64_t part, struct uuid steps_after);
void cleat_put_restored(struct json_writer *w, enum thing_kind kind,
			struct uuid id, const struct restored *restored);
void cleat_put_hidden(struct json_writer *w, const struct deletion *deletion);

#endif
