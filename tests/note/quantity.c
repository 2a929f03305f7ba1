/* Measured numbers as text: rounding, carries, signs, powers, units. */
#include "t.h"

#include "note/quantity.h"
#include "support/signs.h"

#include <float.h>

static void check(const struct er_quantity *q, const char *want)
{
    struct er_buffer text = {0};
    char plain[512];
    er_quantity_write(&text, q);
    T_EQ_STR(signs_plain(text.data, plain, sizeof plain), want, "%.17g +- %.17g, power %d, unit \"%s\"",
             q->value, q->uncertainty, q->power, q->unit);
    er_buffer_clear(&text);
}

static void freely(void)
{
    static const struct {
        double value, uncertainty;
        int power;
        const char *unit, *want;
    } row[] = {
        /* the uncertainty's first two digits say how many digits there are */
        {0.90418, 0.0031, 0, "", "0.9042~+-~0.0031"},
        {0.90418, 0.0031, 2, "%", "90.42~+-~0.31~%"},
        {9.996, 0.12, 0, "", "10.00~+-~0.12"},
        {9.994, 0.12, 0, "", "9.99~+-~0.12"},
        {99.96, 1.2, 0, "s", "100.0~+-~1.2~s"},
        {1.5, 0.0996, 0, "", "1.50~+-~0.10"},
        {1.5, 0.996, 0, "", "1.5~+-~1.0"},
        {1.5, 9.96, 0, "", "2~+-~10"}, /* 1.5 to even */
        {23.333333333333332, 0.33333333333333331, 0, "epochs", "23.33~+-~0.33_epochs"},
        {12345, 678, 0, "steps", "12~340~+-~680_steps"}, /* 12345 to even */
        {123456.7, 2.34, 0, "", "123~456.7~+-~2.3"},
        {1234567, 23, 0, "", "1~234~567~+-~23"},
        {1234567, 2300, 0, "", "(1.2346~+-~0.0023)~x~10^6"},
        {3, 1000, 0, "", "0~+-~1000"},
        {60, 1000, 0, "", "100~+-~1000"},
        {0, 0.05, 0, "", "0.000~+-~0.050"},
        {-0.001, 0.05, 0, "", "-0.001~+-~0.050"},
        {-0.0001, 0.05, 0, "", "0.000~+-~0.050"},
        {-2.5, 0.25, 0, "", "-2.50~+-~0.25"},
        {1.2e-7, 3.4e-9, 0, "", "(1.200~+-~0.034)~x~10^-^7"},
        {3e-9, 4.4e-7, 0, "", "(0.0~+-~4.4)~x~10^-^7"},
        {2.5e300, 1.25e298, 0, "", "(2.500~+-~0.013)~x~10^3^0^0"},
        {0.3, 5e-17, 0, "", "0.3"}, /* noise of adding is no uncertainty */
        /* without one: whole numbers and short ones in full, others to three digits */
        {0, 0, 0, "", "0"},
        {0, 0, 2, "%", "0~%"},
        {-0.0, 0, 0, "", "0"},
        {1, 0, 0, "epochs", "1_epoch"},
        {-1, 0, 0, "epochs", "-1_epochs"},
        {1, 0, 2, "%", "100~%"},
        {0.01, 0, 2, "%", "1~%"},
        {0.29, 0, 2, "%", "29~%"},
        {0.57, 0, 2, "percentage points", "57_percentage points"},
        {0.1275, 0, 2, "%", "12.8~%"},
        {0.9996, 0, 2, "%", "100~%"},
        {0.332, 0, 0, "", "0.332"},
        {0.25, 0, 0, "", "0.25"},
        {2.0 / 3, 0, 0, "", "0.667"},
        {9.996, 0, 0, "", "10.0"},
        {999.6, 0, 0, "", "1000"},
        {1234.6, 0, 0, "", "1235"},
        {12345.6, 0, 0, "", "12~346"},
        {999999.6, 0, 0, "", "1.00~x~10^6"},
        {1234567.8, 0, 0, "", "1.23~x~10^6"},
        {407050, 0, 0, "", "407~050"},
        {1000, 0, 0, "", "1000"},
        {10000, 0, 0, "", "10~000"},
        {1e6, 0, 0, "", "1~000~000"},
        {1e15, 0, 0, "", "1~x~10^1^5"},
        {-1234567, 0, 0, "", "-1~234~567"},
        {0.001, 0, 0, "", "0.001"},
        {0.00123, 0, 0, "s", "0.00123~s"},
        {0.00123, 0, 3, "ms", "1.23~ms"},
        {0.000000123, 0, 6, "\xc2\xb5s", "0.123~us"},
        {0.00012, 0, 0, "", "1.2~x~10^-^4"},
        {0.000012, 0, 2, "%", "0.0012~%"},
        {0.0000012, 0, 2, "%", "1.2~x~10^-^4~%"},
        {1.0 / 3 * 1e-20, 0, 0, "", "3.33~x~10^-^2^1"},
        {DBL_MAX, 0, 0, "", "1.80~x~10^3^0^8"},
        {DBL_TRUE_MIN, 0, 0, "", "4.94~x~10^-^3^2^4"},
        {2.5, 0, 0, "s/epoch", "2.5~s/epoch"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct er_quantity q = {.value = row[i].value,
                                      .uncertainty = row[i].uncertainty,
                                      .power = row[i].power,
                                      .unit = row[i].unit};
        check(&q, row[i].want);
    }
}

static void ruled(void)
{
    static const struct {
        double value;
        enum er_digits rule;
        int digits, power;
        const char *want;
    } row[] = {
        {0.90418, ER_DIGITS, 2, 2, "90"},
        {0.09996, ER_DIGITS, 3, 2, "10.0"},
        {1234, ER_DIGITS, 2, 0, "1200"},
        {2e6, ER_DIGITS, 1, 0, "2~x~10^6"},
        {0, ER_DIGITS, 2, 0, "0.0"},
        {5, ER_DIGITS, 3, 0, "5.00"},
        {1.0 / 3, ER_DIGITS, 15, 0, "0.333333333333333"},
        {2.345, ER_DECIMALS, 1, 0, "2.3"},
        {0.05, ER_DECIMALS, 0, 0, "0"},
        {-0.4, ER_DECIMALS, 0, 0, "0"},
        {0.6, ER_DECIMALS, 0, 0, "1"},
        {9.96, ER_DECIMALS, 1, 0, "10.0"},
        {0.90418, ER_DECIMALS, 0, 2, "90"},
        {0.90418, ER_DECIMALS, 1, 2, "90.4"},
        {1234567.8, ER_DECIMALS, 0, 0, "1~234~568"},
        {1e-5, ER_DECIMALS, 2, 0, "0.00"},
        {1e20, ER_DECIMALS, 1, 0, "100~000~000~000~000~000~000.0"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const struct er_quantity q = {.value = row[i].value,
                                      .uncertainty = 0.1,
                                      .power = row[i].power,
                                      .unit = "",
                                      .rule = row[i].rule,
                                      .digits = row[i].digits};
        check(&q, row[i].want);
    }
}

int main(void)
{
    freely();
    ruled();
    return t_done();
}
