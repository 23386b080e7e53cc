/* Addresses of services. */
#include "core/service.h"

#include <string.h>

static struct {
	const char *name;
	const char *url; /* set before other threads */
} services[SERVICES] = {
	[SERVICE_GITHUB] = {"github", "https://api.github.com"},
	[SERVICE_BITBUCKET] = {"bitbucket", "https://api.bitbucket.org"},
	[SERVICE_BITBUCKET_SITE] = {"bitbucket-site", "https://bitbucket.org"},
	[SERVICE_SLACK] = {"slack", "https://slack.com"},
	[SERVICE_PAGERDUTY] = {"pagerduty", "https://events.pagerduty.com"},
};

const char *service_name(enum service which)
{
	return services[which].name;
}

bool service_set(const char *name, const char *url)
{
	for (int i = 0; i < SERVICES; i++) {
		if (strcmp(services[i].name, name) != 0)
			continue;
		services[i].url = url;
		return true;
	}
	return false;
}

const char *service_url(enum service which)
{
	return services[which].url;
}
