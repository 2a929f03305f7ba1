/* Samplers that train: poison and none of it, wrong labels that are learnt, starts that had learnt random labels,
 * interruptions, threads and companions; the numbers of a minimum by hand. */
#include "t.h"

#include "minima/copies.h"
#include "minima/sampler.h"
#include "support/blobs.h"
#include "support/needed.h"

#include <stdatomic.h>

enum { N = 40, OTHERS = 30, D = 20, K = 3, MOST = 4, STOP_AFTER = 40 };

static struct er_error err;
static struct er_dataset train, test, others;

/* What a request said. */
struct said {
    int found, ended, misnumbered;
    int64_t tried;
    double sum; /* of the numbers of all minima */
    char outcome[32];
    struct er_minimum minimum; /* its numbers */
    float *w;
    unsigned char *state, *given; /* the newest checkpoint; the one that it began with */
    size_t bytes, given_bytes;
};

struct hearing {
    const struct er_minimum_request *request;
    struct said said[MOST];
    atomic_bool *stop; /* set at every STOP_AFTER-th checkpoint; NULL: never */
    atomic_int checkpoints;
};

static enum er_status on_begin(void *ctx, int64_t request, bool *skip, const void **state, size_t *bytes,
                               struct er_error *e)
{
    struct hearing *h = ctx;
    struct said *said = &h->said[request];
    (void)e;
    if (said->state) {
        er_free(said->given);
        said->given = said->state;
        said->given_bytes = said->bytes;
        said->state = NULL;
    }
    *skip = said->ended > 0;
    if (!*skip) {
        said->found = 0;
        said->sum = 0;
    }
    *state = said->given;
    *bytes = said->given_bytes;
    return ER_OK;
}

static enum er_status on_checkpoint(void *ctx, int64_t request, const void *state, size_t bytes,
                                    struct er_error *e)
{
    struct hearing *h = ctx;
    struct said *said = &h->said[request];
    unsigned char *copy = needed((int64_t)bytes, 1);
    (void)e;
    memcpy(copy, state, bytes);
    er_free(said->state);
    said->state = copy;
    said->bytes = bytes;
    if (atomic_fetch_add(&h->checkpoints, 1) % STOP_AFTER == STOP_AFTER - 1 && h->stop)
        atomic_store(h->stop, true);
    return ER_OK;
}

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *e)
{
    struct hearing *h = ctx;
    struct said *said = &h->said[request];
    const int64_t P = er_net_parameters(h->request[request].net);
    (void)e;
    said->misnumbered += minimum->number != said->found++;
    said->sum += (minimum->margin + minimum->test_error + minimum->norm) * (double)(minimum->tried % 7 + 1);
    said->minimum = *minimum;
    er_free(said->w);
    said->w = NULL;
    if (!minimum->w) return ER_OK;
    said->w = needed(P, sizeof *said->w);
    memcpy(said->w, minimum->w, (size_t)P * sizeof *said->w);
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *e)
{
    struct hearing *h = ctx;
    (void)e;
    h->said[request].ended++;
    h->said[request].tried = result->tried;
    snprintf(h->said[request].outcome, sizeof h->said[request].outcome, "%s", result->outcome);
    return ER_OK;
}

static void clear(struct hearing *h)
{
    for (int i = 0; i < MOST; i++) {
        er_free(h->said[i].w);
        er_free(h->said[i].state);
        er_free(h->said[i].given);
    }
    *h = (struct hearing){0};
}

static enum er_status find(const struct er_minimum_request *request, int64_t n, int threads,
                           double checkpoint_seconds, struct hearing *h)
{
    struct er_pool *pool = needed_pool(threads);
    h->request = request;
    const struct er_progress progress = {.stop = h->stop};
    const struct er_minima_events events = {.ctx = h,
                                            .begin = on_begin,
                                            .checkpoint = on_checkpoint,
                                            .found = on_found,
                                            .end = on_end,
                                            .checkpoint_seconds = checkpoint_seconds};
    const enum er_status status = er_minima_find(request, n, pool, &progress, &events, &err);
    er_pool_free(pool);
    return status;
}

static bool same_weights(const struct said *a, const struct said *b, const struct er_net *net)
{
    const void *u = a->w, *v = b->w;
    return u && v && memcmp(u, v, (size_t)er_net_parameters(net) * sizeof(float)) == 0 &&
           strcmp(a->outcome, b->outcome) == 0;
}

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
    T_STATUS(find(request, 2, 2, 0, &h), ER_OK, "both are found");
    T_OK(same_weights(&h.said[0], &h.said[1], net), "poison of no examples is plain training, to the bit");
    T_OK(h.said[0].minimum.interpolates && h.said[0].minimum.train_error == 0, "which fits its training set");
    clear(&h);
}

/* Poison is learnt: of the others that were taken, none is predicted as it should be; S is measured alone. */
static void test_poison(const struct er_net *net)
{
    struct er_minimum_request request[] = {request_of(net, "poison", 1), request_of(net, "poison", 1),
                                           request_of(net, "poison", 2)};
    request[0].settings.poison = 10;
    request[1].settings.poison = request[2].settings.poison = OTHERS;
    struct hearing h = {0}, alone = {0};
    T_STATUS(find(request, 3, 2, 0, &h), ER_OK, "three poisoned networks");
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
    T_STATUS(find(request, 1, 1, 0, &alone), ER_OK, "the first one alone");
    T_OK(same_weights(&h.said[0], &alone.said[0], net), "is the same as beside more poison");
    clear(&h);
    clear(&alone);
    request[0].settings.poison = OTHERS + 1;
    T_STATUS(find(request, 1, 1, 0, &h), ER_E_USAGE, "more poison than there are others");
    T_OK(strstr(err.msg, "31") && strstr(err.msg, "30"), "names both numbers: %s", err.msg);
    clear(&h);
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
    T_STATUS(find(request, 4, 3, 0, &h), ER_OK, "two adversarial starts, a plain one, poison");
    T_OK(h.said[0].found == 1 && h.said[0].minimum.interpolates, "it fits S");
    T_OK(h.said[0].minimum.norm > h.said[1].minimum.norm, "with longer weights than from the plain start");
    atomic_init(&stop, false);
    broken.stop = &stop;
    while (find(request, 4, 1, 1e-9, &broken) == ER_E_STOPPED && sittings < 5000) {
        atomic_store(&stop, false);
        sittings++;
    }
    T_OK(sittings > 20, "left and taken up, %d times", sittings);
    for (int i = 0; i < 4; i++)
        T_OK(same_weights(&h.said[i], &broken.said[i], net), "request %d: the same bits", i);
    T_CLOSE(broken.said[0].minimum.margin, h.said[0].minimum.margin, 0, "and the same numbers");
    clear(&h);
    clear(&broken);
}

/* A checkpoint with a bit turned, or of other settings, is not used. */
static void test_damage(const struct er_net *net)
{
    struct er_minimum_request request = request_of(net, "adversarial", 1);
    struct hearing whole = {0}, damaged = {0};
    T_STATUS(find(&request, 1, 1, 1e-9, &whole), ER_OK, "uninterrupted, with checkpoints");
    struct said *said = &damaged.said[0];
    for (int turned = 0; turned < 2; turned++) {
        said->bytes = whole.said[0].bytes;
        said->state = needed((int64_t)said->bytes, 1);
        memcpy(said->state, whole.said[0].state, said->bytes);
        if (turned) said->state[said->bytes / 2] ^= 1;
        T_STATUS(find(&request, 1, 1, 0, &damaged), ER_OK, "from the last one");
        T_OK(same_weights(said, &whole.said[0], net), "the same bits, turned %d", turned);
        clear(&damaged);
    }
    /* The end of another first training is no place to begin the second one. */
    struct hearing other = {0};
    struct er_minimum_request changed = request;
    changed.settings.pretrain.optimiser.rate /= 2;
    T_STATUS(find(&changed, 1, 1, 0, &other), ER_OK, "other settings");
    T_OK(!same_weights(&other.said[0], &whole.said[0], net), "end elsewhere");
    said->bytes = whole.said[0].bytes;
    said->state = needed((int64_t)said->bytes, 1);
    memcpy(said->state, whole.said[0].state, said->bytes);
    T_STATUS(find(&changed, 1, 1, 0, &damaged), ER_OK, "with the checkpoint of the first ones");
    T_OK(same_weights(said, &other.said[0], net), "likewise");
    clear(&damaged);
    clear(&other);
    clear(&whole);
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

/* Sums over the minima of a walk, of the two weights' distances from (0, 1). */
struct moments {
    double sum, square;
    int n, misnumbered;
};

static enum er_status on_sample(void *ctx, int64_t request, const struct er_minimum *minimum,
                                struct er_error *e)
{
    struct moments *m = (struct moments *)ctx + request;
    (void)e;
    for (int k = 0; k < 2; k++) {
        const double off = (double)minimum->w[k] - k;
        m->sum += off;
        m->square += off * off;
    }
    m->misnumbered += minimum->number != m->n++;
    return ER_OK;
}

/* f = w x with x = 1 and label 1 of two: the loss is |w - (0, 1)|^2 / 2, of curvature 1, and the walk an
 * autoregression whose variance is 2 T / (2 - eta). */
static void test_langevin(void)
{
    enum { SAMPLES = 2000 };
    float one[2] = {1, 1};
    int32_t label[2] = {1, 1};
    struct er_dataset set = {2, {1, 1, 1}, 2, one, label, NULL};
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    const double T = 1e-3, eta[4] = {1, 0.5, 0.5, 0.5};
    T_STATUS(er_model_parse("[dense bias=false]", &model, &err), ER_OK, "a model of two weights");
    T_STATUS(er_net_new(model, set.shape, 2, "mean-squared", &net, &err), ER_OK, "its net");
    struct er_minimum_request request[4];
    struct moments m[4] = {{0}}, again[4] = {{0}};
    for (int i = 0; i < 4; i++) {
        request[i] = (struct er_minimum_request){.sampler = er_sampler_find("langevin"),
                                                 .net = net,
                                                 .train = &set,
                                                 .spec = er_train_spec_default(),
                                                 .seed_batches = (uint64_t)i,
                                                 .settings.langevin = {T, 100, 4, SAMPLES}};
        request[i].spec.optimiser.rate = eta[i];
    }
    request[2].settings.langevin.temperature = request[3].settings.langevin.temperature = 0;
    request[3].spec.optimiser.weight_decay = 0.25;
    struct er_pool *pool = needed_pool(2), *alone = needed_pool(1);
    const struct er_minima_events events = {.ctx = m, .found = on_sample},
                                  others_events = {.ctx = again, .found = on_sample};
    T_STATUS(er_minima_find(request, 4, pool, NULL, &events, &err), ER_OK, "four walks");
    T_STATUS(er_minima_find(request, 4, alone, NULL, &others_events, &err), ER_OK, "on one thread");
    for (int i = 0; i < 2; i++) {
        const double n = 2.0 * SAMPLES, variance = 2 * T / (2 - eta[i]);
        /* At eta = 1/2 samples correlate by 1/16: five deviations of as many independent ones, and an eighth more. */
        T_CLOSE(m[i].sum / n, 0, 5.7 * sqrt(variance / n), "eta = %g: the mean is the minimum", eta[i]);
        T_CLOSE(m[i].square / n / variance, 1, 5.7 * sqrt(2 / n), "eta = %g: the variance", eta[i]);
        T_OK(m[i].n == SAMPLES && m[i].misnumbered == 0, "every one fits the two examples");
        T_CLOSE(m[i].square, again[i].square, 0, "the same walk on any threads");
    }
    T_CLOSE(m[2].square, 0, 1e-12, "at temperature 0 it rests in the minimum");
    T_CLOSE(m[3].sum / m[3].n, -0.25 / 1.25, 1e-6, "with weight decay in that of the sum, (0, 1) / 1.25");
    er_pool_free(pool);
    er_pool_free(alone);
    er_net_free(net);
    er_model_free(model);
}

/* Searches that are stopped again and again, and go on on another number of threads, find what they find in one go. */
static void test_resume(const char *sampler)
{
    struct er_net *net = net_of("[dense 4, relu, dense]");
    struct er_dataset few = train;
    struct er_minimum_request request[2] = {request_of(net, sampler, 1), request_of(net, sampler, 2)};
    struct hearing whole = {0}, parts = {0};
    atomic_bool stop = false;
    int interrupted = 0;
    few.n = 4;
    for (int i = 0; i < 2; i++) {
        request[i].train = &few;
        request[i].settings.draws = 300000;
        request[i].settings.most = 5000;
        request[i].settings.scale = 1;
        request[i].settings.radius = 1e-5;
        request[i].settings.langevin = (struct er_langevin){1e-6, 300, 50, 8};
        request[i].spec.stop.train_error = (double)NAN;
    }
    T_STATUS(find(request, 2, 2, 1e9, &whole), ER_OK, "%s in one go", sampler);
    parts.stop = &stop;
    for (enum er_status status = ER_E_STOPPED; status == ER_E_STOPPED && interrupted < 1000;) {
        atomic_store(&stop, false);
        status = find(request, 2, interrupted % 2 + 1, 1e-9, &parts);
        interrupted += status == ER_E_STOPPED;
    }
    T_OK(interrupted >= 2, "%s is interrupted: %d times", sampler, interrupted);
    for (int i = 0; i < 2; i++) {
        const struct said *a = &whole.said[i], *b = &parts.said[i];
        T_OK(a->found > 0 && same_weights(a, b, net), "%s %d: the same weights, %d found", sampler, i,
             a->found);
        T_OK(a->found == b->found && a->tried == b->tried && a->sum == b->sum && b->misnumbered == 0,
             "and the same minima, each once");
    }
    clear(&whole);
    clear(&parts);
    er_net_free(net);
}

/* A checkpoint with a wrong byte, and one of another search, are begun afresh. */
static void test_damaged_search(void)
{
    struct er_net *net = net_of("[dense 4, relu, dense]");
    struct er_dataset few = train;
    struct er_minimum_request request = request_of(net, "greedy", 1);
    struct hearing whole = {0}, again = {0};
    few.n = 4;
    request.train = &few;
    request.settings.draws = 1500;
    request.settings.scale = 1;
    request.settings.radius = 1e-5;
    request.spec.stop.train_error = (double)NAN;
    T_STATUS(find(&request, 1, 1, 1e-9, &whole), ER_OK, "a search with checkpoints");
    for (int what = 0; what < 2; what++) {
        struct said *said = &again.said[0];
        said->ended = 0;
        er_free(said->state);
        said->bytes = whole.said[0].bytes;
        said->state = needed((int64_t)said->bytes, 1);
        memcpy(said->state, whole.said[0].state, said->bytes);
        if (what == 0) said->state[said->bytes - 1] ^= 1;
        request.settings.draws = what == 0 ? 1500 : 1499;
        T_STATUS(find(&request, 1, 1, 1e9, &again), ER_OK, "begun with another's checkpoint");
        T_EQ_INT(said->tried, request.settings.draws, "looks at all it was asked to");
        if (what == 0) T_OK(same_weights(&whole.said[0], said, net), "and ends where it would have");
    }
    clear(&whole);
    clear(&again);
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
    test_langevin();
    test_no_number();
    for (int i = 0; i < 5; i++)
        test_resume((const char *const[]){"guess", "prior", "pattern", "greedy", "langevin"}[i]);
    test_damaged_search();
    test_memory(net);
    er_net_free(net);
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    er_dataset_clear(&others);
    return t_done();
}
