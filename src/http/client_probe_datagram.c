/* UDP: sent, and refused or not. That nothing comes back says nothing. */
#include "http/client_probe_datagram.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* How long a refusal by ICMP is waited for. */
#define REFUSAL_US INT64_C(500000)

int datagram_open(struct talk *talk)
{
	struct client_addresses to;

	if (!talk_resolve(talk, &to))
		return -1;
	for (size_t i = 0; i < to.count; i++) {
		const struct sockaddr *address =
			(const struct sockaddr *)&to.items[i].address;
		int made = socket(address->sa_family,
				  SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		if (made >= 0 &&
		    connect(made, address, to.items[i].length) == 0)
			return made;
		if (made >= 0)
			(void)close(made);
	}
	(void)!talk_fail(talk, PROBE_REFUSED, "there is no way there");
	return -1;
}

static bool is_refused(struct talk *talk)
{
	return talk_fail(talk, PROBE_REFUSED, "nobody takes datagrams there");
}

bool datagram_send(struct talk *talk, int to, const void *bytes, size_t length)
{
	if (send(to, bytes, length, MSG_NOSIGNAL) == (ssize_t)length)
		return true;
	return is_refused(talk);
}

bool datagram_take(struct talk *talk, int from, int64_t most_us, void *ret,
		   size_t max, size_t *ret_length)
{
	bool has_ended;

	*ret_length = 0;
	if (!talk_await_for(talk, from, POLLIN, most_us, &has_ended))
		return !has_ended;
	ssize_t got = recv(from, ret, max, 0);
	if (got < 0 && errno == ECONNREFUSED)
		return is_refused(talk);
	*ret_length = got > 0 ? (size_t)got : 0;
	return true;
}

/* An empty datagram: a collector of logs has nothing to store of it. */
bool probe_udp(struct talk *talk)
{
	int to = datagram_open(talk);
	unsigned char answer;
	size_t length;

	if (to < 0)
		return false;
	bool is_taken =
		datagram_send(talk, to, "", 0) &&
		datagram_take(talk, to, REFUSAL_US, &answer, 1, &length);
	(void)close(to);
	talk->outcome->is_unanswered = is_taken;
	return is_taken;
}
