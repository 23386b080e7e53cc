/* Wall clock and monotonic clock, and RFC 3339 text. */
#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59Z */
#define END_OF_9999 INT64_C(253402300799)

static _Atomic int64_t offset;

static int64_t read_clock(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * CLOCK_SECOND + now.tv_nsec / 1000;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME) +
	       atomic_load_explicit(&offset, memory_order_relaxed);
}

void clock_set_offset(int64_t offset_us)
{
	atomic_store(&offset, offset_us);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_seconds_until(int64_t now_us, int64_t at_us)
{
	return at_us > now_us
		       ? (at_us - now_us + CLOCK_SECOND - 1) / CLOCK_SECOND
		       : 0;
}

/* Days since the epoch to a civil date (proleptic Gregorian). */
static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t shifted = days + 719468;
	int64_t era = shifted / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 +
			       day_of_era / 36524 - day_of_era / 146096) /
			      365;
	int64_t day_of_year =
		day_of_era -
		(365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;

	*day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
	*month = (int)(shifted_month < 10 ? shifted_month + 3
					  : shifted_month - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static int64_t days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = year / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year =
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static char *put_digits(char *out, int64_t value, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return out + digits;
}

void clock_format(int64_t time_us, char ret_text[static CLOCK_TEXT])
{
	int year, month, day;
	int64_t seconds = time_us / CLOCK_SECOND;
	int64_t of_day = seconds % 86400;
	char *out = ret_text;

	civil_from_days(seconds / 86400, &year, &month, &day);
	out = put_digits(out, year, 4);
	*out++ = '-';
	out = put_digits(out, month, 2);
	*out++ = '-';
	out = put_digits(out, day, 2);
	*out++ = 'T';
	out = put_digits(out, of_day / 3600, 2);
	*out++ = ':';
	out = put_digits(out, of_day / 60 % 60, 2);
	*out++ = ':';
	out = put_digits(out, of_day % 60, 2);
	*out++ = '.';
	out = put_digits(out, time_us % CLOCK_SECOND, 6);
	*out++ = 'Z';
	*out = '\0';
}

/* Reads `digits` digits; -1 when they are not all there. */
static int64_t take_digits(const char **text, int digits)
{
	int64_t value = 0;

	for (int i = 0; i < digits; i++) {
		char c = **text;
		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
		(*text)++;
	}
	return value;
}

static bool take_char(const char **text, const char *any_of)
{
	if (!**text || !strchr(any_of, **text))
		return false;
	(*text)++;
	return true;
}

static bool take_fraction(const char **text, int64_t *ret_us)
{
	int64_t us = 0;
	int digits = 0;

	*ret_us = 0;
	if (**text != '.')
		return true;
	(*text)++;
	for (; **text >= '0' && **text <= '9'; (*text)++, digits++)
		if (digits < 6)
			us = us * 10 + (**text - '0');
	for (int i = digits; i < 6; i++)
		us *= 10;
	*ret_us = us;
	return digits > 0;
}

static bool take_zone(const char **text, int64_t *ret_seconds)
{
	*ret_seconds = 0;
	if (take_char(text, "Zz"))
		return true;

	bool is_behind = **text == '-';
	if (!take_char(text, "+-"))
		return false;
	int64_t hours = take_digits(text, 2);
	if (!take_char(text, ":"))
		return false;
	int64_t minutes = take_digits(text, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*ret_seconds = (hours * 3600 + minutes * 60) * (is_behind ? 1 : -1);
	return true;
}

static bool is_day_of_month(int64_t year, int64_t month, int64_t day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && is_leap);
}

bool clock_parse(const char *text, int64_t *ret_us)
{
	int64_t fraction, zone;
	int64_t year = take_digits(&text, 4);
	if (year < 1970 || !take_char(&text, "-"))
		return false;
	int64_t month = take_digits(&text, 2);
	if (month < 0 || !take_char(&text, "-"))
		return false;
	int64_t day = take_digits(&text, 2);
	if (!is_day_of_month(year, month, day) || !take_char(&text, "Tt "))
		return false;
	int64_t hour = take_digits(&text, 2);
	if (hour < 0 || hour > 23 || !take_char(&text, ":"))
		return false;
	int64_t minute = take_digits(&text, 2);
	if (minute < 0 || minute > 59 || !take_char(&text, ":"))
		return false;
	int64_t second = take_digits(&text, 2);
	if (second < 0 || second > 60)
		return false;
	if (!take_fraction(&text, &fraction) || !take_zone(&text, &zone) ||
	    *text)
		return false;

	int64_t days = days_from_civil(year, (int)month, (int)day);
	int64_t seconds = days * 86400 + hour * 3600 + minute * 60 + second;
	if (seconds + zone < 0 || seconds + zone > END_OF_9999)
		return false;
	*ret_us = (seconds + zone) * CLOCK_SECOND + fraction;
	return true;
}
