/* Schedules: five cron fields (POSIX crontab, with steps and names). */
#include <ctype.h>
#include <strings.h>

#include "dialects/ampersand/manifest.h"

enum {
	MINUTE,
	HOUR,
	FIELDS = 5,
	HOURS = 24,
	HOUR_MINUTES = 60,
	APART_MIN = 10, /* minutes from one time to the next */
	NUMBER_MAX = 999,
	NAME_LENGTH = 3,
};

struct cron_field {
	unsigned least, most;
	const char *names; /* of three letters each, the first for `least` */
	const char *fault;
};

static const struct cron_field fields[FIELDS] = {
	{0, 59, "", "must be a cron schedule: its minutes are wrong"},
	{0, 23, "", "must be a cron schedule: its hours are wrong"},
	{1, 31, "", "must be a cron schedule: its days are wrong"},
	{1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC",
	 "must be a cron schedule: its months are wrong"},
	{0, 7, "SUNMONTUEWEDTHUFRISAT",
	 "must be a cron schedule: its weekdays are wrong"},
};

static bool read_number(const char **at, unsigned *ret)
{
	unsigned number = 0;

	if (!isdigit((unsigned char)**at))
		return false;
	for (; isdigit((unsigned char)**at); (*at)++) {
		number = number * 10 + (unsigned)(**at - '0');
		if (number > NUMBER_MAX)
			return false;
	}
	*ret = number;
	return true;
}

static bool read_value(const char **at, const struct cron_field *field,
		       unsigned *ret)
{
	const char *name = field->names;

	for (unsigned i = field->least; *name; i++, name += NAME_LENGTH)
		if (strncasecmp(*at, name, NAME_LENGTH) == 0) {
			*at += NAME_LENGTH;
			*ret = i;
			return true;
		}
	return read_number(at, ret) && *ret >= field->least &&
	       *ret <= field->most;
}

/* FIRST, FIRST-LAST or *, and /STEP; FIRST/STEP goes on to the end. */
static bool read_range(const char **at, const struct cron_field *field,
		       uint64_t *set)
{
	unsigned first = field->least, last = field->most, step = 1;

	if (**at == '*') {
		(*at)++;
	} else {
		if (!read_value(at, field, &first))
			return false;
		if (**at != '/')
			last = first;
		if (**at == '-') {
			(*at)++;
			if (!read_value(at, field, &last) || last < first)
				return false;
		}
	}
	if (**at == '/') {
		(*at)++;
		if (!read_number(at, &step) || !step)
			return false;
	}
	for (unsigned i = first; i <= last; i += step)
		*set |= UINT64_C(1) << i;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Ranges with commas between them, up to a blank or the end. */
static bool read_field(const char **at, const struct cron_field *field,
		       uint64_t *set)
{
	if (!read_range(at, field, set))
		return false;
	while (**at == ',') {
		(*at)++;
		if (!read_range(at, field, set))
			return false;
	}
	return !**at || is_blank(**at);
}

static bool has(uint64_t set, int i)
{
	return set >> i & 1;
}

/*
 * Days are not looked at: the last hour and the first are taken to follow
 * each other.
 */
static bool is_too_often(uint64_t minutes, uint64_t hours)
{
	int first = -1, last = -1;

	for (int i = 0; i < HOUR_MINUTES; i++) {
		if (!has(minutes, i))
			continue;
		if (last >= 0 && i - last < APART_MIN)
			return true;
		if (first < 0)
			first = i;
		last = i;
	}
	if (HOUR_MINUTES - last + first >= APART_MIN)
		return false;
	for (int i = 0; i < HOURS; i++)
		if (has(hours, i) && has(hours, (i + 1) % HOURS))
			return true;
	return false;
}

const char *amp_schedule_fault(const char *text)
{
	static const char wrong_count[] =
		"must be a cron schedule: five fields with blanks between";
	uint64_t sets[FIELDS] = {0};

	for (int i = 0; i < FIELDS; i++) {
		while (is_blank(*text))
			text++;
		if (!*text)
			return wrong_count;
		if (!read_field(&text, &fields[i], &sets[i]))
			return fields[i].fault;
	}
	while (is_blank(*text))
		text++;
	if (*text)
		return wrong_count;
	return is_too_often(sets[MINUTE], sets[HOUR])
		       ? "must not be more often than every 10 minutes"
		       : NULL;
}
