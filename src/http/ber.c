/* Elements: a tag, a length, a value. */
#include "http/ber.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT_MAX = 127, HIGH = 0x80 };

struct ber_writer ber_writer_at_end(void)
{
	return (struct ber_writer){.at = BER_MESSAGE_MAX};
}

static void before(struct ber_writer *to, const void *bytes, size_t length)
{
	if (length > to->at)
		abort();
	to->at -= length;
	memcpy(to->bytes + to->at, bytes, length);
}

void ber_wrap(struct ber_writer *to, unsigned char tag, size_t end)
{
	size_t length = end - to->at;
	unsigned char head[4] = {tag, 0x82, (unsigned char)(length >> 8),
				 (unsigned char)length};

	if (length > SHORT_MAX) {
		before(to, head, 4);
		return;
	}
	head[1] = (unsigned char)length;
	before(to, head, 2);
}

void ber_put(struct ber_writer *to, unsigned char tag, const void *bytes,
	     size_t length)
{
	size_t end = to->at;

	before(to, bytes, length);
	ber_wrap(to, tag, end);
}

void ber_put_number(struct ber_writer *to, uint32_t value)
{
	unsigned char raw[5] = {
		0, (unsigned char)(value >> 24), (unsigned char)(value >> 16),
		(unsigned char)(value >> 8), (unsigned char)value};
	size_t skip = 0;

	while (skip < 4 && !raw[skip] && raw[skip + 1] < HIGH)
		skip++;
	ber_put(to, BER_INTEGER, raw + skip, sizeof(raw) - skip);
}

bool ber_next(struct ber *from, unsigned char *ret_tag, struct ber *ret_value)
{
	const unsigned char *at = from->at;

	if (from->end - at < 2)
		return false;
	unsigned char tag = *at++;
	size_t length = *at++;
	if (length > SHORT_MAX) {
		size_t bytes = length & SHORT_MAX;

		if (bytes > 2 || (size_t)(from->end - at) < bytes)
			return false;
		for (length = 0; bytes; bytes--)
			length = length << 8 | *at++;
	}
	if (length > (size_t)(from->end - at))
		return false;
	*ret_tag = tag;
	*ret_value = (struct ber){at, at + length};
	from->at = at + length;
	return true;
}

bool ber_take(struct ber *from, unsigned char tag, struct ber *ret_value)
{
	unsigned char found;

	return ber_next(from, &found, ret_value) && found == tag;
}

bool ber_take_number(struct ber *from, uint32_t *ret)
{
	struct ber value;
	uint64_t number = 0;

	if (!ber_take(from, BER_INTEGER, &value) || value.at == value.end ||
	    value.end - value.at > 5 || *value.at >= HIGH)
		return false;
	while (value.at < value.end)
		number = number << 8 | *value.at++;
	*ret = (uint32_t)number;
	return number <= UINT32_MAX;
}
