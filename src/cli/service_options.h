/*
 * cleat serve's --smtp and its like, and --service: by whom what integrations
 * are told leaves.
 */
#ifndef CLEAT_CLI_SERVICE_OPTIONS_H
#define CLEAT_CLI_SERVICE_OPTIONS_H

#include "cli/args.h"
#include "http/client.h"

/* What --smtp and the others say; wiped by mail_options_release. */
struct mail_options {
	struct mail_relay relay;
	char password[1024];
};

/* For the table of options. */
#define SERVICE_OPTIONS                                                        \
	{"--smtp", "URL",                                                      \
	 "the mail server that takes alerts: smtp://HOST[:PORT], which must "  \
	 "offer STARTTLS, or smtps://",                                        \
	 false},                                                               \
		{"--smtp-from", "ADDRESS",                                     \
		 "whom alerts are from when their integration does not say; "  \
		 "needed with --smtp",                                         \
		 false},                                                       \
		{"--smtp-user", "NAME", "whom to log in as there", false},     \
		{"--smtp-password-file", "FILE", "with what; its first line",  \
		 false},                                                       \
		{"--smtp-ca", "FILE",                                          \
		 "whose certificate it may have, in PEM; default: the "        \
		 "system's authorities",                                       \
		 false},                                                       \
		{"--smtp-plain", NULL,                                         \
		 "without TLS: only into a range of --allow-http", false},     \
	{                                                                      \
		"--service", "NAME=URL",                                       \
			"where a service is reached: github, bitbucket, "      \
			"bitbucket-site, slack or pagerduty; may be repeated", \
			false                                                  \
	}

/*
 * `*ret_relay` is NULL without --smtp. False, with the line in `err`, for what
 * can't be used.
 */
bool mail_options_read(const struct args *args, struct mail_options *ret,
		       const struct mail_relay **ret_relay, struct buf *err);
void mail_options_release(struct mail_options *options);

/* The same of --service; the arguments outlive the program's threads. */
bool service_options_read(const struct args *args, struct buf *err);

#endif
