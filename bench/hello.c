/* libmicrohttpd's hello world: one file's bytes for every request, on the same
 * kind of event loop as Cleat's. What a server of ours could reach at most. */

#include <arpa/inet.h>
#include <err.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

struct body {
	char *bytes;
	size_t length;
};

static void body_read(struct body *body, const char *path)
{
	FILE *file = fopen(path, "rb");
	long length;

	if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) <= 0)
		err(1, "%s", path);
	rewind(file);
	body->length = (size_t)length;
	body->bytes = malloc(body->length);
	if (!body->bytes ||
	    fread(body->bytes, 1, body->length, file) != body->length)
		err(1, "%s", path);
	fclose(file);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *upload_size, void **request)
{
	static int seen;
	const struct body *body = context;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)url, (void)method, (void)version, (void)upload, (void)upload_size;
	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	response = MHD_create_response_from_buffer(body->length, body->bytes,
						   MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(response, "Content-Type", "application/json");
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct MHD_Daemon *daemon;
	struct body body;
	sigset_t stop;
	int got;

	if (argc != 3)
		errx(2, "usage: hello FILE THREADS");
	body_read(&body, argv[1]);

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL,
				  answer, &body, MHD_OPTION_SOCK_ADDR, &address,
				  MHD_OPTION_THREAD_POOL_SIZE,
				  (unsigned int)atoi(argv[2]), MHD_OPTION_END);
	if (!daemon)
		errx(1, "libmicrohttpd did not start");
	printf("listening on http://127.0.0.1:%u\n",
	       MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);

	sigwait(&stop, &got);
	MHD_stop_daemon(daemon);
	free(body.bytes);
	return 0;
}
