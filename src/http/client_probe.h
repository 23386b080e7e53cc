/*
 * Trying somebody else's service: a connection by the client's own rules
 * (http/client.h), TLS where the probe has it, then the protocol's greeting,
 * login and the place it names, as far as the protocol goes. Nothing is
 * changed there: no mail, file or message is left.
 */
#ifndef CLEAT_HTTP_CLIENT_PROBE_H
#define CLEAT_HTTP_CLIENT_PROBE_H

#include "base/probe.h"
#include "http/client.h"

/*
 * Blocks the calling thread, never a network thread's or the writer's, for
 * the probe's time at most. The outcome's detail is constant or in the arena,
 * and holds nothing that the other side has said but numbers.
 */
void client_probe(struct client *client, struct arena *arena,
		  const struct probe *probe, struct probe_outcome *ret);

#endif
