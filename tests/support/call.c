/*
 * Calls URLs with http/client, one after the other, and prints what came of
 * each as a line of JSON. The first line that comes on standard input stops
 * the client.
 *
 * call [--allow CIDR]... [--method M] [--header NAME=VALUE]... [--body TEXT]
 *	[--body-size N] [--timeout-ms N] [--threads N] URL...
 *
 * A body of a size is one of so many x: an argument cannot be so long.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_write.h"
#include "base/memory.h"
#include "http/client.h"

enum {
	RULES_MAX = 8,
	URLS_MAX = 512,
	THREADS_MAX = 64,
	OUTPUT_MAX = 3 << 20,
	BODY_MAX = 4 << 20,
};

struct settings {
	struct outbound_rule rules[RULES_MAX];
	size_t rule_count;
	struct outbound_call call;
	int64_t timeout_us;
	int threads;
	const char *urls[URLS_MAX];
	int url_count;
};

struct caller {
	pthread_t thread;
	const struct settings *settings;
	struct client *client;
};

static pthread_mutex_t printing = PTHREAD_MUTEX_INITIALIZER;

static _Noreturn void refuse(const char *why)
{
	(void)fprintf(stderr, "call: %s\n", why);
	exit(2);
}

static void take_header(struct settings *settings, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || settings->call.header_count == OUTBOUND_HEADERS_MAX)
		refuse("--header is NAME=VALUE, eight at most");
	*equals = '\0';
	settings->call.headers[settings->call.header_count++] =
		(struct outbound_header){text, equals + 1};
}

static void take_body_size(struct settings *settings, const char *text)
{
	static char body[BODY_MAX];
	unsigned long size = strtoul(text, NULL, 10);

	if (size > BODY_MAX)
		refuse("--body-size is 4 MiB at most");
	memset(body, 'x', size);
	settings->call.body = body;
	settings->call.body_length = size;
}

static void take_option(struct settings *settings, const char *name,
			char *value)
{
	if (strcmp(name, "--allow") == 0) {
		if (settings->rule_count == RULES_MAX ||
		    !outbound_rule_parse(
			    value, &settings->rules[settings->rule_count++]))
			refuse("--allow is a CIDR, eight at most");
	} else if (strcmp(name, "--method") == 0) {
		settings->call.method = value;
	} else if (strcmp(name, "--header") == 0) {
		take_header(settings, value);
	} else if (strcmp(name, "--body") == 0) {
		settings->call.body = value;
		settings->call.body_length = strlen(value);
	} else if (strcmp(name, "--body-size") == 0) {
		take_body_size(settings, value);
	} else if (strcmp(name, "--timeout-ms") == 0) {
		settings->timeout_us = strtol(value, NULL, 10) * 1000;
	} else if (strcmp(name, "--threads") == 0) {
		settings->threads = (int)strtol(value, NULL, 10);
	} else {
		refuse("there is no such option");
	}
}

static void read_words(struct settings *ret, int argc, char **argv)
{
	*ret = (struct settings){.call = {.method = "GET"}, .threads = 1};
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0) {
			if (i + 1 == argc)
				refuse("an option has no value");
			take_option(ret, argv[i], argv[i + 1]);
			i++;
		} else if (ret->url_count == URLS_MAX) {
			refuse("too many URLs");
		} else {
			ret->urls[ret->url_count++] = argv[i];
		}
	}
	if (ret->threads < 1 || ret->threads > THREADS_MAX)
		refuse("--threads is 1 to 64");
}

static void print_answer(const struct client_answer *answer)
{
	struct buf out;

	buf_init(&out, OUTPUT_MAX);
	struct json_writer w = json_writer_on(&out);
	json_begin_object(&w, NULL);
	json_put_string(&w, "failure", client_failure_name(answer->failure));
	json_put_integer(&w, "status", answer->status);
	json_put_integer(&w, "length", (int64_t)answer->body_length);
	json_put_string(&w, "body", answer->body);
	json_put_string(&w, "type", answer->content_type);
	json_put_integer(&w, "retryAfterUs", answer->retry_after_us);
	json_put_integer(&w, "tookUs", answer->took_us);
	json_end_object(&w);
	buf_char(&out, '\n');
	pthread_mutex_lock(&printing);
	(void)fwrite(out.bytes, 1, out.length, stdout);
	(void)fflush(stdout);
	pthread_mutex_unlock(&printing);
	buf_release(&out);
}

static void *run_calls(void *context)
{
	const struct caller *caller = context;
	struct outbound_call call = caller->settings->call;
	struct arena arena;

	arena_init(&arena);
	for (int i = 0; i < caller->settings->url_count; i++) {
		struct client_answer answer;

		call.url = caller->settings->urls[i];
		client_send(caller->client, &arena, &call,
			    caller->settings->timeout_us, &answer);
		print_answer(&answer);
		arena_reset(&arena);
	}
	arena_release(&arena);
	return NULL;
}

/* Ended by its pipe when nobody writes a line. */
static void *stop_when_told(void *context)
{
	char line[8];

	if (read(STDIN_FILENO, line, sizeof(line)) > 0)
		client_stop(context);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct settings settings;
	struct caller callers[THREADS_MAX];
	pthread_t stopper;

	read_words(&settings, argc, argv);
	(void)signal(SIGPIPE, SIG_IGN);
	struct client *client = client_new(settings.rules, settings.rule_count);
	if (!client || pthread_create(&stopper, NULL, stop_when_told, client))
		refuse("cannot start");
	for (int i = 0; i < settings.threads; i++) {
		callers[i] = (struct caller){.settings = &settings,
					     .client = client};
		if (pthread_create(&callers[i].thread, NULL, run_calls,
				   &callers[i]))
			refuse("cannot start");
	}
	for (int i = 0; i < settings.threads; i++)
		pthread_join(callers[i].thread, NULL);
	pthread_cancel(stopper);
	pthread_join(stopper, NULL);
	client_free(client);
	return 0;
}
