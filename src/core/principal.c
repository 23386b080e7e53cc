/* What each role may do. */
#include "core/principal.h"

#include <string.h>

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

enum error access_to_own(struct op *op)
{
	if (op->principal && op->principal->role == ROLE_ADMIN)
		return OK;
	return op_fail(op, ERR_FORBIDDEN,
		       "this token is none of an owner's, who alone may do "
		       "this");
}

bool principal_may(const struct principal *principal,
		   enum permission permission)
{
	return principal && (principal->role == ROLE_ADMIN ||
			     principal->permissions & permission);
}

static const struct {
	enum permission permission;
	const char *scope, *what;
} permissions[] = {
	{PERMISSION_INTEGRATIONS, "integrations", "manage integrations"},
	{PERMISSION_PROJECT, "project", "manage the project"},
	{PERMISSION_EXECUTE, "execute", "execute integrations"},
};
enum { PERMISSIONS = sizeof(permissions) / sizeof(*permissions) };

unsigned permissions_of(const char *scopes)
{
	unsigned all = 0;

	while (*scopes) {
		size_t length = strcspn(scopes, ",");

		for (size_t i = 0; i < PERMISSIONS; i++)
			if (strlen(permissions[i].scope) == length &&
			    memcmp(permissions[i].scope, scopes, length) == 0)
				all |= permissions[i].permission;
		scopes += length + (scopes[length] == ',');
	}
	/* who could change where they go to may let them go there */
	if (all & PERMISSION_INTEGRATIONS)
		all |= PERMISSION_EXECUTE;
	return all;
}

enum error access_to(struct op *op, enum permission permission)
{
	if (principal_may(op->principal, permission))
		return OK;
	for (size_t i = 0; i < PERMISSIONS; i++)
		if (permissions[i].permission == permission)
			op_explain(op, "this token may not %s",
				   permissions[i].what);
	return ERR_FORBIDDEN;
}
