/* The names of targets, folded again. */
#include "db/migrate_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/name.h"

enum { NAME_MAX_CHARACTERS = 256, FIRST_CAPACITY = 64 };

struct named {
	struct uuid project_id;
	struct uuid id;
	const char *name;
	const char *handle;
	bool is_living;
};

struct named_list {
	struct named *items;
	size_t count, capacity;
};

static void add(struct named_list *list, const struct named *named)
{
	if (list->count == list->capacity) {
		list->capacity =
			list->capacity ? 2 * list->capacity : FIRST_CAPACITY;
		list->items = memory_realloc(
			list->items, list->capacity * sizeof(*list->items));
	}
	list->items[list->count++] = *named;
}

static enum error read_all(struct db_session *writer, struct arena *arena,
			   struct named_list *ret)
{
	struct db_rows rows;

	TRY(db_query(writer, QUERY_MIGRATE_NAMES_LIST, NULL, 0, &rows));
	enum error error = db_next(&rows);
	while (error == OK && rows.has_row) {
		const struct named named = {
			.project_id = db_uuid(&rows, 0),
			.id = db_uuid(&rows, 1),
			.name = db_text(arena, &rows, 2),
			.handle = db_text(arena, &rows, 3),
			.is_living = db_boolean(&rows, 4),
		};

		add(ret, &named);
		error = db_next(&rows);
	}
	db_finish(&rows);
	return error;
}

static enum error is_taken(struct db_session *writer, const struct named *named,
			   const char *handle, bool *ret)
{
	const struct db_value values[] = {DB_ID(named->project_id),
					  DB_ID(named->id), DB_STR(handle)};
	struct db_rows rows;

	TRY(db_query(writer, QUERY_MIGRATE_NAMES_TAKEN, values, 3, &rows));
	enum error error = db_next(&rows);
	*ret = rows.has_row;
	db_finish(&rows);
	return error;
}

/* What is not living stands in nobody's way. */
static enum error find_free(struct db_session *writer, struct arena *arena,
			    struct named *named)
{
	const char *name = named->name;
	bool taken = named->is_living;

	named->handle = name_fold(arena, name);
	for (int number = 1; taken; number++) {
		TRY(is_taken(writer, named, named->handle, &taken));
		if (!taken)
			break;
		named->name =
			name_numbered(arena, name, number, NAME_MAX_CHARACTERS);
		named->handle = name_fold(arena, named->name);
	}
	return OK;
}

static enum error fold(struct db_session *writer, struct arena *arena,
		       const struct named *was)
{
	struct named named = *was;
	char project[UUID_TEXT];

	if (strcmp(was->handle, name_fold(arena, was->name)) == 0)
		return OK;
	TRY(find_free(writer, arena, &named));
	if (named.name != was->name) {
		uuid_format(was->project_id, project);
		log_info("a connection was renamed: its name was another's "
			 "but for case",
			 "project", project, "name", was->name, "now",
			 named.name, NULL);
	}
	const struct db_value values[] = {DB_ID(named.project_id),
					  DB_ID(named.id), DB_STR(named.name),
					  DB_STR(named.handle)};
	return db_run(writer, QUERY_MIGRATE_NAMES_SET, values, 4, NULL);
}

enum error migrate_names(struct db_session *writer)
{
	const struct uuid whole = {{0}};
	struct named_list list = {NULL, 0, 0};
	struct arena arena;
	bool may_have_changed;

	arena_init(&arena);
	enum error error = db_enter(writer, whole, &may_have_changed);
	if (error == OK)
		error = read_all(writer, &arena, &list);
	for (size_t i = 0; error == OK && i < list.count; i++)
		error = fold(writer, &arena, &list.items[i]);
	free(list.items);
	arena_release(&arena);
	return error;
}
