/* Duals by tables of Hermite coefficients: the rows of the reference's section 6.1, quadrature in two dimensions, closed forms
 * of functions that have one, large variances, and what is exact at the ends. */
#include "t.h"

#include "math/dual_hermite.h"
#include "math/duals.h"
#include "math/elementary_double.h"

struct pair {
    double T, slope;
};

static double tables[2][ER_HERMITE_WIDTH];

static struct pair pair_of(const struct er_dual *dual, const double *p, double q1, double q2, double c)
{
    struct pair out = {c, 1};
    const struct er_dual_side one = {&q1, tables[0], 0}, two = {&q2, tables[1], 1};
    dual->prepare(p, 1, &q1, tables[0]);
    dual->prepare(p, 1, &q2, tables[1]);
    dual->pair(p, 1, &one, &two, &out.T, &out.slope);
    return out;
}

static struct pair self_of(const struct er_dual *dual, const double *p, double q)
{
    struct pair out = {q, 1};
    dual->prepare(p, 1, &q, tables[0]);
    dual->self(p, 1, &out.T, tables[0], &out.T, &out.slope);
    return out;
}

static bool same(int64_t n, const double *a, const double *b)
{
    bool all = true;
    for (int64_t i = 0; i < n; i++) all = all && er_double_bits(a[i]) == er_double_bits(b[i]);
    return all;
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double value_of(const struct er_dual *dual, double x)
{
    if (dual == &er_dual_tanh) return tanh(x);
    if (dual == &er_dual_sigmoid) return sigmoid(x);
    if (dual == &er_dual_swish) return x * sigmoid(x);
    if (dual == &er_dual_softplus) return fmax(x, 0) + log1p(exp(-fabs(x)));
    return x * sigmoid(sqrt(8 / M_PI) * (x + 0.044715 * x * x * x));
}

static double slope_of(const struct er_dual *dual, double x)
{
    const double p = sigmoid(x);
    if (dual == &er_dual_tanh) return 1 / (cosh(x) * cosh(x));
    if (dual == &er_dual_sigmoid) return p * sigmoid(-x);
    if (dual == &er_dual_swish) return p + x * p * sigmoid(-x);
    if (dual == &er_dual_softplus) return p;
    const double b = sqrt(8 / M_PI), u = b * (x + 0.044715 * x * x * x);
    return sigmoid(u) + x * sigmoid(u) * sigmoid(-u) * b * (1 + 3 * 0.044715 * x * x);
}

/* E f(u) f(v) by the trapezoidal rule with steps of 1/12, which converges as f is analytic in a strip. */
static double expectation(double (*f)(const struct er_dual *, double), const struct er_dual *dual, double q1,
                          double q2, double c)
{
    enum { SIDE = 110 };
    const double h = 1 / 12.0, rest = sqrt(fmax(0, q2 - c * c / q1));
    double density[SIDE + 1], sum = 0;
    for (int i = 0; i <= SIDE; i++) density[i] = exp(-h * h * i * i / 2);
    for (int i = -SIDE; i <= SIDE; i++) {
        const double x = h * i;
        double inner = 0;
        for (int j = -SIDE; j <= SIDE; j++)
            inner += f(dual, c / sqrt(q1) * x + rest * h * j) * density[abs(j)];
        sum += inner * f(dual, sqrt(q1) * x) * density[abs(i)];
    }
    return sum * h * h / (2 * M_PI);
}

enum { SMOOTH = 5 };
static const struct er_dual *const smooth[SMOOTH] = {&er_dual_tanh, &er_dual_sigmoid, &er_dual_swish,
                                                     &er_dual_softplus, &er_dual_gelu_tanh};
static const char *const name[SMOOTH] = {"tanh", "sigmoid", "swish", "softplus", "gelu with tanh"};

static void table_of_the_reference(void)
{
    const struct pair want[SMOOTH] = {{0.1509197641091, 0.385261610559},
                                      {0, 0},
                                      {0.1490367738236, 0.3001532691478},
                                      {0.7510699865892, 0.267205275723},
                                      {0, 0}};
    for (int i = 0; i < SMOOTH; i++) {
        if (want[i].T == 0) continue;
        const struct pair got = pair_of(smooth[i], NULL, 1.3, 0.7, 0.4);
        T_CLOSE(got.T, want[i].T, 1e-13, "%s: T", name[i]);
        T_CLOSE(got.slope, want[i].slope, 1e-13, "%s: T'", name[i]);
    }
}

static void expectations(void)
{
    const double place[][3] = {{1.3, 0.7, 0.4}, {0.5, 2, -0.9}, {1, 1, 0.98}, {0.6, 0.6, -0.59}};
    for (int i = 0; i < SMOOTH; i++)
        for (int at = 0; at < 4; at++) {
            const double *q = place[at];
            const struct pair got = pair_of(smooth[i], NULL, q[0], q[1], q[2]);
            T_CLOSE(got.T, expectation(value_of, smooth[i], q[0], q[1], q[2]), 1e-12, "%s at place %d: T",
                    name[i], at);
            T_CLOSE(got.slope, expectation(slope_of, smooth[i], q[0], q[1], q[2]), 1e-11,
                    "%s at place %d: T'", name[i], at);
        }
}

/* The ends, which the last two terms make exact; an input of zeros. */
static void ends(void)
{
    for (int i = 0; i < SMOOTH; i++)
        for (int j = 0; j < 3; j++) {
            const double q = (const double[]){0.5, 2, 30}[j];
            const struct pair own = self_of(smooth[i], NULL, q), pair = pair_of(smooth[i], NULL, q, q, q);
            T_OK(own.T == pair.T && own.slope == pair.slope, "%s: with itself to the bit, q = %g", name[i],
                 q);
            if (q < 3) {
                T_CLOSE(own.T, expectation(value_of, smooth[i], q, q, q), 2e-14, "%s: E phi^2, q = %g",
                        name[i], q);
                T_CLOSE(own.slope, expectation(slope_of, smooth[i], q, q, q), 2e-12, "%s: E phi'^2, q = %g",
                        name[i], q);
                T_CLOSE(pair_of(smooth[i], NULL, q, q, -q).T, expectation(value_of, smooth[i], q, q, -q),
                        2e-14, "%s: with its opposite, q = %g", name[i], q);
            }
        }
    for (int i = 0; i < SMOOTH; i++) {
        const struct pair none = self_of(smooth[i], NULL, 0), one = pair_of(smooth[i], NULL, 0, 1, 0);
        T_CLOSE(none.T, pow(value_of(smooth[i], 0), 2), 4e-15, "%s of zeros: phi(0)^2", name[i]);
        T_CLOSE(none.slope, pow(slope_of(smooth[i], 0), 2), 4e-15, "%s of zeros: phi'(0)^2", name[i]);
        T_OK(isfinite(one.T) && isfinite(one.slope), "%s: zeros with another", name[i]);
    }
}

/* relu and gelu by tables, near a point with itself by quadrature: a kink, and none. */
static void relu(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    (void)p;
    for (int64_t i = 0; i < n; i++) {
        y[i] = fmax(x[i], 0);
        slope[i] = x[i] > 0 ? 1 : x[i] < 0 ? 0 : 0.5;
    }
}

static void gelu(const double *p, int64_t n, const double *x, double *y, double *slope)
{
    (void)p;
    for (int64_t i = 0; i < n; i++) {
        const double cdf = erfc(-x[i] * M_SQRT1_2) / 2;
        y[i] = x[i] * cdf;
        slope[i] = cdf + x[i] * exp(-x[i] * x[i] / 2) / sqrt(2 * M_PI);
    }
}
ER_HERMITE_FUNCTIONS(relu, true)
ER_HERMITE_FUNCTIONS(gelu, false)
static const struct er_dual tabled_relu = ER_HERMITE_DUAL(relu), tabled_gelu = ER_HERMITE_DUAL(gelu);

/* The worst error of T and of T' relative to the sizes of phi and phi', for variances and correlations up to +-(1 - 1e-12). */
static void against(const char *what, const struct er_dual *dual, const struct er_dual *closed,
                    const double *p)
{
    const double variance[] = {1e-4, 1, 3.7, 40, 1e5, 1e10}, ratio[] = {1, 1e-3};
    const double off[] = {1e-12, 1e-6, 1e-3, 0.01, 0.1, 0.3, 1};
    double worst[2] = {0};
    for (int at = 0; at < 6 * 2 * 7 * 2; at++) {
        const double q1 = variance[at % 6], q2 = q1 * ratio[at / 6 % 2];
        const double c = (at < 84 ? 1 : -1) * (1 - off[at / 12 % 7]) * sqrt(q1 * q2);
        struct pair want = {c, 1}, own1 = {q1, 1}, own2 = {q2, 1};
        const struct er_dual_side one = {&q1, NULL, 0}, two = {&q2, NULL, 0};
        closed->pair(p, 1, &one, &two, &want.T, &want.slope);
        closed->self(p, 1, &q1, NULL, &own1.T, &own1.slope);
        closed->self(p, 1, &q2, NULL, &own2.T, &own2.slope);
        const struct pair got = pair_of(dual, NULL, q1, q2, c);
        worst[0] = fmax(worst[0], fabs(got.T - want.T) / sqrt(own1.T * own2.T));
        worst[1] = fmax(worst[1], fabs(got.slope - want.slope) / sqrt(own1.slope * own2.slope));
    }
    printf("# %s by a table: T to %.2g, T' to %.2g\n", what, worst[0], worst[1]);
    T_OK(worst[0] < 1e-9 && worst[1] < 1e-9, "%s: T to %g, T' to %g", what, worst[0], worst[1]);
}

static void against_closed_forms(void)
{
    against("relu", &tabled_relu, &er_dual_abrelu, (const double[]){0, 1});
    against("gelu", &tabled_gelu, &er_dual_gelu, NULL);
}

/* tanh', which is nothing beyond 18, against the trapezoidal rule over both inputs at once: large variances, where the series
 * is off by up to half of T'. */
static void large_variances(void)
{
    const double h = 0.25, place[][2] = {{40, 0.8}, {1000, 0.99}, {5.2e4, 0.983}, {5.2e4, -0.983}};
    for (int at = 0; at < 4; at++) {
        const double q = place[at][0], c = q * place[at][1], det = q * q - c * c;
        double sum = 0;
        for (int i = -72; i <= 72; i++)
            for (int j = -72; j <= 72; j++) {
                const double u = h * i, v = h * j;
                sum += slope_of(&er_dual_tanh, u) * slope_of(&er_dual_tanh, v) *
                       exp(-0.5 * (q * (u * u + v * v) - 2 * c * u * v) / det);
            }
        const double want = sum * h * h / (2 * M_PI * sqrt(det));
        const struct pair got = pair_of(&er_dual_tanh, NULL, q, q, c);
        T_CLOSE(got.slope, want, 1e-8 * want, "tanh, variance %g, correlation %g: T'", q, place[at][1]);
    }
    for (int at = 0; at < 2;
         at++) { /* sech^2 and its square have the integrals 2 and 4/3; the next term is 1/q of that */
        const double q = at ? 1e10 : 1e8, density = 1 / sqrt(2 * M_PI * q);
        const struct pair own = self_of(&er_dual_tanh, NULL, q);
        T_CLOSE(own.T, 1 - 2 * density, 1e-11, "tanh, variance %g: E tanh^2", q);
        T_CLOSE(own.slope, 4 * density / 3, 2e-8 * density, "tanh, variance %g: E tanh'^2", q);
    }
    const double d = 1e-3, up = pair_of(&er_dual_tanh, NULL, 1000, 1000, 990 * (1 + d)).T;
    const double down = pair_of(&er_dual_tanh, NULL, 1000, 1000, 990 * (1 - d)).T;
    T_CLOSE((up - down) / (2 * 990 * d), pair_of(&er_dual_tanh, NULL, 1000, 1000, 990).slope, 1e-5,
            "tanh, variance 1000: T' = dT/dc");
}

/* elu against one-dimensional integrals: at rho = 1, E phi(sqrt(q) z)^2 in closed form with the normal distribution. */
static void elu(void)
{
    const double a = 1.3, q = 0.9, r = sqrt(q);
    const struct pair own = self_of(&er_dual_elu, &a, q);
    const double cdf1 = erfc(r * M_SQRT1_2) / 2, cdf2 = erfc(2 * r * M_SQRT1_2) / 2; /* Phi(-r), Phi(-2 r) */
    T_CLOSE(own.T, q / 2 + a * a * (exp(2 * q) * cdf2 - 2 * exp(q / 2) * cdf1 + 0.5), 1e-14, "elu: E phi^2");
    T_CLOSE(own.slope, 0.5 + a * a * exp(2 * q) * cdf2, 1e-14, "elu: E phi'^2");
    const double h = 1e-4, up = pair_of(&er_dual_elu, &a, 1.3, 0.7, 0.4 + h).T;
    T_CLOSE((up - pair_of(&er_dual_elu, &a, 1.3, 0.7, 0.4 - h).T) / (2 * h),
            pair_of(&er_dual_elu, &a, 1.3, 0.7, 0.4).slope, 1e-8, "elu: T' = dT/dc");
    T_CLOSE((pair_of(&er_dual_elu, &a, 2, 2, 1.98 + h).T - pair_of(&er_dual_elu, &a, 2, 2, 1.98 - h).T) /
                (2 * h),
            pair_of(&er_dual_elu, &a, 2, 2, 1.98).slope, 1e-6, "elu near a point with itself: T' = dT/dc");
    const struct pair far = pair_of(&er_dual_elu, &a, 0.8, 1.2, 0);
    const double mean1 = sqrt(0.8 / (2 * M_PI)) + a * (exp(0.4) * erfc(sqrt(0.8) * M_SQRT1_2) / 2 - 0.5);
    const double mean2 = sqrt(1.2 / (2 * M_PI)) + a * (exp(0.6) * erfc(sqrt(1.2) * M_SQRT1_2) / 2 - 0.5);
    T_CLOSE(far.T, mean1 * mean2, 1e-14, "elu of independent inputs: the product of the means");
}

static void trap_22_the_gelu_with_tanh_is_another(void)
{
    const double T = pair_of(&er_dual_gelu_tanh, NULL, 1.3, 0.7, 0.4).T;
    const double off = fabs(T - 0.188060676735);
    T_OK(off > 1e-6 && off < 1e-3, "gelu with tanh: %g from the exact one's T", off);
    T_CLOSE(pair_of(&tabled_gelu, NULL, 1.3, 0.7, 0.4).T, 0.188060676735, 1e-12, "the exact one by a table");
}

/* Tables of many variances are those of each alone; pairs with steps. */
static void many(void)
{
    enum { N = 21 };
    double q[N], together[N][ER_HERMITE_WIDTH], k[N], theta[N], alone[N];
    for (int i = 0; i < N; i++) {
        q[i] = 0.1 * i;
        k[i] = 0.1 * i * 0.7;
        theta[i] = 2;
    }
    er_dual_tanh.prepare(NULL, N, q, together[0]);
    bool alike = true;
    for (int i = 0; i < N; i++) {
        const struct pair one = pair_of(&er_dual_tanh, NULL, q[i], q[9], k[i]);
        alike = alike && same(ER_HERMITE_WIDTH, tables[0], together[i]);
        alone[i] = one.T;
    }
    const struct er_dual_side one = {q, together[0], 1}, two = {q + 9, together[9], 0};
    er_dual_tanh.pair(NULL, N, &one, &two, k, theta);
    T_OK(alike, "tables of many variances: those of each alone");
    T_OK(same(N, k, alone), "pairs of many: those of each alone");
}

int main(void)
{
    table_of_the_reference();
    expectations();
    ends();
    against_closed_forms();
    large_variances();
    elu();
    trap_22_the_gelu_with_tanh_is_another();
    many();
    return t_done();
}
