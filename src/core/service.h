/*
 * Where services are reached that have one address for everybody: the
 * operator may have a way of its own to them (cleat serve --service).
 */
#ifndef CLEAT_CORE_SERVICE_H
#define CLEAT_CORE_SERVICE_H

#include <stdbool.h>

enum service {
	SERVICE_GITHUB,
	SERVICE_BITBUCKET,
	SERVICE_BITBUCKET_SITE, /* where it gives out tokens */
	SERVICE_SLACK,
	SERVICE_PAGERDUTY,
	SERVICES,
};

/* Its name on the command line. */
const char *service_name(enum service which);

/*
 * Once for each, before there are other threads: `url` has no slash at its
 * end, and outlives all. False when there is no service of this name.
 */
bool service_set(const char *name, const char *url);

/* https://api.github.com and the like. */
const char *service_url(enum service which);

#endif
