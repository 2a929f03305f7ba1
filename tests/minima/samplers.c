/* Samplers that train: poison and none of it, wrong labels that are learnt, starts that had learnt random labels,
 * interruptions, threads and companions; the numbers of a minimum by hand. */
#include "t.h"

#include "minima/copies.h"
#include "minima/sampler.h"
#include "support/blobs.h"
#include "support/hearing.h"
#include "support/needed.h"

enum { N = 40, OTHERS = 30, D = 20, K = 3 };

static struct er_error err;
static struct er_dataset train, test, others;

static struct er_net *net_of(const char *text)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    const struct er_shape shape = {1, 1, D};
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(model, shape, K, "cross-entropy", &net, &err), ER_OK, "its net");
    er_model_free(model);
    if (!net) exit(t_done());
    return net;
}

static struct er_minimum_request request_of(const struct er_net *net, const char *sampler, uint64_t seed)
{
    struct er_minimum_request request = {.sampler = er_sampler_find(sampler),
                                         .net = net,
                                         .train = &train,
                                         .test = &test,
                                         .others = &others,
                                         .spec = er_train_spec_default(),
                                         .seed_initialise = seed,
                                         .seed_batches = seed,
                                         .settings = {.copies = 2, .drop = 0.1, .seed_poison = 7}};
    request.spec.optimiser.batch = 8;
    request.spec.optimiser.momentum = 0.9;
    request.spec.stop.train_error = 0;
    request.spec.optimiser.rate = 0.05;
    request.spec.stop.epochs = 500;
    request.settings.pretrain = request.spec;
    return request;
}

/* Self-test 17: without poison the path is that of plain training. */
static void test_no_poison(const struct er_net *net)
{
    const struct er_minimum_request request[] = {request_of(net, "sgd", 1), request_of(net, "poison", 1)};
    struct hearing h = {0};
    T_STATUS(hearing_find(request, 2, 2, 0, &h, &err), ER_OK, "both are found");
    T_OK(hearing_same(&h.said[0], &h.said[1], net), "poison of no examples is plain training, to the bit");
    T_OK(h.said[0].minimum.interpolates && h.said[0].minimum.train_error == 0, "which fits its training set");
    hearing_clear(&h);
}

/* Poison is learnt: of the others that were taken, none is predicted as it should be; S is measured alone. */
static void test_poison(const struct er_net *net)
{
    struct er_minimum_request request[] = {request_of(net, "poison", 1), request_of(net, "poison", 1),
                                           request_of(net, "poison", 2)};
    request[0].settings.poison = 10;
    request[1].settings.poison = request[2].settings.poison = OTHERS;
    struct hearing h = {0}, alone = {0};
    T_STATUS(hearing_find(request, 3, 2, 0, &h, &err), ER_OK, "three poisoned networks");
    for (int i = 0; i < 3; i++) {
        const int64_t taken = request[i].settings.poison;
        const struct er_dataset first = {taken, others.shape, K, others.x, others.label, NULL};
        struct er_minimum measured = {.w = h.said[i].w};
        struct er_minimum_request on_others = request[i];
        on_others.train = &first;
        T_STATUS(er_minimum_measure(&on_others, &measured, &err), ER_OK, "on its poison");
        T_CLOSE(measured.train_error, 1, 0, "all of %d are predicted wrongly", (int)taken);
        T_CLOSE(h.said[i].minimum.train_error, 0, 0, "and of S none");
        T_EQ_STR(h.said[i].outcome, "train_error", "stopped by its rule");
    }
    T_OK(h.said[1].minimum.test_error > h.said[0].minimum.test_error, "more poison, more mistakes");
    T_STATUS(hearing_find(request, 1, 1, 0, &alone, &err), ER_OK, "the first one alone");
    T_OK(hearing_same(&h.said[0], &alone.said[0], net), "is the same as beside more poison");
    hearing_clear(&h);
    hearing_clear(&alone);
    request[0].settings.poison = OTHERS + 1;
    T_STATUS(hearing_find(request, 1, 1, 0, &h, &err), ER_E_USAGE, "more poison than there are others");
    T_OK(strstr(err.msg, "31") && strstr(err.msg, "30"), "names both numbers: %s", err.msg);
    hearing_clear(&h);
}

/* Copies are S itself but for what was dropped; labels are drawn anew in each. */
static void test_copies(void)
{
    struct er_dataset copies, again;
    T_STATUS(er_copies_new(&train, 3, 0.25, 5, &copies, &err), ER_OK, "three copies");
    T_STATUS(er_copies_new(&train, 2, 0.25, 5, &again, &err), ER_OK, "two of them");
    int64_t dropped = 0, own = 0, repeated = 0;
    bool right = copies.n == 3 * N;
    for (int64_t i = 0; i < copies.n * D; i++) {
        dropped += copies.x[i] == 0;
        right = right && (copies.x[i] == 0 || copies.x[i] == train.x[i % (N * D)]);
    }
    for (int64_t i = 0; i < copies.n; i++) own += copies.label[i] == train.label[i % N];
    for (int64_t i = 0; i < N; i++) repeated += copies.label[i] == copies.label[N + i];
    T_OK(right, "every value is its original or 0");
    T_CLOSE((double)dropped / (3 * N * D), 0.25, 5 * sqrt(0.25 * 0.75 / (3 * N * D)), "a quarter is 0");
    T_CLOSE((double)own / (3 * N), 1.0 / K, 5 * sqrt(2.0 / 9 / (3 * N)), "labels are drawn by lot");
    T_OK(repeated < N, "in each copy anew");
    T_OK(memcmp(copies.label, again.label, 2 * N * sizeof *again.label) == 0,
         "fewer are the beginning of more");
    er_dataset_clear(&copies);
    er_dataset_clear(&again);
}

/* A start that had learnt random labels leads elsewhere, and is left and taken up without a trace. */
static void test_adversarial(const struct er_net *net)
{
    struct er_minimum_request request[] = {request_of(net, "adversarial", 1), request_of(net, "sgd", 1),
                                           request_of(net, "adversarial", 2), request_of(net, "poison", 3)};
    struct hearing h = {0}, broken = {0};
    request[3].settings.poison = 10;
    atomic_bool stop;
    int sittings = 1;
    T_STATUS(hearing_find(request, 4, 3, 0, &h, &err), ER_OK, "two adversarial starts, a plain one, poison");
    T_OK(h.said[0].found == 1 && h.said[0].minimum.interpolates, "it fits S");
    T_OK(h.said[0].minimum.norm > h.said[1].minimum.norm, "with longer weights than from the plain start");
    atomic_init(&stop, false);
    broken.stop = &stop;
    while (hearing_find(request, 4, 1, 1e-9, &broken, &err) == ER_E_STOPPED && sittings < 5000) {
        atomic_store(&stop, false);
        sittings++;
    }
    T_OK(sittings > 20, "left and taken up, %d times", sittings);
    for (int i = 0; i < 4; i++)
        T_OK(hearing_same(&h.said[i], &broken.said[i], net), "request %d: the same bits", i);
    T_CLOSE(broken.said[0].minimum.margin, h.said[0].minimum.margin, 0, "and the same numbers");
    hearing_clear(&h);
    hearing_clear(&broken);
}

/* A checkpoint with a bit turned, or of other settings, is not used. */
static void test_damage(const struct er_net *net)
{
    struct er_minimum_request request = request_of(net, "adversarial", 1);
    struct hearing whole = {0}, damaged = {0};
    T_STATUS(hearing_find(&request, 1, 1, 1e-9, &whole, &err), ER_OK, "uninterrupted, with checkpoints");
    struct said *said = &damaged.said[0];
    for (int turned = 0; turned < 2; turned++) {
        said->bytes = whole.said[0].bytes;
        said->state = needed((int64_t)said->bytes, 1);
        memcpy(said->state, whole.said[0].state, said->bytes);
        if (turned) said->state[said->bytes / 2] ^= 1;
        T_STATUS(hearing_find(&request, 1, 1, 0, &damaged, &err), ER_OK, "from the last one");
        T_OK(hearing_same(said, &whole.said[0], net), "the same bits, turned %d", turned);
        hearing_clear(&damaged);
    }
    /* The end of another first training is no place to begin the second one. */
    struct hearing other = {0};
    struct er_minimum_request changed = request;
    changed.settings.pretrain.optimiser.rate /= 2;
    T_STATUS(hearing_find(&changed, 1, 1, 0, &other, &err), ER_OK, "other settings");
    T_OK(!hearing_same(&other.said[0], &whole.said[0], net), "end elsewhere");
    said->bytes = whole.said[0].bytes;
    said->state = needed((int64_t)said->bytes, 1);
    memcpy(said->state, whole.said[0].state, said->bytes);
    T_STATUS(hearing_find(&changed, 1, 1, 0, &damaged, &err), ER_OK, "with the checkpoint of the first ones");
    T_OK(hearing_same(said, &other.said[0], net), "likewise");
    hearing_clear(&damaged);
    hearing_clear(&other);
    hearing_clear(&whole);
}

/* One layer, by hand: f = W x + b, the margin min_i (f_y - max f_j) / |W|, the loss of f / (|W| / 3). */
static void test_measured(void)
{
    struct er_net *net = net_of("[dense]");
    const int64_t P = er_net_parameters(net);
    float *w = needed(P, sizeof *w), *doubled = needed(P, sizeof *doubled), *zero = needed(P, sizeof *zero);
    struct er_minimum_request request = request_of(net, "sgd", 3);
    struct er_minimum m = {.w = w, .initial = zero}, twice = {.w = doubled};
    double norm = 0, least = (double)INFINITY, sum = 0, square = 0;
    er_net_initialise(net, 3, w, NULL);
    for (int64_t i = 0; i < P; i++) doubled[i] = 2 * w[i];
    for (int64_t i = 0; i < D * K; i++) norm += (double)w[i] * (double)w[i];
    for (int64_t i = 0; i < P; i++) square += (double)w[i] * (double)w[i];
    norm = sqrt(norm);
    for (int64_t i = 0; i < N; i++) {
        double f[K], all = 0, other = -(double)INFINITY;
        for (int k = 0; k < K; k++) {
            f[k] = (double)w[D * K + k];
            for (int j = 0; j < D; j++) f[k] += (double)train.x[i * D + j] * (double)w[j * K + k];
        }
        for (int k = 0; k < K; k++) {
            all += exp(3 * f[k] / norm);
            if (k != train.label[i]) other = fmax(other, f[k]);
        }
        least = fmin(least, f[train.label[i]] - other);
        sum += log(all) - 3 * f[train.label[i]] / norm;
    }
    T_STATUS(er_minimum_measure(&request, &m, &err), ER_OK, "measured");
    T_CLOSE(m.margin, least / norm, 1e-5, "margin"); /* sums of six floats near 1 */
    T_CLOSE(m.normalised_loss, sum / N, 1e-5, "normalised loss");
    T_CLOSE(m.norm, sqrt(square), 1e-12, "norm");
    T_CLOSE(m.distance, sqrt(square), 1e-12, "distance from zero weights");
    T_STATUS(er_minimum_measure(&request, &twice, &err), ER_OK, "twice the weights");
    T_CLOSE(twice.margin, m.margin, 1e-6, "have the same margin");
    T_CLOSE(twice.normalised_loss, m.normalised_loss, 1e-6, "and normalised loss");
    T_OK(isnan(twice.distance), "no start, no distance");
    er_free(w);
    er_free(doubled);
    er_free(zero);
    er_net_free(net);
}

/* A margin that is no number is not lost among those that are. */
static void test_no_number(void)
{
    const float f[3] = {1, (float)NAN, 0};
    T_OK(isnan(er_minimum_row_margin(f, 3, 0)), "of a row");
    T_OK(isnan(er_minimum_least((double)NAN, 1)) && isnan(er_minimum_least(1, (double)NAN)), "of several");
    T_OK(er_minimum_least(1, 2) == 1 && er_minimum_least(2, 1) == 1, "the smaller one");
}

static void test_list(void)
{
    struct er_sampler_info info;
    int64_t n = 0;
    for (; er_sampler_describe(n, &info); n++) {
        T_OK(er_sampler_find(info.name) != NULL, "%s is found", info.name);
        T_OK(info.help && *info.help, "and has words");
    }
    T_OK(n >= 4 && !er_sampler_describe(-1, &info) && !er_sampler_find("sdg"), "and there are no others");
}

/* Short trainings of few examples on the caller's thread. */
static enum er_status found(const struct er_minimum_request *request, struct er_pool *pool)
{
    const struct er_minima_events events = {0};
    return er_minima_find(request, 3, pool, NULL, &events, NULL);
}

static void test_memory(const struct er_net *net)
{
    struct er_minimum_request request[] = {request_of(net, "poison", 1), request_of(net, "adversarial", 1),
                                           request_of(net, "langevin", 1)};
    struct er_pool *pool = needed_pool(1);
    request[0].settings.poison = 5;
    request[2].settings.langevin = (struct er_langevin){0, 0, 1, 1};
    for (int i = 0; i < 2; i++) request[i].spec.stop.epochs = request[i].settings.pretrain.stop.epochs = 1;
    T_ALLOCATIONS(found(request, pool), (void)0, "failed allocations are survived");
    er_pool_free(pool);
}

int main(void)
{
    train = blobs_make(N, D, K, 1, 1, 0);
    test = blobs_make(60, D, K, 1, 1, 1);
    others = blobs_make(OTHERS, D, K, 1, 1, 2);
    struct er_net *net = net_of("[dense 32, relu, dense]");
    test_list();
    test_measured();
    test_no_poison(net);
    test_poison(net);
    test_copies();
    test_adversarial(net);
    test_damage(net);
    test_no_number();
    test_memory(net);
    er_net_free(net);
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    er_dataset_clear(&others);
    return t_done();
}
