/* The program. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/seal.h"
#include "cli/command.h"
#include "dialects/dialect.h"

/* Tests move the clock instead of waiting. */
static void move_clock(void)
{
	const char *seconds = getenv("CLEAT_CLOCK_OFFSET_S");

	if (seconds)
		clock_set_offset(strtoll(seconds, NULL, 10) * CLOCK_SECOND);
}

int main(int argc, char **argv)
{
	json_start();
	if (!seal_start()) {
		(void)fputs("cleat: libsodium does not start\n", stderr);
		return 1;
	}
	move_clock();
	/* commands tell of what they do as well */
	listening_set_form(upsun_dialect.listening, NULL);
	return command_main(argc, argv);
}
