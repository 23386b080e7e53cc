/*
 * The manifest in a zip: one file, amp.yaml, of a bounded size. What a zip
 * says of itself is not believed: no more is unpacked than may be, and what
 * came out must be what was said.
 */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "dialects/ampersand/ampersand.h"

enum {
	UNPACKED_MAX = 1024 * 1024,
	RATIO_MAX = 200,	/* of text; deflate reaches 1032 */
	RATIO_FROM = 64 * 1024, /* smaller ones harm nobody */
};

static enum error refuse(struct op *op, const char *why)
{
	op_issue(op, "body", "sourceZipUrl", "%s", why);
	return op_fail(op, ERR_INVALID, "the zip %s", why);
}

/* libzip runs out of memory as we do. */
static enum error refuse_by(struct op *op, int code)
{
	if (code == ZIP_ER_MEMORY)
		abort();
	return refuse(op, "is none, or is damaged");
}

static enum error check_entry(struct op *op, const zip_stat_t *entry)
{
	const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE |
				    ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
				    ZIP_STAT_ENCRYPTION_METHOD;

	if ((entry->valid & needed) != needed)
		return refuse(op, "is none, or is damaged");
	if (strcmp(entry->name, "amp.yaml") != 0)
		return refuse(op, "must hold amp.yaml");
	if (entry->encryption_method != ZIP_EM_NONE)
		return refuse(op, "must not be encrypted");
	if (entry->comp_method != ZIP_CM_STORE &&
	    entry->comp_method != ZIP_CM_DEFLATE)
		return refuse(op, "must be stored or deflated");
	if (entry->size > UNPACKED_MAX)
		return refuse(op, "holds more than 1 MiB");
	if (entry->size > RATIO_FROM &&
	    entry->size / RATIO_MAX > entry->comp_size)
		return refuse(op, "unpacks to too much for its size");
	return OK;
}

/* One byte more than it says is asked for: there must be none. */
static enum error unpack(struct op *op, zip_t *zip, const zip_stat_t *entry,
			 const char **ret)
{
	char *text = arena_alloc(&op->arena, (size_t)entry->size + 2);
	zip_int64_t got, all = 0;
	zip_file_t *file = zip_fopen_index(zip, 0, 0);

	if (!file)
		return refuse_by(op, zip_error_code_zip(zip_get_error(zip)));
	do {
		got = zip_fread(file, text + all,
				entry->size + 1 - (zip_uint64_t)all);
		all += got > 0 ? got : 0;
	} while (got > 0 && (zip_uint64_t)all <= entry->size);
	int code = zip_error_code_zip(zip_file_get_error(file));
	zip_fclose(file);
	if (got < 0)
		return refuse_by(op, code);
	if ((zip_uint64_t)all != entry->size)
		return refuse(op, "is not as long as it says");
	if (memchr(text, '\0', (size_t)all))
		return refuse(op, "holds no text");
	text[all] = '\0';
	*ret = text;
	return OK;
}

static enum error read_only_entry(struct op *op, zip_t *zip, const char **ret)
{
	zip_stat_t entry;

	if (zip_get_num_entries(zip, 0) != 1)
		return refuse(op, "must hold one file");
	if (zip_stat_index(zip, 0, 0, &entry) != 0)
		return refuse_by(op, zip_error_code_zip(zip_get_error(zip)));
	TRY(check_entry(op, &entry));
	return unpack(op, zip, &entry, ret);
}

enum error amp_read_zip(struct op *op, const void *bytes, size_t length,
			const char **ret_yaml)
{
	zip_error_t why;

	zip_error_init(&why);
	zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &why);
	zip_t *zip = source ? zip_open_from_source(
				      source, ZIP_RDONLY | ZIP_CHECKCONS, &why)
			    : NULL;
	int code = zip_error_code_zip(&why);

	zip_error_fini(&why);
	if (!zip) {
		zip_source_free(source);
		return refuse_by(op, code);
	}
	enum error error = read_only_entry(op, zip, ret_yaml);
	zip_discard(zip);
	return error;
}
