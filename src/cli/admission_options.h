/* cleat serve's --key-rate, --address-rate and --trusted-proxy. */
#ifndef CLEAT_CLI_ADMISSION_OPTIONS_H
#define CLEAT_CLI_ADMISSION_OPTIONS_H

#include "cli/args.h"
#include "server/admission.h"

/* For the table of options. */
#define ADMISSION_OPTIONS                                                      \
	{"--key-rate", "NUMBER",                                               \
	 "requests a second that one key may make, and twice as many at "      \
	 "once; 0 for no limit; default: 1000",                                \
	 false},                                                               \
		{"--address-rate", "NUMBER",                                   \
		 "the same for an address without valid credentials; "         \
		 "default: 100",                                               \
		 false},                                                       \
	{                                                                      \
		"--trusted-proxy", "ADDRESS",                                  \
			"a proxy whose X-Forwarded-For says who calls; may "   \
			"be repeated",                                         \
			false                                                  \
	}

/* `proxies` has ARGS_MAX places and outlives `ret`. False, with the line in
 * `err`, for what is none. */
bool admission_options_read(const struct args *args, const char **proxies,
			    struct admission_rules *ret, struct buf *err);

#endif
