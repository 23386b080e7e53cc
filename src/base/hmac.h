/* HMAC-SHA256 (RFC 2104), with keys and codes as webhooks write them. */
#ifndef CLEAT_BASE_HMAC_H
#define CLEAT_BASE_HMAC_H

#include <stdbool.h>
#include <stddef.h>

enum { HMAC_KEY_MAX = 128, HMAC_TEXT = 45, HMAC_BYTES = 32 };

struct hmac_part {
	const void *bytes;
	size_t length;
};

struct hmac_key {
	unsigned char bytes[HMAC_KEY_MAX];
	size_t length;
};

/*
 * Base64 (RFC 4648, 4), with or without whsec_ before it. False when it is
 * not that, empty, or longer than HMAC_KEY_MAX bytes.
 */
bool hmac_key_read(const char *text, struct hmac_key *ret);
void hmac_key_wipe(struct hmac_key *key);

/* Of these texts, one after the other; 44 characters of base64 and a NUL. */
void hmac_base64(const struct hmac_key *key, const char *const *texts,
		 size_t count, char ret_text[static HMAC_TEXT]);

/* With a key of any length, of these parts, one after the other. */
void hmac_sha256(const void *key, size_t key_length,
		 const struct hmac_part *parts, size_t count,
		 unsigned char ret[static HMAC_BYTES]);

/*
 * Is `hex` the code of these bytes, in digits of either case? Takes as long
 * for a wrong one as for the right one.
 */
bool hmac_hex_fits(const char *hex, const void *key, size_t key_length,
		   const void *bytes, size_t length);

/* Are both texts the same? Says by its time no more than how long they are. */
bool hmac_same_text(const char *one, size_t one_length, const char *other,
		    size_t other_length);

#endif
