/* Where a person agrees at a provider: the address that a browser is sent to.
 */
#include "core/consent.h"
#include "core/grant_call.h"
#include "dialects/ampersand/ampersand.h"

static enum error answer_url(struct request *request, const char *url)
{
	request->response.status = 200;
	request->response.content_type = "text/plain";
	/* its state is good for one who knows it */
	response_header(request, "Cache-Control", "no-store");
	buf_text(&request->response.body, url);
	return OK;
}

enum error amp_oauth_connect(struct request *request)
{
	const struct provider *provider;
	struct consent_new new;
	struct project project;
	struct body_reader in;
	const char *url;

	TRY(body_read(request, &in));
	TRY(amp_enter_of_body(request, &in, &project));
	TRY(access_to_write(&request->op));
	provider = amp_read_provider(&in);
	new = (struct consent_new){
		.provider_app_id = amp_read_app_id(&in),
		.parties = amp_read_parties(&in),
		.workspace_ref = body_string(&in, "providerWorkspaceRef", false,
					     AMP_REF_MAX),
		.metadata = amp_read_provider_metadata(&in),
		.origin = request_origin(request),
	};
	if (provider && provider->needs_workspace && !new.workspace_ref &&
	    !grant_call_fact(&request->op, new.metadata, "workspace"))
		body_invalid(&in, "providerWorkspaceRef",
			     "must be known before: %s wants that",
			     provider->name);
	amp_check_facts(&in, provider, new.workspace_ref, new.metadata);
	/* the state is single-use and bound with and without it */
	(void)body_bool(&in, "enableCSRFProtection");
	TRY(body_done(&in));
	new.provider = provider->name;
	TRY(consent_ask(&request->op, &new, &url));
	return answer_url(request, url);
}

enum error amp_oauth_update(struct request *request)
{
	struct project project;
	const char *url;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "connection", &id));
	TRY(consent_ask_again(&request->op, id, request_origin(request), &url));
	return answer_url(request, url);
}
