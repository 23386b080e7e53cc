/* Providers as JSON, by their form. */
#include "core/catalog.h"
#include "dialects/ampersand/catalog_form.h"

#include <string.h>

const void *form_at(const struct form_member *member, const void *thing)
{
	return (const char *)thing + member->offset;
}

static const char *text_at(const struct form_member *member, const void *thing)
{
	return *(const char *const *)form_at(member, thing);
}

static const void *pointer_at(const struct form_member *member,
			      const void *thing)
{
	return *(const void *const *)form_at(member, thing);
}

bool form_is_meant(const struct form_member *member, const void *thing)
{
	const char *text = text_at(member, thing);

	return text && strcmp(text, member->when) == 0;
}

static bool is_there(const struct form_member *member, const void *thing);

static bool has_any(const struct form *form, const void *thing)
{
	for (size_t i = 0; i < form->count; i++)
		if (!form->members[i].is_ours &&
		    is_there(&form->members[i], thing))
			return true;
	return false;
}

static bool is_there(const struct form_member *member, const void *thing)
{
	const void *at = form_at(member, thing);

	switch (member->type) {
	case FORM_TEXT:
		return text_at(member, thing) && *text_at(member, thing);
	case FORM_BOOL:
		return *(const bool *)at;
	case FORM_INTEGER:
		return *(const int *)at != 0;
	case FORM_INLINE:
		return has_any(member->form, at);
	case FORM_PART:
		return member->when ? form_is_meant(member, thing)
				    : has_any(member->form, thing);
	case FORM_OBJECT:
		return pointer_at(member, thing) != NULL;
	default:
		return ((const struct catalog_list *)at)->items != NULL;
	}
}

static void write_object(struct json_writer *w, const char *key,
			 const struct form *form, const void *thing)
{
	json_begin_object(w, key);
	form_write(w, form, thing);
	json_end_object(w);
}

/* A list that is an array on the wire. */
static void write_array(struct json_writer *w, const struct form_member *member,
			const struct catalog_list *list)
{
	const char *items = list->items;

	json_begin_array(w, member->name);
	for (size_t i = 0; i < list->count; i++) {
		if (member->type == FORM_TEXTS)
			json_put_string(w, NULL,
					((const char *const *)list->items)[i]);
		else if (member->type == FORM_INTEGERS)
			json_put_integer(w, NULL,
					 ((const int *)list->items)[i]);
		else
			write_object(w, NULL, member->form,
				     items + i * member->form->size);
	}
	json_end_array(w);
}

static void write_named(struct json_writer *w, const struct form_member *member,
			const struct catalog_list *list, size_t i)
{
	const char *item = (const char *)list->items + i * member->form->size;

	write_object(w, *(const char *const *)(const void *)item, member->form,
		     item);
}

/* A list that is an object on the wire. */
static void write_map(struct json_writer *w, const struct form_member *member,
		      const struct catalog_list *list)
{
	const struct catalog_limit *limits = list->items;
	const struct catalog_pair *pairs = list->items;

	json_begin_object(w, member->name);
	for (size_t i = 0; i < list->count; i++)
		switch (member->type) {
		case FORM_KEYS:
			json_begin_object(
				w, ((const char *const *)list->items)[i]);
			json_end_object(w);
			break;
		case FORM_PAIRS:
			json_put_string(w, pairs[i].name, pairs[i].value);
			break;
		case FORM_LIMITS:
			json_put_integer(w, limits[i].name, limits[i].limit);
			break;
		default:
			write_named(w, member, list, i);
		}
	json_end_object(w);
}

static void write_member(struct json_writer *w,
			 const struct form_member *member, const void *thing)
{
	const void *at = form_at(member, thing);

	switch (member->type) {
	case FORM_TEXT:
		json_put_string(w, member->name, text_at(member, thing));
		return;
	case FORM_BOOL:
		json_put_bool(w, member->name, *(const bool *)at);
		return;
	case FORM_INTEGER:
		json_put_integer(w, member->name, *(const int *)at);
		return;
	case FORM_INLINE:
		write_object(w, member->name, member->form, at);
		return;
	case FORM_PART:
		write_object(w, member->name, member->form, thing);
		return;
	case FORM_OBJECT:
		write_object(w, member->name, member->form,
			     pointer_at(member, thing));
		return;
	case FORM_TEXTS:
	case FORM_INTEGERS:
	case FORM_LIST:
		write_array(w, member, at);
		return;
	case FORM_KEYS:
	case FORM_NAMED:
	case FORM_PAIRS:
	case FORM_LIMITS:
		write_map(w, member, at);
		return;
	}
}

void form_write(struct json_writer *w, const struct form *form,
		const void *thing)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct form_member *member = &form->members[i];
		bool is_needed = member->is_required && !member->when;

		if (!member->is_ours && (is_needed || is_there(member, thing)))
			write_member(w, member, thing);
	}
}
