/* Finding a grant's client. */
#include "core/grant_client.h"

#include <string.h>

#include "base/json_member.h"
#include "core/credential.h"
#include "core/provider_app.h"
#include "core/step.h"

enum error grant_client_of(struct op *op, struct uuid app_id,
			   const char *provider,
			   struct grant_credentials *grant)
{
	struct credential_list secrets;
	struct provider_app app;
	bool is_found;

	TRY(step_find_app(op, app_id, provider, &app, &is_found));
	if (!is_found)
		return OK;
	TRY(credential_use(op, app.id, &secrets));
	const struct credential *secret =
		credential_find(&secrets, PROVIDER_APP_SECRET);

	grant->client_id = app.client_id;
	grant->client_secret =
		secret ? (const char *)secret->value.bytes : NULL;
	grant->params = step_param(op, &app, STEP_PARAMS);
	grant->token_url = step_param(op, &app, STEP_TOKEN_URL);
	const char *scopes =
		json_words(&op->arena, app.scopes, strlen(app.scopes));
	grant->scopes = *scopes ? scopes : NULL;
	return OK;
}
