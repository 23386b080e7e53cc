/* Writing mail messages. */
#include "core/mail.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/utf8.h"

enum {
	MESSAGE_MAX = 1024 * 1024,
	LINE_BYTES = 57, /* 76 characters of base64 (RFC 2045, 6.8) */
	WORD_BYTES = 45, /* of an encoded word's 75 characters (RFC 2047, 2) */
	WORD_TEXT = 64,
};

/* One line's worth at most. */
static void put_base64(struct buf *out, const char *bytes, size_t length)
{
	char text[sodium_base64_ENCODED_LEN(LINE_BYTES,
					    sodium_base64_VARIANT_ORIGINAL)];

	buf_text(out, sodium_bin2base64(text, sizeof(text),
					(const unsigned char *)bytes, length,
					sodium_base64_VARIANT_ORIGINAL));
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* What is not all printable ASCII goes in encoded words. */
static void put_subject(struct buf *out, const char *text)
{
	buf_text(out, "Subject: ");
	if (is_plain(text) && strlen(text) <= WORD_TEXT) {
		buf_printf(out, "%s\r\n", text);
		return;
	}
	do {
		size_t part = utf8_fit(text, WORD_BYTES);

		buf_text(out, "=?UTF-8?B?");
		put_base64(out, text, part);
		text += part;
		buf_text(out, *text ? "?=\r\n " : "?=\r\n");
	} while (*text);
}

/* RFC 5322, 3.3, whatever the locale is. */
static void put_date(struct buf *out, int64_t at_us)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed",
					   "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
					     "May", "Jun", "Jul", "Aug",
					     "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(at_us / 1000000);
	struct tm at;

	(void)gmtime_r(&seconds, &at);
	buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
		   days[at.tm_wday], at.tm_mday, months[at.tm_mon],
		   at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}

static void put_text(struct buf *out, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t part = left < LINE_BYTES ? left : LINE_BYTES;

		put_base64(out, text, part);
		buf_text(out, "\r\n");
		text += part;
		left -= part;
	}
}

const char *mail_write(struct op *op, const struct mail *mail)
{
	char id[UUID_TEXT];
	struct buf out;

	uuid_format(mail->id, id);
	buf_init(&out, MESSAGE_MAX);
	put_date(&out, mail->sent_at);
	if (mail->from)
		buf_printf(&out, "From: <%s>\r\n", mail->from);
	buf_printf(&out, "To: <%s>\r\n", mail->to);
	put_subject(&out, mail->subject);
	buf_printf(&out,
		   "Message-ID: <%s@cleat.invalid>\r\n"
		   "Auto-Submitted: auto-generated\r\n"
		   "MIME-Version: 1.0\r\n"
		   "Content-Type: text/plain; charset=UTF-8\r\n"
		   "Content-Transfer-Encoding: base64\r\n\r\n",
		   id);
	put_text(&out, mail->text);
	const char *kept = arena_strdup(&op->arena, buf_cstr(&out));
	buf_release(&out);
	return kept;
}
