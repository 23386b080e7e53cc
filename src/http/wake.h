/*
 * libmicrohttpd's loop (0.9.75) asks for 128 events at a time, and when it
 * gets as many it waits for more before it serves those it has: requests then
 * stay unanswered until something else happens. This wakes the threads that
 * have so many connections, a few times a second.
 */
#ifndef CLEAT_HTTP_WAKE_H
#define CLEAT_HTTP_WAKE_H

struct wake;

struct wake *wake_start(void);
void wake_stop(struct wake *wake);

/* On the thread that serves a connection, when it comes and when it goes. */
void wake_connected(struct wake *wake);
void wake_disconnected(struct wake *wake);

#endif
