/* The one closed set of errors, and how a caller passes one on. */
#ifndef CLEAT_BASE_ERROR_H
#define CLEAT_BASE_ERROR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args)                                                 \
	__attribute__((format(printf, fmt, args), nonnull(fmt)))

enum error {
	OK = 0,
	ERR_MALFORMED,	     /* not readable: JSON, encoding, framing */
	ERR_MISSHAPEN,	     /* readable, but a field is missing or mistyped */
	ERR_INVALID,	     /* well-formed, but it breaks a rule */
	ERR_UNAUTHENTICATED, /* no credentials, or none that are valid */
	ERR_FORBIDDEN,	     /* known, but not allowed to do this */
	ERR_NOT_FOUND,	     /* unknown, deleted, or somebody else's */
	ERR_METHOD,	     /* the path exists, the method does not */
	ERR_TAKEN,	     /* another thing holds this name */
	ERR_IN_USE,	     /* something still needs it */
	ERR_HELD,	     /* a legal hold forbids it */
	ERR_CHANGED,	     /* it is not what the caller believes it is */
	ERR_PLANNED,	     /* no error: a dry run, op->plan is the answer */
	ERR_TOO_LARGE,	     /* over a limit on size */
	ERR_BUSY,	     /* try again later */
	ERR_ELSEWHERE,	     /* another process is at it: run it anew, first */
	ERR_UNSUPPORTED,     /* described, but not done by this version */
	ERR_STORE,	     /* the store failed: outcome unknown */
	ERR_INTERNAL,	     /* a defect of ours */
};

/* Returns from the calling function unless `expression` is OK. */
#define TRY(expression)                                                        \
	do {                                                                   \
		enum error try_error = (expression);                           \
		if (try_error != OK)                                           \
			return try_error;                                      \
	} while (0)

/* A short constant name for logs, such as "not_found". */
const char *error_name(enum error error);

#endif
