/*
 * The sealed file: one JSON text under XChaCha20-Poly1305. It opens whole, for
 * the worker that wrote it, or not at all.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json_read.h"
#include "base/log.h"
#include "worker/own_file.h"
#include "worker/record.h"

enum { FILE_MAX = 512 * 1024 * 1024 };

static struct seal_place seal_place_of(struct arena *arena,
				       const struct holding_place *place)
{
	return (struct seal_place){
		.table = "worker",
		.column = arena_printf(arena, "%s\n%s\n%s", place->server,
				       place->environment, place->name),
		.key_version = 1,
	};
}

void records_write(struct json_writer *w, const struct record_list *list)
{
	json_put_integer(w, "least", list->least);
	json_begin_array(w, "records");
	for (size_t i = 0; i < list->count; i++) {
		const struct record *record = &list->items[i];

		json_begin_object(w, NULL);
		json_put_uuid(w, "id", record->id);
		json_put_integer(w, "floor", record->floor);
		json_put_integer(w, "version", record->version);
		json_put_bool(w, "isWanted", record->is_wanted);
		json_put_string(w, "name", record->name);
		json_put_string(w, "document", record->document);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_text(struct buf *text, const struct record_list *list,
		       const struct holding_known *known)
{
	struct json_writer w = json_writer_on(text);

	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", known->id);
	json_put_string(&w, "key", known->key);
	json_put_string(&w, "url", known->url);
	records_write(&w, list);
	json_end_object(&w);
}

bool holding_file_write(const struct holding_place *place,
			const struct record_list *list,
			const struct holding_known *known)
{
	const unsigned char *blob;
	struct arena arena;
	struct buf text;
	size_t length;

	arena_init(&arena);
	buf_init(&text, FILE_MAX);
	write_text(&text, list, known);
	struct seal_place where = seal_place_of(&arena, place);
	seal(&arena, place->key, &where, text.bytes, text.length, &blob,
	     &length);
	bool is_written =
		!text.is_overfull && own_file_write(place->path, blob, length);
	if (!is_written)
		log_error("what is held can't be written", "file", place->path,
			  "why",
			  text.is_overfull ? "it is too large"
					   : strerror(errno),
			  NULL);
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	arena_release(&arena);
	return is_written;
}

static const char *text_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static int64_t number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static bool copy_text(char *to, size_t size, const char *from)
{
	int length = from ? snprintf(to, size, "%s", from) : -1;

	return length >= 0 && (size_t)length < size;
}

static bool read_record(const json_t *from, struct record_list *to)
{
	const char *id = text_of(from, "id");
	const char *name = text_of(from, "name");
	const char *document = text_of(from, "document");
	struct uuid parsed;

	if (!id || !uuid_parse(id, &parsed))
		return false;
	struct record *record = record_take(to, parsed);
	record->floor = number_of(from, "floor");
	record->version = number_of(from, "version");
	record->is_wanted = json_is_true(json_object_get(from, "isWanted"));
	if (name && document)
		record_fill(record, name, document);
	return true;
}

static bool read_text(const json_t *from, struct record_list *ret,
		      struct holding_known *ret_known)
{
	const json_t *records = json_object_get(from, "records");
	const char *id = text_of(from, "id");
	bool is_read = id && uuid_parse(id, &ret_known->id) &&
		       copy_text(ret_known->key, sizeof(ret_known->key),
				 text_of(from, "key")) &&
		       copy_text(ret_known->url, sizeof(ret_known->url),
				 text_of(from, "url")) &&
		       json_is_array(records);

	ret->least = number_of(from, "least");
	for (size_t i = 0; is_read && i < json_array_size(records); i++)
		is_read = read_record(json_array_get(records, i), ret);
	return is_read;
}

static bool open_text(struct arena *arena, const struct holding_place *place,
		      const struct buf *bytes, struct record_list *ret,
		      struct holding_known *ret_known)
{
	struct seal_place where = seal_place_of(arena, place);
	struct secret text;
	const char *why;
	json_t *json;

	return seal_open(arena, place->key, &where,
			 (const unsigned char *)bytes->bytes, bytes->length,
			 &text) &&
	       json_read(arena, (const char *)text.bytes, text.length, &json,
			 &why) == OK &&
	       read_text(json, ret, ret_known);
}

bool holding_file_read(const struct holding_place *place,
		       struct record_list *ret, struct holding_known *ret_known)
{
	struct record_list list = {NULL, 0, 0, 0};
	struct holding_known known = {.key = ""};
	struct arena arena;
	struct buf bytes;

	arena_init(&arena);
	buf_init(&bytes, FILE_MAX);
	bool is_read = own_file_read(place->path, &bytes);
	bool is_fine = is_read ? open_text(&arena, place, &bytes, &list, &known)
			       : errno == ENOENT;
	if (!is_fine) {
		record_list_release(&list);
		known = (struct holding_known){.key = ""};
	}
	*ret = list;
	*ret_known = known;
	sodium_memzero(&known, sizeof(known));
	buf_release(&bytes);
	arena_release(&arena);
	return is_fine;
}
