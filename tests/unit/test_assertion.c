/* core/assertion: what is sent for a token by a customer's own key, and when
 * its connection is given up. */
#include "refreshes.h"

#include <sodium.h>

#include "base/json_member.h"
#include "core/assertion.h"
#include "signing_keys.h"

#define GRANT                                                                  \
	"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"     \
	"&assertion="
#define CLIENT                                                                 \
	"grant_type=client_credentials&client_assertion_type=urn%3Aietf%3A"    \
	"params%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_"          \
	"assertion="
#define EMAIL "sync@acme.iam.gserviceaccount.com"

static const struct new_credential salesforce[] = {
	{"clientId", "client-1", 0},
	{"username", "jane@acme.example", 0},
	{"privateKey", rsa_pkcs8, 0},
};
static const struct new_credential netsuite[] = {
	{"clientId", "client-1", 0},
	{"certificateId", "cert-1", 0},
	{"privateKey", p256, 0},
};

/* {"type": ..., "private_key": ...} in base 64. */
static const char *service_account(struct op *op, const char *pem,
				   const char *more)
{
	const char *json = arena_printf(
		&op->arena,
		"{\"type\":\"service_account\",%s\"private_key\":%s}", more,
		json_quote(&op->arena, pem));
	size_t size = sodium_base64_encoded_len(strlen(json),
						sodium_base64_VARIANT_ORIGINAL);

	return sodium_bin2base64(arena_alloc(&op->arena, size), size,
				 (const unsigned char *)json, strlen(json),
				 sodium_base64_VARIANT_ORIGINAL);
}

static const char *whole_account(struct op *op)
{
	return service_account(op, rsa_pkcs8,
			       "\"private_key_id\":\"id-1\","
			       "\"client_email\":\"" EMAIL "\",");
}

static struct credential_list
list_of(struct op *op, const struct new_credential *inputs, size_t count)
{
	struct credential *items =
		arena_alloc(&op->arena, count * sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = (struct credential){
			.name = inputs[i].name,
			.value = {(const unsigned char *)inputs[i].value,
				  strlen(inputs[i].value)}};
	return (struct credential_list){items, count};
}

static struct outbound_call asked(struct op *op, const char *provider,
				  const struct grant_credentials *grant,
				  const struct new_credential *inputs,
				  size_t count)
{
	struct credential_list list = list_of(op, inputs, count);
	struct outbound_call call;

	must(assertion_call_make(op, catalog_assertion(provider), grant, &list,
				 &call));
	assert_string_equal(call.method, "POST");
	return call;
}

/* Part 0 or 1 of what was signed, behind `head` of the body. */
static const char *part(struct op *op, const struct outbound_call *call,
			const char *head, int number)
{
	const char *text = call->body + strlen(head);
	char *bytes = arena_alloc(&op->arena, strlen(text) + 1);
	size_t length;

	assert_memory_equal(call->body, head, strlen(head));
	if (number)
		text = strchr(text, '.') + 1;
	assert_int_equal(
		sodium_base642bin((unsigned char *)bytes, strlen(text), text,
				  strcspn(text, "."), NULL, &length, NULL,
				  sodium_base64_VARIANT_URLSAFE_NO_PADDING),
		0);
	return bytes;
}

static const char *times(struct op *op, int life_s)
{
	return arena_printf(&op->arena, "\"iat\":%lld,\"exp\":%lld}",
			    (long long)(op->now / SECOND),
			    (long long)(op->now / SECOND + life_s));
}

static void salesforce_is_asked_by_the_key_of_a_user(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct grant_credentials acme = {.workspace = "acme"};
	struct outbound_call call =
		asked(op, "salesforceJWT", &acme, salesforce, 3);

	assert_string_equal(
		call.url,
		"https://acme.my.salesforce.com/services/oauth2/token");
	assert_string_equal(part(op, &call, GRANT, 0),
			    "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
	assert_string_equal(part(op, &call, GRANT, 1),
			    arena_printf(&op->arena,
					 "{\"iss\":\"client-1\",\"sub\":"
					 "\"jane@acme.example\",\"aud\":"
					 "\"https://login.salesforce.com\",%s",
					 times(op, 180)));
}

static void salesforces_sandboxes_are_another_audience(void **state)
{
	static const char *const places[] = {"acme--dev.sandbox", "acme--dev"};
	struct op *op = &((struct store *)*state)->op;

	for (size_t i = 0; i < COUNT(places); i++) {
		const struct grant_credentials told = {.workspace = places[i]};
		const struct grant_credentials fact = {
			.metadata = arena_printf(&op->arena,
						 "{\"workspace\":\"%s\"}",
						 places[i])};
		const struct grant_credentials *grants[] = {&told, &fact};

		for (size_t j = 0; j < COUNT(grants); j++) {
			struct outbound_call call = asked(
				op, "salesforceJWT", grants[j], salesforce, 3);

			assert_non_null(strstr(
				part(op, &call, GRANT, 1),
				"\"aud\":\"https://test.salesforce.com\""));
		}
	}
}

static void netsuites_client_shows_itself_by_its_key(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct grant_credentials acme = {.workspace = "123-sb1"};
	struct outbound_call call =
		asked(op, "netsuiteM2M", &acme, netsuite, 3);

	assert_string_equal(call.url,
			    "https://123-sb1.suitetalk.api.netsuite.com"
			    "/services/rest/auth/oauth2/v1/token");
	assert_string_equal(
		part(op, &call, CLIENT, 0),
		"{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"cert-1\"}");
	assert_string_equal(
		part(op, &call, CLIENT, 1),
		arena_printf(&op->arena,
			     "{\"iss\":\"client-1\",\"aud\":\"%s\",\"scope\":["
			     "\"restlets\",\"rest_webservices\"],%s",
			     call.url, times(op, 1800)));
}

static void service_account_acts_for_itself(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct grant_credentials none = {.metadata = "{}"};
	const struct new_credential inputs[] = {
		{"serviceAccountKey", whole_account(op), 0}};
	struct outbound_call call = asked(op, "bigquery", &none, inputs, 1);

	assert_string_equal(call.url, "https://oauth2.googleapis.com/token");
	assert_string_equal(
		part(op, &call, GRANT, 0),
		"{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"id-1\"}");
	assert_string_equal(
		part(op, &call, GRANT, 1),
		arena_printf(&op->arena,
			     "{\"iss\":\"" EMAIL "\",\"aud\":\"%s\",\"scope\":"
			     "\"https://www.googleapis.com/auth/bigquery\",%s",
			     call.url, times(op, 3600)));
}

static void service_account_acts_for_a_user(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct new_credential inputs[] = {
		{"serviceAccountKey", whole_account(op), 0}};
	const struct grant_credentials grant = {
		.metadata = "{\"userEmail\":{\"value\":\"jane@acme.example\"}}",
		.scopes = "read write",
	};
	struct outbound_call call =
		asked(op, "googleWorkspaceDelegation", &grant, inputs, 1);

	assert_non_null(strstr(part(op, &call, GRANT, 1),
			       "\"sub\":\"jane@acme.example\","));
	/* an app's scopes come before the catalog's */
	assert_non_null(
		strstr(part(op, &call, GRANT, 1), "\"scope\":\"read write\","));
}

static void nothing_is_signed_for_nobody(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const struct new_credential inputs[] = {
		{"serviceAccountKey", whole_account(op), 0}};
	struct credential_list list = list_of(op, inputs, 1);
	const struct grant_credentials none = {.metadata = "{}"};
	struct outbound_call call;

	assert_int_equal(assertion_call_make(
				 op,
				 catalog_assertion("googleWorkspaceDelegation"),
				 &none, &list, &call),
			 ERR_INVALID);
	assert_string_equal(op->detail, "userEmail is not known");
}

static void is_fault(struct op *op, const char *provider, const char *input,
		     const char *value, const char *why)
{
	const struct new_credential inputs[] = {{"clientId", "client-1", 0},
						{"certificateId", "c", 0},
						{"username", "jane", 0},
						{input, value, 0}};
	const char *name,
		*found = assertion_fault(op, catalog_assertion(provider),
					 inputs, COUNT(inputs), &name);

	assert_string_equal(name, input);
	if (why)
		assert_string_equal(found, why);
	else
		assert_null(found);
}

static void inputs_that_can_not_sign_are_named(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	const char *google = "serviceAccountKey";

	is_fault(op, "salesforceJWT", "privateKey", "n?t base 64",
		 "is not a private key in PEM, as it is or in base 64");
	is_fault(op, "salesforceJWT", "privateKey", "bm90IGEga2V5",
		 "is not a private key in PEM");
	is_fault(op, "salesforceJWT", "privateKey", p256,
		 "is no key of the kind that the provider takes");
	is_fault(op, "salesforceJWT", "privateKey", rsa_pkcs1, NULL);
	is_fault(op, "netsuiteM2M", "privateKey", p384, NULL);
	is_fault(op, "netsuiteM2M", "privateKey", rsa_pkcs8, NULL);
	is_fault(op, "bigquery", google, rsa_pkcs8,
		 "is no JSON object, as it is or in base 64");
	is_fault(op, "bigquery", google, "[]",
		 "is no JSON object, as it is or in base 64");
	is_fault(op, "bigquery", google, "{}", "has no private_key");
	is_fault(op, "bigquery", google, service_account(op, rsa_pkcs8, ""),
		 "has no client_email");
	is_fault(op, "bigquery", google,
		 service_account(op, "key", "\"client_email\":\"a\","),
		 "is not a private key in PEM");
	is_fault(op, "bigquery", google, whole_account(op), NULL);
}

static struct uuid asserted(struct op *op, int64_t expires_at)
{
	const struct new_credential secrets[] = {
		salesforce[0],
		salesforce[1],
		salesforce[2],
		{"access_token", "access-1", expires_at},
	};

	return connected(op, "salesforceJWT", "none", "{}", secrets,
			 COUNT(secrets));
}

static void token_is_got_anew_before_it_expires(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = asserted(op, op->now + HOUR);

	assert_true(job_due(op, id) > op->now);
	assert_true(job_due(op, id) < op->now + HOUR);
	struct refreshing_try tried = tried_refresh(op, id, 200, NEW_ACCESS);
	part(op, &tried.call, GRANT, 1);
	assert_string_equal(kept(op, id, "access_token"), "access-2");
	assert_string_equal(kept(op, id, "privateKey"), rsa_pkcs8);
	assert_null(kept(op, id, "refresh_token"));
	/* Salesforce does not say how long it lives */
	assert_true(job_due(op, id) > op->now + HOUR / 4);
	assert_true(job_due(op, id) < op->now + HOUR / 2);
	assert_true(has_event(op, "connection.refreshed", id));
}

static void key_that_is_refused_is_bad(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	static const char *const codes[] = {
		"{\"error\":\"invalid_grant\"}",
		"{\"error\":\"invalid_client\"}",
		"{\"error\":\"unauthorized_client\"}"};

	for (size_t i = 0; i < COUNT(codes); i++) {
		struct uuid id = asserted(op, op->now + HOUR);

		tried_refresh(op, id, 400, codes[i]);
		assert_string_equal(seen(op, id).status, "bad_credentials");
		assert_true(has_event(op, "connection.error", id));
		assert_int_equal(job_due(op, id), 0);
	}
	struct uuid id = asserted(op, op->now + HOUR);
	tried_refresh(op, id, 503, "{\"error\":\"busy\"}");
	assert_string_equal(seen(op, id).status, "created");
	assert_true(job_due(op, id) != 0);
}

static void key_that_came_meanwhile_is_what_counts(void **state)
{
	struct op *op = &((struct store *)*state)->op;
	struct uuid id = asserted(op, op->now + HOUR);
	struct job job = claimed(op, id);
	struct refreshing_try tried = begun(op, &job);

	must(credential_put(op, id, "privateKey", rsa_pkcs1, 0));
	ended(op, &job, &tried, 400, IS_GONE);
	assert_string_equal(seen(op, id).status, "created");
	assert_true(job_due(op, id) != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(salesforce_is_asked_by_the_key_of_a_user),
		STORE_TEST(salesforces_sandboxes_are_another_audience),
		STORE_TEST(netsuites_client_shows_itself_by_its_key),
		STORE_TEST(service_account_acts_for_itself),
		STORE_TEST(service_account_acts_for_a_user),
		STORE_TEST(nothing_is_signed_for_nobody),
		STORE_TEST(inputs_that_can_not_sign_are_named),
		STORE_TEST(token_is_got_anew_before_it_expires),
		STORE_TEST(key_that_is_refused_is_bad),
		STORE_TEST(key_that_came_meanwhile_is_what_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
