/* Pages of a list: {current, from, to, total, pageSize}. */
#include "dialects/gorules/gorules.h"

enum { PAGE_SIZE = 10, PAGES_MAX = 1000000000 };

enum error gorules_page_read(struct request *request, struct gorules_page *ret)
{
	struct gorules_page page = {.number = 1, .size = PAGE_SIZE};

	TRY(request_number(request, "page", 1, PAGES_MAX, &page.number));
	TRY(request_number(request, "perPage", 1, GORULES_PAGE_MAX,
			   &page.size));
	page.offset = (page.number - 1) * page.size;
	*ret = page;
	return OK;
}

void gorules_page_cut(const struct gorules_page *page, size_t count,
		      size_t *ret_first, size_t *ret_last)
{
	size_t first =
		(size_t)page->offset < count ? (size_t)page->offset : count;

	*ret_first = first;
	*ret_last = count - first < (size_t)page->size
			    ? count
			    : first + (size_t)page->size;
}

void gorules_page_write(struct json_writer *w, const struct gorules_page *page,
			int64_t count, int64_t total)
{
	json_begin_object(w, "paginate");
	json_put_integer(w, "current", page->number);
	json_put_integer(w, "from", count ? page->offset + 1 : 0);
	json_put_integer(w, "to", count ? page->offset + count : 0);
	json_put_integer(w, "total", total);
	json_put_integer(w, "pageSize", page->size);
	json_end_object(w);
}
