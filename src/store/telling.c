/* Messages between processes that share a store. */
#include "store/telling.h"

#include <string.h>

#include "db/db.h"

#define JOBS "jobs"

enum error tell_jobs(struct op *op)
{
	return db_tell(op->session, JOBS);
}

enum error tell_events(struct op *op, struct uuid project_id)
{
	char text[UUID_TEXT];

	uuid_format(project_id, text);
	return db_tell(op->session, text);
}

bool told_read(const char *text, struct told *ret)
{
	*ret = (struct told){.is_jobs = strcmp(text, JOBS) == 0};
	return ret->is_jobs || uuid_parse(text, &ret->project_id);
}
