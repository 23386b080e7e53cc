/* Keys of passphrases, and signatures, by OpenSSL's digests. */
#include "base/usm.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

enum { EXPANDED = 1024 * 1024 };

static const struct usm_auth all[] = {
	{"MD5", "MD5", 12},	  {"SHA", "SHA1", 12},
	{"SHA224", "SHA224", 16}, {"SHA256", "SHA256", 24},
	{"SHA384", "SHA384", 32}, {"SHA512", "SHA512", 48},
};

const struct usm_auth *usm_auth_find(const char *name)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

/* The digest of a megabyte of the passphrase, again and again. */
static bool expand(EVP_MD_CTX *by, const EVP_MD *digest, const char *passphrase,
		   unsigned char *ret)
{
	size_t length = strlen(passphrase), done = 0;

	if (!EVP_DigestInit_ex(by, digest, NULL))
		return false;
	while (done < EXPANDED) {
		size_t left = EXPANDED - done;
		size_t part = left < length ? left : length;

		if (!EVP_DigestUpdate(by, passphrase, part))
			return false;
		done += part;
	}
	return EVP_DigestFinal_ex(by, ret, NULL) == 1;
}

/* Of the key, the engine and the key again. */
static bool localize(EVP_MD_CTX *by, const EVP_MD *digest, const void *engine,
		     size_t engine_length, unsigned char *key)
{
	size_t length = (size_t)EVP_MD_get_size(digest);

	return EVP_DigestInit_ex(by, digest, NULL) &&
	       EVP_DigestUpdate(by, key, length) &&
	       EVP_DigestUpdate(by, engine, engine_length) &&
	       EVP_DigestUpdate(by, key, length) &&
	       EVP_DigestFinal_ex(by, key, NULL);
}

bool usm_key(const struct usm_auth *auth, const char *passphrase,
	     const void *engine, size_t engine_length,
	     unsigned char ret[static USM_KEY_MAX], size_t *ret_length)
{
	const EVP_MD *digest = EVP_get_digestbyname(auth->digest);

	if (!digest || !*passphrase)
		return false;
	EVP_MD_CTX *by = EVP_MD_CTX_new();
	bool is_made = by && expand(by, digest, passphrase, ret) &&
		       localize(by, digest, engine, engine_length, ret);
	EVP_MD_CTX_free(by);
	*ret_length = (size_t)EVP_MD_get_size(digest);
	if (!is_made)
		sodium_memzero(ret, USM_KEY_MAX);
	return is_made;
}

bool usm_sign(const struct usm_auth *auth, const void *key, size_t key_length,
	      const void *message, size_t length,
	      unsigned char ret[static USM_MAC_MAX])
{
	unsigned char whole[EVP_MAX_MD_SIZE];
	size_t made;

	if (!EVP_Q_mac(NULL, "HMAC", NULL, auth->digest, NULL, key, key_length,
		       message, length, whole, sizeof(whole), &made) ||
	    made < auth->mac_length)
		return false;
	memcpy(ret, whole, auth->mac_length);
	return true;
}
