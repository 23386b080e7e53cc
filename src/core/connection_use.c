/* Finding what settings mention, and keeping it. */
#include "core/connection_use.h"

#include <string.h>

#include "core/store.h"

enum { ID_LENGTH = UUID_TEXT - 1 };

/* The next id in the text, and what is behind it; NULL when there is none. */
static const char *next_id(const char *text, struct uuid *ret)
{
	char candidate[UUID_TEXT];

	for (size_t left = strlen(text); left >= ID_LENGTH; left--, text++) {
		if (text[8] != '-' || text[13] != '-')
			continue;
		memcpy(candidate, text, ID_LENGTH);
		candidate[ID_LENGTH] = '\0';
		if (uuid_parse(candidate, ret))
			return text + ID_LENGTH;
	}
	return NULL;
}

enum error connection_use_record(struct op *op, const char *kind,
				 struct uuid user_id, const char *settings)
{
	struct uuid mentioned;
	int count = 0;

	TRY(store_connection_use_end(op, user_id));
	while (count++ < CONNECTION_USES_MAX &&
	       (settings = next_id(settings, &mentioned)))
		if (!uuid_equal(mentioned, user_id))
			TRY(store_connection_use_add(op, mentioned, kind,
						     user_id));
	return OK;
}

enum error connection_users(struct op *op, struct uuid connection_id,
			    int64_t limit, struct connection_user_list *ret)
{
	return store_connection_users(op, connection_id, limit, ret);
}

enum error connection_use_forget(struct op *op, struct uuid id)
{
	TRY(store_connection_use_end(op, id));
	return store_connection_use_end_all(op, id);
}
