/* What is signed, and the keys that it is verified with. */
#include "core/certificate.h"
#include "core/signing_key.h"
#include "dialects/cleat/cleat.h"

enum error cleat_get_certificate(struct request *request)
{
	const char *certificate;
	struct uuid id;

	TRY(cleat_enter(request));
	TRY(cleat_path_id(request, 1, "deletion", &id));
	TRY(certificate_make(&request->op, id, &certificate));
	request->response.status = 200;
	request->response.content_type = "application/jose";
	buf_text(&request->response.body, certificate);
	return OK;
}

static void put_key(struct json_writer *w, struct arena *arena,
		    const struct signing_key *key)
{
	json_begin_object(w, NULL);
	json_put_string(w, "kty", "OKP");
	json_put_string(w, "crv", "Ed25519");
	json_put_string(w, "x", jws_x(arena, key->public_key));
	json_put_string(w, "kid", key->kid);
	json_put_string(w, "alg", "EdDSA");
	json_put_string(w, "use", "sig");
	json_end_object(w);
}

/* A JWK Set (RFC 7517), of keys as RFC 8037 has them. */
enum error cleat_list_keys(struct request *request)
{
	struct signing_key_list keys;

	TRY(signing_key_list(&request->op, &keys));
	struct json_writer w = cleat_answer(request, 200);
	request->response.content_type = "application/jwk-set+json";
	json_begin_object(&w, NULL);
	json_begin_array(&w, "keys");
	for (size_t i = 0; i < keys.count; i++)
		put_key(&w, &request->op.arena, &keys.items[i]);
	json_end_array(&w);
	json_end_object(&w);
	return OK;
}
