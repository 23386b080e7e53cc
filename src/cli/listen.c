/* Reading --listen and --allow-http; waiting for the end. */
#include "cli/listen.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

bool listen_read(const char *text, char *address, size_t size,
		 uint16_t *ret_port)
{
	const char *colon = strrchr(text, ':');
	char *end;

	if (!colon || (size_t)(colon - text) >= size || colon == text)
		return false;
	memcpy(address, text, (size_t)(colon - text));
	address[colon - text] = '\0';
	long port = strtol(colon + 1, &end, 10);
	if (!colon[1] || *end || port < 0 || port > 65535)
		return false;
	*ret_port = (uint16_t)port;
	return true;
}

bool listen_read_rules(const struct args *args, struct outbound_rule *ret,
		       size_t *ret_count, struct buf *err)
{
	*ret_count = 0;
	for (int i = 0; i < args->count; i++) {
		if (strcmp(args->names[i], "--allow-http") != 0)
			continue;
		if (strchr(args->values[i], '/') &&
		    outbound_rule_parse(args->values[i], &ret[*ret_count])) {
			++*ret_count;
			continue;
		}
		buf_printf(err,
			   "cleat: --allow-http %s is not a range such "
			   "as 10.0.0.0/8\n",
			   args->values[i]);
		return false;
	}
	return true;
}

void listen_block_signals(sigset_t *ret)
{
	sigemptyset(ret);
	sigaddset(ret, SIGTERM);
	sigaddset(ret, SIGINT);
	pthread_sigmask(SIG_BLOCK, ret, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}
