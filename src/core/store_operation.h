/* What core needs of a store: operations, pauses, what was told of objects,
 * and uploads. See store.h. */
#ifndef CLEAT_CORE_STORE_OPERATION_H
#define CLEAT_CORE_STORE_OPERATION_H

#include "core/installation_state.h"
#include "core/object_field.h"
#include "core/operation.h"
#include "core/read_pause.h"
#include "core/upload.h"

/* Operations. */
MUST_CHECK enum error store_operation_add(struct op *op,
					  const struct operation *new);
/* Status, result, records, attempts, progress and times. */
MUST_CHECK enum error store_operation_change(struct op *op,
					     const struct operation *to);
MUST_CHECK enum error store_operation_get(struct op *op, struct uuid id,
					  struct operation *ret);
/* Of an installation that lives. */
MUST_CHECK enum error store_operation_show(struct op *op, struct uuid id,
					   struct operation *ret);
MUST_CHECK enum error store_operation_list(struct op *op,
					   struct uuid installation_id,
					   struct uuid before, int64_t limit,
					   struct operation_list *ret);
MUST_CHECK enum error store_operation_latest(struct op *op,
					     struct uuid installation_id,
					     struct uuid *ret);
MUST_CHECK enum error store_operation_backfill(struct op *op,
					       struct uuid installation_id,
					       const char *object,
					       struct operation *ret);
/* The number of its last line; 0 when it has none. */
MUST_CHECK enum error store_operation_log_last(struct op *op, struct uuid id,
					       int64_t *ret);
MUST_CHECK enum error store_operation_log_add(struct op *op, struct uuid id,
					      int64_t number,
					      const struct operation_line *new);
MUST_CHECK enum error store_operation_log_list(struct op *op, struct uuid id,
					       int64_t limit,
					       struct operation_line_list *ret);
/* The oldest of those with ids before this, with their logs. */
MUST_CHECK enum error store_operation_sweep(struct op *op, struct uuid before,
					    int64_t limit, int64_t *ret);
MUST_CHECK enum error store_operation_oldest(struct op *op, struct uuid *ret);
/* The installation's, with their logs. */
MUST_CHECK enum error store_operation_forget(struct op *op,
					     struct uuid installation_id,
					     int64_t limit, int64_t *ret);

/* Also of one in the trash. */
MUST_CHECK enum error store_installation_state(struct op *op, struct uuid id,
					       struct installation_state *ret);
MUST_CHECK enum error
store_installation_state_change(struct op *op, struct uuid id,
				const struct installation_state *to);

/* Pauses. */
MUST_CHECK enum error store_read_pause_add(struct op *op,
					   struct uuid installation_id,
					   const struct read_pause *new);
MUST_CHECK enum error store_read_pause_list(struct op *op,
					    struct uuid installation_id,
					    struct read_pause_list *ret);
MUST_CHECK enum error store_read_pause_remove(struct op *op,
					      struct uuid installation_id,
					      const char *object);
MUST_CHECK enum error store_read_pause_remove_of(struct op *op,
						 struct uuid installation_id);

/* Fields of objects. */
MUST_CHECK enum error store_object_field_get(struct op *op,
					     struct uuid connection_id,
					     const char *object,
					     const char *name,
					     struct object_field *ret);
MUST_CHECK enum error store_object_field_list(struct op *op,
					      struct uuid connection_id,
					      const char *object,
					      struct object_field_list *ret);
/* Of all objects. */
MUST_CHECK enum error store_object_field_count(struct op *op,
					       struct uuid connection_id,
					       int64_t *ret);
MUST_CHECK enum error store_object_field_add(struct op *op,
					     struct uuid connection_id,
					     const struct object_field *new);
MUST_CHECK enum error store_object_field_change(struct op *op,
						struct uuid connection_id,
						const struct object_field *to);
MUST_CHECK enum error store_object_field_remove_of(struct op *op,
						   struct uuid connection_id);

/* Uploads. */
MUST_CHECK enum error store_upload_put(struct op *op, struct uuid id,
				       const void *bytes, size_t length);
MUST_CHECK enum error store_upload_get(struct op *op, struct uuid id,
				       struct upload_content *ret);
/* All but the newest `keep`. */
MUST_CHECK enum error store_upload_trim(struct op *op, int64_t keep);
MUST_CHECK enum error store_upload_sweep(struct op *op, struct uuid before);
MUST_CHECK enum error store_upload_oldest(struct op *op, struct uuid *ret);

#endif
