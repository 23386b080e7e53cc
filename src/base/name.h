/* Names as people write them: compared without regard to case, numbered. */
#ifndef CLEAT_BASE_NAME_H
#define CLEAT_BASE_NAME_H

#include <stddef.h>

#include "base/arena.h"

/*
 * What names are compared by: composed (NFC), and of each letter the small one
 * of its capital, as Java's equalsIgnoreCase has it. So I, i, İ and ı are one.
 * Where it is no UTF-8, ASCII's letters alone are made small.
 */
char *name_fold(struct arena *arena, const char *name);

/* The name with -NUMBER at its end, cut to so many characters. */
char *name_numbered(struct arena *arena, const char *name, int number,
		    size_t characters);

#endif
