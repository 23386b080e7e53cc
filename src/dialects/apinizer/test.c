/* Is it there, and does it know me: two answers in plain text. */
#include "dialects/apinizer/apinizer.h"

static void answer_text(struct request *request)
{
	request->response.status = 200;
	request->response.content_type = "text/plain; charset=utf-8";
}

enum error apinizer_health(struct request *request)
{
	answer_text(request);
	buf_text(&request->response.body, "OK");
	return OK;
}

enum error apinizer_hello(struct request *request)
{
	answer_text(request);
	buf_text(&request->response.body, "Hello ");
	buf_text(&request->response.body, request->params[0]);
	return OK;
}
