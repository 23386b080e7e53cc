/* Reading, sorting and handing out checkpoints. */
#include "cli/audit_known.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int by_project(const void *a, const void *b)
{
	const struct checkpoint *one = a, *two = b;
	int order = memcmp(one->project_id.bytes, two->project_id.bytes,
			   UUID_BYTES);

	if (order)
		return order;
	return (one->number > two->number) - (one->number < two->number);
}

static void add(struct known *known, const struct checkpoint *new)
{
	if (known->count == known->capacity) {
		size_t capacity = known->capacity ? 2 * known->capacity : 64;
		struct checkpoint *more =
			memory_alloc(capacity * sizeof(*more));

		if (known->count)
			memcpy(more, known->items,
			       known->count * sizeof(*more));
		free(known->items);
		known->items = more;
		known->capacity = capacity;
	}
	known->items[known->count++] = *new;
}

static void read_lines(FILE *file, const struct signing_key_list *keys,
		       const char *path, struct known *known)
{
	struct checkpoint checkpoint;
	char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t length;

	while ((length = getline(&line, &size, file)) > 0) {
		number++;
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		if (checkpoint_read(keys, line, &checkpoint)) {
			add(known, &checkpoint);
			continue;
		}
		(void)printf("%s line %zu is no checkpoint of this store\n",
			     path, number);
		known->has_fault = true;
	}
	free(line);
}

enum error known_read(struct op *op, const char *path, struct known *ret)
{
	struct signing_key_list keys;

	*ret = (struct known){.count = 0};
	if (!path)
		return OK;
	TRY(signing_key_list(op, &keys));
	FILE *file = fopen(path, "re");
	if (!file)
		return op_fail(op, ERR_INVALID, "%s: %s", path,
			       strerror(errno));
	read_lines(file, &keys, path, ret);
	(void)fclose(file);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), by_project);
	return OK;
}

void known_release(struct known *known)
{
	free(known->items);
}

/* Where those of this project begin, or would. */
static size_t lower_bound(const struct known *known, struct uuid project_id)
{
	const struct checkpoint key = {.project_id = project_id};
	size_t from = 0, to = known->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (by_project(&known->items[middle], &key) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct checkpoint_list known_of(const struct known *known,
				struct uuid project_id)
{
	size_t from = lower_bound(known, project_id), to = from;

	while (to < known->count &&
	       uuid_equal(known->items[to].project_id, project_id))
		to++;
	return (struct checkpoint_list){known->items + from, to - from};
}
