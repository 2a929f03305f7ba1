/* The closed forms, against numbers computed elsewhere in double precision (C16 to C21, C46, C48 of the reference on
 * measures: ten decimals, so a tolerance of half a unit of the last), and against what they must not exceed. */
#include "t.h"

#include <ermine/bounds.h>
#include <ermine/random.h>

static const double PRINTED = 5.0001e-11; /* half of the last of ten decimals */

static void test_finite(void)
{
    const double ln_1000 = log(1000);
    T_CLOSE(er_bound_hoeffding(1000, .05, false), 0.0387022756, PRINTED, "Hoeffding, one-sided");
    T_CLOSE(er_bound_hoeffding(1000, .05, true), 0.0429469408, PRINTED, "two-sided");
    T_CLOSE(er_bound_finite_class(ln_1000, 10000, .05, true), 0.0230180741, PRINTED,
            "1000 classifiers, two-sided");
    T_CLOSE(er_bound_finite_class(ln_1000, 10000, .05, false), 0.0222525140, PRINTED, "one-sided");
    T_CLOSE(er_bound_realisable(ln_1000, 10000, .05), 0.0009903488, PRINTED, "realisable");
    T_CLOSE(er_bound_occam(log2(1000), 10000, .05), er_bound_finite_class(ln_1000, 10000, .05, false), 1e-16,
            "a code of log2 |H| bits for each is the finite class");
    T_CLOSE(er_bound_finite_class(32e9 * log(2), 1e4, .05, false), sqrt(32e9 * log(2) / 2e4), 1e-4,
            "2^(32e9) classifiers do not overflow");
    T_OK(isnan(er_bound_hoeffding(0, .05, false)), "no example");
    T_OK(isnan(er_bound_hoeffding(10, 0, false)), "delta 0");
    T_OK(isnan(er_bound_finite_class(-1, 10, .05, false)), "less than one classifier");
    T_OK(isnan(er_bound_occam((double)NAN, 10, .05)), "NaN");
}

static void test_vc(void)
{
    T_CLOSE(er_bound_vc(100, 10000, .05), 0.3470571980, PRINTED, "VC dimension 100");
    T_CLOSE(exp(er_sauer_ln_sum(3, 10)), 176, 1e-12 * 176, "Sauer's sum");
    T_CLOSE(exp(er_sauer_ln_bound(3, 10)), 743.9087749, 5.0001e-8, "its bound");
    for (int64_t m = 1; m <= 60; m++)
        T_CLOSE(er_sauer_ln_sum(m, m), (double)m * log(2), 1e-14 * (double)m, "all subsets of %d", (int)m);
    for (int64_t D = 1; D < 30; D++)
        for (int64_t m = D; m < 60; m++)
            T_OK(er_sauer_ln_sum(D, m) <= er_sauer_ln_bound((double)D, (double)m) + 1e-13, "D %d, m %d",
                 (int)D, (int)m);
    T_CLOSE(er_bound_vc(1e7, 1000, 1), sqrt(2 * log(2)), 1e-15,
            "more dimensions than examples: every labeling");
    for (int64_t D = 2; D < 1000000; D *= 3)
        T_OK(er_bound_vc(1.5 * (double)D, 5e4, .05) >= er_bound_vc((double)D, 5e4, .05),
             "grows with D, at %d", (int)D);
    T_CLOSE(er_rademacher_vc(100, 10000) + er_bound_hoeffding(10000, .05, false), 0.3470571980, PRINTED,
            "the same by the complexity");
}

/* C48: a ReLU net 4-3-1. */
static void test_network_dimension(void)
{
    const struct er_vc_stage net[] = {{15, 3, 1}, {19, 1, 2}};
    const double D = er_vc_dimension(net, 2);
    T_CLOSE(D, 274.5774982462, 5.0001e-11, "4-3-1");
    const double r = 2 * exp(1) * (3 * 1 + 1 * 2);
    T_CLOSE((D - 2) / log2(2 * r * log2(r)) / 19, 1.7894736842, PRINTED, "its effective depth");
    T_OK(D > 161.4212455109, "above the order W L log2 W of the theorem without constants");
    T_OK(isnan(er_vc_dimension(net, 0)) && isnan(er_growth_ln(net, 0, 5)), "no stage");
    const struct er_vc_stage not [][1] = {{{0, 3, 1}}, {{15, 0, 1}}, {{15, 3, 0}}, {{15, 3, (double)NAN}}};
    for (int i = 0; i < 4; i++)
        T_OK(isnan(er_vc_dimension(not [i], 1)) && isnan(er_growth_ln(not [i], 1, 5)), "no stage: %d", i);
    /* The dimension is where 2^m overtakes the count of labelings: beyond it no m points are shattered. */
    for (int m = (int)ceil(D); m < 4000; m += 7)
        T_OK(er_growth_ln(net, 2, m) < m * log(2) * (1 - 1e-12), "%d points are not shattered", m);
    T_CLOSE(er_growth_ln(net, 2, 3), 3 * log(2), 1e-14, "three points may be");
    const struct er_vc_stage wide[] = {{30, 6, 1}, {37, 1, 2}};
    T_OK(er_vc_dimension(wide, 2) > D, "a wider net has more");
}

/* C49: 3 -> 8 (3x3) -> 16 (3x3) -> 10 (1x1) on 32 x 32 images. */
static void test_convolutional(void)
{
    const double capacity = er_vc_convolutional(3, 32, 3 * 8 * 9 + 8 * 16 * 9 + 16 * 10);
    T_CLOSE(capacity, 3534613.7294777, 5.0001e-8, "capacity");
    T_CLOSE(er_bound_vc_convolutional(capacity, 50000, 1), 33631.4792037590, 5.0001e-10,
            "astronomically vacuous");
    T_OK(isnan(er_vc_convolutional(0, 32, 9)), "no layer");
}

/* Labelings of m random points by 4-3-1 that random weights find: no more than the bound on their number. */
static void test_growth_is_kept(void)
{
    enum { M = 12, TRIES = 20000 };
    const struct er_vc_stage net[] = {{15, 3, 1}, {19, 1, 2}};
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 0));
    double x[M][4];
    static unsigned char seen[1 << M];
    int64_t labelings = 0;
    for (int i = 0; i < M; i++)
        for (int k = 0; k < 4; k++) x[i][k] = er_random_normal(&r);
    for (int t = 0; t < TRIES; t++) {
        double w[19];
        int label = 0;
        for (int k = 0; k < 19; k++) w[k] = er_random_normal(&r);
        for (int i = 0; i < M; i++) {
            double f = w[18];
            for (int h = 0; h < 3; h++) {
                double z = w[12 + h];
                for (int k = 0; k < 4; k++) z += w[4 * h + k] * x[i][k];
                f += w[15 + h] * fmax(z, 0);
            }
            label |= (f > 0) << i;
        }
        labelings += !seen[label];
        seen[label] = 1;
    }
    T_OK(labelings > 500, "random weights find labelings: %lld", (long long)labelings);
    T_OK(log((double)labelings) <= er_growth_ln(net, 2, M), "and no more than there can be");
}

static void test_rademacher_bounds(void)
{
    T_CLOSE(.02 + er_bound_rademacher(.05, 10000, .05), 0.1322387342, PRINTED, "by the mean complexity");
    T_CLOSE(.02 + er_bound_rademacher_empirical(.05, 10000, .05), 0.1607430455, PRINTED, "by the sample's");
    T_CLOSE(er_rademacher_massart(100, log(1000), 10000), 0.0371692219, PRINTED, "Massart, values of 1");
    T_CLOSE(er_bound_margin(.05, .5, 1000, .05), .2 + 3 * er_bound_hoeffding(1000, .05, true), 1e-15,
            "two classes of margin 1/2");
    T_CLOSE(er_bound_margin_classes(.05, 10, .5, 1000, .05), 4 + 3 * er_bound_hoeffding(1000, .05, true),
            1e-14, "ten classes");
    T_OK(isnan(er_bound_margin(.05, 0, 1000, .05)) && isnan(er_bound_margin_classes(.05, 1, 1, 10, .05)),
         "no margin, one class");
    T_CLOSE(er_rademacher_of_accuracy(.73), .46, 1e-15, "C46");
}

/* C16: s and b of the net called NET there. */
static void test_networks(void)
{
    const double s[] = {3.6084952830, 2.2360679775}, b[] = {3.1795868016, 1.4142135624};
    const double ln_R = er_spectral_complexity_ln(s, b, 2);
    const double DIGITS = 3e-10; /* of s and b, relative */
    T_CLOSE(exp(ln_R), 17.1935280152, 17.2 * DIGITS, "spectral complexity");
    T_CLOSE(20 * exp(ln_R) / (.5 * 100), 6.8774112061, 6.9 * DIGITS, "|X| R / (gamma m)");
    T_CLOSE(er_rademacher_bartlett(ln_R, 4, .5, 20, 100), 2192.2657342266, 2192 * DIGITS, "lemma A.8");
    const double C[] = {113.7563556583, 81.6509275040};
    for (int i = 0; i < 2;
         i++) { /* a layer alone has moved: what multiplies 12 ln m sqrt(ln(2 n_w) / m) is its C_i */
        const double moved[] = {i == 0 ? b[0] : 0, i == 1 ? b[1] : 0};
        const double of_layer =
            er_rademacher_bartlett(er_spectral_complexity_ln(s, moved, 2), 4, .5, 20, 100);
        T_CLOSE((of_layer - .04) / (1.2 * log(100) * sqrt(log(8))), C[i], C[i] * DIGITS, "C of layer %d",
                i + 1);
    }
    const double ln_frobenius = .5 * (log(14.25) + log(5));
    T_CLOSE(er_rademacher_golowich(ln_frobenius, 2, 20, 100), 4.4992222023, PRINTED, "Golowich");
    T_CLOSE(er_rademacher_neyshabur(ln_frobenius, 2, 20, 100), 2 * .2 * sqrt(71.25), 1e-14, "Neyshabur");
    T_OK(er_rademacher_neyshabur(0, 1, 3, 10) <= er_rademacher_golowich(0, 1, 3, 10),
         "one layer: the l2 ball, exactly as bounded");
    T_CLOSE(er_rademacher_neyshabur(0, 1, 3, 10), er_rademacher_l2_bound(1, 3, 10), 1e-16, "which it is");
    T_OK(er_rademacher_golowich(0, 9, 3, 10) < er_rademacher_neyshabur(0, 9, 3, 10) / 40,
         "depth costs its root, not a power");
    T_CLOSE(er_rademacher_neyshabur_l1(0, 1, 2, 5, 10), er_rademacher_l1_bound(1, 2, 5, 10), 1e-16,
            "rows: one layer is the l1 ball");
    T_OK(isnan(er_spectral_complexity_ln((double[]){0}, b, 1)), "a layer of norm 0");
    T_OK(isinf(er_rademacher_golowich(1000, 2, 1, 10)), "what leaves float64 is infinite");
}

/* The shares sum to one, the ceiling is above and near. */
static void test_grid(void)
{
    double sum = 0, ceiling;
    for (int j = -5000; j <= 5000; j++) sum += exp(-er_bound_grid(j * log(2) / 16 - 1e-9, &ceiling));
    T_CLOSE(sum, 1, 1.0 / 9000, "10001 classes of the grid take nearly all of delta");
    T_OK(sum < 1, "and no more");
    for (int i = -1500; i < 1500; i++) {
        const double v = .0137 * i, cost = er_bound_grid(v, &ceiling);
        T_OK(ceiling >= v && ceiling - v <= log(2) / 16 + 1e-12, "ceiling of %g", v);
        T_OK(cost >= log(2) - 1e-15 && cost < 14, "its price %g", cost);
    }
}

int main(void)
{
    test_finite();
    test_vc();
    test_network_dimension();
    test_convolutional();
    test_growth_is_kept();
    test_rademacher_bounds();
    test_networks();
    test_grid();
    return t_done();
}
