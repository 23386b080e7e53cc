/* Reading by whom mail leaves, and where services are. */
#include "cli/service_options.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/builder.h"
#include "core/service.h"
#include "http/outbound.h"

enum { SERVICE_NAME_MAX = 32 };

/* A host and maybe a port, behind either scheme. */
static bool is_mail_url(const char *url)
{
	const char *host = NULL;

	if (strncmp(url, "smtp://", 7) == 0)
		host = url + 7;
	else if (strncmp(url, "smtps://", 8) == 0)
		host = url + 8;
	return host && *host && strlen(url) <= OUTBOUND_URL_MAX &&
	       !host[strcspn(host, "/?#@ ")];
}

static bool read_password(const char *file, struct mail_options *ret,
			  struct buf *err)
{
	FILE *in = fopen(file, "rbe");

	if (!in || !fgets(ret->password, sizeof(ret->password), in)) {
		buf_printf(err, "cleat: --smtp-password-file %s: %s\n", file,
			   in ? "is empty" : strerror(errno));
		if (in)
			(void)fclose(in);
		return false;
	}
	(void)fclose(in);
	ret->password[strcspn(ret->password, "\r\n")] = '\0';
	ret->relay.password = ret->password;
	return true;
}

static bool refuse(struct buf *err, const char *why)
{
	buf_printf(err, "cleat: %s\n", why);
	return false;
}

bool mail_options_read(const struct args *args, struct mail_options *ret,
		       const struct mail_relay **ret_relay, struct buf *err)
{
	const char *file = args_get(args, "--smtp-password-file");
	struct mail_relay *relay = &ret->relay;

	*ret = (struct mail_options){
		.relay = {.url = args_get(args, "--smtp"),
			  .from = args_get(args, "--smtp-from"),
			  .user = args_get(args, "--smtp-user"),
			  .authorities = args_get(args, "--smtp-ca"),
			  .is_plain = args_get(args, "--smtp-plain") != NULL},
	};
	*ret_relay = relay->url ? relay : NULL;
	if (!relay->url && (relay->from || relay->user || file))
		return refuse(err, "--smtp-... says nothing without --smtp");
	if (!relay->url)
		return true;
	if (!is_mail_url(relay->url))
		return refuse(err, "--smtp is smtp://HOST[:PORT] or smtps://");
	if (relay->is_plain && strncmp(relay->url, "smtp://", 7) != 0)
		return refuse(err, "--smtp-plain is for smtp:// alone");
	if (!relay->from || !strchr(relay->from, '@'))
		return refuse(err, "--smtp-from is needed: an address");
	if (file && !relay->user)
		return refuse(err, "--smtp-password-file is for --smtp-user");
	return !file || read_password(file, ret, err);
}

void mail_options_release(struct mail_options *options)
{
	sodium_memzero(options->password, sizeof(options->password));
}

static bool set_service(const char *text, struct buf *err)
{
	const char *equals = strchr(text, '=');
	char name[SERVICE_NAME_MAX];
	size_t length = equals ? (size_t)(equals - text) : 0;

	if (length && length < sizeof(name) &&
	    !outbound_url_form_fault(equals + 1) &&
	    equals[strlen(equals) - 1] != '/') {
		memcpy(name, text, length);
		name[length] = '\0';
		if (service_set(name, equals + 1))
			return true;
	}
	buf_printf(err,
		   "cleat: --service %s is not NAME=URL, of github, "
		   "bitbucket, bitbucket-site, slack or pagerduty, without "
		   "a slash at its end\n",
		   text);
	return false;
}

bool service_options_read(const struct args *args, struct buf *err)
{
	for (int i = 0; i < args->count; i++)
		if (strcmp(args->names[i], "--service") == 0 &&
		    !set_service(args->values[i], err))
			return false;
	return true;
}
