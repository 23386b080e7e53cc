/* A load generator: one thread, keep-alive connections, one request in flight
 * on each. Any answer but the expected one ends the run: a figure that counts
 * failures is none. Prints one line of JSON. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "template.h"

enum {
	MAX_CONNECTIONS = 1024,
	MAX_ANSWER = 256 * 1024,
};

static const char usage[] =
	"usage: load [-p] [-c CONNECTIONS] [-s SECONDS] [-m METHOD]\n"
	"            [-H HEADER]...\n"
	"            [-b BODY] [-e STATUS] [-f FILE] [-o FILE] ADDR:PORT PATH\n"
	"{1} to {9} in PATH and BODY stand for the tab-separated fields of a\n"
	"line of FILE. With -s: lines drawn at random until the time is over;\n"
	"without: every line once. -o: each line, and the id in its answer.\n"
	"-p: never sleep. On loopback the server pays for waking us, and the\n"
	"slower it is, the more often.\n";

struct plan {
	struct sockaddr_in address;
	const char *method;
	const char *path;
	const char *body;
	struct text headers;
	int expected_status;
	int connections;
	double seconds; /* 0: every line once */
	bool polls;
	struct lines lines;
	FILE *ids;
};

struct client {
	int fd;
	size_t line;
	int64_t sent_at; /* nanoseconds, monotonic */
	size_t length;	 /* of what came so far */
	size_t expected; /* of the whole answer; 0: headers not read yet */
	char answer[MAX_ANSWER + 1];
};

struct latencies {
	uint32_t *us;
	size_t count;
	size_t room;
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void append_body(struct text *to, const struct plan *plan, size_t line)
{
	static struct text body;
	char length[32];

	body.length = 0;
	text_add_template(&body, plan->body, &plan->lines, line);
	snprintf(length, sizeof(length), "%zu", body.length);
	text_add_string(to,
			"Content-Type: application/json\r\nContent-Length: ");
	text_add_string(to, length);
	text_add_string(to, "\r\n\r\n");
	text_add(to, body.bytes, body.length);
}

static void client_send(struct client *client, const struct plan *plan,
			size_t line)
{
	static struct text request;

	request.length = 0;
	text_add_string(&request, plan->method);
	text_add_string(&request, " ");
	text_add_template(&request, plan->path, &plan->lines, line);
	text_add_string(&request, " HTTP/1.1\r\n");
	text_add(&request, plan->headers.bytes, plan->headers.length);
	if (plan->body)
		append_body(&request, plan, line);
	else
		text_add_string(&request, "\r\n");

	client->line = line;
	client->length = 0;
	client->expected = 0;
	client->sent_at = now_ns();
	if (write(client->fd, request.bytes, request.length) !=
	    (ssize_t)request.length)
		err(1, "write");
}

static void client_open(struct client *client, const struct plan *plan)
{
	int yes = 1;

	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd < 0)
		err(1, "socket");
	if (connect(client->fd, (const struct sockaddr *)&plan->address,
		    sizeof(plan->address)) < 0)
		err(1, "connect");
	setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

/* Reads status and length once the headers are whole. */
static void read_headers(struct client *client, const struct plan *plan)
{
	const char *length;
	char *end = memmem(client->answer, client->length, "\r\n\r\n", 4);

	if (!end)
		return;
	client->answer[client->length] = '\0';
	if (client->length < 12 ||
	    atoi(client->answer + 9) != plan->expected_status)
		errx(1, "line %zu: expected %d, not:\n%s", client->line + 1,
		     plan->expected_status, client->answer);

	client->expected = (size_t)(end - client->answer) + 4;
	if (plan->expected_status == 204)
		return;
	length = strcasestr(client->answer, "\r\nContent-Length:");
	if (!length || length > end)
		errx(1, "an answer without Content-Length");
	client->expected += strtoul(length + 17, NULL, 10);
	if (client->expected > MAX_ANSWER)
		errx(1, "an answer longer than %d", MAX_ANSWER);
}

/* True when the answer is whole. */
static bool client_read(struct client *client, const struct plan *plan)
{
	ssize_t n = read(client->fd, client->answer + client->length,
			 MAX_ANSWER - client->length);

	if (n < 0)
		err(1, "read");
	if (!n)
		errx(1, "the server closed a connection");
	client->length += (size_t)n;
	if (!client->expected)
		read_headers(client, plan);
	if (client->expected && client->length > client->expected)
		errx(1, "more bytes than the answer has");
	return client->expected && client->length == client->expected;
}

/* The first "id" of an answer is the one of the thing that was made. */
static void write_id(const struct client *client, const struct plan *plan)
{
	static const char key[] = "\"id\":\"";
	const struct lines *lines = &plan->lines;
	size_t start = lines->starts[client->line];
	size_t length = lines->starts[client->line + 1] - 1 - start;
	const char *id =
		memmem(client->answer, client->length, key, sizeof(key) - 1);

	if (!id)
		errx(1, "an answer without id");
	id += sizeof(key) - 1;
	fprintf(plan->ids, "%.*s\t%.*s\n", (int)length, lines->text + start,
		(int)strcspn(id, "\""), id);
}

static void latencies_add(struct latencies *all, int64_t ns)
{
	if (all->count == all->room) {
		all->room = all->room ? all->room * 2 : 65536;
		all->us = realloc(all->us, all->room * sizeof(*all->us));
		if (!all->us)
			err(1, "realloc");
	}
	all->us[all->count++] = (uint32_t)(ns / 1000);
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void report(struct latencies *all, double seconds)
{
	if (!all->count)
		errx(1, "no answer in time");
	qsort(all->us, all->count, sizeof(*all->us), by_value);
	printf("{\"requests\":%zu,\"seconds\":%.3f,\"per_s\":%.1f,"
	       "\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n",
	       all->count, seconds, (double)all->count / seconds,
	       all->us[all->count / 2], all->us[all->count * 99 / 100],
	       all->us[all->count - 1]);
}

/* The line to request next; false when all are spent. */
static bool next_line(const struct plan *plan, size_t *line)
{
	static uint64_t random = UINT64_C(88172645463325252);
	static size_t next;
	size_t count = plan->lines.count ? plan->lines.count : 1;

	if (plan->seconds <= 0) {
		*line = next;
		return next++ < count;
	}
	random ^= random << 13;
	random ^= random >> 7;
	random ^= random << 17;
	*line = random % count;
	return true;
}

static void run(const struct plan *plan)
{
	static struct client clients[MAX_CONNECTIONS];
	static struct latencies all;
	struct epoll_event events[64];
	int poll = epoll_create1(EPOLL_CLOEXEC);
	int busy = 0;
	int64_t start, end;
	size_t line;

	for (int i = 0; i < plan->connections; i++) {
		struct epoll_event event = {.events = EPOLLIN,
					    .data.ptr = &clients[i]};

		client_open(&clients[i], plan);
		if (epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &event) < 0)
			err(1, "epoll_ctl");
	}

	start = now_ns();
	end = start + (int64_t)(plan->seconds * 1e9);
	for (; busy < plan->connections && next_line(plan, &line); busy++)
		client_send(&clients[busy], plan, line);
	while (busy && (plan->seconds <= 0 || now_ns() < end)) {
		int n = epoll_wait(poll, events, 64, plan->polls ? 0 : 100);

		for (int i = 0; i < n; i++) {
			struct client *client = events[i].data.ptr;

			if (!client_read(client, plan))
				continue;
			latencies_add(&all, now_ns() - client->sent_at);
			if (plan->ids)
				write_id(client, plan);
			if (next_line(plan, &line))
				client_send(client, plan, line);
			else
				busy--;
		}
	}
	report(&all, (double)(now_ns() - start) / 1e9);
}

static void set_address(struct plan *plan, char *text)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		errx(2, "ADDR:PORT, not %s", text);
	text_add_string(&plan->headers, "Host: ");
	text_add_string(&plan->headers, text);
	text_add_string(&plan->headers, "\r\n");
	*colon = '\0';
	plan->address.sin_family = AF_INET;
	plan->address.sin_port = htons((uint16_t)atoi(colon + 1));
	if (inet_pton(AF_INET, text, &plan->address.sin_addr) != 1)
		errx(2, "not an IPv4 address: %s", text);
}

static void set_option(struct plan *plan, int option, const char *value)
{
	switch (option) {
	case 'p':
		plan->polls = true;
		break;
	case 'c':
		plan->connections = atoi(value);
		break;
	case 's':
		plan->seconds = atof(value);
		break;
	case 'm':
		plan->method = value;
		break;
	case 'H':
		text_add_string(&plan->headers, value);
		text_add_string(&plan->headers, "\r\n");
		break;
	case 'b':
		plan->body = value;
		break;
	case 'e':
		plan->expected_status = atoi(value);
		break;
	case 'f':
		lines_open(&plan->lines, value);
		break;
	case 'o':
		plan->ids = fopen(value, "w");
		if (!plan->ids)
			err(1, "%s", value);
		break;
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct plan plan = {
		.method = "GET", .expected_status = 200, .connections = 64};
	int option;

	while ((option = getopt(argc, argv, "pc:s:m:H:b:e:f:o:")) != -1)
		set_option(&plan, option, optarg);
	if (argc - optind != 2 || plan.connections < 1 ||
	    plan.connections > MAX_CONNECTIONS ||
	    (plan.ids && !plan.lines.count))
		set_option(&plan, '?', NULL);
	set_address(&plan, argv[optind]);
	plan.path = argv[optind + 1];

	run(&plan);
	if (plan.ids && fclose(plan.ids))
		err(1, "fclose");
	return 0;
}
