/* One command at a time: a JSON array of words in, a JSON object out. */
#include "server/control.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/store_command.h"

enum { MESSAGE_MAX = 1024 * 1024, WORDS_MAX = 64, IO_TIMEOUT_S = 30 };

struct control {
	char *path;
	int listener;
	int stop_pipe[2];
	pthread_t thread;
	struct writer *writer;
	struct jobs *jobs;
	const struct keyring *keys;
	int64_t batch_over;
};

/*
 * A socket's path may have 108 bytes only: the directory is opened, and the
 * socket addressed by the short name that Linux gives an open directory.
 */
static int address_of(const char *path, struct sockaddr_un *ret)
{
	char *directory = memory_strdup(path), *name = memory_strdup(path);
	int fd = open(dirname(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	int length = snprintf(ret->sun_path, sizeof(ret->sun_path),
			      "/proc/self/fd/%d/%s", fd, basename(name));
	free(directory);
	free(name);
	if (fd >= 0 && (size_t)length >= sizeof(ret->sun_path)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void limit_waiting(int fd)
{
	const struct timeval limit = {.tv_sec = IO_TIMEOUT_S};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* Until the other side has sent all. */
static bool read_all(int fd, struct buf *ret)
{
	char bytes[4096];
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add(ret, bytes, (size_t)got);
	return got == 0 && !ret->is_overfull;
}

static bool send_all(int fd, const struct buf *message)
{
	size_t sent = 0;

	while (sent < message->length) {
		ssize_t done = send(fd, message->bytes + sent,
				    message->length - sent, MSG_NOSIGNAL);

		if (done <= 0)
			return false;
		sent += (size_t)done;
	}
	return shutdown(fd, SHUT_WR) == 0;
}

/* A command on its way through the writer. */
struct command_work {
	struct work work;
	int argc;
	char **argv;
	struct buf *out, *err;
	int status;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool is_done; /* guarded by lock */
};

static enum error run_command(struct work *work)
{
	struct command_work *own = (struct command_work *)work;

	buf_clear(own->out); /* it may be run anew */
	return store_command_run(work->op, own->argc, own->argv, own->out,
				 own->err, &own->status);
}

static void command_done(struct work *work, enum error error)
{
	struct command_work *own = (struct command_work *)work;

	if (error != OK && own->status == 0) {
		buf_clear(own->out);
		buf_printf(own->err, "cleat: the store failed: %s\n",
			   error_name(error));
		own->status = 1;
	}
	pthread_mutex_lock(&own->lock);
	own->is_done = true;
	pthread_cond_signal(&own->ended);
	pthread_mutex_unlock(&own->lock);
}

static void run_through_writer(struct control *control, struct op *op, int argc,
			       char **argv, struct buf *out, struct buf *err,
			       int *ret_status)
{
	struct command_work own = {
		.work = {.op = op, .run = run_command, .done = command_done},
		.argc = argc,
		.argv = argv,
		.out = out,
		.err = err,
	};

	pthread_mutex_init(&own.lock, NULL);
	pthread_cond_init(&own.ended, NULL);
	if (!writer_give(control->writer, &own.work)) {
		buf_text(err, "cleat: the server is too busy\n");
		own.status = 1;
		own.is_done = true;
	}
	pthread_mutex_lock(&own.lock);
	while (!own.is_done)
		pthread_cond_wait(&own.ended, &own.lock);
	pthread_mutex_unlock(&own.lock);
	pthread_mutex_destroy(&own.lock);
	pthread_cond_destroy(&own.ended);
	if (op->has_jobs)
		jobs_wake(control->jobs);
	*ret_status = own.status;
}

/* With what lies beside the store, which the writer must not wait for. */
static void run_whole(struct control *control, struct op *op, int argc,
		      char **argv, struct buf *out, struct buf *err,
		      int *ret_status)
{
	*ret_status = 1;
	if (!store_command_prepare(control->keys, argc, argv, err))
		return;
	run_through_writer(control, op, argc, argv, out, err, ret_status);
	if (*ret_status == 0 &&
	    !store_command_settle(control->keys, argc, argv, err))
		*ret_status = 1;
}

static bool read_words(struct op *op, const struct buf *message, char **argv,
		       int *ret_argc)
{
	const char *why;
	json_t *words;

	if (json_read(&op->arena, message->bytes, message->length, &words,
		      &why) != OK ||
	    !json_is_array(words) || json_array_size(words) > WORDS_MAX)
		return false;
	size_t count = json_array_size(words);
	for (size_t i = 0; i < count; i++) {
		const char *word = json_string_value(json_array_get(words, i));

		if (!word)
			return false;
		argv[i] = arena_strdup(&op->arena, word);
	}
	argv[count] = NULL;
	*ret_argc = (int)count;
	return true;
}

static void serve_call(struct control *control, int fd)
{
	struct buf message, out, err, answer;
	char *argv[WORDS_MAX + 1];
	int argc, status = 2;
	struct op op;

	op_init(&op, control->keys, clock_now());
	op.batch_over = control->batch_over;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&out, MESSAGE_MAX);
	buf_init(&err, MESSAGE_MAX);
	buf_init(&answer, 4 * MESSAGE_MAX);
	limit_waiting(fd);
	if (read_all(fd, &message) && read_words(&op, &message, argv, &argc))
		run_whole(control, &op, argc, argv, &out, &err, &status);
	struct json_writer w = json_writer_on(&answer);
	json_begin_object(&w, NULL);
	json_put_integer(&w, "status", status);
	json_put_string(&w, "out", buf_cstr(&out));
	json_put_string(&w, "err", buf_cstr(&err));
	json_end_object(&w);
	if (!send_all(fd, &answer))
		log_error("control answer not sent", NULL);
	buf_release(&message);
	buf_release(&out);
	buf_release(&err);
	buf_release(&answer);
	op_release(&op);
}

static void *serve_calls(void *context)
{
	struct control *control = context;
	struct pollfd wait[] = {
		{.fd = control->listener, .events = POLLIN},
		{.fd = control->stop_pipe[0], .events = POLLIN}};

	while (poll(wait, 2, -1) >= 0 || errno == EINTR) {
		if (wait[1].revents)
			break;
		int fd = accept(control->listener, NULL, NULL);
		if (fd < 0)
			continue;
		serve_call(control, fd);
		close(fd);
	}
	return NULL;
}

static bool listen_at(struct control *control)
{
	struct sockaddr_un address;
	int directory = address_of(control->path, &address);

	if (directory < 0)
		return false;
	/* the store's lock is ours, so a socket that is there is a dead one */
	(void)unlink(control->path);
	control->listener = new_socket();
	mode_t before = umask(0177);
	bool is_bound = bind(control->listener, (struct sockaddr *)&address,
			     sizeof(address)) == 0;
	umask(before);
	close(directory);
	return is_bound && listen(control->listener, 16) == 0;
}

struct control *control_start(const char *path, struct writer *writer,
			      struct jobs *jobs, const struct keyring *keys,
			      int64_t batch_over)
{
	struct control *control = memory_zalloc(sizeof(*control));

	control->path = memory_strdup(path);
	control->writer = writer;
	control->jobs = jobs;
	control->keys = keys;
	control->batch_over = batch_over;
	control->listener = -1;
	if (pipe(control->stop_pipe) == 0) {
		if (listen_at(control) &&
		    pthread_create(&control->thread, NULL, serve_calls,
				   control) == 0)
			return control;
		close(control->stop_pipe[0]);
		close(control->stop_pipe[1]);
	}
	log_error("cannot make the control socket", "path", path, NULL);
	if (control->listener >= 0)
		close(control->listener);
	free(control->path);
	free(control);
	return NULL;
}

void control_stop(struct control *control)
{
	if (!control)
		return;
	close(control->stop_pipe[1]);
	pthread_join(control->thread, NULL);
	close(control->stop_pipe[0]);
	close(control->listener);
	(void)unlink(control->path);
	free(control->path);
	free(control);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address;
	int directory = address_of(path, &address);

	if (directory < 0)
		return -1;
	int fd = new_socket();
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		close(fd);
		fd = -1;
	}
	close(directory);
	return fd;
}

static bool read_answer(const struct buf *answer, struct buf *ret_out,
			struct buf *ret_err, int *ret_status)
{
	const char *why;
	struct arena arena;
	json_t *value;

	arena_init(&arena);
	bool is_read = json_read(&arena, answer->bytes, answer->length, &value,
				 &why) == OK &&
		       json_is_object(value);
	if (is_read) {
		const char *out =
			json_string_value(json_object_get(value, "out"));
		const char *err =
			json_string_value(json_object_get(value, "err"));

		buf_text(ret_out, out ? out : "");
		buf_text(ret_err, err ? err : "");
		*ret_status = (int)json_integer_value(
			json_object_get(value, "status"));
	}
	arena_release(&arena);
	return is_read;
}

bool control_call(const char *path, int argc, char **argv, struct buf *ret_out,
		  struct buf *ret_err, int *ret_status)
{
	int fd = connect_to(path);
	struct buf message, answer;

	if (fd < 0)
		return false;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&answer, 4 * MESSAGE_MAX);
	struct json_writer w = json_writer_on(&message);
	json_begin_array(&w, NULL);
	for (int i = 0; i < argc; i++)
		json_put_string(&w, NULL, argv[i]);
	json_end_array(&w);
	limit_waiting(fd);
	bool is_done = send_all(fd, &message) && read_all(fd, &answer) &&
		       read_answer(&answer, ret_out, ret_err, ret_status);
	close(fd);
	buf_release(&message);
	buf_release(&answer);
	return is_done;
}
