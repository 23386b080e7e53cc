/* Looks up the generated tables of providers, and what an operator added. */
#include "core/catalog.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* All of them in order; NULL: the table as it is. Set before threads start. */
static const struct provider **merged;
static size_t merged_count;

static int compare_name(const void *name, const void *provider)
{
	return strcmp(name, ((const struct provider *)provider)->name);
}

static int compare_merged(const void *name, const void *at)
{
	return strcmp(name, (*(const struct provider *const *)at)->name);
}

static int compare_two(const void *a, const void *b)
{
	return strcmp((*(const struct provider *const *)a)->name,
		      (*(const struct provider *const *)b)->name);
}

const struct provider *catalog_find(const char *name)
{
	if (!merged)
		return bsearch(name, catalog_providers, catalog_provider_count,
			       sizeof(*catalog_providers), compare_name);
	const struct provider **found = bsearch(
		name, merged, merged_count, sizeof(*merged), compare_merged);
	return found ? *found : NULL;
}

size_t catalog_count(void)
{
	return merged ? merged_count : catalog_provider_count;
}

const struct provider *catalog_at(size_t i)
{
	assert(i < catalog_count());
	return merged ? merged[i] : &catalog_providers[i];
}

static bool is_among(const char *name, const struct provider *const *added,
		     size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(added[i]->name, name) == 0)
			return true;
	return false;
}

void catalog_extend(const struct provider *const *added, size_t count)
{
	size_t most = catalog_provider_count + count;
	const struct provider **all = calloc(most, sizeof(*all));
	size_t filled = 0;

	if (!all)
		abort();
	for (size_t i = 0; i < catalog_provider_count; i++)
		if (!is_among(catalog_providers[i].name, added, count))
			all[filled++] = &catalog_providers[i];
	for (size_t i = 0; i < count; i++)
		all[filled++] = added[i];
	qsort(all, filled, sizeof(*all), compare_two);
	catalog_forget();
	merged = all;
	merged_count = filled;
}

void catalog_forget(void)
{
	free(merged);
	merged = NULL;
	merged_count = 0;
}

static int compare_custom(const void *name, const void *custom)
{
	return strcmp(name, ((const struct custom_connect *)custom)->provider);
}

const struct custom_connect *catalog_custom(const char *provider)
{
	const struct provider *known = catalog_find(provider);

	if (!known || strcmp(known->auth_type, "custom") != 0)
		return NULL;
	if (known->connect)
		return known->connect;
	return bsearch(provider, catalog_customs, catalog_customs_count,
		       sizeof(*catalog_customs), compare_custom);
}

const struct assertion_way *catalog_assertion(const char *provider)
{
	const struct custom_connect *custom = catalog_custom(provider);

	return custom ? custom->assertion : NULL;
}
