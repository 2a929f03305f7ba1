/* The functions of elementary.h against libm in double, over the floats; alone and in a vector loop they give
 * the same bits; NaN, infinities, 0, signs and ranges. */
#include "t.h"

#include "core/vector.h"
#include "math/elementary.h"

#include <ermine/random.h>
#include <float.h>

enum { BLOCK = 1021 }; /* odd: vector loops have a rest */

typedef void loop_fn(int64_t n, const float *x, float *y);
typedef float single_fn(float x);
typedef double truth_fn(double x);

#define BOTH(name)                                                                                           \
    ER_VECTOR static void loop_##name(int64_t n, const float *x, float *y)                                   \
    {                                                                                                        \
        _Pragma("omp simd") for (int64_t i = 0; i < n; i++) y[i] = er_##name(x[i]);                          \
    }                                                                                                        \
    __attribute__((noinline)) static float single_##name(float x)                                            \
    {                                                                                                        \
        return er_##name(x);                                                                                 \
    }

BOTH(expf)
BOTH(expm1f)
BOTH(logf)
BOTH(log1pf)
BOTH(softplusf)
BOTH(sigmoidf)
BOTH(tanhf)
BOTH(erff)
BOTH(gaussianf)
BOTH(normal_densityf)
BOTH(normal_cdff)
BOTH(sinf)
BOTH(cosf)

static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double gaussian(double x)
{
    return exp(-x * x / 2);
}

static double normal_density(double x)
{
    return exp(-x * x / 2) / sqrt(2 * acos(-1));
}

static double normal_cdf(double x)
{
    return erfc(-x / sqrt(2)) / 2;
}

/* Arguments between `from` and `to` are held to `ulp`, in units of the exact value's last place, or to
 * `absolute` where that is not 0; of others only the bits and, for those with `absolute`, |y| <= 1 are asked.
 */
static const struct function {
    const char *name;
    loop_fn *loop;
    single_fn *single;
    truth_fn *truth;
    double from, to, ulp, absolute;
    double at_minus_infinity, at_0, at_infinity;
} functions[] = {
    {"exp", loop_expf, single_expf, exp, -INFINITY, INFINITY, 1.25, 0, 0, 1, INFINITY},
    {"expm1", loop_expm1f, single_expm1f, expm1, -INFINITY, 0, 2, 0, -1, 0, INFINITY},
    {"log", loop_logf, single_logf, log, 0, INFINITY, 1.25, 0, NAN, -INFINITY, INFINITY},
    {"log1p", loop_log1pf, single_log1pf, log1p, -1, INFINITY, 1.75, 0, NAN, 0, INFINITY},
    {"softplus", loop_softplusf, single_softplusf, softplus, -INFINITY, INFINITY, 2.5, 0, 0, 0.693147182f,
     INFINITY},
    {"sigmoid", loop_sigmoidf, single_sigmoidf, sigmoid, -87.3, INFINITY, 2.5, 0, 0, 0.5, 1},
    {"tanh", loop_tanhf, single_tanhf, tanh, -INFINITY, INFINITY, 2, 0, -1, 0, 1},
    {"erf", loop_erff, single_erff, erf, -INFINITY, INFINITY, 2, 0, -1, 0, 1},
    {"gaussian", loop_gaussianf, single_gaussianf, gaussian, -INFINITY, INFINITY, 2, 0, 0, 1, 0},
    {"normal density", loop_normal_densityf, single_normal_densityf, normal_density, -INFINITY, INFINITY, 2.5,
     0, 0, 0.398942292f, 0},
    {"normal cdf", loop_normal_cdff, single_normal_cdff, normal_cdf, -INFINITY, INFINITY, 6, 0, 0, 0.5, 1},
    {"sin", loop_sinf, single_sinf, sin, -1e5, 1e5, 0, 1.3e-7, NAN, 0, NAN},
    {"cos", loop_cosf, single_cosf, cos, -1e5, 1e5, 0, 1.3e-7, NAN, 1, NAN},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* Distance of y from the exact value in units of the last place that floats have there. */
static double in_ulp(float y, double exact)
{
    if ((double)y == exact || (isnan(y) && isnan(exact))) return 0;
    if (isnan(y)) return INFINITY;
    if (isinf((float)exact)) return y == (float)exact ? 0 : INFINITY;
    int exponent;
    frexp(exact, &exponent);
    return fabs((double)y - exact) / ldexp(1, exponent - 24 > -149 ? exponent - 24 : -149);
}

/* NaN and NaN are the same whatever their bits: which of two operands' NaN goes on is the compiler's choice.
 */
static bool same(float a, float b)
{
    return er_float_bits(a) == er_float_bits(b) || (isnan(a) && isnan(b));
}

/* Every `step`-th float, both signs, from 0 on in whole blocks. */
static void sweep(const struct function *f, uint32_t step)
{
    float x[BLOCK], y[BLOCK], at = 0;
    double worst = 0;
    bool bits = true, bounded = true;
    int64_t n = 0;
    for (uint32_t u = 0; u <= 0x7f800000u; u += step)
        for (uint32_t sign = 0; sign < 2; sign++) {
            x[n++] = er_bits_float(u | sign << 31);
            if (n < BLOCK) continue;
            f->loop(n, x, y);
            for (int64_t i = 0; i < n; i++) {
                bits = bits && same(y[i], f->single(x[i]));
                if (f->absolute > 0) bounded = bounded && fabsf(y[i]) <= 1;
                if ((double)x[i] < f->from || (double)x[i] > f->to) continue;
                const double exact = f->truth((double)x[i]);
                const double error = f->absolute > 0 ? fabs((double)y[i] - exact) : in_ulp(y[i], exact);
                if (error > worst) worst = error, at = x[i];
            }
            n = 0;
        }
    T_OK(bits, "%s: the same bits in a vector and alone", f->name);
    T_OK(bounded, "%s: within [-1, 1]", f->name);
    const char *unit = f->absolute > 0 ? "" : " ulp";
    T_OK(worst <= (f->absolute > 0 ? f->absolute : f->ulp), "%s: %.3g%s at %.9g", f->name, worst, unit,
         (double)at);
    printf("# %s: %.3g%s at %.9g\n", f->name, worst, unit, (double)at);
}

static void edges(const struct function *f)
{
    const float x[] = {NAN, -NAN, -INFINITY, 0, -0.0f, INFINITY};
    const double want[] = {NAN, NAN, f->at_minus_infinity, f->at_0, f->at_0, f->at_infinity};
    float y[6];
    f->loop(6, x, y);
    for (int i = 0; i < 6; i++) {
        T_OK((double)y[i] == want[i] || (isnan(y[i]) && isnan(want[i])), "%s(%g) = %.9g, not %.9g", f->name,
             (double)x[i], (double)y[i], want[i]);
        T_OK(same(f->single(x[i]), y[i]), "%s(%g) alone", f->name, (double)x[i]);
    }
}

static void symmetries(void)
{
    bool odd = true, even = true, whole = true;
    for (int i = 0; i < 4000; i++) {
        const float x = (float)i * 0.0173f;
        odd = odd && same(-er_tanhf(x), er_tanhf(-x)) && same(-er_erff(x), er_erff(-x));
        even = even && same(er_cosf(x), er_cosf(-x)) && same(er_gaussianf(x), er_gaussianf(-x));
        whole = whole && fabsf(er_normal_cdff(x) + er_normal_cdff(-x) - 1) <= FLT_EPSILON;
    }
    T_OK(odd, "tanh and erf are odd");
    T_OK(even, "cos and the Gaussian are even");
    T_OK(whole, "Phi(x) + Phi(-x) = 1");
}

/* The arrays at every short length, in place too, with a guard behind. */
static void arrays(void)
{
    bool right = true, guard = true;
    for (int n = 0; n < 70; n++) {
        float x[71], y[71];
        double u[71], v[71];
        for (int i = 0; i <= n; i++) x[i] = (float)(i - 20) * 0.7f, u[i] = (double)i * 0.3;
        y[n] = 99;
        v[n] = 99;
        er_exp_array(n, x, y);
        er_log_array(n, u, v);
        guard = guard && y[n] == 99 && v[n] == 99;
        er_exp_array(n, x, x);
        er_log_array(n, u, u);
        double negative[71], power[71];
        for (int i = 0; i <= n; i++) negative[i] = (double)-i * 0.3;
        power[n] = 99;
        er_exp_negative_array(n, negative, power);
        guard = guard && power[n] == 99;
        er_exp_negative_array(n, negative, negative);
        for (int i = 0; i < n; i++) right = right && negative[i] == power[i];
        for (int i = 0; i < n; i++) {
            right = right && same(y[i], er_expf((float)(i - 20) * 0.7f)) && same(x[i], y[i]);
            right = right && u[i] == v[i];
        }
    }
    T_OK(right, "arrays: as alone, and in place");
    T_OK(guard, "arrays: nothing is written beyond n");
}

/* Doubles of every exponent, and those around 1. long double is the truth where it is longer. */
static void log_of_doubles(void)
{
    enum { N = 1000 };
    struct er_random random = er_random_open(1, 0);
    double x[N], y[N], worst = 0, at = 0;
    for (int round = 0; round < 1000; round++) {
        for (int i = 0; i < N; i++) {
            const double fraction = er_random_uniform(&random); /* [0, 1) */
            x[i] =
                round % 2 ? ldexp(1 + fraction, (int)er_random_below(&random, 2098) - 1074) : 0.5 + fraction;
        }
        er_log_array(N, x, y);
        for (int i = 0; i < N; i++) {
            const long double exact = logl((long double)x[i]);
            int exponent;
            frexp((double)exact, &exponent);
            const double ulp = (double)(fabsl((long double)y[i] - exact) / ldexpl(1, exponent - 53));
            if (!(ulp <= worst)) worst = isnan(ulp) ? (double)INFINITY : ulp, at = x[i];
        }
    }
    T_OK(worst <= 1.25, "log of doubles: %.3f ulp at %.17g", worst, at);
    printf("# log of doubles: %.3f ulp at %.17g\n", worst, at);
    const double in[] = {0, -0.0, -1, -INFINITY, NAN, INFINITY, 1},
                 want[] = {-INFINITY, -INFINITY, NAN, NAN, NAN, INFINITY, 0};
    double out[7];
    er_log_array(7, in, out);
    for (int i = 0; i < 7; i++)
        T_OK(out[i] == want[i] || (isnan(out[i]) && isnan(want[i])), "log(%g) = %g", in[i], out[i]);
}

/* Doubles from -745.2 to 0, half of them near 0; subnormal results have ulp of 2^-1074. */
static void exp_of_doubles(void)
{
    enum { N = 1000 };
    struct er_random random = er_random_open(3, 0);
    double x[N], y[N], worst = 0, at = 0;
    for (int round = 0; round < 1000; round++) {
        for (int i = 0; i < N; i++) x[i] = -er_random_uniform(&random) * (round % 2 ? 745.2 : 2);
        er_exp_negative_array(N, x, y);
        for (int i = 0; i < N; i++) {
            const long double exact = expl((long double)x[i]);
            int exponent;
            frexp((double)exact, &exponent);
            const int least = exponent - 53 < -1074 ? -1074 : exponent - 53;
            const double ulp = (double)(fabsl((long double)y[i] - exact) / ldexpl(1, least));
            if (!(ulp <= worst)) worst = isnan(ulp) ? (double)INFINITY : ulp, at = x[i];
        }
    }
    T_OK(worst <= 1.25, "exp of doubles: %.3f ulp at %.17g", worst, at);
    printf("# exp of doubles: %.3f ulp at %.17g\n", worst, at);
    const double in[] = {0, -0.0, -746, -INFINITY, NAN}, want[] = {1, 1, 0, 0, NAN};
    double out[5];
    er_exp_negative_array(5, in, out);
    for (int i = 0; i < 5; i++)
        T_OK(out[i] == want[i] || (isnan(out[i]) && isnan(want[i])), "exp(%g) = %g", in[i], out[i]);
}

/* Doubles from -800 to 800, half of them near 0. long double is the truth where it is longer. */
static void softplus_of_doubles(void)
{
    enum { N = 1001 };
    struct er_random random = er_random_open(1, 1);
    double x[N], y[N], worst = 0, at = 0;
    for (int round = 0; round < 400; round++) {
        for (int i = 0; i < N; i++) x[i] = (er_random_uniform(&random) - 0.5) * (round % 2 ? 1600 : 20);
        er_softplus_array(N, x, y);
        for (int i = 0; i < N; i++) {
            const long double exact = fmaxl((long double)x[i], 0) + log1pl(expl(-fabsl((long double)x[i])));
            int exponent;
            frexp((double)exact, &exponent);
            const double ulp = (double)(fabsl((long double)y[i] - exact) /
                                        ldexpl(1, exponent - 53 > -1074 ? exponent - 53 : -1074));
            if (!(ulp <= worst)) worst = isnan(ulp) ? (double)INFINITY : ulp, at = x[i];
        }
    }
    T_OK(worst <= 2.5, "softplus of doubles: %.3f ulp at %.17g", worst, at);
    printf("# softplus of doubles: %.3f ulp at %.17g\n", worst, at);
    const double in[] = {0, -0.0, -1e300, -INFINITY, NAN, INFINITY, 1e300},
                 want[] = {log(2), log(2), 0, 0, NAN, INFINITY, 1e300};
    double out[7];
    er_softplus_array(7, in, out);
    for (int i = 0; i < 7; i++)
        T_OK(out[i] == want[i] || (isnan(out[i]) && isnan(want[i])), "softplus(%g) = %.17g", in[i], out[i]);
    for (int n = 0; n < 40; n++) {
        double in_place[40];
        for (int i = 0; i < 40; i++) in_place[i] = x[i];
        er_softplus_array(n, in_place, in_place);
        T_OK(memcmp(in_place, y, (size_t)n * sizeof *y) == 0 &&
                 memcmp(in_place + n, x + n, (size_t)(40 - n) * sizeof *y) == 0,
             "softplus of %d doubles in place", n);
    }
}

int main(void)
{
    for (int i = 0; i < FUNCTIONS; i++) {
        sweep(&functions[i], 997);
        edges(&functions[i]);
    }
    T_OK(isnan(er_logf(-1)) && isnan(er_logf(-FLT_TRUE_MIN)) && isnan(er_log1pf(-1.5f)), "logarithms below");
    T_OK(isinf(er_log1pf(-1)) && er_logf(1) == 0, "logarithms at the pole and at 1");
    T_OK(er_expf(88.72f) < INFINITY && isinf(er_expf(88.73f)), "exp overflows");
    T_OK(er_expf(-103.9f) > 0 && er_expf(-104) == 0 && er_expf(-FLT_MAX) == 0, "exp underflows");
    T_OK(er_sigmoidf(-88.73f) == 0 && er_sigmoidf(-88.7f) > 0, "sigmoid underflows");
    T_OK(er_normal_cdff(-14) > 0 && er_normal_cdff(-15) == 0, "Phi underflows");
    symmetries();
    arrays();
    log_of_doubles();
    exp_of_doubles();
    softplus_of_doubles();
    return t_done();
}
