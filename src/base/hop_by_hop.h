/* Headers that end at the next server: RFC 9110, 7.6.1. */
#ifndef CLEAT_BASE_HOP_BY_HOP_H
#define CLEAT_BASE_HOP_BY_HOP_H

#include <stdbool.h>

/* About a connection, or how a message is framed on it; whatever its case. */
bool hop_by_hop_is(const char *name);

/* Is it one of the members of a list (RFC 9110, 5.6.1), as Connection names
 * more of them? Whatever its case. */
bool hop_by_hop_lists(const char *list, const char *name);

#endif
