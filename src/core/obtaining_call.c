/* The one call of tokens that are being obtained: what is sent. */
#include "core/obtaining.h"

#include <string.h>

#include "core/assertion.h"
#include "core/catalog.h"
#include "core/grant_client.h"
#include "core/obtaining_check.h"
#include "core/store.h"

static const char *secret(const struct obtained *obtained, const char *name)
{
	return credential_text(&obtained->secrets, name);
}

static enum error make_call(struct op *op, struct obtained *obtained)
{
	const struct obtaining *obtaining = &obtained->obtaining;
	const struct custom_connect *custom =
		catalog_custom(obtaining->provider);
	struct token_request request = {
		.provider = obtaining->provider,
		.grant = &obtained->grant,
		.by = TOKEN_BY_CLIENT,
		.scopes = obtaining_fact(op, obtaining, "scopes"),
	};

	if (obtaining_is_way(obtaining, OBTAINING_BY_CUSTOM)) {
		if (custom && custom->check_url)
			return obtaining_check_make(op, custom, obtained);
		if (custom && custom->assertion)
			return assertion_call_make(
				op, custom->assertion, &obtained->grant,
				&obtained->secrets, &obtained->call);
		if (custom && !obtained->grant.token_url)
			obtained->grant.token_url = custom->token_url;
	} else if (obtaining_is_way(obtaining, OBTAINING_BY_CODE)) {
		request.by = TOKEN_BY_CODE;
		request.code = secret(obtained, "code");
		request.verifier = secret(obtained, "code_verifier");
		request.redirect_uri =
			obtaining_fact(op, obtaining, "redirectUri");
		request.scopes = NULL; /* they were agreed to */
	} else if (obtaining_is_way(obtaining, OBTAINING_BY_PASSWORD)) {
		request.by = TOKEN_BY_PASSWORD;
		request.username = secret(obtained, "username");
		request.password = secret(obtained, "password");
	}
	return token_call_make(op, &request, &obtained->call);
}

static enum error prepare(struct op *op, struct obtained *obtained)
{
	const struct obtaining *obtaining = &obtained->obtaining;
	struct grant_credentials grant = {
		.workspace = obtaining_fact(op, obtaining, "workspace"),
		.metadata = obtaining_fact(op, obtaining, "metadata"),
	};

	TRY(credential_use(op, obtaining->id, &obtained->secrets));
	TRY(grant_client_of(op, obtaining->provider_app_id, obtaining->provider,
			    &grant));
	obtained->grant = grant;
	if (secret(obtained, "client_id") &&
	    !obtaining_is_way(obtaining, OBTAINING_BY_CUSTOM)) {
		obtained->grant.client_id = secret(obtained, "client_id");
		obtained->grant.client_secret =
			secret(obtained, "client_secret");
	}
	enum error error = make_call(op, obtained);
	if (error == ERR_INVALID) {
		obtained->lack = op->detail;
		return OK;
	}
	obtained->is_sent = true;
	return error;
}

enum error obtaining_begin(struct op *op, struct uuid id, struct obtained *ret)
{
	struct obtained obtained = {.lack = NULL};
	struct obtaining *obtaining = &obtained.obtaining;

	TRY(store_obtaining_get(op, id, obtaining));
	if (strcmp(obtaining->stage, OBTAINING_SENT) == 0) {
		obtained.lack = "the provider's answer was lost";
	} else if (strcmp(obtaining->stage, OBTAINING_COME) == 0) {
		TRY(prepare(op, &obtained));
		/* before it is sent: a code is not sent again */
		obtaining->stage = OBTAINING_SENT;
		TRY(store_obtaining_change(op, obtaining));
	}
	*ret = obtained;
	return OK;
}
