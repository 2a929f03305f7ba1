/* Token kernels through attention and graph layers (<ermine/attention.h>), against published kernels and by symmetry.
 *
 * The tokens: a dense layer each and ReLU, of which the oracle of limits gives K and Theta (a 1x1 convolution over a column of
 * pixels); behind the layer a mean over pairs of tokens, or over tokens, and a dense readout. 13 digits are published, 1e-10
 * is asked.
 */
#include "t.h"

#include "oracles/limit.h"
#include "support/limit_case.h"

#include <ermine/attention.h>

enum { S = 3, N = S * S };

static const double first[S * 4] = {1, 0, 0.5, -1, 0, 2, -0.5, 1, 0.5, -1, 1, 0},
                              second[S * 4] = {0, 1, 1, 0, -1, 0.5, 0, 1, 2, 0, -0.5, 0.5};
static const double sw = 2, sb = 0.01;

struct tokens {
    double k[LIMIT_PAIRS][N], theta[LIMIT_PAIRS][N];
};

static bool open_tokens(struct tokens *t)
{
    const struct limit_oracle o = {"[conv 8 1x1, relu]", S, 1, 4, limit_case_options(sqrt(2), 0.1), false};
    struct limit_covariance c;
    if (!T_OK(limit_oracle_covariance(&o, first, second, &c), "tokens")) return false;
    for (int i = 0; i < LIMIT_PAIRS; i++) {
        memcpy(t->k[i], c.k[i], sizeof t->k[i]);
        memcpy(t->theta[i], c.theta[i], sizeof t->theta[i]);
    }
    limit_covariance_clear(&c);
    return true;
}

/* A readout of the mean over all pairs of tokens, or of those of a token with itself. */
static void check(const struct tokens *t, bool pooled, const char *what, const double k[3],
                  const double theta[3])
{
    for (int i = 0; i < LIMIT_PAIRS; i++) {
        double mean = 0, mean_theta = 0;
        for (int j = 0; j < N; j++) {
            const double share = pooled ? 1.0 / N : j / S == j % S ? 1.0 / S : 0;
            mean += share * t->k[i][j];
            mean_theta += share * t->theta[i][j];
        }
        const double out = sw * mean + sb;
        T_CLOSE(out, k[i], 1e-10 * k[i], "%s: K, entry %d", what, i);
        T_CLOSE(out + sw * mean_theta, theta[i], 1e-10 * theta[i], "%s: Theta, entry %d", what, i);
    }
}

static void test_softmax(const struct tokens *given)
{
    static const double weight[N] = {0.4498923503045, 0.236602778818,  0.3135048708775,
                                     0.129561197123,  0.7588309084079, 0.1116078944692,
                                     0.3241318783758, 0.2107255796186, 0.4651425420056};
    const struct er_attention a = {1.5, 1.2, 0.1};
    struct tokens t = *given;
    struct er_error err;
    double g[2][N];
    er_attention_softmax(&a, S, t.k[LIMIT_ONE], g[0]);
    er_attention_softmax(&a, S, t.k[LIMIT_TWO], g[1]);
    for (int j = 0; j < N; j++) T_CLOSE(g[0][j], weight[j], 1e-11, "weight %d of the first sequence", j);
    const struct er_tokens one = {S, g[0]}, two = {S, g[1]},
                           *side[LIMIT_PAIRS][2] = {{&one, &one}, {&one, &two}, {&two, &two}};
    for (int i = 0; i < LIMIT_PAIRS; i++)
        T_STATUS(er_attention_tied(&a, side[i][0], side[i][1], t.k[i], t.theta[i], &err), ER_OK,
                 "tied attention");
    check(&t, true, "softmax attention", (double[]){1.228002993256, 1.010677500846, 1.143526116307},
          (double[]){4.447649894549, 3.320230970377, 4.098124426179});
}

static void test_linear(const struct tokens *given)
{
    const struct er_attention a = {1.5, 1.2, 0.1};
    struct tokens t = *given;
    struct er_error err;
    for (int i = 0; i < LIMIT_PAIRS; i++)
        T_STATUS(er_attention_linear(&a, N, t.k[i], t.theta[i], &err), ER_OK, "attention without softmax");
    check(&t, true, "attention without softmax", (double[]){6.601235295078, 2.420339207302, 4.834655301507},
          (double[]){49.34467767005, 14.75615090819, 35.64063344176});
}

static void test_aggregate(const struct tokens *given)
{
    static const double m[N] = {0, 1, 0, 1, 0, 1, 0, 1, 1};
    const struct er_tokens graph = {S, m};
    struct tokens t = *given;
    struct er_error err;
    for (int i = 0; i < LIMIT_PAIRS; i++)
        T_STATUS(er_aggregate(&graph, &graph, t.k[i], t.theta[i], &err), ER_OK, "neighbours of a graph");
    check(&t, true, "aggregate, pooled", (double[]){2.296174257737, 1.850728318807, 2.18151581866},
          (double[]){3.869164510746, 2.425699982511, 3.593183945411});
    check(&t, false, "aggregate, flattened", (double[]){3.390128338091, 2.150629061185, 2.984832143579},
          (double[]){6.29928084123, 2.913889662203, 5.341712188493});
}

/* A map that takes two tokens of three to one: shapes that differ, and K alone. M^T by hand. */
static void test_shapes(void)
{
    static const double m[4] = {1, 2, 0, 1}, m2[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1},
                        want[6] = {1, 2, 3, 6, 9, 12};
    const struct er_tokens one = {2, m}, two = {3, m2};
    struct er_error err;
    double k[6] = {1, 2, 3, 4, 5, 6};
    T_STATUS(er_aggregate(&one, &two, k, NULL, &err), ER_OK, "two tokens with three");
    for (int j = 0; j < 6; j++) T_CLOSE(k[j], want[j], 1e-15, "entry %d", j);
}

static void test_errors(void)
{
    static const double m[4] = {1, 0, 0, 1};
    const struct er_tokens one = {2, m};
    const struct er_attention a = {1e200, 1, 0}, unit = {1, 1, 0};
    struct er_error err;
    double k[4] = {1, 2, 3, 4};
    T_ALLOCATIONS(er_aggregate(&one, &one, k, NULL, NULL), (void)0, "aggregate without memory");
    T_ALLOCATIONS(er_attention_tied(&unit, &one, &one, k, NULL, NULL), (void)0, "attention without memory");
    T_STATUS(er_attention_linear(&a, 4, k, NULL, &err), ER_E_NONFINITE, "an overflow");
}

int main(void)
{
    struct tokens t;
    if (open_tokens(&t)) {
        test_softmax(&t);
        test_linear(&t);
        test_aggregate(&t);
    }
    test_shapes();
    test_errors();
    return t_done();
}
