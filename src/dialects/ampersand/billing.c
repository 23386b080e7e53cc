/*
 * Billing: who runs this server owes nobody anything. Each organization has
 * an account of the plan self-hosted, of its own id.
 */
#include <string.h>
#include <strings.h>

#include "core/organization.h"
#include "dialects/ampersand/ampersand.h"

#define PLAN "self-hosted"

enum { SESSION_S = 3600, SESSION_S_MAX = 86400 };

enum error amp_get_billing_account(struct request *request)
{
	struct membership own;

	TRY(amp_enter_org(request, &own));
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_uuid(&w, "id", own.organization.id);
	json_put_string(&w, "displayName", PLAN);
	json_put_string(&w, "billingProvider", PLAN);
	json_put_uuid(&w, "billingProviderRef", own.organization.id);
	json_put_time(&w, "createTime", own.organization.created_at);
	json_end_object(&w);
	return OK;
}

static bool is_web_address(const char *url)
{
	bool is_http = strncasecmp(url, "http://", 7) == 0;

	if (!is_http && strncasecmp(url, "https://", 8) != 0)
		return false;
	url += is_http ? 7 : 8;
	return strcspn(url, "/?#") > 0 && !strpbrk(url, " \"<>\\");
}

/* There is no portal to show: the session leads straight back. */
enum error amp_create_billing_session(struct request *request)
{
	struct membership own;
	struct body_reader in;

	enum error error = amp_enter_org(request, &own);
	if (error == ERR_NOT_FOUND)
		op_explain(&request->op, "there is no billing account %s",
			   request->params[0]);
	TRY(error);
	TRY(body_read(request, &in));
	const char *url = body_name(&in, "redirectUrl", AMP_URL_MAX);
	(void)body_number(&in, "timeout", 1, SESSION_S_MAX, SESSION_S);
	if (url && !is_web_address(url))
		body_misshapen(&in, "redirectUrl", "must be a web address");
	TRY(body_done(&in));
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_put_string(&w, "url", url);
	json_end_object(&w);
	return OK;
}
