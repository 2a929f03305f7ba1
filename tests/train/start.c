/* A member that starts from given weights goes on as if it had come by them itself; records are heard of with the
 * network that they measured. */
#include "t.h"

#include "support/blobs.h"
#include "train/trainee.h"

#include <string.h>

enum { N = 60, D = 7, K = 3, EPOCHS = 5, PARAMETERS = 200 };

static struct er_error err;
static struct er_dataset train, test;

/* What a member said of its records, and its last weights. */
struct heard {
    struct er_curve_point point[2 * EPOCHS];
    float w[2 * EPOCHS][PARAMETERS];
    int64_t n, parameters, curve;
    struct er_curve_point end[2 * EPOCHS];
};

static enum er_status on_record(void *ctx, int64_t member, const struct er_curve_point *point,
                                const struct er_kept *at, struct er_error *e)
{
    struct heard *h = ctx;
    (void)e;
    T_EQ_INT(member, 0, "whose record");
    T_EQ_INT(at->step, point->step, "the network's step");
    if (h->n < 2 * EPOCHS) {
        memcpy(h->w[h->n], at->w, (size_t)h->parameters * sizeof *at->w);
        h->point[h->n++] = *point;
    }
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *e)
{
    struct heard *h = ctx;
    (void)member;
    (void)e;
    h->curve = result->n_curve;
    memcpy(h->end, result->curve, (size_t)result->n_curve * sizeof *result->curve);
    return ER_OK;
}

static enum er_status go(const struct er_member *member, struct heard *heard)
{
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(1, &pool, &err);
    const struct er_train_events events = {.ctx = heard, .record = on_record, .end = on_end};
    if (status == ER_OK) status = er_train(member, 1, pool, NULL, &events, &err);
    er_pool_free(pool);
    return status;
}

/* Gradient descent without momentum has no memory but its weights. */
static void test_start(const struct er_net *net)
{
    static struct heard whole, first, second;
    struct er_member m = {.net = net, .train = &train, .test = &test, .spec = er_train_spec_default()};
    whole.parameters = first.parameters = second.parameters = er_net_parameters(net);
    m.spec.optimiser.name = "gradient-descent";
    m.spec.optimiser.batch = 0;
    m.spec.stop.epochs = EPOCHS;
    T_STATUS(go(&m, &whole), ER_OK, "all epochs");
    T_EQ_INT(whole.n, EPOCHS + 1, "records: the start, and each epoch");
    T_EQ_INT(whole.curve, whole.n, "as many as the curve has");
    for (int64_t i = 0; i < whole.n; i++)
        T_OK(memcmp(&whole.point[i], &whole.end[i], sizeof whole.end[i]) == 0, "record %d is the curve's",
             (int)i);

    m.spec.stop.epochs = 2;
    T_STATUS(go(&m, &first), ER_OK, "two epochs");
    m.spec.stop.epochs = EPOCHS - 2;
    m.initial = first.w[2];
    m.seed_initialise = 17; /* no matter any more */
    T_STATUS(go(&m, &second), ER_OK, "the rest, from there");
    for (int i = 0; i <= EPOCHS - 2; i++)
        T_OK(memcmp(second.w[i], whole.w[i + 2], (size_t)whole.parameters * sizeof(float)) == 0,
             "weights %d epochs after the start", i);
    T_OK(memcmp(second.w[0], whole.w[0], (size_t)whole.parameters * sizeof(float)) != 0,
         "it does not start at initial weights");
}

/* A checkpoint of a member that started elsewhere is another member's. */
static void test_checkpoint(const struct er_net *net)
{
    struct er_member m = {.net = net, .train = &train, .spec = er_train_spec_default()};
    struct er_plans plans = {0};
    struct er_trainee from = {0}, to = {0};
    float start[PARAMETERS] = {1};
    unsigned char state[16384];
    T_STATUS(er_trainee_plans(&m, &plans, &err), ER_OK, "plans");
    T_STATUS(er_trainee_open(&from, &m, &plans, NULL, &err), ER_OK, "open");
    T_STATUS(er_trainee_record(&from, &err), ER_OK, "the first record");
    const size_t bytes = er_checkpoint_bytes(&from);
    T_OK(bytes <= sizeof state, "%zu bytes", bytes);
    T_STATUS(er_checkpoint_write(&from, state, &err), ER_OK, "write");
    T_STATUS(er_checkpoint_read(&from, state, bytes, &err), ER_OK, "its own");
    struct er_member elsewhere = m;
    elsewhere.initial = start;
    T_STATUS(er_trainee_open(&to, &elsewhere, &plans, NULL, &err), ER_OK, "open");
    T_STATUS(er_checkpoint_read(&to, state, bytes, &err), ER_E_INPUT, "another start");
    er_trainee_clear(&to);
    elsewhere.initial = NULL;
    elsewhere.initial_statistics = start;
    T_STATUS(er_trainee_open(&to, &elsewhere, &plans, NULL, &err), ER_OK, "open");
    T_STATUS(er_checkpoint_read(&to, state, bytes, &err), ER_E_INPUT, "other moments");
    er_trainee_clear(&from);
    er_trainee_clear(&to);
    er_plans_clear(&plans);
}

/* Masked weights are 0 from the start and stay it, whatever the optimiser, on one thread or a team; a mask that keeps
 * all changes nothing. */
static void test_mask(const struct er_net *net)
{
    static struct heard plain, all, masked;
    static unsigned char ones[PARAMETERS], mask[PARAMETERS];
    struct er_member m = {.net = net, .train = &train, .test = &test, .spec = er_train_spec_default()};
    const int64_t P = er_net_parameters(net);
    plain.parameters = all.parameters = masked.parameters = P;
    memset(ones, 1, sizeof ones);
    for (int64_t i = 0; i < P; i++) mask[i] = i % 3 != 0;
    m.spec.optimiser.name = "adam";
    m.spec.optimiser.weight_decay = 0.1;
    m.spec.stop.epochs = EPOCHS;
    T_STATUS(go(&m, &plain), ER_OK, "no mask");
    m.mask = ones;
    T_STATUS(go(&m, &all), ER_OK, "all are kept");
    T_OK(memcmp(plain.w[EPOCHS], all.w[EPOCHS], (size_t)P * sizeof(float)) == 0, "no change");
    m.mask = mask;
    T_STATUS(go(&m, &masked), ER_OK, "a third is not");
    for (int e = 0; e <= EPOCHS; e++) {
        int64_t away = 0, moved = 0;
        for (int64_t i = 0; i < P; i++) {
            away += !mask[i] && masked.w[e][i] != 0;
            moved += mask[i] && masked.w[e][i] != masked.w[0][i];
        }
        T_EQ_INT(away, 0, "masked weights after epoch %d", e);
        T_OK(e == 0 || moved > P / 2, "the others move");
    }
}

int main(void)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    train = blobs_make(N, D, K, 0.5, 1, 0);
    test = blobs_make(N, D, K, 0.5, 1, 1);
    T_STATUS(er_model_parse("[dense 9, relu, dense]", &model, &err), ER_OK, "model");
    T_STATUS(er_net_new(model, train.shape, K, "cross-entropy", &net, &err), ER_OK, "net");
    T_OK(er_net_parameters(net) <= PARAMETERS, "room");
    test_start(net);
    test_checkpoint(net);
    test_mask(net);
    er_net_free(net);
    er_model_free(model);
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    return t_done();
}
