/*
 * The text of a token: cleat_KIND_RANDOM, where KIND is three letters and
 * RANDOM is 43 base-62 characters (256 random bits) and 6 of a CRC-32 over
 * all before it, so that a scanner finds a leaked one and a typing error is
 * refused without a look-up.
 */
#ifndef CLEAT_BASE_TOKEN_H
#define CLEAT_BASE_TOKEN_H

#include <stdbool.h>

enum {
	TOKEN_KIND = 3,
	TOKEN_PREFIX = 6 + TOKEN_KIND + 1, /* "cleat_amp_" */
	TOKEN_LENGTH = TOKEN_PREFIX + 43 + 6,
	TOKEN_TEXT = TOKEN_LENGTH + 1,
	TOKEN_HANDLE = TOKEN_PREFIX + 8, /* shown in lists: no use as a key */
	TOKEN_HANDLE_TEXT = TOKEN_HANDLE + 1,
};

/* A fresh token of this three-letter kind. */
void token_make(const char *kind, char ret_text[static TOKEN_TEXT]);

/* True when it has the length of one and begins as those of this kind do. */
bool token_is_of_kind(const char *text, const char *kind);

/* True when it has the form, this kind, and its check digits are right. */
bool token_is_well_formed(const char *text, const char *kind);

/* Its first TOKEN_HANDLE characters. */
void token_handle(const char *text, char ret_text[static TOKEN_HANDLE_TEXT]);

#endif
