/* Numbers are read whole or refused, written as short as they can be, and come back to the bit, whatever the
 * locale. */
#include "t.h"

#include "core/number.h"

#include <ermine/random.h>
#include <float.h>
#include <locale.h>

static void reads(void)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"+7", 7},
        {"007", 7},
        {"0.1", 0.1},
        {"-12.50", -12.5},
        {".5", 0.5},
        {"-5.", -5},
        {"5.e3", 5000},
        {"1e3", 1000},
        {"1E-3", 0.001},
        {"2.5e+2", 250},
        {"1e-400", 0},
        {"4.9e-324", 4.9406564584124654e-324},
        {"1.7976931348623157e308", DBL_MAX},
        /* halfway cases: to even, and up once a later digit says so */
        {"9007199254740993", 9007199254740992.0},
        {"9007199254740993.00000000000000000000000000000000000000000001", 9007199254740994.0},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = (double)NAN;
        T_OK(er_number_real(good[i].text, &value) && value == good[i].value, "%s is read as %.17g",
             good[i].text, good[i].value);
    }
    static const char *const bad[] = {
        "",      "+",   "-",    ".",     "e5",     "1e",    "1e+", "1.5.2", "1,5",    "1 ",    " 1",
        "\t1",   "1\n", "0x10", "0x1p3", "inf",    "-inf",  "nan", "NaN()", "1e5f",   "1_000", "1'000",
        "1 000", "--1", "+-1",  "1e400", "-1e400", "1e5.0", "1d5", "१",     "1.\xd9", "1e--5", "infinity"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = 42;
        T_OK(!er_number_real(bad[i], &value) && value == 42, "\"%s\" is no number", bad[i]);
    }
    char zeros[3000];
    memset(zeros, '0', sizeof zeros - 1);
    memcpy(zeros + sizeof zeros - 3, "1", 2);
    double value = (double)NAN;
    T_OK(er_number_real(zeros, &value) && value == 1, "leading zeros without end");
}

static void reads_integers(void)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"+12", 12},
        {"0042", 42},
        {"-17", -17},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t value = -1;
        T_OK(er_number_integer(good[i].text, &value), "%s is an integer", good[i].text);
        T_EQ_INT(value, good[i].value, "%s", good[i].text);
    }
    static const char *const bad[] = {
        "",   "-",  "+",   "1e3", "4.0", "4.", "0x4", "9223372036854775808", "-9223372036854775809",
        " 4", "4 ", "--4", "1_0", "1,0", "4a", "nan", "18446744073709551616"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t value = 42;
        T_OK(!er_number_integer(bad[i], &value) && value == 42, "\"%s\" is no integer", bad[i]);
    }
}

static void writes(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {-2.5, "-2.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3.0, "0.3333333333333333"},
        {0.0001, "0.0001"},
        {0.00012345, "0.00012345"},
        {0.00001, "1e-5"},
        {1.5e-7, "1.5e-7"},
        {-1e-10, "-1e-10"},
        {100000.0, "100000"},
        {123456.789, "123456.789"},
        {9007199254740992.0, "9007199254740992"},
        {1e15, "1000000000000000"},
        {1e16, "1e16"},
        {12345678901234567890.0, "1.2345678901234567e19"},
        {1e22, "1e22"},
        {1e100, "1e100"},
        {-DBL_MAX, "-1.7976931348623157e308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {4.9406564584124654e-324, "5e-324"},
        {(double)INFINITY, "inf"},
        {-(double)INFINITY, "-inf"},
        {(double)NAN, "nan"},
    };
    char text[ER_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        T_EQ_STR(er_number_text(cases[i].value, text), cases[i].text, "%.17g", cases[i].value);
}

/* All bit patterns are as likely: every exponent, subnormals too. */
static void comes_back(void)
{
    struct er_random r = er_random_open(20, er_stream(ER_PURPOSE_TEST, 0));
    int bad = 0, longest = 0;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = (uint64_t)er_random_u32(&r) << 32;
        bits |= er_random_u32(&r);
        if (i % 8 == 0) bits &= ~(UINT64_C(0x7ff) << 52);
        double value, back = (double)NAN;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        char text[ER_NUMBER_TEXT];
        const int length = (int)strlen(er_number_text(value, text));
        longest = length > longest ? length : longest;
        if (!er_number_real(text, &back) || back != value) bad++;
    }
    T_EQ_INT(bad, 0, "doubles that do not come back to the bit");
    T_EQ_INT(longest, 24, "characters of the longest text: sign, 17 digits, point, e-308");
    bad = 0;
    for (int64_t i = 0; i < 20000; i++) { /* decimals of up to 15 digits come back as they were written */
        char want[ER_NUMBER_TEXT], got[ER_NUMBER_TEXT];
        const int64_t whole = er_random_below(&r, 1000000), rest = 1 + 10 * er_random_below(&r, 100000);
        snprintf(want, sizeof want, "%" PRId64 ".%06" PRId64, whole, rest);
        double value = (double)NAN;
        if (!er_number_real(want, &value) || strcmp(er_number_text(value, got), want) != 0) bad++;
    }
    T_EQ_INT(bad, 0, "short decimals that change");
}

static void in_another_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8", "ps_AF"};
    const char *found = NULL;
    for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++) found = setlocale(LC_ALL, names[i]);
    if (!found) {
        printf("# no locale with a decimal comma is installed: not tried\n");
        return;
    }
    char text[ER_NUMBER_TEXT];
    double value = (double)NAN;
    T_OK(er_number_real("2.5", &value) && value == 2.5, "%s: 2.5 is read", found);
    T_OK(!er_number_real("2,5", &value), "%s: 2,5 is refused", found);
    T_EQ_STR(er_number_text(-1234567.25, text), "-1234567.25", "%s: a point is written", found);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    reads();
    reads_integers();
    writes();
    comes_back();
    in_another_locale();
    return t_done();
}
