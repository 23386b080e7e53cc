/*
 * Log lines as JSON on standard error: a constant message and key=value
 * pairs. Lines are gathered and written by a thread of their own, so that a
 * request never waits for a slow terminal.
 */
#ifndef CLEAT_BASE_LOG_H
#define CLEAT_BASE_LOG_H

#include <stddef.h>

/* Starts the writing thread; before it, and after stop, lines go directly. */
void log_start(void);
/* Writes what is gathered and ends the thread. */
void log_stop(void);

/* Pairs of text, ended by NULL: log_info("listening", "port", "80", NULL). */
void log_info(const char *message, ...) __attribute__((sentinel));
void log_error(const char *message, ...) __attribute__((sentinel));

/* One ready line with its newline, such as the access log's. Any thread. */
void log_raw(const char *line, size_t length);

#endif
