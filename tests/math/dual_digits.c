/* Where duals lose digits and where they must not: near duplicates, zeros, large variances, moments that do not exist; the
 * functions that they are made of; every variant. */
#include "t.h"

#include "math/determinant.h"
#include "math/dual_abrelu.h"
#include "math/duals.h"
#include "math/elementary_double.h"
#include "support/dual_pair.h"

#include <ermine/random.h>
#include <float.h>

/* Distance from the exact value in its last places. */
static double in_ulp(double y, long double exact)
{
    int exponent;
    frexp((double)exact, &exponent);
    return (double)(fabsl((long double)y - exact) / ldexpl(1, exponent - 53));
}

/* What duals are made of, against long double (where that is longer than double). */
static void exponentials_and_angles(void)
{
    struct er_random random = er_random_open(5, 0);
    double worst[4] = {0}, worst32 = 0;
    for (int i = 0; i < 200000; i++) {
        const double x = 60 * er_random_uniform(&random) - 30, wide = 20 * x, tiny = ldexp(x, -(i % 50));
        const double s = ldexp(er_random_uniform(&random), i % 40 - 20), c = ldexp(x, i % 37 - 20);
        worst[0] = fmax(worst[0], in_ulp(er_exp(wide), expl((long double)wide)));
        worst[1] = fmax(worst[1], in_ulp(er_expm1(tiny), expm1l((long double)tiny)));
        worst[2] = fmax(worst[2], fabs(er_angle(s, c) - (double)atan2l((long double)s, (long double)c)));
        worst[3] = fmax(worst[3], in_ulp(er_atan_ratio(c, s), atan2l((long double)c, (long double)s)));
        const float sf = (float)s, cf = (float)c;
        worst32 = fmax(worst32, fabs((double)er_anglef(sf, cf) - atan2((double)sf, (double)cf)));
    }
    printf("# exp %.2f ulp, expm1 %.2f ulp, angle %.2g (float %.2g), atan %.2f ulp\n", worst[0], worst[1],
           worst[2], worst32, worst[3]);
    T_OK(worst[0] < 1.5 && worst[1] < 3.5, "exponentials: %g and %g ulp", worst[0], worst[1]);
    T_OK(worst[2] < 5e-16 && worst32 < 4e-7, "angles to %g, in float32 to %g", worst[2], worst32);
    T_OK(worst[3] < 3.5, "arc tangents: %g ulp", worst[3]);
    T_OK(er_exp(-800) == 0 && isinf(er_exp(800)) && er_exp(0) == 1 && isnan(er_exp((double)NAN)),
         "exp: ends");
    T_OK(er_expm1(-100) == -1 && er_expm1(0) == 0, "expm1: ends");
    T_OK(er_angle(0, 1) == 0 && er_angle(0, -1) == M_PI && er_angle(0, 0) == M_PI_2 &&
             er_angle(2, 0) == M_PI_2,
         "angles of axes");
    T_OK(er_atan_ratio(0, 1) == 0 && isnan(er_angle((double)NAN, 1)) && isnan(er_angle(1, (double)NAN)),
         "angles of nothing, and of NaN");
}

/* A correlation that is not quite 1: from the angle, truth to the last place in long double. */
static void trap_04_half_of_the_digits_near_duplicates(void)
{
    double worst = 0, worst_naive = 0, worst32 = 0;
    for (int i = 0; i < 200; i++) {
        const double angle = 1e-8 * (1 + 0.37 * i), x = 1.7, q1 = x * x;
        const double other[] = {x * cos(angle), x * sin(angle)},
                     q2 = other[0] * other[0] + other[1] * other[1];
        const struct pair got = pair_of(&er_dual_abrelu, (const double[]){0, 1}, q1, q2, x * other[0]);
        const double truth =
            (double)((acosl(-1) - atan2l((long double)other[1], (long double)other[0])) / (2 * acosl(-1)));
        const double rho = x * other[0] / sqrt(q1 * q2);
        worst = fmax(worst, fabs(got.slope - truth));
        worst_naive =
            fmax(worst_naive, fabs((M_PI - acos(fmin(1, rho * (1 - DBL_EPSILON)))) / (2 * M_PI) - truth));
        const float a = 1.7f, b0 = a * cosf(1e-4f * (float)(i + 1)), b1 = a * sinf(1e-4f * (float)(i + 1));
        float k = a * b0, slope = 1;
        const float q[2] = {a * a, b0 * b0 + b1 * b1};
        const struct er_dual_side32 one = {q, 1}, two = {q + 1, 1};
        er_dual_abrelu.pair32((const double[]){0, 1}, 1, &one, &two, &k, &slope);
        worst32 = fmax(worst32, fabs((double)slope - (M_PI - atan2((double)b1, (double)b0)) / (2 * M_PI)));
    }
    printf("# relu near duplicates: T' to %.2g, float32 to %.2g\n", worst, worst32);
    T_OK(worst < 4e-9, "T' near duplicates to %g", worst);
    T_OK(worst32 < 8e-5, "in float32 to %g", worst32);
    double x[3] = {1.37, 1.37, 1.37}, det = 1;
    er_determinant(1, x, x + 1, x + 2, &det);
    T_OK(det == 0, "identical numbers: no determinant");
    const struct pair same = pair_of(&er_dual_abrelu, (const double[]){0, 1}, 1.37, 1.37, 1.37);
    T_OK(same.slope == 0.5 && same.T == 1.37 / 2, "identical inputs: exactly half");
}

static void trap_05_the_angle_of_zeros_is_a_right_one(void)
{
    const struct pair got = pair_of(&er_dual_abrelu, (const double[]){0, 1}, 0, 1, 0);
    T_OK(got.T == 0, "relu of zeros: T = 0");
    T_CLOSE(got.slope, 0.25, DBL_EPSILON, "relu of zeros: T' = 1/4, not 1/2");
    T_CLOSE(self_of(&er_dual_abrelu, (const double[]){0, 1}, 0).slope, 0.25, 0, "zeros with themselves");
    float k = 0, slope = 1;
    const float q[2] = {0, 1};
    const struct er_dual_side32 one = {q, 1}, two = {q + 1, 1};
    er_dual_abrelu.pair32((const double[]){0, 1}, 1, &one, &two, &k, &slope);
    T_CLOSE(slope, 0.25, FLT_EPSILON, "in float32");
}

/* A point with itself by the formula of pairs, where the determinant is 0 and the product of (1 + 2 q) has no digit of it. */
static void trap_12_determinants_of_large_variances(void)
{
    for (int i = 0; i < 8; i++) {
        const double q = pow(10, 2 * i), D = sqrt(1 + 4 * q);
        const struct pair got = pair_of(&er_dual_erf, (const double[]){1, 1, 0}, q, q, q);
        T_CLOSE(got.T, 2 / M_PI * atan2(2 * q, D), 4e-16, "erf, q = %g: T", q);
        T_CLOSE(got.slope * D, 4 / M_PI, 1e-15, "erf, q = %g: T'", q);
        const double r = sqrt(1 + 2 * q);
        const struct pair unit = pair_of(&er_dual_gelu, NULL, q, q, q);
        T_CLOSE(unit.T, q * ((q / ((q + 1) * r) + atan2(q, r) / 2) / M_PI + 0.25), 1e-15 * q,
                "gelu, q = %g: T", q);
    }
}

static float uniform(struct er_random *random)
{
    return (float)er_random_uniform(random);
}

static bool same(int64_t n, const double *a, const double *b)
{
    bool all = true;
    for (int64_t i = 0; i < n; i++) all = all && er_double_bits(a[i]) == er_double_bits(b[i]);
    return all;
}

/* T and T' scale of two variants, to as many epsilons: of T as two roundings of T' and of the two products of at most 3 make,
 * of T' as the angle. `scale` of entry i is 0.5 + i; what lies beyond n is the same. */
static bool alike(int64_t n, const double *k, const double *theta, const double *plain_k,
                  const double *plain_theta, double epsilon)
{
    bool all = k[n] == plain_k[n] && theta[n] == plain_theta[n];
    for (int64_t i = 0; i < n; i++) {
        all = all && fabs(k[i] - plain_k[i]) <= 12 * epsilon;
        all = all && fabs(theta[i] - plain_theta[i]) <= 2 * epsilon * (0.5 + (double)i);
    }
    return all;
}

/* Every length, steps of 0 and 1, without theta; the plain loops and those for AVX-512. */
static void variants(void)
{
    enum { N = 300 };
    static double q1[N], q2[N], c[N], k[3][N + 1], theta[3][N + 1], wide[2][2][N + 1];
    static float q1f[N], q2f[N], cf[N], kf[3][N + 1], thetaf[3][N + 1];
    struct er_random random = er_random_open(11, 0);
    for (int i = 0; i < N; i++) {
        q1[i] = i % 17 ? 3 * er_random_uniform(&random) : 0;
        q2[i] = i % 13 ? 3 * er_random_uniform(&random) : 0;
        c[i] = (2 * er_random_uniform(&random) - 1) * sqrt(q1[i] * q2[i]);
        if (i % 5 == 0) q2[i] = c[i] = q1[i];
        q1f[i] = i % 17 ? uniform(&random) : 0;
        q2f[i] = i % 13 ? uniform(&random) : 0;
        cf[i] = (2 * uniform(&random) - 1) * sqrtf(q1f[i] * q2f[i]);
        if (i % 5 == 0) q2f[i] = cf[i] = q1f[i];
    }
    const struct er_half_lines l = {1 / (2 * M_PI), 0.5};
    bool alike64 = true, split = true, alike32 = true, guard = true, alone = true;
    for (int n = 0; n < N; n += n < 70 ? 1 : 23)
        for (int steps = 0; steps < 4; steps++) {
            const struct er_dual_side one = {q1, NULL, steps & 1}, two = {q2, NULL, steps >> 1};
            const struct er_dual_side32 one32 = {q1f, steps & 1}, two32 = {q2f, steps >> 1};
            for (int v = 0; v < 3; v++) {
                for (int i = 0; i <= N; i++) {
                    k[v][i] = i < n ? c[i] : 99.0;
                    theta[v][i] = i < n ? 0.5 + i : 99;
                    kf[v][i] = i < n ? cf[i] : 99.0f;
                    thetaf[v][i] = i < n ? 0.5f + (float)i : 99.0f;
                }
            }
            er_dual_abrelu.pair((const double[]){0, 1}, n, &one, &two, k[0], theta[0]);
            er_abrelu_plain(&l, n, &one, &two, k[1], theta[1]);
            er_dual_abrelu.pair((const double[]){0, 1}, n, &one, &two, k[2], NULL);
            er_dual_abrelu.pair32((const double[]){0, 1}, n, &one32, &two32, kf[0], thetaf[0]);
            er_abrelu_plain_32(&l, n, &one32, &two32, kf[1], thetaf[1]);
            alike64 = alike64 && alike(n, k[0], theta[0], k[1], theta[1], DBL_EPSILON);
            for (int v = 0; v < 2; v++)
                for (int i = 0; i <= n; i++) {
                    wide[v][0][i] = (double)kf[v][i];
                    wide[v][1][i] = (double)thetaf[v][i];
                }
            alike32 = alike32 && alike(n, wide[0][0], wide[0][1], wide[1][0], wide[1][1], FLT_EPSILON);
            alone = alone && same(N + 1, k[0], k[2]);
            guard = guard && k[0][n] == 99 && theta[0][n] == 99 && kf[0][n] == 99 && thetaf[0][n] == 99;
            double det[2][N];
            er_determinant(n, q1, q2, c, det[0]);
            er_determinant_plain(n, q1, q2, c, det[1]);
            split = split && same(n, det[0], det[1]);
        }
    T_OK(alike64, "abrelu: the plain loop is the same to rounding");
    T_OK(alike32, "abrelu in float32: the plain loop is the same to rounding");
    T_OK(split, "determinants: by splitting the same bits as fused");
    T_OK(alone, "without a tangent kernel the same");
    T_OK(guard, "nothing is written beyond n");
}

/* Where G of a exp(b x^2), b > 0, has no moment. */
static void diverges(void)
{
    const double p[] = {1, 0.2};
    T_CLOSE(pair_of(&er_dual_gaussian, p, 1.3, 0.7, 0.4).T, 1 / sqrt(1 - 0.4 * 2 + 0.16 * (0.91 - 0.16)),
            1e-14, "b > 0, small variances: T");
    T_OK(isinf(pair_of(&er_dual_gaussian, p, 3, 3, 0).T), "b > 0, large variances: infinite");
    T_OK(isinf(pair_of(&er_dual_exp, (const double[]){1, 1}, 600, 600, 600).T),
         "exp of large variances: infinite");
}

int main(void)
{
    exponentials_and_angles();
    trap_04_half_of_the_digits_near_duplicates();
    trap_05_the_angle_of_zeros_is_a_right_one();
    trap_12_determinants_of_large_variances();
    variants();
    diverges();
    return t_done();
}
