/* What an operation sees of what leaves. */
#include "core/leaving_scope.h"

void leaving_see_before(struct op *op, struct uuid deletion_id)
{
	op->leaving.is_known = true;
	op->leaving.project_id = op->project_id;
	op->leaving.before = deletion_id;
}

void leaving_see_all(struct op *op)
{
	op->leaving.is_known = false;
}
