/* Builders: found, made, changed, forgotten. */
#include "core/builder.h"

#include <string.h>

#include "core/principal.h"
#include "core/store.h"

enum { LOCAL_PART_MAX = 64, DOMAIN_LABEL_MAX = 63 };

/* Labels of letters, digits and dashes, two of them at least (RFC 1035, 2.3.1;
 * RFC 1123, 2.1). */
bool domain_is_valid(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	int labels = 0;

	if (strlen(text) > DOMAIN_MAX)
		return false;
	for (;; text++, labels++) {
		size_t length = strspn(text, allowed);

		if (!length || length > DOMAIN_LABEL_MAX || text[0] == '-' ||
		    text[length - 1] == '-')
			return false;
		text += length;
		if (*text != '.')
			return !*text && labels > 0;
	}
}

/* An addr-spec (RFC 5322, 3.4.1) whose local part needs no quotes. */
bool email_is_valid(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "!#$%&'*+-/=?^_`{|}~.";
	size_t local = strspn(text, allowed);

	return strlen(text) <= EMAIL_MAX && local && local <= LOCAL_PART_MAX &&
	       text[local] == '@' && domain_is_valid(text + local + 1);
}

const char *email_domain(const char *email)
{
	return strchr(email, '@') + 1;
}

const char *builder_full_name(struct arena *arena,
			      const struct builder *builder)
{
	const char *first = builder->first_name, *last = builder->last_name;

	if (first && last)
		return arena_printf(arena, "%s %s", first, last);
	return first ? first : last;
}

enum error builder_of_op(struct op *op, struct builder *ret)
{
	const struct principal *who = op->principal;
	enum error error = ERR_NOT_FOUND;

	if (who && !uuid_is_nil(who->builder_id))
		error = store_builder_get(op, who->builder_id, ret);
	if (error == ERR_NOT_FOUND)
		return op_fail(op, ERR_FORBIDDEN,
			       "this needs a builder's bearer token");
	return error;
}

static enum error find(struct op *op, const char *handle, struct builder *ret)
{
	struct uuid id;

	if (uuid_parse(handle, &id))
		return store_builder_get(op, id, ret);
	return store_builder_by_email(op, arena_lower(&op->arena, handle), ret);
}

enum error builder_find(struct op *op, const char *handle, struct builder *ret)
{
	enum error error = find(op, handle, ret);

	if (error == ERR_NOT_FOUND)
		return op_fail(op, error, "there is no builder %s", handle);
	return error;
}

static enum error not_an_email(struct op *op, const char *text)
{
	return op_fail(op, ERR_INVALID, "%s is not an e-mail address", text);
}

enum error builder_ensure(struct op *op, const char *handle,
			  struct builder *ret)
{
	struct builder made = {
		.id = uuid_make(op->now),
		.email = arena_lower(&op->arena, handle),
		.created_at = op->now,
	};
	struct uuid id;

	if (uuid_parse(handle, &id))
		return builder_find(op, handle, ret);
	enum error error = find(op, handle, ret);
	if (error != ERR_NOT_FOUND)
		return error;
	if (!email_is_valid(made.email))
		return not_an_email(op, handle);
	TRY(store_builder_add(op, &made));
	*ret = made;
	return OK;
}

enum error builder_change(struct op *op, const struct builder *to)
{
	struct builder changed = *to;

	if (to->email)
		changed.email = arena_lower(&op->arena, to->email);
	if (changed.email && !email_is_valid(changed.email))
		return not_an_email(op, to->email);
	enum error error = store_builder_change(op, &changed);
	if (error == ERR_TAKEN)
		return op_fail(op, error, "another builder has %s",
			       changed.email);
	return error;
}

enum error builder_list_all(struct op *op, struct builder_list *ret)
{
	static const struct uuid any;

	return store_builder_list(op, any, ret);
}

enum error builder_forget(struct op *op, const struct builder *which)
{
	static const struct uuid any;
	struct membership_list list;

	TRY(store_membership_list(op, which->id, &list));
	for (size_t i = 0; i < list.count; i++)
		TRY(organization_leave(op, &list.items[i].organization, which));
	/* also those of who never joined */
	TRY(builder_end_tokens(op, which->id, any));
	return store_builder_remove(op, which->id);
}
