/* Addresses that mail can be sent to, or comes from. */
#ifndef CLEAT_BASE_MAIL_ADDRESS_H
#define CLEAT_BASE_MAIL_ADDRESS_H

#include <stdbool.h>

/*
 * Roughly RFC 5321, 4.1.2: a name, @ and a domain, 254 bytes of printable
 * ASCII, with nothing in it that would end the address in a command. What is
 * left is for the mail server to say.
 */
bool mail_address_is_usable(const char *text);

#endif
