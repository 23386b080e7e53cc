/* HMAC-SHA256 (RFC 2104), with keys and codes as webhooks write them. */
#ifndef CLEAT_BASE_HMAC_H
#define CLEAT_BASE_HMAC_H

#include <stdbool.h>
#include <stddef.h>

enum { HMAC_KEY_MAX = 128, HMAC_TEXT = 45 };

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

#endif
