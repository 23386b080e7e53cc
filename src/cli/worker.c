/* cleat worker: holds an environment's connections until SIGTERM or SIGINT. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/token.h"
#include "cli/command.h"
#include "cli/key_file.h"
#include "cli/listen.h"
#include "core/access_token.h"
#include "core/environment.h"
#include "worker/own_file.h"
#include "worker/process.h"

/* Of the applications' token (base/token.h). */
#define TOKEN_APPLICATION "app"
#define FOLDER_DEFAULT	  "cleat-worker"

enum { TOKEN_FILE_MAX = 1024 };

/* What lives as long as the process does. */
struct setup {
	struct worker_options options;
	char address[LISTEN_ADDRESS];
	char name[WORKER_NAME_MAX + 1];
	char token[TOKEN_TEXT];
	char application_token[TOKEN_TEXT];
	char *server, *url, *held_path;
	struct key key;
	struct outbound_rule rules[ARGS_MAX + 2];
	int folder; /* open and locked; -1: not yet */
};

static bool has(const struct args *args, const char *name)
{
	return args_get(args, name) != NULL;
}

static bool is_any(const char *address)
{
	return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "[::]") == 0;
}

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 ||
	       strcmp(address, "[::1]") == 0;
}

/* Connections are secrets: whoever leaves this machine with them says so. */
static bool read_listen(const struct args *args, struct setup *setup,
			struct buf *err)
{
	struct worker_options *options = &setup->options;
	bool serves_remote = has(args, "--remote-applications");

	options->address = setup->address;
	options->serves_remote_applications = serves_remote;
	if (!listen_read(args_get(args, "--listen"), setup->address,
			 sizeof(setup->address), &options->port)) {
		buf_text(err, "cleat: --listen is ADDRESS:PORT\n");
		return false;
	}
	if (!is_loopback(setup->address) && !has(args, "--remote-server") &&
	    !serves_remote) {
		buf_printf(err,
			   "cleat: others can reach %s; --remote-server lets "
			   "the server call from elsewhere, and "
			   "--remote-applications applications as well\n",
			   setup->address);
		return false;
	}
	if (is_any(setup->address) && !has(args, "--url")) {
		buf_printf(err, "cleat: --url is needed: nobody can call %s\n",
			   setup->address);
		return false;
	}
	return true;
}

static char *without_slash(const char *url)
{
	char *copy = memory_strdup(url);

	for (size_t i = strlen(copy); i && copy[i - 1] == '/'; i--)
		copy[i - 1] = '\0';
	return copy;
}

static bool check_url(const char *option, const char *url, struct buf *err)
{
	const char *fault = outbound_url_form_fault(url);

	if (!fault && strlen(url) > WORKER_URL_MAX)
		fault = "is too long";
	if (!fault && url[strcspn(url, "?#")])
		fault = "must not have a query or a fragment";
	if (fault)
		buf_printf(err, "cleat: %s %s\n", option, fault);
	return !fault;
}

/*
 * The one server that the operator names may be anywhere, by TLS. By plain
 * http, which shows the token to who listens, on this machine or where
 * --allow-http says.
 */
static bool read_server(const struct args *args, struct setup *setup,
			struct buf *err)
{
	const char *url = args_get(args, "--server");
	const char *own = args_get(args, "--url");
	struct worker_options *options = &setup->options;
	bool is_tls = strncmp(url, "https://", 8) == 0;

	if (!check_url("--server", url, err) ||
	    (own && !check_url("--url", own, err)) ||
	    !listen_read_rules(args, setup->rules, &options->rule_count, err))
		return false;
	bool is_read =
		outbound_rule_parse(is_tls ? "0.0.0.0/0" : "127.0.0.0/8",
				    &setup->rules[options->rule_count++]) &&
		outbound_rule_parse(is_tls ? "::/0" : "::1/128",
				    &setup->rules[options->rule_count++]);
	options->rules = setup->rules;
	options->server = setup->server = without_slash(url);
	options->url = setup->url = own ? without_slash(own) : NULL;
	return is_read;
}

static bool is_name(const char *text, size_t max)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	return length && length <= max;
}

static bool read_names(const struct args *args, struct setup *setup,
		       struct buf *err)
{
	const char *name = args_get(args, "--name");
	struct worker_options *options = &setup->options;

	options->environment = args_get(args, "--environment");
	if (!is_name(options->environment, ENVIRONMENT_NAME_MAX)) {
		buf_text(err, "cleat: --environment is no name of one\n");
		return false;
	}
	if (!name && gethostname(setup->name, sizeof(setup->name) - 1) != 0)
		setup->name[0] = '\0';
	options->name = name ? name : setup->name;
	if (is_name(options->name, WORKER_NAME_MAX))
		return true;
	buf_text(err, "cleat: --name is no name\n");
	return false;
}

/* A token alone in its file, with a newline or without. */
static bool read_token(const char *path, const char *kind,
		       char ret[static TOKEN_TEXT], struct buf *err)
{
	struct buf text;

	buf_init(&text, TOKEN_FILE_MAX);
	bool is_read = own_file_read(path, &text);
	const char *why = is_read ? "holds no such token" : strerror(errno);
	while (text.length && strchr(" \t\r\n", text.bytes[text.length - 1]))
		text.length--;
	bool is_token = is_read && text.length == TOKEN_LENGTH &&
			token_is_well_formed(buf_cstr(&text), kind);
	if (is_token)
		memcpy(ret, text.bytes, TOKEN_TEXT);
	else
		buf_printf(err, "cleat: %s: %s\n", path, why);
	buf_release(&text);
	return is_token;
}

/* Applications read it there. */
static bool make_application_token(const char *path, struct setup *setup,
				   struct buf *err)
{
	char text[TOKEN_TEXT + 1];

	if (access(path, F_OK) == 0)
		return read_token(path, TOKEN_APPLICATION,
				  setup->application_token, err);
	token_make(TOKEN_APPLICATION, setup->application_token);
	memcpy(text, setup->application_token, TOKEN_LENGTH);
	text[TOKEN_LENGTH] = '\n';
	bool is_made = own_file_write(path, text, TOKEN_LENGTH + 1);
	if (!is_made)
		buf_printf(err, "cleat: %s: %s\n", path, strerror(errno));
	explicit_bzero(text, sizeof(text));
	return is_made;
}

/* One process has it to itself. */
static bool open_folder(const char *path, struct setup *setup, struct buf *err)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		buf_printf(err, "cleat: %s: %s\n", path, strerror(errno));
		return false;
	}
	setup->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (setup->folder < 0) {
		buf_printf(err, "cleat: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (flock(setup->folder, LOCK_EX | LOCK_NB) == 0)
		return true;
	buf_printf(err, "cleat: another worker has %s\n", path);
	return false;
}

static bool read_folder(const struct args *args, struct setup *setup,
			struct buf *err)
{
	const char *path = args_get(args, "--folder");
	const char *folder = path ? path : FOLDER_DEFAULT;
	struct worker_options *options = &setup->options;

	if (!open_folder(folder, setup, err))
		return false;
	char *key = memory_join(folder, "/key");
	char *token = memory_join(folder, "/applications.token");
	const char *fault = key_file_read_or_make(key, &setup->key);
	if (fault)
		buf_printf(err, "cleat: %s %s\n", key, fault);
	bool is_read = !fault && make_application_token(token, setup, err);
	free(key);
	free(token);
	setup->held_path = memory_join(folder, "/held");
	options->application_token = setup->application_token;
	options->place = (struct holding_place){
		.path = setup->held_path,
		.key = &setup->key,
		.server = options->server,
		.environment = options->environment,
		.name = options->name,
	};
	return is_read;
}

static int work_until_told(const struct worker_options *options,
			   struct buf *err)
{
	sigset_t signals;
	int which;

	listen_block_signals(&signals);
	log_start();
	struct worker_process *process = worker_process_start(options);
	if (!process) {
		log_stop();
		buf_printf(err, "cleat: cannot listen on %s:%u\n",
			   options->address, (unsigned)options->port);
		return 1;
	}
	(void)printf("listening on http://%s:%u\n", options->address,
		     (unsigned)worker_process_port(process));
	(void)fflush(stdout);
	sigwait(&signals, &which);
	log_info("stopping", NULL);
	worker_process_stop(process);
	log_info("stopped", NULL);
	log_stop();
	return 0;
}

static int run(const struct args *args, int argc, char **argv, struct buf *err)
{
	struct setup *setup = memory_zalloc(sizeof(*setup));
	int status = 2;

	(void)argc;
	(void)argv;
	setup->folder = -1;
	setup->options.token = setup->token;
	if (read_listen(args, setup, err) && read_server(args, setup, err) &&
	    read_names(args, setup, err) &&
	    read_token(args_get(args, "--token"), TOKEN_WORKER, setup->token,
		       err) &&
	    read_folder(args, setup, err))
		status = work_until_told(&setup->options, err);
	if (setup->folder >= 0)
		close(setup->folder);
	free(setup->server);
	free(setup->url);
	free(setup->held_path);
	sodium_memzero(setup, sizeof(*setup));
	free(setup);
	return status;
}

static const struct arg_spec options[] = {
	{"--server", "URL", "the server that deploys connections here", true},
	{"--token", "FILE", "with a token of cleat token create --api worker",
	 true},
	{"--environment", "NAME", "whose connections it holds", true},
	{"--listen", "ADDRESS:PORT",
	 "for the server and applications; port 0 for any free one", true},
	{"--name", "NAME",
	 "by which it is known in the environment; default: the host's", false},
	{"--url", "URL",
	 "at which the server calls it; default: http at --listen", false},
	{"--folder", "FOLDER",
	 "where it keeps what it was given, sealed; default: " FOLDER_DEFAULT,
	 false},
	{"--allow-http", "CIDR",
	 "a range where the server may be called by plain http, besides this "
	 "machine; may be repeated",
	 false},
	{"--remote-server", NULL, "the server may call from another machine",
	 false},
	{"--remote-applications", NULL,
	 "applications on other machines are answered as well", false},
	{NULL, NULL, NULL, false},
};

const struct command worker_command = {
	"worker", "Hold an environment's connections", options, run};
