/* Problem details (RFC 9457), as Ampersand and Cleat's own API answer. */
#ifndef CLEAT_DIALECTS_PROBLEM_H
#define CLEAT_DIALECTS_PROBLEM_H

#include "http/request.h"

/* A dialect's write_error. */
void write_problem(struct request *request, enum error error, int status);

#endif
