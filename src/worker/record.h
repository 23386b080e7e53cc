/* Inside of holding*.c: what is known of each connection, in memory. */
#ifndef CLEAT_WORKER_RECORD_H
#define CLEAT_WORKER_RECORD_H

#include "worker/holding.h"

struct record {
	struct uuid id;
	int64_t floor;	 /* what has a lower version is late */
	int64_t version; /* of the document */
	char *name;	 /* NULL without a document */
	char *folded;	 /* the name, as it is looked for */
	char *document;	 /* NULL: it is not here */
	bool is_wanted;	 /* it is to be here; else it was removed */
	bool is_pending; /* the server has yet to bring it, and knows that */
	bool is_listed;	 /* in the full set that is looked at */
};

/* In the order of their ids; allocated, wiped when they go. */
struct record_list {
	struct record *items;
	size_t count, capacity;
	int64_t least; /* the floor of what has no record */
};

void record_list_release(struct record_list *list);

/* NULL: there is none. Valid until one is added or removed. */
struct record *record_find(const struct record_list *list, struct uuid id);
/* That, or a new one at the least floor. */
struct record *record_take(struct record_list *list, struct uuid id);
void record_remove(struct record_list *list, struct record *record);

/* Copies both. */
void record_fill(struct record *record, const char *name, const char *document);
void record_empty(struct record *record);

/* holding_file.c: as JSON, for the sealed file. */
void records_write(struct json_writer *w, const struct record_list *list);
/* False when this is no such text; then nothing is read. */
MUST_CHECK bool holding_file_read(const struct holding_place *place,
				  struct record_list *ret,
				  struct holding_known *ret_known);
MUST_CHECK bool holding_file_write(const struct holding_place *place,
				   const struct record_list *list,
				   const struct holding_known *known);

#endif
