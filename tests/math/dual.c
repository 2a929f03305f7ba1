/* Dual activations with closed forms: the values of the reference's section 6.1; expectations by the trapezoidal rule in two
 * dimensions; slopes against differences; points with themselves and zero inputs; float32. */
#include "t.h"

#include "math/duals.h"
#include "support/dual_pair.h"

#include <float.h>

static const struct named {
    const char *name;
    const struct er_dual *dual;
    double p[ER_DUAL_PARAMETERS];
    struct pair want; /* at (1.3, 0.7, 0.4) */
} duals[] = {
    {"relu", &er_dual_abrelu, {0, 1}, {0.2653780915189, 0.3188646691587}},
    {"leaky relu 0.1", &er_dual_abrelu, {0.1, 1}, {0.2549562541303, 0.3582803820186}},
    {"abrelu -0.5 2", &er_dual_abrelu, {-0.5, 2}, {1.258613071993, 0.9929041822421}},
    {"abs", &er_dual_abrelu, {-1, 1}, {0.6615123660758, 0.2754586766349}},
    {"sign", &er_dual_sign, {0}, {0.2754586766349, 0}},
    {"erf", &er_dual_erf, {1, 1, 0}, {0.1754796560918, 0.4501581580786}},
    {"erf 0.5 1.2 0.3", &er_dual_erf, {0.5, 1.2, 0.3}, {0.1392537231941, 0.1272219037522}},
    {"sigmoid-like erf",
     &er_dual_erf,
     {0.5, 1 / 2.4020563531719796, 0.5},
     {0.2664653069233, 0.04131075349399}},
    {"sin", &er_dual_sin, {1, 1, 0}, {0.1511073360762, 0.3977043000178}},
    {"cos", &er_dual_sin, {1, 1, M_PI_2}, {0.3977043000178, 0.1511073360762}},
    {"sin 0.5 1.5 0.3", &er_dual_sin, {0.5, 1.5, 0.3}, {0.02798410927099, 0.08285840075359}},
    {"rbf 0.5", &er_dual_rbf, {0.5}, {0.548811636094, 0.548811636094}},
    {"gelu", &er_dual_gelu, {0}, {0.188060676735, 0.3248172218043}},
    {"exp 1 0.5", &er_dual_exp, {1, 0.5}, {1.419067548593, 0.3547668871483}},
    {"gaussian 1 -1", &er_dual_gaussian, {1, -1}, {0.3535533905933, 0.07071067811865}},
    {"gabor", &er_dual_gabor, {0}, {0.01293864884295, 0.04111147326758}},
    {"x", &er_dual_monomial, {1}, {0.4, 1}},
    {"x^2", &er_dual_monomial, {2}, {1.23, 1.6}},
    {"x^3", &er_dual_monomial, {3}, {3.66, 11.07}},
    {"x^4", &er_dual_monomial, {4}, {18.5505, 58.56}},
    {"x^5", &er_dual_monomial, {5}, {110.7018, 463.7625}},
    {"0.3 - 0.5 x + 0.2 x^2 + 0.1 x^3", &er_dual_polynomial, {0.3, -0.5, 0.2, 0.1}, {0.2758, 0.1247}},
    {"x^5 as a polynomial", &er_dual_polynomial, {0, 0, 0, 0, 0, 1}, {110.7018, 463.7625}},
    {"step", &er_dual_step, {0}, {0.3188646691587, 0}},
    {"(x >= 0) x", &er_dual_rectified_monomial, {1}, {0.2653780915189, 0.3188646691587}},
    {"(x >= 0) x^2", &er_dual_rectified_monomial, {2}, {0.5576022116918, 1.061512366076}},
    {"(x >= 0) x^3", &er_dual_rectified_monomial, {3}, {1.91133869794, 5.018419905226}},
};
enum { DUALS = sizeof duals / sizeof *duals };

/* Printed to 13 digits. */
static void table_of_the_reference(void)
{
    for (int i = 0; i < DUALS; i++) {
        const struct named *d = duals + i;
        const struct pair got = pair_of(d->dual, d->p, 1.3, 0.7, 0.4);
        T_CLOSE(got.T, d->want.T, 1e-12 * fmax(fabs(d->want.T), 0.1), "%s: T", d->name);
        T_CLOSE(got.slope, d->want.slope, 1e-12 * fmax(fabs(d->want.slope), 0.1), "%s: T'", d->name);
    }
    static const struct {
        double q1, q2, c;
        struct pair want[3]; /* relu, erf, gelu */
    } more[] = {
        {1, 1, 0, {{0.1591549430919, 0.25}, {0, 0.4244131815784}, {0.07957747154595, 0.25}}},
        {1, 1, 1, {{0.5, 0.5}, {0.4645590543975, 0.5694100347337}, {0.4252214825703, 0.4558508656493}}},
        {1, 1, -1, {{0, 0}, {-0.4645590543975, 0.5694100347337}, {-0.0747785174297, 0.04414913435071}}},
        {1,
         1,
         -0.5,
         {{0.05449889052211, 0.1666666666667},
          {-0.2163468959388, 0.4501581580786},
          {-0.02270508497801, 0.1577327575406}}},
        {2,
         0.5,
         0.9,
         {{0.4547691994223, 0.4282168534356},
          {0.3855017059026, 0.4897075172058},
          {0.3706129795783, 0.4145090513548}}},
    };
    const struct er_dual *of[3] = {&er_dual_abrelu, &er_dual_erf, &er_dual_gelu};
    const double p[3][3] = {{0, 1}, {1, 1, 0}, {0}};
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 3; j++) {
            const struct pair got = pair_of(of[j], p[j], more[i].q1, more[i].q2, more[i].c);
            T_CLOSE(got.T, more[i].want[j].T, 1e-13, "(%g, %g, %g): T of %d", more[i].q1, more[i].q2,
                    more[i].c, j);
            T_CLOSE(got.slope, more[i].want[j].slope, 1e-13, "(%g, %g, %g): T' of %d", more[i].q1, more[i].q2,
                    more[i].c, j);
        }
}

static double value_of(const struct named *d, double x)
{
    const double *p = d->p;
    if (d->dual == &er_dual_erf) return p[0] * erf(p[1] * x) + p[2];
    if (d->dual == &er_dual_sin) return p[0] * sin(p[1] * x + p[2]);
    if (d->dual == &er_dual_rbf) return sqrt(2) * sin(sqrt(2 * p[0]) * x + M_PI / 4);
    if (d->dual == &er_dual_gelu) return x * erfc(-x * M_SQRT1_2) / 2;
    if (d->dual == &er_dual_exp) return p[0] * exp(p[1] * x);
    if (d->dual == &er_dual_gaussian) return p[0] * exp(p[1] * x * x);
    if (d->dual == &er_dual_gabor) return exp(-x * x) * sin(x);
    if (d->dual == &er_dual_monomial) return pow(x, p[0]);
    double y = 0;
    for (int k = ER_DUAL_DEGREE; k >= 0; k--) y = y * x + p[k];
    return y;
}

static bool is_smooth(const struct er_dual *d)
{
    return d != &er_dual_abrelu && d != &er_dual_sign && d != &er_dual_step &&
           d != &er_dual_rectified_monomial;
}

/* E phi(u) phi(v) by the trapezoidal rule, which converges as the functions are analytic: to rounding with steps of 1/6. */
static double expectation(const struct named *d, double q1, double q2, double c)
{
    enum { SIDE = 60 };
    const double h = 1 / 6.0, rest = sqrt(fmax(0, q2 - c * c / q1));
    double sum = 0;
    for (int i = -SIDE; i <= SIDE; i++) {
        const double x = h * i;
        double inner = 0;
        for (int j = -SIDE; j <= SIDE; j++)
            inner += value_of(d, c / sqrt(q1) * x + rest * h * j) * exp(-h * h * j * j / 2);
        sum += inner * value_of(d, sqrt(q1) * x) * exp(-x * x / 2);
    }
    return sum * h * h / (2 * M_PI);
}

static const double places[][3] = {{1.3, 0.7, 0.4}, {0.5, 2.2, -0.9}, {1.1, 0.9, 0.99}, {0.3, 0.3, -0.29}};
enum { PLACES = sizeof places / sizeof *places };

static double size_of(const struct named *d, double q1, double q2)
{
    return sqrt(self_of(d->dual, d->p, q1).T * self_of(d->dual, d->p, q2).T);
}

static void expectations(void)
{
    for (int i = 0; i < DUALS; i++) {
        const struct named *d = duals + i;
        if (!is_smooth(d->dual)) continue;
        for (int at = 0; at < PLACES; at++) {
            const double *q = places[at];
            T_CLOSE(pair_of(d->dual, d->p, q[0], q[1], q[2]).T, expectation(d, q[0], q[1], q[2]),
                    1e-12 * (1 + size_of(d, q[0], q[1])), "%s at place %d: E phi phi", d->name, at);
        }
        const double q = 0.8;
        T_CLOSE(self_of(d->dual, d->p, q).T, expectation(d, q, q, q), 1e-12 * (1 + size_of(d, q, q)),
                "%s: E phi^2", d->name);
    }
}

/* Central differences: h^2 / 6 of the third derivative, which kinks make det^(-3/2) large, and rounding / h. */
static void slopes(void)
{
    const double h = 1e-5;
    for (int i = 0; i < DUALS; i++) {
        const struct named *d = duals + i;
        if (!d->dual->slope) continue;
        for (int at = 0; at < PLACES; at++) {
            const double *q = places[at];
            const double up = pair_of(d->dual, d->p, q[0], q[1], q[2] + h).T;
            const double down = pair_of(d->dual, d->p, q[0], q[1], q[2] - h).T;
            const double got = pair_of(d->dual, d->p, q[0], q[1], q[2]).slope;
            const double kink = is_smooth(d->dual) ? 0 : h * h * pow(q[0] * q[1] - q[2] * q[2], -1.5);
            T_CLOSE((up - down) / (2 * h), got, 2e-9 * (1 + fabs(got)) + kink, "%s at place %d: T' = dT/dc",
                    d->name, at);
        }
    }
}

/* With itself: the pair at c = q, but exact; an input of zeros: finite everything, and the pair the same. */
static void selves(void)
{
    for (int i = 0; i < DUALS; i++) {
        const struct named *d = duals + i;
        for (int j = 0; j < 3; j++) {
            const double q = (const double[]){0.37, 1, 5.3}[j];
            if (d->dual == &er_dual_gaussian && d->p[1] > 0) continue;
            const struct pair own = self_of(d->dual, d->p, q), pair = pair_of(d->dual, d->p, q, q, q);
            T_CLOSE(own.T, pair.T, 8 * DBL_EPSILON * fabs(own.T), "%s: with itself, q = %g", d->name, q);
            if (d->dual->slope)
                T_CLOSE(own.slope, pair.slope, 8 * DBL_EPSILON * fabs(own.slope),
                        "%s: T' with itself, q = %g", d->name, q);
        }
        const struct pair none = self_of(d->dual, d->p, 0), both = pair_of(d->dual, d->p, 0, 0, 0);
        const struct pair one = pair_of(d->dual, d->p, 0, 1, 0);
        T_CLOSE(none.T, both.T, 4 * DBL_EPSILON, "%s: zeros with themselves", d->name);
        T_CLOSE(none.slope, both.slope, 4 * DBL_EPSILON, "%s: T' of zeros with themselves", d->name);
        T_OK(isfinite(one.T) && isfinite(one.slope), "%s: zeros with another", d->name);
        const double at_0 = is_smooth(d->dual) ? value_of(d, 0) : 0;
        if (is_smooth(d->dual)) T_CLOSE(none.T, at_0 * at_0, 4 * DBL_EPSILON, "%s: phi(0)^2", d->name);
    }
}

static void homogeneity(void)
{
    const double relu[] = {0, 1};
    const struct pair one = pair_of(&er_dual_abrelu, relu, 1.3, 0.7, 0.4);
    const struct pair four = pair_of(&er_dual_abrelu, relu, 4 * 1.3, 4 * 0.7, 4 * 0.4);
    T_CLOSE(four.T, 4 * 0.2653780915189, 1e-12, "relu: T of four times");
    T_OK(four.T == 4 * one.T && four.slope == one.slope, "relu: powers of 2 pass to the bit");
    for (int k = 2; k <= 16; k++) {
        const double p = k, less = k - 1;
        const struct pair got = pair_of(&er_dual_monomial, &p, 1.3, 0.7, 0.4);
        T_CLOSE(got.slope, k * k * pair_of(&er_dual_monomial, &less, 1.3, 0.7, 0.4).T, 1e-13 * got.slope,
                "x^%d: T'", k);
        const struct pair half = pair_of(&er_dual_rectified_monomial, &p, 1.3, 0.7, 0.4);
        const struct pair other = pair_of(&er_dual_rectified_monomial, &p, 1.3, 0.7, -0.4);
        T_CLOSE(half.T + (k % 2 ? -other.T : other.T), got.T / 2, 1e-12 * got.T,
                "(x >= 0) x^%d: both halves make x^%d", k, k);
    }
}

/* float32 against float64 on the same numbers. */
static void in_float32(void)
{
    for (int i = 0; i < DUALS; i++) {
        const struct named *d = duals + i;
        for (int at = 0; at < PLACES; at++) {
            const float q[2] = {(float)places[at][0], (float)places[at][1]};
            float k = (float)places[at][2], theta = 2;
            const struct pair want = pair_of(d->dual, d->p, (double)q[0], (double)q[1], (double)k);
            const struct er_dual_side32 one = {q, 1}, two = {q + 1, 0};
            d->dual->pair32(d->p, 1, &one, &two, &k, &theta);
            T_CLOSE(k, want.T, 4 * (double)FLT_EPSILON * size_of(d, (double)q[0], (double)q[1]),
                    "%s, float32: T", d->name);
            T_CLOSE(theta, 2 * want.slope, 8 * (double)FLT_EPSILON * (1 + fabs(want.slope)),
                    "%s, float32: T'", d->name);
        }
    }
}

int main(void)
{
    table_of_the_reference();
    expectations();
    slopes();
    selves();
    homogeneity();
    in_float32();
    return t_done();
}
