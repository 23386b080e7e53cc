/* Records, looked for by id. */
#include "worker/record.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/name.h"

enum { FIRST_CAPACITY = 16 };

static void wipe(char **text)
{
	if (*text)
		sodium_memzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void record_empty(struct record *record)
{
	wipe(&record->name);
	wipe(&record->folded);
	wipe(&record->document);
}

void record_fill(struct record *record, const char *name, const char *document)
{
	struct arena arena;

	arena_init(&arena);
	record_empty(record);
	record->name = memory_strdup(name);
	record->folded = memory_strdup(name_fold(&arena, name));
	arena_release(&arena);
	record->document = memory_strdup(document);
}

void record_list_release(struct record_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		record_empty(&list->items[i]);
	free(list->items);
	*list = (struct record_list){NULL, 0, 0, 0};
}

static int compare(struct uuid a, struct uuid b)
{
	return memcmp(a.bytes, b.bytes, UUID_BYTES);
}

/* Where it is, or belongs. */
static size_t place_of(const struct record_list *list, struct uuid id)
{
	size_t from = 0, to = list->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare(list->items[middle].id, id) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct record *record_find(const struct record_list *list, struct uuid id)
{
	size_t at = place_of(list, id);

	return at < list->count && uuid_equal(list->items[at].id, id)
		       ? &list->items[at]
		       : NULL;
}

static struct record *add(struct record_list *list, struct uuid id)
{
	size_t at = place_of(list, id);

	if (list->count == list->capacity) {
		list->capacity =
			list->capacity ? 2 * list->capacity : FIRST_CAPACITY;
		list->items = memory_realloc(
			list->items, list->capacity * sizeof(*list->items));
	}
	struct record *record = &list->items[at];
	memmove(record + 1, record, (list->count - at) * sizeof(*record));
	list->count++;
	*record = (struct record){.id = id, .floor = list->least};
	return record;
}

struct record *record_take(struct record_list *list, struct uuid id)
{
	struct record *record = record_find(list, id);

	return record ? record : add(list, id);
}

void record_remove(struct record_list *list, struct record *record)
{
	size_t after = list->count - (size_t)(record - list->items) - 1;

	record_empty(record);
	memmove(record, record + 1, after * sizeof(*record));
	list->count--;
}
