/* Reading private keys strictly, and signing with them, on libcrypto. */
#include "base/jwt_sign.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_member.h"
#include "base/jws_detached.h"

enum { SIGNATURE_MAX = JWT_SIGN_BITS_MAX / 8 };

struct way {
	const char *name;
	const char *digest;
	const char *curve; /* NULL: RSA */
	int part;	   /* bytes of each half of a curve's signature */
	int padding;	   /* of RSA */
};

static const struct way ways[] = {
	{"RS256", "SHA256", NULL, 0, RSA_PKCS1_PADDING},
	{"RS384", "SHA384", NULL, 0, RSA_PKCS1_PADDING},
	{"RS512", "SHA512", NULL, 0, RSA_PKCS1_PADDING},
	{"PS256", "SHA256", NULL, 0, RSA_PKCS1_PSS_PADDING},
	{"PS384", "SHA384", NULL, 0, RSA_PKCS1_PSS_PADDING},
	{"PS512", "SHA512", NULL, 0, RSA_PKCS1_PSS_PADDING},
	{"ES256", "SHA256", "prime256v1", 32, 0},
	{"ES384", "SHA384", "secp384r1", 48, 0},
	{"ES512", "SHA512", "secp521r1", 66, 0},
};

static const struct way *way_of(const char *name)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(ways[i].name, name) == 0)
			return &ways[i];
	return NULL;
}

bool jwt_sign_knows(const char *algorithm)
{
	return way_of(algorithm) != NULL;
}

/* Nobody is asked for one. */
static int no_passphrase(char *to, int size, int writes, void *with)
{
	(void)to;
	(void)size;
	(void)writes;
	*(bool *)with = true;
	return -1;
}

static EVP_PKEY *read_key(const char *pem, size_t length, bool *ret_is_locked)
{
	BIO *in = BIO_new_mem_buf(pem, (int)length);

	if (!in)
		abort();
	EVP_PKEY *key =
		PEM_read_bio_PrivateKey(in, NULL, no_passphrase, ret_is_locked);
	BIO_free(in);
	return key;
}

static bool fits(EVP_PKEY *key, const struct way *way)
{
	char curve[64];
	size_t length;

	if (!way->curve)
		return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
	       EVP_PKEY_get_group_name(key, curve, sizeof(curve), &length) &&
	       strcmp(curve, way->curve) == 0;
}

static bool set_padding(EVP_PKEY_CTX *with, const struct way *way)
{
	if (way->curve)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(with, way->padding) > 0 &&
	       (way->padding != RSA_PKCS1_PSS_PADDING ||
		EVP_PKEY_CTX_set_rsa_pss_saltlen(with, RSA_PSS_SALTLEN_DIGEST) >
			0);
}

/* As libcrypto has it; 0: the key can't. It must verify by its public half. */
static size_t sign(EVP_PKEY *key, const struct way *way, const char *text,
		   unsigned char *ret)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = SIGNATURE_MAX;
	EVP_MD_CTX *signing = EVP_MD_CTX_new(), *looking = EVP_MD_CTX_new();
	EVP_PKEY_CTX *with;

	if (!signing || !looking)
		abort();
	bool is_done =
		EVP_DigestSignInit_ex(signing, &with, way->digest, NULL, NULL,
				      key, NULL) > 0 &&
		set_padding(with, way) &&
		EVP_DigestSign(signing, ret, &length, bytes, strlen(text)) >
			0 &&
		EVP_DigestVerifyInit_ex(looking, &with, way->digest, NULL, NULL,
					key, NULL) > 0 &&
		set_padding(with, way) &&
		EVP_DigestVerify(looking, ret, length, bytes, strlen(text)) > 0;
	EVP_MD_CTX_free(signing);
	EVP_MD_CTX_free(looking);
	return is_done ? length : 0;
}

/* From DER to the two numbers, each as long as the curve's (RFC 7518, 3.4). */
static size_t halves(const struct way *way, unsigned char *bytes, size_t length)
{
	const unsigned char *at = bytes;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)length);

	if (!pair)
		return 0;
	bool is_done = BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, way->part) ==
			       way->part &&
		       BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + way->part,
				    way->part) == way->part;
	ECDSA_SIG_free(pair);
	return is_done ? 2 * (size_t)way->part : 0;
}

static const char *fault_of(struct arena *arena, EVP_PKEY *key,
			    const struct way *way)
{
	unsigned char signature[SIGNATURE_MAX];
	int bits = EVP_PKEY_get_bits(key);

	if (!way)
		return "is no key of the kind that the provider takes";
	if (!way->curve &&
	    (bits < JWT_SIGN_BITS_MIN || bits > JWT_SIGN_BITS_MAX))
		return arena_printf(arena, "has %d bits: %d to %d are needed",
				    bits, JWT_SIGN_BITS_MIN, JWT_SIGN_BITS_MAX);
	return sign(key, way, "", signature) ? NULL : "is not a sound key";
}

const char *jwt_sign_algorithm(struct arena *arena, const char *pem,
			       const char *const *algorithms, size_t count,
			       const char **ret_why)
{
	size_t length = strnlen(pem, JWT_SIGN_PEM_MAX + 1);
	const struct way *way = NULL;
	bool is_locked = false;

	if (length > JWT_SIGN_PEM_MAX) {
		*ret_why = "is longer than a private key";
		return NULL;
	}
	EVP_PKEY *key = read_key(pem, length, &is_locked);
	for (size_t i = 0; key && !way && i < count; i++) {
		way = way_of(algorithms[i]);
		way = way && fits(key, way) ? way : NULL;
	}
	*ret_why = key	       ? fault_of(arena, key, way)
		   : is_locked ? "has a passphrase: send it without one"
			       : "is not a private key in PEM";
	EVP_PKEY_free(key);
	ERR_clear_error();
	return way && !*ret_why ? way->name : NULL;
}

static const char *header_of(struct arena *arena, const struct way *way,
			     const char *kid)
{
	const char *more =
		kid ? arena_printf(arena, ",\"kid\":%s", json_quote(arena, kid))
		    : "";

	return arena_printf(arena, "{\"alg\":\"%s\",\"typ\":\"JWT\"%s}",
			    way->name, more);
}

const char *jwt_sign(struct arena *arena, const char *pem,
		     const char *algorithm, const char *kid,
		     const char *payload_json)
{
	const struct way *way = way_of(algorithm);
	unsigned char signature[SIGNATURE_MAX];
	size_t length = 0;
	bool is_locked;

	if (!way)
		return NULL;
	const char *header = header_of(arena, way, kid);
	const char *text = arena_printf(
		arena, "%s.%s", jws_encode(arena, header, strlen(header)),
		jws_encode(arena, payload_json, strlen(payload_json)));
	EVP_PKEY *key =
		read_key(pem, strnlen(pem, JWT_SIGN_PEM_MAX), &is_locked);
	if (key && fits(key, way))
		length = sign(key, way, text, signature);
	if (length && way->curve)
		length = halves(way, signature, length);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return length ? arena_printf(arena, "%s.%s", text,
				     jws_encode(arena, signature, length))
		      : NULL;
}
