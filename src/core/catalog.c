/* Looks up the generated tables of providers. */
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

enum { KEEP_ALIVE_H = 24 };

static int compare_oauth(const void *name, const void *oauth)
{
	return strcmp(name, ((const struct provider_oauth *)oauth)->provider);
}

struct provider_oauth catalog_oauth(const char *provider)
{
	const struct provider_oauth *found =
		bsearch(provider, catalog_oauths, catalog_oauths_count,
			sizeof(*catalog_oauths), compare_oauth);
	struct provider_oauth oauth = {.provider = provider};

	if (found)
		oauth = *found;
	if (!oauth.scope_delimiter)
		oauth.scope_delimiter = " ";
	if (!oauth.keep_alive_h)
		oauth.keep_alive_h = KEEP_ALIVE_H;
	return oauth;
}

static int compare_custom(const void *name, const void *custom)
{
	return strcmp(name, ((const struct custom_auth *)custom)->provider);
}

const struct custom_auth *catalog_custom(const char *provider)
{
	return bsearch(provider, catalog_customs, catalog_customs_count,
		       sizeof(*catalog_customs), compare_custom);
}
