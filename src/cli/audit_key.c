/* cleat audit rotate-key */
#include "base/json_write.h"
#include "cli/deletion.h"
#include "cli/store_command.h"
#include "core/signing_key.h"

static enum error rotate(struct op *op, const struct args *args,
			 struct buf *out)
{
	struct json_writer w = json_writer_on(out);
	struct signing_key made;

	(void)args;
	TRY(signing_key_make(op, &made));
	json_begin_object(&w, NULL);
	json_put_string(&w, "kid", made.kid);
	json_put_string(&w, "x", jws_x(&op->arena, made.public_key));
	json_end_object(&w);
	buf_char(out, '\n');
	return OK;
}

static const struct arg_spec options[] = {NO_MORE_OPTIONS};

const struct store_command audit_rotate_key_command = {
	"audit", "rotate-key", "Sign with a new key from now on",
	"",	 options,      rotate,
};
