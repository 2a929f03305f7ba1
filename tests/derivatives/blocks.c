/* What must not change a number: threads; what must be refused, and how; memory said in advance. */
#include "t.h"

#include "support/small_net.h"

#include <ermine/derivatives.h>

enum { N = 331, D = 7, THREADS = 3 };

/* Everything that can be asked for, one after the other in `out`; returns how many bytes. */
static size_t ask_all(struct er_derivatives *d, const struct small_net *s, char *out)
{
    struct er_error err;
    char *at = out;
    float *v = er_alloc(s->P + N * s->O, sizeof *v);
    small_net_draw(7, s->P + N * s->O, v, NULL);
    const size_t P = (size_t)s->P * sizeof(float), outputs = (size_t)(N * s->O) * sizeof(float);
    double loss;
    int64_t errors;
    T_STATUS(er_derivatives_gradient(d, (float *)at, &loss, &errors, &err), ER_OK, "gradient");
    at += P;
    memcpy(at, &loss, sizeof loss);
    at += sizeof loss;
    for (int m = ER_CURVATURE_HESSIAN; m <= ER_CURVATURE_COVARIANCE; m++, at += P)
        T_STATUS(er_derivatives_product(d, m, v, (float *)at, &err), ER_OK, "product %d", m);
    T_STATUS(er_derivatives_jvp(d, v, NULL, (float *)at, &err), ER_OK, "jvp");
    at += outputs;
    T_STATUS(er_derivatives_vjp(d, v, (float *)at, &err), ER_OK, "vjp");
    at += P;
    T_STATUS(er_derivatives_examples(d, 17, 200, (float *)at, NULL, &err), ER_OK, "examples");
    at += 200 * P;
    T_STATUS(er_derivatives_inputs(d, (float *)at, &err), ER_OK, "inputs");
    at += (size_t)(N * D) * sizeof(float);
    struct er_gradient_moments m;
    T_STATUS(er_derivatives_moments(d, &m, NULL, &err), ER_OK, "moments");
    memcpy(at, &m, sizeof m);
    at += sizeof m;
    er_free(v);
    return (size_t)(at - out);
}

/* Two layers wide enough that the total goes in more than one slice. */
static void check_threads(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[dense 48, tanh, dense 96, relu, dense]", "cross-entropy", N, D, 5)) {
        const int64_t most = s.P * 220 + N * (D + s.O) + 1024;
        char *got[THREADS + 1];
        size_t bytes = 0;
        for (int threads = 0; threads <= THREADS; threads++) {
            struct er_pool *pool = NULL;
            struct er_derivatives *d = NULL;
            const struct er_derivatives_options options = {.chunk = 20, .example_rows = 9};
            got[threads] = er_alloc(most, sizeof(float));
            if (threads) T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "pool");
            T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, pool, &options, &d, &err), ER_OK, "new");
            bytes = ask_all(d, &s, got[threads]);
            T_OK(bytes <= (size_t)most * sizeof(float), "room");
            T_OK(memcmp(got[threads], got[0], bytes) == 0, "%d threads give the same bits", threads);
            er_derivatives_free(d);
            er_pool_free(pool);
        }
        float *v = er_alloc(s.P, sizeof *v);
        memcpy(v, got[0], (size_t)s.P * sizeof *v);
        bool moves = false;
        for (int64_t i = 0; i < s.P; i++) moves = moves || v[i] != 0;
        T_OK(moves, "and not all are 0");
        er_free(v);
        for (int threads = 0; threads <= THREADS; threads++) er_free(got[threads]);
    }
    small_net_close(&s);
}

static size_t taken;

static bool count_bytes(void *ctx, size_t bytes)
{
    (void)ctx;
    taken += bytes;
    return true;
}

static void check_memory(void)
{
    struct small_net s;
    struct er_error err;
    struct er_derivatives *d = NULL;
    if (small_net_open(&s, "[dense 20, tanh, dense]", "logistic", N, D, 2)) {
        T_ALLOCATIONS(er_derivatives_new(s.net, &s.network, &s.set, NULL, NULL, &d, &err),
                      er_derivatives_free(d), "each allocation fails cleanly");
        size_t said = 0;
        T_STATUS(er_derivatives_bytes(s.net, false, N, 1, NULL, &said, &err), ER_OK, "bytes");
        er_alloc_set_hook(count_bytes, NULL);
        T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, NULL, &d, &err), ER_OK, "new");
        er_alloc_set_hook(NULL, NULL);
        T_OK(said <= taken && taken <= said + 64, "%zu bytes said, %zu taken", said, taken);
        er_derivatives_free(d);
    }
    small_net_close(&s);
}

static void check_refusals(void)
{
    struct small_net s;
    struct er_error err;
    struct er_derivatives *d = NULL;
    size_t bytes;
    if (small_net_open(&s, "[dense 6, tanh, dense]", "cross-entropy", N, D, 3)) {
        struct er_dataset set = s.set;
        set.n = 0;
        T_STATUS(er_derivatives_new(s.net, &s.network, &set, NULL, NULL, &d, &err), ER_E_USAGE, "no data");
        set = s.set;
        set.shape.channels++;
        T_STATUS(er_derivatives_new(s.net, &s.network, &set, NULL, NULL, &d, &err), ER_E_SHAPE, "inputs");
        set = s.set;
        set.classes++;
        T_STATUS(er_derivatives_new(s.net, &s.network, &set, NULL, NULL, &d, &err), ER_E_SHAPE, "classes");
        const int32_t label = s.set.label[7], beyond[] = {-1, (int32_t)s.set.classes};
        for (int i = 0; i < 2; i++) {
            s.set.label[7] = beyond[i];
            T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, NULL, &d, &err), ER_E_INPUT,
                     "label");
            T_OK(strstr(err.msg, "derivatives: example 7 has label") != NULL, "%s", err.msg);
        }
        s.set.label[7] = label;
        const struct er_derivatives_options wrong = {.chunk = -1};
        T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, &wrong, &d, &err), ER_E_USAGE, "chunk");
        T_STATUS(er_derivatives_bytes(s.net, false, N, 0, NULL, &bytes, &err), ER_E_USAGE, "threads");

        float g[128], v[128], before[128];
        double loss = -1;
        T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, NULL, &d, &err), ER_OK, "new");
        small_net_draw(8, s.P, v, NULL);
        small_net_draw(9, s.P, g, NULL);
        memcpy(before, g, sizeof g);
        T_STATUS(er_derivatives_examples(d, N - 1, 2, g, NULL, &err), ER_E_USAGE, "range");
        T_STATUS(er_derivatives_examples(d, -1, 1, g, NULL, &err), ER_E_USAGE, "range");
        const float good = s.w[5];
        s.w[5] = NAN;
        T_STATUS(er_derivatives_gradient(d, g, &loss, NULL, &err), ER_E_NONFINITE, "weights of NaN");
        T_OK(strstr(err.msg, "element 5 of the weights"), "%s", err.msg);
        T_STATUS(er_derivatives_product(d, ER_CURVATURE_HESSIAN, v, g, &err), ER_E_NONFINITE, "product");
        T_STATUS(er_derivatives_jvp(d, v, NULL, g, &err), ER_E_NONFINITE, "jvp");
        struct er_gradient_moments m;
        T_STATUS(er_derivatives_moments(d, &m, NULL, &err), ER_E_NONFINITE, "moments");
        s.w[5] = good;
        s.set.x[N * D - 1] = INFINITY;
        T_STATUS(er_derivatives_gradient(d, g, &loss, NULL, &err), ER_E_NONFINITE, "an infinite input");
        s.set.x[N * D - 1] = 0;
        v[3] = INFINITY;
        T_STATUS(er_derivatives_product(d, ER_CURVATURE_COVARIANCE, v, g, &err), ER_E_NONFINITE, "vector");
        T_OK(memcmp(before, g, (size_t)s.P * sizeof *g) == 0 && loss == -1, "nothing was written");
        T_STATUS(er_derivatives_gradient(d, g, &loss, NULL, &err), ER_OK, "and then it goes on");
        s.w[5] += 1; /* weights may change between calls */
        double moved;
        T_STATUS(er_derivatives_loss(d, &moved, NULL, &err), ER_OK, "other weights");
        T_OK(moved != loss, "other weights, another loss");
        er_derivatives_free(d);
    }
    small_net_close(&s);
}

/* Examples that are all the same have gradients without variance. */
static void check_equal(void)
{
    struct small_net s;
    struct er_error err;
    struct er_derivatives *d = NULL;
    if (small_net_open(&s, "[dense 6, tanh, dense]", "cross-entropy", N, D, 3)) {
        for (int i = 1; i < N; i++) {
            memcpy(s.set.x + i * D, s.set.x, D * sizeof(float));
            s.set.label[i] = s.set.label[0];
        }
        struct er_gradient_moments m = {0};
        float v[128], cv[128];
        small_net_draw(8, s.P, v, NULL);
        T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, NULL, &d, &err), ER_OK, "new");
        T_STATUS(er_derivatives_moments(d, &m, NULL, &err), ER_OK, "moments");
        T_OK(m.square > 0 && m.variance >= 0, "%g", m.square);
        T_CLOSE(m.variance, 0, 1e-13 * m.square, "equal gradients do not vary");
        T_STATUS(er_derivatives_product(d, ER_CURVATURE_COVARIANCE, v, cv, &err), ER_OK, "C v");
        for (int64_t i = 0; i < s.P; i++) T_CLOSE(cv[i], 0, 1e-6 * m.square, "C v = 0 at %d", (int)i);
    }
    er_derivatives_free(d);
    small_net_close(&s);
}

int main(void)
{
    check_threads();
    check_memory();
    check_refusals();
    check_equal();
    return t_done();
}
