/* Addresses of mail. */
#include "base/mail_address.h"

#include <string.h>

enum { ADDRESS_MAX = 254 };

bool mail_address_is_usable(const char *text)
{
	const char *at = strrchr(text, '@');

	if (!at || at == text || !at[1] || strlen(text) > ADDRESS_MAX)
		return false;
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' ||
		    (unsigned char)*text >= 0x7f || strchr("<>", *text))
			return false;
	return true;
}
