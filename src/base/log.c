/* Log lines, gathered under a lock and written by one thread. */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/condition.h"
#include "base/json_write.h"

enum {
	GATHER_MAX = 4 * 1024 * 1024,
	LINE_MAX_BYTES = 16 * 1024,
	FLUSH_AT = 64 * 1024,
	FLUSH_US = 100000,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake;
static pthread_t writer;
static struct buf gathered; /* guarded by lock */
static bool is_running;	    /* guarded by lock */
static size_t lost;	    /* lines that found no room; guarded by lock */

static void write_all(const char *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(STDERR_FILENO, bytes, length);

		if (done <= 0)
			return; /* nowhere left to say so */
		bytes += done;
		length -= (size_t)done;
	}
}

static void wait_for_lines(void)
{
	condition_wait(&wake, &lock, clock_monotonic() + FLUSH_US);
}

static void *write_lines(void *unused)
{
	struct buf batch;
	bool goes_on = true;

	(void)unused;
	buf_init(&batch, GATHER_MAX);
	while (goes_on) {
		pthread_mutex_lock(&lock);
		if (is_running && gathered.length < FLUSH_AT)
			wait_for_lines();
		goes_on = is_running;
		struct buf swap = gathered;
		gathered = batch;
		batch = swap;
		if (lost)
			buf_printf(&batch,
				   "{\"message\":\"log lines lost\","
				   "\"lines\":%zu}\n",
				   lost);
		lost = 0;
		pthread_mutex_unlock(&lock);
		write_all(batch.bytes, batch.length);
		buf_clear(&batch);
	}
	buf_release(&batch);
	return NULL;
}

void log_start(void)
{
	condition_init(&wake);
	buf_init(&gathered, GATHER_MAX);
	is_running = true;
	if (pthread_create(&writer, NULL, write_lines, NULL) != 0)
		is_running = false;
}

void log_stop(void)
{
	pthread_mutex_lock(&lock);
	bool was_running = is_running;
	is_running = false;
	pthread_mutex_unlock(&lock);
	if (!was_running)
		return;
	pthread_cond_signal(&wake);
	pthread_join(writer, NULL);
	write_all(gathered.bytes, gathered.length);
	buf_release(&gathered);
}

void log_raw(const char *line, size_t length)
{
	pthread_mutex_lock(&lock);
	bool is_gathering = is_running;
	if (is_gathering) {
		size_t before = gathered.length;

		buf_add(&gathered, line, length);
		if (gathered.is_overfull) {
			lost++;
			gathered.is_overfull = false;
		}
		if (before < FLUSH_AT && gathered.length >= FLUSH_AT)
			pthread_cond_signal(&wake);
	}
	pthread_mutex_unlock(&lock);
	if (!is_gathering)
		write_all(line, length);
}

static struct json_writer begin_line(struct buf *line, const char *level,
				     const char *message)
{
	struct json_writer w = json_writer_on(line);

	json_begin_object(&w, NULL);
	json_put_time(&w, "time", clock_now());
	json_put_string(&w, "level", level);
	json_put_string(&w, "message", message);
	return w;
}

static void log_pairs(const char *level, const char *message, va_list pairs)
{
	struct buf line;
	const char *key;

	buf_init(&line, LINE_MAX_BYTES);
	struct json_writer w = begin_line(&line, level, message);
	while ((key = va_arg(pairs, const char *)))
		json_put_string(&w, key, va_arg(pairs, const char *));
	json_end_object(&w);
	buf_char(&line, '\n');
	if (line.is_overfull) {
		buf_clear(&line);
		w = begin_line(&line, level, message);
		json_put_string(&w, "cut", "true");
		json_end_object(&w);
		buf_char(&line, '\n');
	}
	log_raw(line.bytes, line.length);
	buf_release(&line);
}

void log_info(const char *message, ...)
{
	va_list pairs;

	va_start(pairs, message);
	log_pairs("info", message, pairs);
	va_end(pairs);
}

void log_error(const char *message, ...)
{
	va_list pairs;

	va_start(pairs, message);
	log_pairs("error", message, pairs);
	va_end(pairs);
}
