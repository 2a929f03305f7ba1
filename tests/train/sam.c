/* Sharpness-aware minimisation: with radius 0 it is SGD to the bit; else the step that its formulas say, written
 * out in double; the statistics of batch norm move once a step. Threads and interruptions: ensemble.c. */
#include "t.h"

#include "oracles/mlp.h"
#include "support/blobs.h"
#include "support/recorder.h"

#include <ermine/random.h>

enum { N = 50, D = 5, K = 3, B = 8 };

static struct er_error err;
static struct er_dataset train, test;

static struct er_member make_member(const struct er_net *net, const char *name, double rho, int64_t batch)
{
    struct er_member m = {
        .net = net, .train = &train, .test = &test, .spec = er_train_spec_default(), .seed_initialise = 3};
    m.seed_batches = 4;
    m.spec.optimiser.name = name;
    m.spec.optimiser.rate = 0.1;
    m.spec.optimiser.momentum = 0.5;
    m.spec.optimiser.weight_decay = 0.01;
    m.spec.optimiser.rho = rho;
    m.spec.optimiser.batch = batch;
    m.spec.stop.epochs = 3;
    return m;
}

static struct recorder run(const struct er_member *member)
{
    struct er_pool *pool = NULL;
    struct recorder r = recorder_open(member, 1);
    const struct er_train_events events = recorder_events(&r, 0);
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    T_STATUS(er_train(member, 1, pool, NULL, &events, &err), ER_OK, "%s", member->spec.optimiser.name);
    er_pool_free(pool);
    return r;
}

static bool same(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static void test_radius_0(void)
{
    static const char *const text[] = {"[dense 9, relu, dense]",
                                       "[dense 9, batch_norm, relu, dropout 0.3, dense]"};
    for (int i = 0; i < 2; i++) {
        struct er_net *net = blobs_net(&train, text[i], "cross-entropy");
        for (int64_t batch = 0; batch <= B; batch += B) {
            const struct er_member plain = make_member(net, "sgd", 0, batch),
                                   flat = make_member(net, "sam", 0, batch),
                                   some = make_member(net, "sam", 0.3, batch);
            struct recorder a = run(&plain), b = run(&flat), c = run(&some);
            T_OK(recorded_equal(&a.member_record[0], &b.member_record[0]), "%s, batch %d: rho = 0 is SGD",
                 text[i], (int)batch);
            T_OK(!recorded_equal(&a.member_record[0], &c.member_record[0]), "%s, batch %d: rho = 0.3 is not",
                 text[i], (int)batch);
            recorder_close(&a);
            recorder_close(&b);
            recorder_close(&c);
        }
        er_net_free(net);
    }
}

/* The gradient of rows by central differences. */
static void slopes(const struct mlp *oracle, double *w, int64_t P, int64_t rows, const float *x,
                   const int32_t *label, double *g)
{
    for (int64_t i = 0; i < P; i++) g[i] = mlp_slope(oracle, w, i, 1e-6, rows, x, label);
}

/* u = w + rho g / |g|; v = mu v + g(u) + wd w; w -= lr v. Of masked weights g is 0, and so is w. */
static void oracle_step(const struct mlp *oracle, const unsigned char *mask, double rho, int64_t P,
                        int64_t rows, const float *x, const int32_t *label, double *w, double *v)
{
    double u[64], g[64], norm = 0;
    slopes(oracle, w, P, rows, x, label, g);
    for (int64_t i = 0; i < P; i++) g[i] *= mask[i];
    for (int64_t i = 0; i < P; i++) norm += g[i] * g[i];
    for (int64_t i = 0; i < P; i++) u[i] = w[i] + rho * g[i] / sqrt(norm);
    slopes(oracle, u, P, rows, x, label, g);
    for (int64_t i = 0; i < P; i++) {
        v[i] = 0.5 * v[i] + g[i] + 0.01 * w[i];
        w[i] = mask[i] * (w[i] - 0.1 * v[i]);
    }
}

/* `every`: of so many weights the last is masked. */
static void test_oracle(int64_t batch, int64_t every)
{
    const double rho = 0.7;
    struct er_net *net = blobs_net(&train, "[dense 4, tanh, dense]", "cross-entropy");
    struct er_member m = make_member(net, "sam", rho, batch);
    unsigned char mask[64];
    for (int64_t i = 0; i < 64; i++) mask[i] = i % every != every - 1;
    m.mask = every < 64 ? mask : NULL;
    const struct mlp oracle = {
        .layers = 2, .width = {D, 4, K}, .activation = "tanh", .loss = "cross-entropy"};
    const int64_t P = mlp_parameters(&oracle), rows_of_step = batch ? batch : N;
    struct recorder r = run(&m);
    double w[64], v[64] = {0};
    float w0[64];
    er_net_initialise(net, 3, w0, NULL);
    for (int64_t i = 0; i < P; i++) w[i] = mask[i] * (double)w0[i];
    for (int epoch = 0; epoch < 3; epoch++) {
        int64_t order[N];
        struct er_random random = er_random_open(4, er_stream(ER_PURPOSE_BATCHES, (uint64_t)epoch));
        er_random_permutation(&random, N, order);
        for (int64_t first = 0; first < N; first += rows_of_step) {
            const int64_t rows = N - first < rows_of_step ? N - first : rows_of_step;
            float x[N * D];
            int32_t label[N];
            for (int64_t b = 0; b < rows; b++) {
                const int64_t e = batch ? order[first + b] : b;
                memcpy(x + b * D, train.x + e * D, D * sizeof *x);
                label[b] = train.label[e];
            }
            oracle_step(&oracle, mask, rho, P, rows, x, label, w, v);
        }
    }
    for (int64_t i = 0; i < P; i++) /* some roundings of float32 a step */
        T_CLOSE(r.member_record[0].w[i], w[i], 5e-5, "batch %d, mask %d: w[%d]", (int)batch, (int)every,
                (int)i);
    recorder_close(&r);
    er_net_free(net);
}

/* After one step the moments are those that a step of SGD from the same weights leaves: the first gradient's. */
static void test_statistics(void)
{
    struct er_net *net = blobs_net(&train, "[dense 9, batch_norm, relu, dense]", "cross-entropy");
    struct er_member plain = make_member(net, "sgd", 0, B), flat = make_member(net, "sam", 2, B);
    plain.spec.stop.steps = flat.spec.stop.steps = 1;
    struct recorder a = run(&plain), b = run(&flat);
    const struct recorded *x = &a.member_record[0], *y = &b.member_record[0];
    T_EQ_INT(x->S, 18, "moments of 9 channels");
    T_OK(same(x->statistics, y->statistics, (size_t)x->S * sizeof(float)),
         "one step moves the moments as SGD does");
    T_OK(!same(x->w, y->w, (size_t)x->P * sizeof(float)), "and the weights otherwise");
    recorder_close(&a);
    recorder_close(&b);
    er_net_free(net);
}

/* A gradient of 0 has no direction: the weights stay. */
static void test_no_gradient(void)
{
    struct er_net *net = blobs_net(&train, "[scale 0, dense bias=false]", "cross-entropy");
    struct er_member m = make_member(net, "sam", 1, B);
    m.spec.optimiser.weight_decay = 0;
    struct recorder r = run(&m);
    float w0[D * K];
    er_net_initialise(net, 3, w0, NULL);
    T_OK(same(w0, r.member_record[0].w, sizeof w0), "nothing moves");
    T_EQ_INT(r.member_record[0].reason, ER_STOP_EPOCHS, "to the end");
    recorder_close(&r);
    er_net_free(net);
}

static void test_range(void)
{
    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser.name = "sam";
    T_STATUS(er_train_check(&spec, &err), ER_OK, "rho 0");
    spec.optimiser.rho = -0.1;
    T_STATUS(er_train_check(&spec, &err), ER_E_USAGE, "rho below 0");
    T_EQ_STR(err.msg, "rho is -0.1, outside of [0, 1e+09]", "and says so");
}

int main(void)
{
    train = blobs_make(N, D, K, 0.8, 5, 0);
    test = blobs_make(N, D, K, 0.8, 5, 1);
    test_radius_0();
    test_oracle(B, 100);
    test_oracle(0, 100);
    test_oracle(B, 3);
    test_oracle(0, 3);
    test_statistics();
    test_no_gradient();
    test_range();
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    return t_done();
}
