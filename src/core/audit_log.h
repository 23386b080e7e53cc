/*
 * The audit log: events as those read them who look after projects, with who
 * asked for each and from where, as far as that is kept (event_origin.h).
 */
#ifndef CLEAT_CORE_AUDIT_LOG_H
#define CLEAT_CORE_AUDIT_LOG_H

#include "core/builder.h"
#include "core/event.h"
#include "core/event_origin.h"
#include "core/project.h"

/* Of a project: the newest of the range asked for are looked at. */
enum { AUDIT_LOOKED_AT = 100000, AUDIT_REACH = 10000 };

struct audit_entry {
	struct event event;
	struct event_origin origin; /* user_id nil: none is kept */
	struct project project;
	struct builder user; /* id nil: the origin's is no builder, or gone */
};

struct audit_filter {
	const char *project;  /* its uuid; NULL: all that the caller sees */
	struct uuid user_id;  /* nil: any */
	int64_t since, until; /* 0: any; both inclusive */
	const char *type, *action; /* around the first dot; NULL: any */
	enum audit_order {
		AUDIT_BY_TIME,
		AUDIT_BY_TYPE,
		AUDIT_BY_ACTION
	} order;
	bool is_ascending;
	int64_t offset, limit; /* AUDIT_REACH at most, together */
};

struct audit_list {
	struct audit_entry *items;
	size_t count;
	int64_t total;
};

/* ERR_FORBIDDEN, ERR_NOT_FOUND of the project. */
MUST_CHECK enum error audit_log_list(struct op *op,
				     const struct audit_filter *filter,
				     struct audit_list *ret);

/*
 * One of a project that the caller sees and whose id ends so; ERR_NOT_FOUND.
 * The id of an entry has both: see audit_entry_id.
 */
MUST_CHECK enum error audit_log_get(struct op *op, struct uuid id,
				    struct audit_entry *ret);

/*
 * A uuid of its own (RFC 9562, version 8): the event's number, which is in the
 * order of time, then the end of its project's id.
 */
struct uuid audit_entry_id(const struct audit_entry *entry);

/* What stands behind the first dot of a type. */
const char *audit_action(const char *event_type);

#endif
