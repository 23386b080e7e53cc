/* A bare relay: libmicrohttpd in front, libcurl behind, nothing between. What
 * is asked here is asked of one other server, whose answer is given back. A
 * thread for each connection, which keeps its own to the other server. */

#include <arpa/inet.h>
#include <curl/curl.h>
#include <err.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 256 * 1024, URL_MAX = 8192 };

/* A thread's: it lives as long as its connection. */
struct own {
	CURL *curl;
	size_t length;
	char body[BODY_MAX];
};

static const char *base;
static pthread_key_t key;

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
	struct own *own = context;

	if (size * count > BODY_MAX - own->length)
		return 0;
	memcpy(own->body + own->length, bytes, size * count);
	own->length += size * count;
	return size * count;
}

static void end(void *context)
{
	struct own *own = context;

	curl_easy_cleanup(own->curl);
	free(own);
}

static struct own *begin(void)
{
	struct own *own = malloc(sizeof(*own));

	if (!own || !(own->curl = curl_easy_init()))
		errx(1, "out of memory");
	curl_easy_setopt(own->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(own->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(own->curl, CURLOPT_WRITEDATA, own);
	pthread_setspecific(key, own);
	return own;
}

static long ask(struct own *own, const char *path)
{
	char url[URL_MAX];
	long status = 0;

	snprintf(url, sizeof(url), "%s%s", base, path);
	own->length = 0;
	curl_easy_setopt(own->curl, CURLOPT_URL, url);
	if (curl_easy_perform(own->curl) != CURLE_OK)
		return MHD_HTTP_BAD_GATEWAY;
	curl_easy_getinfo(own->curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *upload,
			      size_t *upload_size, void **request)
{
	static int seen;
	struct MHD_Response *response;
	enum MHD_Result result;
	struct curl_header *type;

	(void)context, (void)method, (void)version, (void)upload,
		(void)upload_size;
	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	struct own *own = pthread_getspecific(key);
	if (!own)
		own = begin();
	long status = ask(own, url);
	response = MHD_create_response_from_buffer(own->length, own->body,
						   MHD_RESPMEM_MUST_COPY);
	if (curl_easy_header(own->curl, "Content-Type", 0, CURLH_HEADER, -1,
			     &type) == CURLHE_OK)
		MHD_add_response_header(response, type->name, type->value);
	result = MHD_queue_response(connection, (unsigned)status, response);
	MHD_destroy_response(response);
	return result;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	struct MHD_Daemon *daemon;
	sigset_t stop;
	int got;

	if (argc != 2)
		errx(2, "usage: relay URL");
	base = argv[1];
	curl_global_init(CURL_GLOBAL_DEFAULT);
	pthread_key_create(&key, end);

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	daemon = MHD_start_daemon(
		MHD_USE_THREAD_PER_CONNECTION |
			MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
		0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &address,
		MHD_OPTION_END);
	if (!daemon)
		errx(1, "libmicrohttpd did not start");
	printf("listening on http://127.0.0.1:%u\n",
	       MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);

	sigwait(&stop, &got);
	MHD_stop_daemon(daemon);
	curl_global_cleanup();
	return 0;
}
