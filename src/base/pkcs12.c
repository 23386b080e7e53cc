/* PKCS #12 by OpenSSL. */
#include "base/pkcs12.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

enum { FILE_MAX = 1024 * 1024 };

static void add(BIO *to, X509 *certificate)
{
	if (certificate)
		(void)PEM_write_bio_X509(to, certificate);
}

static const char *text_of(struct arena *arena, BIO *from)
{
	char *text;
	long length = BIO_get_mem_data(from, &text);

	return length > 0 ? arena_strndup(arena, text, (size_t)length) : NULL;
}

static const char *write_all(struct arena *arena, X509 *own,
			     const STACK_OF(X509) * others)
{
	BIO *to = BIO_new(BIO_s_mem());
	const char *text = NULL;

	if (!to)
		return NULL;
	add(to, own);
	for (int i = 0; i < sk_X509_num(others); i++)
		add(to, sk_X509_value(others, i));
	text = text_of(arena, to);
	BIO_free(to);
	return text;
}

/* A file without a password may have been made with an empty one. */
const char *pkcs12_certificates(struct arena *arena, const void *bytes,
				size_t length, const char *password)
{
	const unsigned char *at = bytes;
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *key = NULL;
	X509 *own = NULL;
	const char *text = NULL;

	if (length > FILE_MAX)
		return NULL;
	PKCS12 *file = d2i_PKCS12(NULL, &at, (long)length);
	if (file &&
	    PKCS12_parse(file, password ? password : "", &key, &own, &others))
		text = write_all(arena, own, others);
	EVP_PKEY_free(key);
	X509_free(own);
	sk_X509_pop_free(others, X509_free);
	PKCS12_free(file);
	ERR_clear_error();
	return text;
}
