/* Looks up the generated table of providers. */
#include "core/catalog.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int compare_name(const void *name, const void *provider)
{
	return strcmp(name, ((const struct provider *)provider)->name);
}

const struct provider *catalog_find(const char *name)
{
	return bsearch(name, catalog_providers, catalog_provider_count,
		       sizeof(*catalog_providers), compare_name);
}

size_t catalog_count(void)
{
	return catalog_provider_count;
}

const struct provider *catalog_at(size_t i)
{
	assert(i < catalog_provider_count);
	return &catalog_providers[i];
}
