/* Sealing and digests, on libsodium. */
#include "base/seal.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { VERSION = 1, PLACE_MAX = 4096 };

static const char kdf_context[crypto_kdf_CONTEXTBYTES] = {'c', 'l', 'e', 'a',
							  't', ' ', 'k', '1'};

static unsigned char mark_key[crypto_shorthash_siphashx24_KEYBYTES];

bool seal_start(void)
{
	if (sodium_init() < 0)
		return false;
	randombytes_buf(mark_key, sizeof(mark_key));
	return true;
}

void key_derive(struct key *ret, const struct key *master, uint64_t number)
{
	crypto_kdf_derive_from_key(ret->bytes, KEY_BYTES, number, kdf_context,
				   master->bytes);
}

void key_make(struct key *ret)
{
	crypto_kdf_keygen(ret->bytes);
}

void key_wipe(struct key *key)
{
	sodium_memzero(key->bytes, sizeof(key->bytes));
}

/* Each text with its NUL, each number big-endian: no two places are alike. */
static void place_bytes(struct buf *out, const struct seal_place *place)
{
	const uint64_t version = htobe64((uint64_t)place->key_version);

	buf_add(out, place->project_id.bytes, UUID_BYTES);
	buf_add(out, place->table, strlen(place->table) + 1);
	buf_add(out, place->row_id.bytes, UUID_BYTES);
	buf_add(out, place->column, strlen(place->column) + 1);
	buf_add(out, &version, sizeof(version));
	if (out->is_overfull)
		abort(); /* half a place would fit another's secrets */
}

void seal(struct arena *arena, const struct key *key,
	  const struct seal_place *place, const void *plain, size_t length,
	  const unsigned char **ret_blob, size_t *ret_length)
{
	unsigned char *blob = arena_alloc(arena, length + SEAL_OVERHEAD);
	unsigned char *nonce = blob + 1;
	struct buf data;

	buf_init(&data, PLACE_MAX);
	place_bytes(&data, place);
	blob[0] = VERSION;
	randombytes_buf(nonce, 24);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		nonce + 24, NULL, plain, length,
		(const unsigned char *)data.bytes, data.length, NULL, nonce,
		key->bytes);
	buf_release(&data);
	*ret_blob = blob;
	*ret_length = length + SEAL_OVERHEAD;
}

struct wipe {
	unsigned char *bytes;
	size_t length;
};

static void wipe(void *what)
{
	struct wipe *w = what;

	sodium_memzero(w->bytes, w->length);
}

bool seal_open(struct arena *arena, const struct key *key,
	       const struct seal_place *place, const unsigned char *blob,
	       size_t length, struct secret *ret)
{
	struct buf data;

	if (length < SEAL_OVERHEAD || blob[0] != VERSION)
		return false;

	size_t plain_length = length - SEAL_OVERHEAD;
	unsigned char *plain = arena_alloc(arena, plain_length + 1);
	struct wipe *later = arena_alloc(arena, sizeof(*later));
	*later = (struct wipe){plain, plain_length};
	arena_on_reset(arena, wipe, later);

	buf_init(&data, PLACE_MAX);
	place_bytes(&data, place);
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
		plain, NULL, NULL, blob + 25, length - 25,
		(const unsigned char *)data.bytes, data.length, blob + 1,
		key->bytes);
	buf_release(&data);
	if (failed)
		return false;
	*ret = (struct secret){plain, plain_length};
	return true;
}

struct digest digest_make(const struct key *key, const void *bytes,
			  size_t length)
{
	struct digest digest;

	crypto_generichash(digest.bytes, DIGEST_BYTES, bytes, length,
			   key->bytes, KEY_BYTES);
	return digest;
}

struct mark mark_make(const void *bytes, size_t length)
{
	struct mark mark;

	crypto_shorthash_siphashx24(mark.bytes, bytes, length, mark_key);
	return mark;
}
