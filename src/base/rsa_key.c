/* Reading keys strictly, and writing them as the only thing in a text. */
#include "base/rsa_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

static EVP_PKEY *read_pem(const char *pem, size_t length)
{
	BIO *in = BIO_new_mem_buf(pem, (int)length);
	EVP_PKEY *key;

	if (!in)
		abort();
	key = PEM_read_bio_PUBKEY(in, NULL, NULL, NULL);
	BIO_free(in);
	return key;
}

static EVP_PKEY *read_pkcs1(const char *pem, size_t length)
{
	BIO *in = BIO_new_mem_buf(pem, (int)length);
	unsigned char *bytes = NULL;
	EVP_PKEY *key = NULL;
	long size = 0;

	if (!in)
		abort();
	if (PEM_bytes_read_bio(&bytes, &size, NULL, PEM_STRING_RSA_PUBLIC, in,
			       NULL, NULL)) {
		const unsigned char *at = bytes;

		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, size);
		OPENSSL_free(bytes);
	}
	BIO_free(in);
	return key;
}

static bool is_sound(EVP_PKEY *key)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);

	if (!context)
		abort();
	bool is_right = EVP_PKEY_public_check(context) == 1;
	EVP_PKEY_CTX_free(context);
	return is_right;
}

static const char *fault_of(struct arena *arena, EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		return "is not an RSA key";
	if (bits < RSA_KEY_BITS_MIN || bits > RSA_KEY_BITS_MAX)
		return arena_printf(arena, "has %d bits: %d to %d are needed",
				    bits, RSA_KEY_BITS_MIN, RSA_KEY_BITS_MAX);
	return is_sound(key) ? NULL : "is not a sound RSA key";
}

static const char *write_pem(struct arena *arena, EVP_PKEY *key)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *bytes;

	if (!out || !PEM_write_bio_PUBKEY(out, key))
		abort();
	long length = BIO_get_mem_data(out, &bytes);
	const char *text = arena_strndup(arena, bytes, (size_t)length);
	BIO_free(out);
	return text;
}

/* Behind the line that ends the first one. */
static bool has_more(const char *pem)
{
	static const char end[] = "-----END ";
	const char *at = strstr(pem, end), *rest;

	if (!at)
		return false;
	rest = strstr(at + strlen(end), "-----");
	return rest && rest[5 + strspn(rest + 5, BLANKS)];
}

const char *rsa_key_read(struct arena *arena, const char *pem,
			 const char **ret_why)
{
	size_t length = strnlen(pem, RSA_KEY_PEM_MAX + 1);
	const char *text = NULL;

	if (length > RSA_KEY_PEM_MAX) {
		*ret_why = "is longer than a public key";
		return NULL;
	}
	if (strstr(pem, "PRIVATE KEY")) {
		*ret_why = "is a private key: send the public one, and make a "
			   "new pair";
		return NULL;
	}
	size_t blank = strspn(pem, BLANKS);
	EVP_PKEY *key = read_pem(pem + blank, length - blank);
	if (!key)
		key = read_pkcs1(pem + blank, length - blank);
	*ret_why = !key		   ? "is not a public key in PEM"
		   : has_more(pem) ? "has something behind the key"
				   : fault_of(arena, key);
	if (!*ret_why)
		text = write_pem(arena, key);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return text;
}
