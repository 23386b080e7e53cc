/* What each role may do. */
#include "core/principal.h"

bool principal_can_write(const struct principal *principal)
{
	return principal && principal->role != ROLE_VIEWER;
}

enum error access_to_write(struct op *op)
{
	if (principal_can_write(op->principal))
		return OK;
	return op_fail(op, ERR_FORBIDDEN, "this token may only read");
}

enum error access_to_manage(struct op *op)
{
	if (op->principal && op->principal->role == ROLE_ADMIN)
		return OK;
	return op_fail(op, ERR_FORBIDDEN,
		       "this token may not manage the project");
}
