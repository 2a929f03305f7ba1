/* Symmetries of fully connected networks: training does not know the order of pixels, and no output that of the
 * hidden units. */
#include "support/blobs.h"
#include "t.h"
#include "train/trainee.h"

#include <ermine/random.h>

enum { D = 196, H = 24, K = 4, N = 200, P = D * H + H + H * K + K, EPOCHS = 5 };

static struct er_net *make_net(void)
{
    struct er_model *model;
    struct er_net *net;
    struct er_error err;
    if (er_model_parse("dense 24, relu, dense", &model, &err) != ER_OK) abort();
    if (er_net_new(model, (struct er_shape){1, 1, D}, K, "cross-entropy", &net, &err) != ER_OK) abort();
    er_model_free(model);
    return net;
}

/* order[i] of a permutation of 0..n-1. */
static void permutation(int64_t n, uint64_t index, int64_t *order)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, index));
    er_random_permutation(&r, n, order);
}

static bool stays(void *ctx, struct er_trainee *t)
{
    (void)ctx;
    (void)t;
    return false;
}

/* Trains on `train` from initial weights whose first rows, one for each pixel, stand in this order, and leaves the
 * end weights with the rows back in theirs. */
static void train_from(const struct er_net *net, const struct er_dataset *train, const int64_t order[D],
                       float w[P], struct er_curve_point *last)
{
    struct er_member member = {.net = net, .train = train, .spec = er_train_spec_default()};
    struct er_plans plans = {0};
    struct er_trainee t;
    struct er_error err;
    const struct er_trainee_hooks hooks = {.leave = stays};
    member.spec.optimiser.momentum = 0.9;
    member.spec.optimiser.rate = 0.02;
    member.spec.optimiser.batch = 16;
    member.spec.stop.epochs = EPOCHS;
    member.seed_initialise = member.seed_batches = 3;
    T_STATUS(er_trainee_plans(&member, &plans, &err), ER_OK, "plans");
    er_trainee_measure(&t, &member, &plans, 1);
    T_STATUS(er_trainee_open(&t, &member, &plans, NULL, &err), ER_OK, "a member");
    memcpy(w, t.w, P * sizeof *w);
    for (int64_t i = 0; i < D; i++) memcpy(t.w + i * H, w + order[i] * H, H * sizeof *w);
    T_STATUS(er_trainee_run(&t, &hooks, &err), ER_OK, "trains");
    memcpy(w, t.w, P * sizeof *w);
    for (int64_t i = 0; i < D; i++) memcpy(w + order[i] * H, t.w + i * H, H * sizeof *w);
    *last = t.curve[t.n_curve - 1];
    er_trainee_clear(&t);
    er_plans_clear(&plans);
}

/* The largest difference of two vectors, as a share of the largest value. */
static double distance(const float *a, const float *b, int64_t n)
{
    double most = 0, size = 0;
    for (int64_t i = 0; i < n; i++) {
        most = fmax(most, fabs((double)a[i] - (double)b[i]));
        size = fmax(size, fabs((double)a[i]));
    }
    return most / size;
}

/* The same pixels in another order, and the rows of W1 with them. Sums over pixels then run in another order: a
 * relative change of some sqrt(D) rounding errors of float32 in each of 65 steps. */
static void check_pixels(const struct er_net *net)
{
    struct er_dataset plain = blobs_make(N, D, K, 1, 1, 0), shuffled = blobs_make(N, D, K, 1, 1, 0);
    static float w[P], other[P], unmatched[P];
    struct er_curve_point end, end_other, end_unmatched;
    int64_t identity[D], order[D];
    for (int64_t i = 0; i < D; i++) identity[i] = i;
    permutation(D, 0, order);
    for (int64_t n = 0; n < N; n++)
        for (int64_t i = 0; i < D; i++) shuffled.x[n * D + i] = plain.x[n * D + order[i]];
    train_from(net, &plain, identity, w, &end);
    train_from(net, &shuffled, order, other, &end_other);
    train_from(net, &shuffled, identity, unmatched, &end_unmatched);
    const double rounding = 65 * sqrt((double)D) * ldexp(1, -24);
    T_OK(end.train_loss < 0.3, "it learns: the loss ends at %g", end.train_loss);
    T_CLOSE(distance(w, other, P), 0, rounding, "weights, their rows put back");
    T_CLOSE(end_other.train_loss, end.train_loss, rounding, "loss");
    T_CLOSE(end_other.train_error, end.train_error, 0, "errors");
    T_OK(distance(w, unmatched, P) > 0.1, "without the weights, training is another");
    er_dataset_clear(&plain);
    er_dataset_clear(&shuffled);
}

/* Hidden units in another order: columns of W1, their biases, rows of W2. */
static void check_hidden(const struct er_net *net)
{
    enum { ROWS = 32 };
    struct er_dataset set = blobs_make(ROWS, D, K, 1, 2, 0);
    static float w[P], permuted[P], f[ROWS * K], g[ROWS * K];
    int64_t order[H];
    struct er_plan *plan;
    struct er_error err;
    permutation(H, 1, order);
    er_net_initialise(net, 7, w, NULL);
    for (int64_t i = 0; i < H; i++) w[D * H + i] = 0.01F * (float)(i + 1); /* biases that tell units apart */
    memcpy(permuted, w, sizeof w);
    for (int64_t u = 0; u < H; u++) {
        for (int64_t i = 0; i <= D; i++) permuted[i * H + u] = w[i * H + order[u]];
        memcpy(permuted + (D + 1) * H + u * K, w + (D + 1) * H + order[u] * K, K * sizeof *w);
    }
    T_OK(distance(w, permuted, P) > 0.1, "other weights");
    T_STATUS(er_plan_new(net, ROWS, &plan, &err), ER_OK, "a plan");
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    er_plan_outputs(plan, &(struct er_network){.w = w}, set.x, f, scratch);
    er_plan_outputs(plan, &(struct er_network){.w = permuted}, set.x, g, scratch);
    T_CLOSE(distance(f, g, (int64_t)ROWS * K), 0, 1e-5, "the same outputs");
    er_free(scratch);
    er_plan_free(plan);
    er_dataset_clear(&set);
}

int main(void)
{
    struct er_net *net = make_net();
    T_EQ_INT(er_net_parameters(net), P, "weights and biases of two layers");
    check_pixels(net);
    check_hidden(net);
    er_net_free(net);
    return t_done();
}
