/* What is wrong with one field's value: the part of fields.h that judges. */
#ifndef CLEAT_DIALECTS_FIELDS_FAULT_H
#define CLEAT_DIALECTS_FIELDS_FAULT_H

#include "dialects/fields.h"

/*
 * Why the value is not one of this field ("must be a string"), in the op's
 * arena or constant; NULL when it is. Does not look into `members`.
 */
const char *field_fault(struct op *op, const struct field *field,
			json_t *value);

/* The allowed value as the table spells it; NULL when `text` is none. */
const char *field_allowed_value(const struct field *field, const char *text);

#endif
