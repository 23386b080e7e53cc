/* cleat serve: serves until SIGTERM or SIGINT. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/admission_options.h"
#include "cli/catalog_option.h"
#include "cli/command.h"
#include "cli/listen.h"
#include "cli/operate.h"
#include "cli/service_options.h"
#include "core/catalog.h"
#include "core/checkpoint.h"
#include "core/health.h"
#include "jobs/checkpoint.h"
#include "jobs/checkpoint_file.h"
#include "server/app.h"

/* Things that a deletion may take along in one transaction. */
enum { BATCH_OVER = 500, BATCH_OVER_MAX = 1000000 };

/* A job's lease is longer than the first. */
enum { WEBHOOK_TIMEOUT_MAX_S = 60, PROXY_TIMEOUT_MAX_S = 3600 };

/* Those of --allow-origin. False, with the line in `err`, for what is none. */
static bool read_origins(const struct args *args, const char **ret,
			 struct cors *ret_cors, struct buf *err)
{
	size_t count = 0;

	for (int i = 0; i < args->count; i++) {
		if (strcmp(args->names[i], "--allow-origin") != 0)
			continue;
		if (!cors_is_origin(args->values[i])) {
			buf_printf(err,
				   "cleat: --allow-origin %s is not an origin "
				   "such as https://app.example.com\n",
				   args->values[i]);
			return false;
		}
		ret[count++] = args->values[i];
	}
	*ret_cors = (struct cors){ret, count};
	return true;
}

/* That of --batch-over. False, with the line in `err`, for what is none. */
static bool read_batch_over(const struct args *args, int64_t *ret,
			    struct buf *err)
{
	const char *text = args_get(args, "--batch-over");
	char *end;

	*ret = BATCH_OVER;
	if (!text)
		return true;
	*ret = strtol(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && *ret <= BATCH_OVER_MAX)
		return true;
	buf_printf(err, "cleat: --batch-over %s is not a number from 0 to %d\n",
		   text, BATCH_OVER_MAX);
	return false;
}

/* Seconds. False, with the line in `err`, when it is none that may be. */
static bool read_timeout(const struct args *args, const char *name, int max_s,
			 int64_t *ret_us, struct buf *err)
{
	const char *text = args_get(args, name);
	char *end;

	if (!text)
		return true;
	long seconds = strtol(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && seconds >= 1 &&
	    seconds <= max_s) {
		*ret_us = seconds * INT64_C(1000000);
		return true;
	}
	buf_printf(err, "cleat: %s is 1 to %d seconds\n", name, max_s);
	return false;
}

/* An origin alone. False, with the line in `err`, for what is none. */
static bool read_public_url(const struct args *args, struct app_options *ret,
			    struct buf *err)
{
	const char *url = args_get(args, "--public-url");
	const char *host = url ? strstr(url, "://") : NULL;

	ret->public_url = url;
	if (!url || (!outbound_url_form_fault(url) && host && host[3] &&
		     !host[3 + strcspn(host + 3, "/?#")]))
		return true;
	buf_printf(err,
		   "cleat: --public-url %s is not of the form "
		   "https://HOST[:PORT]\n",
		   url);
	return false;
}

static int serve_until_told(struct opened *opened, const char *listen,
			    const struct app_options *options, struct buf *err)
{
	sigset_t signals;
	int which;

	listen_block_signals(&signals);
	log_start();
	struct app *app = app_start(opened->db, &opened->keys, options);
	if (!app) {
		log_stop();
		buf_printf(err, "cleat: cannot listen on %s:%u\n",
			   options->address, (unsigned)options->port);
		return 1;
	}
	(void)printf("listening on http://%s:%u\n", options->address,
		     (unsigned)app_port(app));
	(void)fflush(stdout);
	log_info("serving", "listen", listen, NULL);
	sigwait(&signals, &which);
	log_info("stopping", NULL);
	app_stop(app);
	log_info("stopped", NULL);
	log_stop();
	return 0;
}

/* False, with the line in `err`, for one that cannot be written or called. */
static bool check_targets(const struct args *args,
			  const struct app_options *settings, struct buf *err)
{
	const char *file = args_get(args, "--checkpoint-file");
	const char *url = args_get(args, "--checkpoint-url");
	const char *fault = url ? outbound_url_fault(url, settings->rules,
						     settings->rule_count)
				: NULL;

	if (fault)
		buf_printf(err, "cleat: --checkpoint-url %s\n", fault);
	if (file && !checkpoint_file_add(file, "")) {
		buf_printf(err,
			   "cleat: --checkpoint-file %s cannot be written\n",
			   file);
		return false;
	}
	return !fault;
}

static enum error plan_checkpoints(struct op *op, void *context)
{
	const struct args *args = context;
	struct checkpoint_target targets[2];
	size_t count = 0;
	const char *file = args_get(args, "--checkpoint-file");
	const char *url = args_get(args, "--checkpoint-url");

	if (file)
		targets[count++] = (struct checkpoint_target){"file", file};
	if (url)
		targets[count++] = (struct checkpoint_target){"url", url};
	checkpoint_job_set(file, url);
	return checkpoint_plan(op, targets, count);
}

static int serve(const struct args *args, const struct mail_relay *relay,
		 struct buf *err)
{
	struct app_options settings = {.port = 0, .relay = relay};
	struct args plan = *args; /* operations take what they may change */
	struct opened opened;
	bool is_served;
	struct outbound_rule rules[ARGS_MAX];
	const char *origins[ARGS_MAX], *proxies[ARGS_MAX];
	char address[64];

	settings.address = address;
	if (!listen_read(args_get(args, "--listen"), address, sizeof(address),
			 &settings.port)) {
		buf_text(err, "cleat: --listen is ADDRESS:PORT\n");
		return 2;
	}
	if (!listen_read_rules(args, rules, &settings.rule_count, err))
		return 2;
	if (!read_origins(args, origins, &settings.cors, err))
		return 2;
	if (!admission_options_read(args, proxies, &settings.admission, err))
		return 2;
	if (!read_timeout(args, "--webhook-timeout", WEBHOOK_TIMEOUT_MAX_S,
			  &settings.webhook_timeout_us, err) ||
	    !read_timeout(args, "--proxy-timeout", PROXY_TIMEOUT_MAX_S,
			  &settings.proxy_timeout_us, err))
		return 2;
	if (!read_public_url(args, &settings, err))
		return 2;
	if (args_get(args, "--no-health-checks"))
		health_never_look();
	settings.rules = rules;
	if (!read_batch_over(args, &settings.batch_over, err))
		return 2;
	int status = open_store(args, false, &opened, &is_served, err);
	if (status)
		return status;
	/* the checkpoint file is not touched while another process serves */
	if (!check_targets(args, &settings, err)) {
		status = 2;
	} else if (operate(&opened, plan_checkpoints, &plan, err) == OK) {
		char *path = control_path(args_get(args, "--store"));

		settings.control_path = path;
		status = serve_until_told(&opened, args_get(args, "--listen"),
					  &settings, err);
		free(path);
	} else {
		status = 1;
	}
	close_store(&opened);
	return status;
}

/* The operator's providers live for as long as the program serves. */
static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	const struct mail_relay *relay;
	struct mail_options mail;
	struct op of_catalog;
	int status = 2;

	(void)argc;
	(void)argv;
	op_init(&of_catalog, NULL, 0);
	if (mail_options_read(args, &mail, &relay, err) &&
	    service_options_read(args, err) &&
	    catalog_option(&of_catalog, args_get(args, "--catalog"), err))
		status = serve(args, relay, err);
	catalog_forget();
	op_release(&of_catalog);
	mail_options_release(&mail);
	return status;
}

static const struct arg_spec options[] = {
	STORE_OPTIONS,
	{"--listen", "ADDRESS:PORT", "where; port 0 for any free one", true},
	{"--allow-http", "CIDR",
	 "a range that outbound calls may reach by plain http, private or not; "
	 "may be repeated",
	 false},
	{"--allow-origin", "ORIGIN",
	 "an origin whose pages may call the Ampersand and native APIs from a "
	 "browser, such as https://app.example.com; may be repeated",
	 false},
	{"--checkpoint-file", "FILE",
	 "where signed checkpoints of the chains over events are added, hourly",
	 false},
	{"--checkpoint-url", "URL", "where they are posted, hourly", false},
	{"--batch-over", "NUMBER",
	 "deletions that take along more things than this are done in batches; "
	 "default: 500",
	 false},
	{"--public-url", "URL",
	 "where browsers and providers find this server: https://HOST; "
	 "default: "
	 "as each client addresses it",
	 false},
	{"--catalog", "FILE",
	 "providers that are added to those there are, or take their place",
	 false},
	{"--no-health-checks", NULL,
	 "new credentials are not looked at by the call that the catalog "
	 "knows for that",
	 false},
	{"--webhook-timeout", "SECONDS",
	 "how long a receiver of a webhook may take; default: 15", false},
	{"--proxy-timeout", "SECONDS",
	 "how long a call that is passed on may take; default: 300", false},
	ADMISSION_OPTIONS,
	SERVICE_OPTIONS,
	{NULL, NULL, NULL, false},
};

const struct command serve_command = {"serve", "Serve a store", options, run};
