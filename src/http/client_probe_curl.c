/* What libcurl speaks itself: HTTP, SMTP, FTP, SFTP, LDAP. */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/url_encode.h"
#include "http/client_talk.h"

/* What the server says in answer to commands, or HTTP's headers. */
static size_t take_line(char *bytes, size_t size, size_t count, void *context)
{
	struct talk *talk = context;
	size_t length = size * count;

	if (talk->outcome->step < PROBE_STEP_GREETING)
		talk_step(talk, PROBE_STEP_GREETING);
	buf_add(&talk->sending.body, bytes, length);
	return sending_take_header(&talk->sending, bytes, length) ? length : 0;
}

/* A page or a list: that it comes is enough. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct talk *talk = context;
	size_t length = size * count;

	(void)bytes;
	talk->taken += length;
	talk->sending.is_too_large |= talk->taken > TALK_MAX;
	return talk->sending.is_too_large ? 0 : length;
}

/* Each step of the directory's path encoded, and a slash at its end. */
static const char *directory(struct arena *arena, const char *path,
			     const char *root)
{
	const char *made = root;

	while (path && *path) {
		path += strspn(path, "/");
		size_t length = strcspn(path, "/");

		if (length)
			made = arena_printf(
				arena, "%s%s/", made,
				url_encode(arena,
					   arena_strndup(arena, path, length)));
		path += length;
	}
	return made;
}

static void set_login(struct talk *talk)
{
	const struct probe *probe = talk->probe;
	CURL *curl = talk->sending.curl;

	if (!probe->user)
		return;
	curl_easy_setopt(curl, CURLOPT_USERNAME, probe->user);
	curl_easy_setopt(curl, CURLOPT_PASSWORD,
			 probe->password ? probe->password : "");
}

static void set_reading(struct talk *talk)
{
	CURL *curl = talk->sending.curl;

	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_line);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, talk);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, talk);
	if (talk->probe->tls == PROBE_STARTTLS)
		curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	set_login(talk);
}

static bool perform(struct talk *talk)
{
	talk_step(talk, PROBE_STEP_NAME);
	CURLcode code = sending_perform(&talk->sending);
	return code == CURLE_OK || talk_judge(talk, code);
}

/* Did the server say anything that begins with this code? */
static bool was_told(const struct talk *talk, const char *code)
{
	const struct buf *said = &talk->sending.body;

	for (size_t at = 0; at + 4 <= said->length; at++)
		if ((!at || said->bytes[at - 1] == '\n') &&
		    memcmp(said->bytes + at, code, 3) == 0)
			return true;
	return false;
}

/* Greeting, STARTTLS and AUTH are how libcurl connects; it goes on without
 * a login when none is offered. */
bool probe_smtp(struct talk *talk)
{
	const struct probe *probe = talk->probe;

	if (!talk_prepare(talk, probe->tls == PROBE_TLS ? "smtps" : "smtp",
			  "/cleat"))
		return false;
	set_reading(talk);
	curl_easy_setopt(talk->sending.curl, CURLOPT_CONNECT_ONLY, 1L);
	if (!perform(talk))
		return false;
	if (!probe->user)
		return true;
	talk_step(talk, PROBE_STEP_LOGIN);
	return was_told(talk, "235") ||
	       talk_fail(talk, PROBE_DENIED,
			 "the server offers no login that we know");
}

bool probe_ftp(struct talk *talk)
{
	const struct probe *probe = talk->probe;

	if (!talk_prepare(talk, probe->tls == PROBE_TLS ? "ftps" : "ftp",
			  directory(talk->arena, probe->path, "/%2F")))
		return false;
	set_reading(talk);
	curl_easy_setopt(talk->sending.curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(talk->sending.curl, CURLOPT_FTP_FILEMETHOD,
			 (long)CURLFTPMETHOD_SINGLECWD);
	if (!perform(talk))
		return false;
	talk_step(talk, PROBE_STEP_USE);
	return true;
}

static void prepare_ssh(struct talk *talk)
{
	CURL *curl = talk->sending.curl;

	set_reading(talk);
	curl_easy_setopt(curl, CURLOPT_SSH_AUTH_TYPES,
			 (long)(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
	curl_easy_setopt(curl, CURLOPT_DIRLISTONLY, 1L);
}

/* What libssh2 makes of it, in the probe's time. */
static bool perform_ssh(struct talk *talk, CURLcode *ret)
{
	struct client_watch watch;

	prepare_ssh(talk);
	if (!client_watch_start(&watch, talk->sending.client, talk->ends_at))
		return talk_fail(talk, PROBE_FAILING,
				 "there is no thread for it");
	talk->sending.watch = &watch;
	talk_step(talk, PROBE_STEP_NAME);
	*ret = sending_perform(&talk->sending);
	talk->sending.watch = NULL;
	client_watch_stop(&watch);
	if (*ret != CURLE_OK && clock_monotonic() >= talk->ends_at)
		*ret = CURLE_OPERATION_TIMEDOUT;
	if (*ret != CURLE_OK && client_is_stopped(talk->sending.client))
		*ret = CURLE_ABORTED_BY_CALLBACK;
	return true;
}

/* The directory is read, as far as it is short: that it can be is enough. */
bool probe_sftp(struct talk *talk)
{
	const char *path = directory(talk->arena, talk->probe->path, "/");
	CURLcode code;

	if (!talk_prepare(talk, "sftp", path) || !perform_ssh(talk, &code))
		return false;
	if (code != CURLE_OK && !talk->taken)
		return talk_judge(talk, code);
	talk_step(talk, PROBE_STEP_USE);
	return true;
}

/* A login alone: whether there is SFTP after it does not matter. */
bool probe_ssh(struct talk *talk)
{
	CURLcode code;

	if (!talk_prepare(talk, "sftp", "/"))
		return false;
	curl_easy_setopt(talk->sending.curl, CURLOPT_CONNECT_ONLY, 1L);
	if (!perform_ssh(talk, &code))
		return false;
	bool is_in = code == CURLE_OK ||
		     (code == CURLE_FAILED_INIT &&
		      strstr(talk->why, "initializing sftp") != NULL);
	if (!is_in)
		return talk_judge(talk, code);
	talk_step(talk, PROBE_STEP_LOGIN);
	return true;
}

/* With TLS libcurl does not wake when a directory has answered: it is to be
 * asked now and then. */
static bool goes_on(void *context)
{
	(void)context;
	return true;
}

/* The entry itself, without its attributes. */
bool probe_ldap(struct talk *talk)
{
	const struct probe *probe = talk->probe;
	const char *entry = probe->path ? probe->path : "";
	const char *rest = arena_printf(talk->arena, "/%s?1.1?base",
					url_encode(talk->arena, entry));

	if (!talk_prepare(talk, probe->tls == PROBE_TLS ? "ldaps" : "ldap",
			  rest))
		return false;
	talk->sending.goes_on = goes_on;
	set_reading(talk);
	if (!perform(talk))
		return false;
	talk_step(talk, PROBE_STEP_USE);
	return true;
}

static void set_identity(struct talk *talk)
{
	const struct probe *probe = talk->probe;
	struct curl_blob blob = {.flags = CURL_BLOB_COPY};
	CURL *curl = talk->sending.curl;

	if (!probe->identity)
		return;
	size_t length = strlen(probe->identity);
	unsigned char *bytes = arena_alloc(talk->arena, length + 1);
	if (sodium_base642bin(bytes, length, probe->identity, length, " \r\n",
			      &blob.len, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0)
		blob.len = 0;
	blob.data = bytes;
	curl_easy_setopt(curl, CURLOPT_SSLCERT_BLOB, &blob);
	curl_easy_setopt(curl, CURLOPT_SSLCERTTYPE, "P12");
	curl_easy_setopt(curl, CURLOPT_KEYPASSWD,
			 probe->identity_password ? probe->identity_password
						  : "");
}

static bool judge_status(struct talk *talk)
{
	long status = 0;

	curl_easy_getinfo(talk->sending.curl, CURLINFO_RESPONSE_CODE, &status);
	talk_step(talk, PROBE_STEP_GREETING);
	if (!talk->sending.has_headers || status < 100)
		return talk_is_other(talk);
	talk->outcome->detail =
		arena_printf(talk->arena, "it answered %ld", status);
	if (status == 401 || status == 403 || status == 407) {
		talk_step(talk, PROBE_STEP_LOGIN);
		return talk_fail(talk, PROBE_DENIED, talk->outcome->detail);
	}
	if (status >= 500 && status != 501 && status != 505)
		return talk_fail(talk, PROBE_FAILING, talk->outcome->detail);
	return true;
}

bool probe_http(struct talk *talk)
{
	struct outbound_call call = *talk->probe->call;
	bool is_tls = talk->probe->tls == PROBE_TLS;

	if (!sending_is_sendable(&call)) {
		talk_step(talk, PROBE_STEP_SETTINGS);
		return talk_fail(talk, PROBE_UNFIT,
				 "a header or the method can't be sent");
	}
	if (!talk_prepare(talk, is_tls ? "https" : "http", call.url))
		return false;
	call.url = talk->url;
	sending_add_headers(&talk->sending, talk->arena, &call);
	sending_set_method(&talk->sending, &call);
	set_reading(talk);
	set_identity(talk);
	talk_step(talk, PROBE_STEP_NAME);
	CURLcode code = sending_perform(&talk->sending);
	/* a long page is an answer as well */
	bool is_long = talk->sending.has_headers && talk->taken > TALK_MAX;
	if (code != CURLE_OK && !is_long)
		return talk_judge(talk, code);
	return judge_status(talk);
}
