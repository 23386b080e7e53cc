/* Updates by mask: {updateMask: [FIELD, ...], THING: {...}}. */
#include "base/json_read.h"

#include <string.h>

#include "dialects/ampersand/ampersand.h"

enum { MASK_MAX = 100 };

enum error amp_read_update(struct request *request, const char *thing,
			   struct amp_update *ret)
{
	struct body_reader in;

	TRY(body_read(request, &in));
	const json_t *object = body_object(&in, thing, true);
	const json_t *given = json_object_get(in.object, "updateMask");

	ret->mask = body_strings(&in, "updateMask");
	if (!given || json_is_null(given))
		body_misshapen(&in, "updateMask", "is required");
	else if (ret->mask && !json_array_size(ret->mask))
		body_misshapen(&in, "updateMask", "must not be empty");
	else if (json_array_size(ret->mask) > MASK_MAX)
		body_invalid(&in, "updateMask", "is over %d fields", MASK_MAX);
	TRY(body_done(&in));
	ret->body = in;
	ret->inside = body_inside(&in, thing, object);
	return OK;
}

bool amp_masks(const json_t *mask, const char *name)
{
	const json_t *one;
	size_t i;

	if (!mask)
		return true;
	json_array_foreach (mask, i, one) {
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	}
	return false;
}

bool amp_read_bool(const struct body_reader *in, const char *name)
{
	if (json_is_null(json_object_get(in->object, name)))
		body_misshapen(in, name, "must be true or false");
	return body_bool(in, name);
}

void amp_check_mask(const struct amp_update *update, const char *const *names)
{
	const json_t *one;
	size_t i;

	json_array_foreach (update->mask, i, one) {
		const char *name = json_string_value(one);
		int n = 0;

		while (names[n] && strcmp(names[n], name) != 0)
			n++;
		if (!names[n])
			body_misshapen(&update->body, "updateMask",
				       arena_printf(&update->body.op->arena,
						    "holds %s, which can't be "
						    "changed",
						    name));
		else if (!json_object_get(update->inside.object, name))
			body_misshapen(&update->inside, name,
				       "is required by updateMask");
	}
}
