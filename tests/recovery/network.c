/* Depth as a dial in ordinary networks: a network of dense layers alone, with mean-squared loss on examples (x_i, y_i), is
 * deep factorisation with measurements A_ic = e_c x_i^T. The same gradients and the same descent through the main engine, and the
 * measures that see what the layers multiply to. */
#include "t.h"

#include "support/blobs.h"

#include <ermine/derivatives.h>
#include <ermine/factorise.h>
#include <ermine/measure.h>
#include <ermine/train.h>

enum { N = 40, D = 12, K = 4, STEPS = 100, DEPTHS = 4, PARAMETERS = D * K + 3 * D * D };
/* Rate of the descent on the sensing loss, which is 2/K of the network's. float32 and float64 may differ by so much of what is
 * compared: 16 roundings of float32 (found: 1.2e-7 of gradients, 3e-7 after the steps). */
static const double RATE = .1, TOLERANCE = 1e-6;

static struct er_error err;

/* A linear network and the factorisation that it is. */
struct pair {
    struct er_dataset set;
    struct er_net *net;
    struct er_recovery problem;
    struct er_factorisation *factorisation;
    float w[PARAMETERS], after[PARAMETERS];
    double loss; /* the network's, after its steps */
};

/* y_ic = 1 of the example's class, else 0. */
static bool measurements(struct pair *p)
{
    p->problem = (struct er_recovery){.kind = ER_SENSING, .rows = K, .columns = D, .n = N * K};
    p->problem.a = er_alloc(N * K * K * D, sizeof(double));
    p->problem.y = er_alloc(N * K, sizeof(double));
    if (!T_OK(p->problem.a && p->problem.y, "memory")) return false;
    memset(p->problem.a, 0, N * K * K * D * sizeof(double));
    for (int64_t i = 0; i < N; i++)
        for (int64_t c = 0; c < K; c++) {
            double *a = p->problem.a + (i * K + c) * K * D + c * D;
            for (int64_t k = 0; k < D; k++) a[k] = (double)p->set.x[i * D + k];
            p->problem.y[i * K + c] = p->set.label[i] == c;
        }
    return true;
}

/* A dense layer's weights are inputs x outputs, a factor is outputs x inputs. */
static void turn(const struct er_factorisation *f, int64_t j, const float *w, double *out)
{
    int64_t rows, columns;
    er_factorisation_shape(f, j, &rows, &columns);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) out[r * columns + c] = (double)w[c * rows + r];
}

static void start(struct pair *p, int64_t depth)
{
    const float *w = p->w;
    double factor[D * D];
    for (int64_t j = 1; j <= depth; j++) {
        turn(p->factorisation, j, w, factor);
        er_factorisation_set(p->factorisation, j, factor);
        w += j < depth ? D * D : D * K;
    }
}

static bool open_pair(struct pair *p, int64_t depth)
{
    char text[64];
    struct er_factorise_spec spec = er_factorise_spec_default();
    *p = (struct pair){.set = blobs_make(N, D, K, .5, 3, 0)};
    snprintf(text, sizeof text, "linear %d depth=%d scale=0.3", D, (int)depth);
    p->net = blobs_net(&p->set, text, "mean-squared");
    if (!p->net || !measurements(p)) return false;
    T_OK(er_net_parameters(p->net) <= PARAMETERS, "room");
    spec.depth = depth;
    spec.width = D;
    spec.optimiser = ER_FACTOR_DESCENT;
    spec.rate = RATE;
    T_STATUS(er_factorisation_new(&p->problem, &spec, &p->factorisation, &err), ER_OK, "depth %d",
             (int)depth);
    if (!p->factorisation) return false;
    er_net_initialise(p->net, 7, p->w, NULL);
    start(p, depth);
    return true;
}

static void close_pair(struct pair *p)
{
    er_factorisation_free(p->factorisation);
    er_recovery_clear(&p->problem);
    er_net_free(p->net);
    er_dataset_clear(&p->set);
}

static double length(int64_t n, const double *v)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += v[i] * v[i];
    return sqrt(sum);
}

/* |a - b| / |b| */
static double differs(int64_t n, const double *a, const double *b)
{
    double d[D * D];
    for (int64_t i = 0; i < n; i++) d[i] = a[i] - b[i];
    return length(n, d) / length(n, b);
}

/* The same gradient, layer by layer. */
static void test_gradient(struct pair *p, int64_t depth)
{
    struct er_derivatives *derivatives = NULL;
    struct er_network network = {.w = p->w};
    float g[PARAMETERS];
    double loss = 0, got[D * D] = {0}, want[D * D] = {0};
    T_STATUS(er_derivatives_new(p->net, &network, &p->set, NULL, NULL, &derivatives, &err), ER_OK,
             "derivatives");
    if (!derivatives) return;
    T_STATUS(er_derivatives_gradient(derivatives, g, &loss, NULL, &err), ER_OK, "gradient");
    const float *at = g;
    for (int64_t j = 1; j <= depth; j++) {
        const int64_t n = j < depth ? D * D : D * K;
        turn(p->factorisation, j, at, got);
        for (int64_t i = 0; i < n; i++) got[i] *= 2. / K;
        T_STATUS(er_factorisation_gradient(p->factorisation, j, want, &err), ER_OK, "gradient");
        const double d = differs(n, got, want);
        T_OK(d <= TOLERANCE, "depth %d: gradient of factor %d: %g", (int)depth, (int)j, d);
        at += n;
    }
    T_CLOSE(er_factorisation_loss(p->factorisation), loss * 2 / K, TOLERANCE * loss, "depth %d: loss",
            (int)depth);
    er_derivatives_free(derivatives);
}

static enum er_status keep_last(void *ctx, int64_t member, const struct er_curve_point *point,
                                const struct er_kept *at, struct er_error *e)
{
    struct pair *p = ctx;
    (void)member;
    (void)e;
    p->loss = point->train_loss;
    memcpy(p->after, at->w, (size_t)er_net_parameters(p->net) * sizeof *at->w);
    return ER_OK;
}

static enum er_status train(struct pair *p)
{
    struct er_member m = {.net = p->net, .train = &p->set, .spec = er_train_spec_default(), .initial = p->w};
    const struct er_train_events events = {.ctx = p, .record = keep_last};
    struct er_pool *pool = NULL;
    m.spec.optimiser.name = "gradient-descent";
    m.spec.optimiser.batch = 0;
    m.spec.optimiser.rate = RATE * 2 / K;
    m.spec.stop.epochs = STEPS;
    enum er_status status = er_pool_new(1, &pool, &err);
    if (status == ER_OK) status = er_train(&m, 1, pool, NULL, &events, &err);
    er_pool_free(pool);
    return status;
}

/* What a measure says of the network after its steps. */
static double measured(const struct pair *p, const char *name)
{
    const struct er_measured is = {
        .net = p->net, .w = p->after, .train_error = (double)NAN, .test_error = (double)NAN};
    struct er_measured_run *run = NULL;
    double value = (double)NAN;
    T_STATUS(er_measured_run_new(&is, NULL, &run, &err), ER_OK, "context");
    T_STATUS(er_measure_compute(er_measure_find(name), run, &value, &err), ER_OK, "%s", name);
    er_measured_run_free(run);
    return value;
}

/* 100 steps of gradient descent. */
static void test_descent(struct pair *p, int64_t depth)
{
    const struct er_factorise_until until = {.step = STEPS, .loss = -1, .gradient = -1};
    enum er_factorise_end end;
    double got[D * D] = {0}, want[D * D] = {0}, s[K];
    T_STATUS(train(p), ER_OK, "the network's steps");
    const double before = er_factorisation_loss(p->factorisation);
    T_STATUS(er_factorisation_run(p->factorisation, &until, NULL, NULL, &end, &err), ER_OK,
             "the factors' steps");
    const double loss = er_factorisation_loss(p->factorisation);
    T_OK(loss < .7 * before, "depth %d: they learn: %g to %g", (int)depth, before, loss);
    T_CLOSE(p->loss * 2 / K, loss, TOLERANCE * loss, "depth %d: loss after %d steps", (int)depth, (int)STEPS);
    const float *at = p->after;
    for (int64_t j = 1; j <= depth; j++) {
        const int64_t n = j < depth ? D * D : D * K;
        turn(p->factorisation, j, at, got);
        er_factorisation_factor(p->factorisation, j, want);
        const double d = differs(n, got, want);
        T_OK(d <= TOLERANCE, "depth %d: factor %d after %d steps: %g", (int)depth, (int)j, (int)STEPS, d);
        at += n;
    }
    T_STATUS(er_factorisation_singular_values(p->factorisation, s, NULL, &err), ER_OK, "singular values");
    const double rank = er_effective_rank(K, s), norm = er_nuclear_norm(K, s);
    T_CLOSE(measured(p, "end_to_end_effective_rank"), rank, TOLERANCE * rank, "depth %d: effective rank",
            (int)depth);
    T_CLOSE(measured(p, "end_to_end_nuclear_norm"), norm, TOLERANCE * norm, "depth %d: nuclear norm",
            (int)depth);
}

static void set_weight(float *w, int64_t columns, int64_t i, int64_t k, float value)
{
    w[i * columns + k] = value;
}

/* diag(3, 2, 1) by way of two layers: effective rank and nuclear norm are those of the product, whatever the biases; the
 * reference's self-test 10. Moving a scale between the layers changes nothing. */
static void test_closed_form(void)
{
    struct er_dataset set = blobs_make(5, 4, 3, .5, 3, 0);
    struct pair p = {.net = blobs_net(&set, "[dense 4, flatten, dense]", "cross-entropy")};
    if (!p.net) return;
    float *first = p.after, *second = p.after + 4 * 4 + 4;
    for (int64_t i = 0; i < er_net_parameters(p.net); i++) p.after[i] = 0;
    for (int64_t k = 0; k < 3; k++) {
        set_weight(first, 4, k, (k + 1) % 3, (float)(3 - k) / 8); /* a permutation of the inputs */
        set_weight(second, 3, (k + 1) % 3, k, 8);
        first[4 * 4 + k] = second[4 * 3 + k] = 7; /* biases */
    }
    T_CLOSE(measured(&p, "end_to_end_nuclear_norm"), 6, 1e-14, "3 + 2 + 1");
    T_CLOSE(measured(&p, "end_to_end_effective_rank"), 2.7495, 5e-5, "of diag(3, 2, 1)");
    const double rank = measured(&p, "end_to_end_effective_rank");
    for (int64_t i = 0; i < 4 * 4; i++) first[i] *= 4;
    for (int64_t i = 0; i < 4 * 3; i++) second[i] /= 4;
    T_OK(measured(&p, "end_to_end_effective_rank") == rank, "a scale that moves");
    for (int64_t i = 0; i < 4 * 3; i++) second[i] = 0;
    T_OK(measured(&p, "end_to_end_effective_rank") == 0, "of nothing");
    er_net_free(p.net);
    er_dataset_clear(&set);
}

static void test_refusal(void)
{
    struct er_dataset set = blobs_make(5, 4, 3, .5, 3, 0);
    static const char *const name[] = {"end_to_end_effective_rank", "end_to_end_nuclear_norm"};
    struct pair p = {.net = blobs_net(&set, "[dense 4, relu, dense]", "cross-entropy")};
    const struct er_measured is = {
        .net = p.net, .w = p.w, .train_error = (double)NAN, .test_error = (double)NAN};
    struct er_measured_run *run = NULL;
    T_STATUS(er_measured_run_new(&is, NULL, &run, &err), ER_OK, "context");
    for (int i = 0; i < 2; i++) {
        double value = 0;
        T_STATUS(er_measure_compute(er_measure_find(name[i]), run, &value, &err), ER_E_UNSUPPORTED, "relu");
        T_OK(strstr(err.msg, "layer 2, relu") != NULL, "it is named: %s", err.msg);
    }
    er_measured_run_free(run);
    er_net_free(p.net);
    er_dataset_clear(&set);
}

int main(void)
{
    test_closed_form();
    test_refusal();
    for (int64_t depth = 1; depth <= DEPTHS; depth++) {
        static struct pair p;
        if (open_pair(&p, depth)) {
            test_gradient(&p, depth);
            test_descent(&p, depth);
        }
        close_pair(&p);
    }
    return t_done();
}
