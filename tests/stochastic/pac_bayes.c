/* PAC-Bayes bounds in closed form: numbers that were computed elsewhere, and what holds between them. */
#include "t.h"

#include "stochastic/objective.h"

#include <ermine/pac_bayes.h>

/* The reference prints ten digits. */
static const double DIGITS = 1e-10;

static void check_c22_binary_kl(void)
{
    T_CLOSE(er_binary_kl(.1, .2), 0.0366900140, DIGITS, "kl(.1||.2)");
    T_CLOSE(er_binary_kl(.5, .25), 0.1438410362, DIGITS, "kl(.5||.25)");
    T_OK(er_binary_kl(0, 0) == 0 && er_binary_kl(1, 1) == 0 && er_binary_kl(.3, .3) == 0, "0 of equals");
    T_CLOSE(er_binary_kl(0, .1), -log(.9), 1e-16, "0 ln 0 = 0");
    T_OK(isinf(er_binary_kl(.5, 0)) && isinf(er_binary_kl(.5, 1)), "infinite");
    T_OK(isnan(er_binary_kl(-.1, .5)) && isnan(er_binary_kl(.5, (double)NAN)), "out of range");
    T_CLOSE(er_binary_kl(.3, .3 + 1e-7) / (1e-14 / (2 * .3 * .7)), 1, 1e-6,
            "near q half a square over q (1 - q)");
}

static void check_c23_inverses(void)
{
    static const double upper[][3] = {
        {0, .1, 0.0951625820},      {0, .01, 0.0099501663}, {.02, .05, 0.0985721677},
        {.1, .01, 0.1476755393},    {.1, .5, 0.5748172910}, {.5, .1, 0.7128786315},
        {.028, .094, 0.1609518162}, {.9, .2, 0.9944894894}, {.3, 0, 0.3}};
    static const double lower[][3] = {{.1, .01, 0.0629106298}, {.5, .1, 0.2871213685}, {1, .1, 0.9048374180}};
    for (size_t i = 0; i < sizeof upper / sizeof upper[0]; i++)
        T_CLOSE(er_binary_kl_inverse(upper[i][0], upper[i][1]), upper[i][2], DIGITS, "upper inverse %zu", i);
    for (size_t i = 0; i < sizeof lower / sizeof lower[0]; i++)
        T_CLOSE(er_binary_kl_inverse_low(lower[i][0], lower[i][1]), lower[i][2], DIGITS, "lower inverse %zu",
                i);
    T_OK(er_binary_kl_inverse(1, .1) == 1 && er_binary_kl_inverse(.5, (double)INFINITY) == 1, "at most 1");
    T_OK(isnan(er_binary_kl_inverse(.5, -1)) && isnan(er_binary_kl_inverse(2, .1)), "out of range");
}

/* Trap 10: what is returned is never below the true value, where long double says what that is. */
static void test_inverse_is_rounded_up(void)
{
    int64_t below = 0, far = 0, n = 0;
    for (int i = 0; i < 50; i++)
        for (int k = 0; k < 29; k++, n++) {
            const double side = 1e-6 * pow(1.7, i % 25), q = i < 25 ? side : 1 - side, c = 1e-9 * pow(2.3, k);
            const double p = er_binary_kl_inverse(q, c);
            const long double Q = (long double)q, D = (long double)p - Q,
                              kl = -Q * log1pl(D / Q) - (1 - Q) * log1pl(-D / (1 - Q));
            if (p < 1 && !(kl >= (long double)c)) below++;
            if (er_binary_kl(q, p - 1e-12) > c) far++;
        }
    T_OK(below == 0, "%d of %d are below the bound", (int)below, (int)n);
    T_OK(far == 0, "%d of %d are more than 1e-12 above it", (int)far, (int)n);
}

static void check_c24_bounds(void)
{
    const double m = 55000, delta = .05, risk = .03, kl = 5000;
    T_CLOSE(er_pac_bayes_complexity(kl, m, delta), 5009.1464236862, 1e-9, "C");
    T_CLOSE(er_pac_bayes_kl(risk, kl, m, delta), 0.1617713336, DIGITS, "kl");
    T_CLOSE(er_pac_bayes_quadratic(risk, kl, m, delta), 0.2383752188, DIGITS, "quadratic");
    const double best = er_pac_bayes_best_lambda(risk, kl, m, delta);
    T_CLOSE(best, 0.8741479918, DIGITS, "best lambda");
    T_CLOSE(er_pac_bayes_lambda(risk, kl, m, delta, best), er_pac_bayes_quadratic(risk, kl, m, delta), 1e-15,
            "where the lambda bound is the quadratic one");
    T_CLOSE(er_pac_bayes_lambda(risk, kl, m, delta, 1), 0.2421507790, DIGITS, "lambda = 1");
    T_CLOSE(er_pac_bayes_classic(risk, kl, m, delta), 0.2433956297, DIGITS, "classic");
    T_CLOSE(er_pac_bayes_langford(risk, kl, m, delta), 0.1618621719, DIGITS, "m - 1");
    T_CLOSE(er_pac_bayes_catoni(risk, kl, m, delta, .5), 0.2555283599, DIGITS, "Catoni, .5");
    T_CLOSE(er_pac_bayes_catoni(risk, kl, m, delta, 1), 0.1802405412, DIGITS, "Catoni, 1");
    T_CLOSE(er_pac_bayes_catoni(risk, kl, m, delta, 2), 0.1620523703, DIGITS, "Catoni, 2");
}

/* kl <= classic, kl <= quadratic, kl is 1 only where the inverse is that to rounding; quadratic <= classic exactly where it is at most 1/4. */
static void test_order(void)
{
    int64_t wrong = 0, quarter = 0;
    for (int i = 0; i <= 20; i++)
        for (int n = 0; n < 11; n++) {
            const double risk = .05 * i, kl = pow(3, n);
            const double k = er_pac_bayes_kl(risk, kl, 1e4, .05),
                         c = er_pac_bayes_classic(risk, kl, 1e4, .05),
                         q = er_pac_bayes_quadratic(risk, kl, 1e4, .05);
            wrong += !(k <= fmin(1, fmin(c, q)) * (1 + 1e-12)) ||
                     (k >= 1 && er_binary_kl(risk, 1 - 1e-12) > er_pac_bayes_complexity(kl, 1e4, .05) / 1e4);
            quarter += (q <= c) != (q <= .25);
        }
    T_OK(wrong == 0 && quarter == 0, "%d not in order, %d against the quarter", (int)wrong, (int)quarter);
}

static void check_c25_dziugaite_roy(void)
{
    const double m = 55000, delta = .025, lambda = exp(-6), kl = 5144;
    const double place = er_prior_place(lambda);
    T_CLOSE(place, 369.7414907, 1e-7, "place");
    T_CLOSE(er_prior_variance(370), .1 * exp(-3.7), 1e-15, "its variance");
    T_CLOSE(er_dziugaite_roy(kl, 370, m, delta), 0.0940185944, DIGITS, "B_RE");
    T_CLOSE(er_dziugaite_roy(kl, 370, m, delta) * (m - 1) - kl, 15.1016682208 + 11.8270060113, 1e-9,
            "its logarithms");
    T_CLOSE(er_prior_cost(370), 11.8270060113 + log(3.14159265358979 * 3.14159265358979 / 6), 1e-9,
            "the same price");
    const double ebar = er_pac_bayes_sampled(.028, 150000, .01);
    T_CLOSE(ebar, 0.0294088907, DIGITS, "what draws say");
    T_CLOSE(er_binary_kl_inverse(ebar, er_dziugaite_roy(kl, 370, m, delta)), 0.1636669696, DIGITS, "bound");
    double shares = 0;
    for (int j = 1; j < 100000; j++) shares += exp(-er_prior_cost(j));
    T_OK(shares < 1 && shares > 1 - 1e-5, "shares of delta sum to 1: %.8f", shares);
    T_OK(isnan(er_prior_place(.1)) && isnan(er_prior_variance(0)) && isnan(er_prior_cost(.5)),
         "out of range");
}

/* The reference's numbers are of doubles; deviations and means here are floats, which differ by 2^-24 of
 * themselves. */
static void check_c26_gaussian_kl(void)
{
    const float mean[] = {.5f, -.2f, 1}, deviation[] = {.2f, .1f, .3f}, zero[3] = {0};
    T_CLOSE(er_gaussian_kl(3, mean, deviation, zero, .05), 13.4223973994, 2e-6, "diagonal");
    const float apart[] = {1, 1}, tenth[] = {.1f, .1f};
    T_CLOSE(er_gaussian_kl(2, apart, tenth, zero, .01), 100, 2e-5, "equal variances: |d|^2 / (2 sigma^2)");
    T_CLOSE(er_gaussian_kl(3, zero, deviation, zero, 1), .5 * (.04 + .01 + .09 - 3 - log(.04 * .01 * .09)),
            1e-6, "centred");
    T_OK(isnan(er_gaussian_kl(1, mean, deviation, zero, 0)), "no prior");
}

/* Slopes of every objective against central differences of its value. */
static void test_objective_slopes(void)
{
    const double loss = .12, K = 4000, m = 20000, delta = .025, h = 1e-5;
    for (int i = 0; i < 4; i++) {
        const enum er_objective which = (enum er_objective)i;
        const struct er_objective_at at = er_objective(which, loss, K, m, delta);
        const double by_loss = (er_objective(which, loss + h, K, m, delta).value -
                                er_objective(which, loss - h, K, m, delta).value) /
                               (2 * h),
                     by_K = (er_objective(which, loss, K + 1, m, delta).value -
                             er_objective(which, loss, K - 1, m, delta).value) /
                            2;
        T_CLOSE(at.by_loss / by_loss, 1, 1e-6, "objective %d by loss", i);
        T_CLOSE(at.by_divergence / by_K, 1, 1e-6, "objective %d by divergence", i);
    }
    const double value =
        er_objective(ER_OBJECTIVE_DZIUGAITE_ROY, loss, K + er_prior_cost(370), m, delta).value;
    T_CLOSE(value, loss + sqrt(er_dziugaite_roy(K, 370, m, delta) / 2), 1e-14, "B_RE with its price");
    T_CLOSE(er_objective(ER_OBJECTIVE_KL, loss, K, m, delta).value, er_pac_bayes_kl(loss, K, m, delta), 1e-15,
            "kl");
    T_CLOSE(er_objective(ER_OBJECTIVE_QUADRATIC, loss, K, m, delta).value,
            er_pac_bayes_quadratic(loss, K, m, delta), 1e-15, "quadratic");
    T_CLOSE(er_objective(ER_OBJECTIVE_CLASSIC, loss, K, m, delta).value,
            er_pac_bayes_classic(loss, K, m, delta), 1e-15, "classic");
}

static void test_ranges(void)
{
    T_OK(isnan(er_pac_bayes_kl(.1, 1, 7, .05)) && isnan(er_pac_bayes_kl(1.5, 1, 100, .05)) &&
             isnan(er_pac_bayes_kl(.1, -1, 100, .05)) && isnan(er_pac_bayes_kl(.1, 1, 100, 0)),
         "kl");
    T_OK(isnan(er_pac_bayes_lambda(.1, 1, 100, .05, 2)) && isnan(er_pac_bayes_catoni(.1, 1, 100, .05, 0)) &&
             isnan(er_pac_bayes_classic(-1, 1, 100, .05)) && isnan(er_pac_bayes_langford(.1, 1, 100, 2)) &&
             isnan(er_pac_bayes_sampled(.1, 0, .05)) && isnan(er_dziugaite_roy(1, 0, 100, .05)),
         "the others");
}

int main(void)
{
    check_c22_binary_kl();
    check_c23_inverses();
    test_inverse_is_rounded_up();
    check_c24_bounds();
    test_order();
    check_c25_dziugaite_roy();
    check_c26_gaussian_kl();
    test_objective_slopes();
    test_ranges();
    return t_done();
}
