/* The worker's parts, put together, started and stopped. */
#include "worker/process.h"

#include <stdlib.h>
#include <string.h>

#include "base/condition.h"
#include "base/log.h"
#include "base/memory.h"
#include "worker/inside.h"

enum { THREADS = 2 };

/* The address as it listens, if no other URL was named. */
static const char *url_of(const struct worker_options *options, uint16_t port)
{
	struct buf text;

	if (options->url)
		return memory_strdup(options->url);
	buf_init(&text, WORKER_URL_MAX);
	buf_printf(&text, "http://%s:%u", options->address, (unsigned)port);
	const char *url = memory_strdup(buf_cstr(&text));
	buf_release(&text);
	return url;
}

static bool start_serving(struct worker_process *process)
{
	const struct http_options http = {
		.address = process->options->address,
		.port = process->options->port,
		.threads = THREADS,
	};

	serving_fill(process, serving_router());
	process->server = http_start(&process->http, &http);
	if (!process->server) {
		log_error("cannot listen", "address", http.address, NULL);
		return false;
	}
	atomic_store(&process->url,
		     url_of(process->options, http_port(process->server)));
	return true;
}

static bool start_asking(struct worker_process *process)
{
	const struct worker_options *options = process->options;

	process->upstream = (struct upstream){
		.client = client_new(options->rules, options->rule_count),
		.url = options->server,
		.token = options->token,
	};
	if (process->upstream.client)
		process->has_thread = pthread_create(&process->thread, NULL,
						     asking_run, process) == 0;
	if (!process->has_thread)
		log_error("the thread that asks the server does not start",
			  NULL);
	return process->has_thread;
}

struct worker_process *
worker_process_start(const struct worker_options *options)
{
	struct worker_process *process = memory_zalloc(sizeof(*process));

	process->options = options;
	pthread_mutex_init(&process->lock, NULL);
	condition_init(&process->wake);
	process->holding = holding_open(&options->place);
	if (start_serving(process) && start_asking(process))
		return process;
	worker_process_stop(process);
	return NULL;
}

uint16_t worker_process_port(const struct worker_process *process)
{
	return http_port(process->server);
}

static void stop_asking(struct worker_process *process)
{
	pthread_mutex_lock(&process->lock);
	process->is_stopping = true;
	pthread_cond_signal(&process->wake);
	pthread_mutex_unlock(&process->lock);
	if (process->upstream.client)
		client_stop(process->upstream.client);
	if (process->has_thread)
		pthread_join(process->thread, NULL);
	client_free(process->upstream.client);
}

void worker_process_stop(struct worker_process *process)
{
	if (process->server)
		http_drain(process->server);
	stop_asking(process);
	if (process->server)
		http_free(process->server);
	metrics_free(process->http.metrics);
	router_free((struct router *)(uintptr_t)process->http.router);
	holding_close(process->holding);
	pthread_cond_destroy(&process->wake);
	pthread_mutex_destroy(&process->lock);
	free((char *)(uintptr_t)atomic_load(&process->url));
	free(process);
}
