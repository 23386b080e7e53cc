/*
 * Lists in pages. A cursor is opaque to the caller: it says where a page
 * ended, and is sealed by a keyed digest for its project, list and filters.
 */
#ifndef CLEAT_DIALECTS_CLEAT_PAGE_H
#define CLEAT_DIALECTS_CLEAT_PAGE_H

#include "base/json_write.h"
#include "http/request.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };

struct page {
	int64_t limit;
	const char *after; /* what page_end was told; "" on the first page */
};

/*
 * Reads `limit` (1 to PAGE_MAX) and `cursor`. ERR_MISSHAPEN when the cursor
 * was not given out by this list of the op's project, with the same filters:
 * all other arguments of the query but `wait`. After the project is entered.
 */
MUST_CHECK enum error page_read(struct request *request, struct page *ret);

/*
 * A filter that is not in the query, of a POST: cursors are of it, too. Before
 * page_read; NULL is none. ERR_MISSHAPEN when the query has too many already.
 */
MUST_CHECK enum error page_filter(struct request *request, const char *name,
				  const char *value);

/* Begins the answer, {"items":[; each item is an object of the caller's. */
struct json_writer page_begin(struct request *request);

/* Ends it. `last` is where the next page goes on; NULL: there is none. */
void page_end(struct request *request, struct json_writer *w, const char *last);

/*
 * For a list that grows at its end: `nextCursor` is null on the last page, and
 * `followCursor` is where a later request goes on.
 */
void page_end_to_follow(struct request *request, struct json_writer *w,
			const char *after, bool is_last);

/* The same for lists in the order of ids; nil is the first page, or the end. */
MUST_CHECK enum error page_read_after_id(struct request *request,
					 int64_t *ret_limit,
					 struct uuid *ret_after);
void page_end_at_id(struct request *request, struct json_writer *w,
		    struct uuid last);

#endif
