/* The types of events that a route may send on. */
#ifndef CLEAT_CORE_EVENT_TYPE_H
#define CLEAT_CORE_EVENT_TYPE_H

#include <stdbool.h>

/*
 * Not all that are recorded: what comes of sending itself, such as the use of
 * a credential, must not be sent in turn.
 */
bool event_type_is_routable(const char *type);

#endif
