/* The types of events. */
#ifndef CLEAT_CORE_EVENT_TYPE_H
#define CLEAT_CORE_EVENT_TYPE_H

#include <stdbool.h>

/*
 * May a route send it on? Not all that are recorded: what comes of sending
 * itself, such as the use of a credential, must not be sent in turn.
 */
bool event_type_is_routable(const char *type);

/*
 * Is it of what the project records itself? Each type with a dot in it that is
 * recorded must be: event_record sees to that.
 */
bool event_type_is_own(const char *type);

/*
 * Does it say that something is another now? Not what was read or tried, nor
 * what is told by ways of its own: activities, warnings.
 */
bool event_type_is_change(const char *type);

#endif
