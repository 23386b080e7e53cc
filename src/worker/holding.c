/* The rules for versions; each change is on disk before it is answered. */
#include "worker/holding.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/name.h"
#include "worker/record.h"

struct holding {
	const struct holding_place *place;
	pthread_mutex_t lock; /* guards all that follows */
	struct record_list records;
	struct holding_known known;
	bool is_unsaved;
};

struct holding *holding_open(const struct holding_place *place)
{
	struct holding *holding = memory_zalloc(sizeof(*holding));

	holding->place = place;
	pthread_mutex_init(&holding->lock, NULL);
	if (!holding_file_read(place, &holding->records, &holding->known))
		log_error("what was held is lost: its file does not open",
			  "file", place->path, NULL);
	return holding;
}

void holding_close(struct holding *holding)
{
	record_list_release(&holding->records);
	pthread_mutex_destroy(&holding->lock);
	sodium_memzero(holding, sizeof(*holding));
	free(holding);
}

/* With the lock held. */
static bool save(struct holding *holding)
{
	holding->is_unsaved = !holding_file_write(
		holding->place, &holding->records, &holding->known);
	return !holding->is_unsaved;
}

bool holding_settle(struct holding *holding)
{
	pthread_mutex_lock(&holding->lock);
	bool is_saved = !holding->is_unsaved || save(holding);
	pthread_mutex_unlock(&holding->lock);
	return is_saved;
}

void holding_get_known(struct holding *holding, struct holding_known *ret)
{
	pthread_mutex_lock(&holding->lock);
	*ret = holding->known;
	pthread_mutex_unlock(&holding->lock);
}

bool holding_set_known(struct holding *holding, const struct holding_known *to)
{
	pthread_mutex_lock(&holding->lock);
	holding->known = *to;
	bool is_saved = save(holding);
	pthread_mutex_unlock(&holding->lock);
	return is_saved;
}

bool holding_put(struct holding *holding, struct uuid id, int64_t version,
		 const char *name, const char *document)
{
	bool is_saved = true;

	pthread_mutex_lock(&holding->lock);
	const struct record *known = record_find(&holding->records, id);
	if (version >= (known ? known->floor : holding->records.least)) {
		struct record *record = record_take(&holding->records, id);

		record_fill(record, name, document);
		record->floor = record->version = version;
		record->is_wanted = true;
		is_saved = save(holding);
	}
	pthread_mutex_unlock(&holding->lock);
	return is_saved;
}

bool holding_remove(struct holding *holding, struct uuid id, int64_t version,
		    bool *ret_was_there)
{
	bool is_saved = true;

	pthread_mutex_lock(&holding->lock);
	const struct record *known = record_find(&holding->records, id);
	*ret_was_there = known && known->document;
	if (version >= (known ? known->floor : holding->records.least)) {
		struct record *record = record_take(&holding->records, id);

		record_empty(record);
		record->floor = version;
		record->is_wanted = false;
		is_saved = save(holding);
	}
	pthread_mutex_unlock(&holding->lock);
	return is_saved;
}

static void expect(struct record_list *records,
		   const struct holding_wanted *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct record *record = record_find(records, wanted[i].id);

		if (!record) {
			record = record_take(records, wanted[i].id);
			record->floor = 0; /* it may come in this version */
		}
		record->is_listed = true;
		if (wanted[i].version < record->floor)
			continue; /* changed since the set was made */
		record->floor = wanted[i].version;
		record->is_wanted = true;
		record->is_pending = wanted[i].is_pending;
	}
}

/* What came after the set was made has a higher version than it. */
static size_t drop_others(struct record_list *records, int64_t version)
{
	size_t dropped = 0;

	for (size_t i = records->count; i-- > 0;) {
		struct record *record = &records->items[i];
		bool stays = record->is_listed || record->floor > version;

		record->is_listed = false;
		if (stays)
			continue;
		dropped += record->document != NULL;
		record_remove(records, record);
	}
	return dropped;
}

/* An older set than the last one: the server's store was restored from a copy,
 * and its versions begin anew. */
static void begin_anew(struct record_list *records)
{
	records->least = 0;
	for (size_t i = 0; i < records->count; i++)
		records->items[i].floor = 0;
}

bool holding_reconcile(struct holding *holding, int64_t version,
		       const struct holding_wanted *wanted, size_t count,
		       size_t *ret)
{
	struct record_list *records = &holding->records;

	pthread_mutex_lock(&holding->lock);
	if (version < records->least)
		begin_anew(records);
	expect(records, wanted, count);
	*ret = drop_others(records, version);
	records->least = version;
	bool is_saved = save(holding);
	pthread_mutex_unlock(&holding->lock);
	return is_saved;
}

bool holding_drop_all(struct holding *holding)
{
	bool is_saved = true;

	pthread_mutex_lock(&holding->lock);
	if (holding->records.count) {
		int64_t least = holding->records.least;

		record_list_release(&holding->records);
		holding->records.least = least;
		is_saved = save(holding);
	}
	pthread_mutex_unlock(&holding->lock);
	return is_saved;
}

static void wipe(void *text)
{
	sodium_memzero(text, strlen(text));
}

const char *holding_find(struct holding *holding, struct arena *arena,
			 const char *name)
{
	const char *folded = name_fold(arena, name);
	const struct record *best = NULL;
	char *copy = NULL;

	pthread_mutex_lock(&holding->lock);
	for (size_t i = 0; i < holding->records.count; i++) {
		const struct record *record = &holding->records.items[i];

		if (record->document && strcmp(record->folded, folded) == 0 &&
		    (!best || record->version > best->version))
			best = record;
	}
	if (best) {
		copy = arena_strdup(arena, best->document);
		arena_on_reset(arena, wipe, copy);
	}
	pthread_mutex_unlock(&holding->lock);
	return copy;
}

void holding_write_list(struct holding *holding, struct json_writer *w)
{
	pthread_mutex_lock(&holding->lock);
	for (size_t i = 0; i < holding->records.count; i++) {
		const struct record *record = &holding->records.items[i];

		if (!record->document)
			continue;
		json_begin_object(w, NULL);
		json_put_uuid(w, "id", record->id);
		json_put_string(w, "name", record->name);
		json_put_integer(w, "version", record->version);
		json_end_object(w);
	}
	pthread_mutex_unlock(&holding->lock);
}

void holding_count(struct holding *holding, struct holding_counts *ret)
{
	*ret = (struct holding_counts){0};
	pthread_mutex_lock(&holding->lock);
	ret->version = holding->records.least;
	for (size_t i = 0; i < holding->records.count; i++) {
		const struct record *record = &holding->records.items[i];

		ret->connections += record->document != NULL;
		bool is_missing =
			record->is_wanted &&
			(!record->document || record->version < record->floor);
		ret->missing += is_missing;
		ret->lost += is_missing && !record->is_pending;
	}
	pthread_mutex_unlock(&holding->lock);
}
