/* Samplers without training: searches that are left and taken up end as if they never were; Langevin walks sample the
 * density that is theirs. */
#include "t.h"

#include "minima/sampler.h"
#include "minima/state.h"
#include "support/blobs.h"
#include "support/hearing.h"
#include "support/needed.h"

enum { N = 4, D = 20, K = 3 };

static struct er_error err;
static struct er_dataset train, test;

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
    struct er_minimum_request request = {
        .sampler = er_sampler_find(sampler),
        .net = net,
        .train = &train,
        .test = &test,
        .spec = er_train_spec_default(),
        .seed_initialise = seed,
        .seed_batches = seed,
        .settings = {.draws = 300000,
                     .most = 5000,
                     .scale = 1,
                     .radius = 1e-5,
                     .langevin = {.temperature = 1e-6, .burn = 300, .thin = 50, .samples = 8}}};
    request.spec.optimiser.rate = 0.05;
    return request;
}

/* Searches that are stopped again and again, and go on on another number of threads, find what they find in one go. */
static void test_resume(const char *sampler)
{
    struct er_net *net = net_of("[dense 4, relu, dense]");
    struct er_minimum_request request[2] = {request_of(net, sampler, 1), request_of(net, sampler, 2)};
    struct hearing whole = {0}, parts = {0};
    atomic_bool stop = false;
    int interrupted = 0;
    T_STATUS(hearing_find(request, 2, 2, 1e9, &whole, &err), ER_OK, "%s in one go", sampler);
    parts.stop = &stop;
    for (enum er_status status = ER_E_STOPPED; status == ER_E_STOPPED && interrupted < 1000;) {
        atomic_store(&stop, false);
        status = hearing_find(request, 2, interrupted % 2 + 1, 1e-9, &parts, &err);
        interrupted += status == ER_E_STOPPED;
    }
    T_OK(interrupted >= 2, "%s is interrupted: %d times", sampler, interrupted);
    for (int i = 0; i < 2; i++) {
        const struct said *a = &whole.said[i], *b = &parts.said[i];
        T_OK(a->found > 0 && hearing_same(a, b, net), "%s %d: the same weights, %d found", sampler, i,
             a->found);
        T_OK(a->found == b->found && a->tried == b->tried && a->sum == b->sum && b->misnumbered == 0,
             "and the same minima, each once");
    }
    hearing_clear(&whole);
    hearing_clear(&parts);
    er_net_free(net);
}

/* A checkpoint with a wrong byte, and one of another search, are begun afresh. */
static void test_damaged_search(void)
{
    struct er_net *net = net_of("[dense 4, relu, dense]");
    struct er_minimum_request request = request_of(net, "greedy", 1);
    struct hearing whole = {0}, again = {0};
    request.settings.draws = 1500;
    T_STATUS(hearing_find(&request, 1, 1, 1e-9, &whole, &err), ER_OK, "a search with checkpoints");
    for (int what = 0; what < 2; what++) {
        struct said *said = &again.said[0];
        said->ended = 0;
        er_free(said->state);
        said->bytes = whole.said[0].bytes;
        said->state = needed((int64_t)said->bytes, 1);
        memcpy(said->state, whole.said[0].state, said->bytes);
        if (what == 0) said->state[said->bytes - 1] ^= 1;
        request.settings.draws = what == 0 ? 1500 : 1499;
        T_STATUS(hearing_find(&request, 1, 1, 1e9, &again, &err), ER_OK, "begun with another's checkpoint");
        T_EQ_INT(said->tried, request.settings.draws, "looks at all it was asked to");
        if (what == 0) T_OK(hearing_same(&whole.said[0], said, net), "and ends where it would have");
    }
    hearing_clear(&whole);
    hearing_clear(&again);
    er_net_free(net);
}

struct state_bytes {
    unsigned char at[512];
    size_t n;
};

static enum er_status on_state(void *ctx, int64_t request, const void *state, size_t n, struct er_error *e)
{
    struct state_bytes *kept = ctx;
    (void)request;
    (void)e;
    if (!T_OK(n <= sizeof kept->at, "%zu bytes", n)) return ER_OK;
    memcpy(kept->at, state, n);
    kept->n = n;
    return ER_OK;
}

/* Minima of another layout, a whole number of which the bytes are not, are none; and no part is touched. */
static void test_foreign_rows(void)
{
    struct er_net *net = net_of("[dense]");
    const struct er_minimum_request request = request_of(net, "langevin", 1);
    struct state_bytes kept = {.n = 0};
    const struct er_minima_events events = {.ctx = &kept, .checkpoint = on_state};
    const struct er_sampling sampling = {.request = &request, .n = 1, .events = &events};
    struct er_state state = {.sampling = &sampling};
    int64_t first = 7, back = 0;
    char rows[24] = "two rows of twelve bytes";
    const struct er_state_part part[] = {{&first, sizeof first}, {rows, sizeof rows}};
    T_STATUS(er_state_pause(&state, true, part, 2, &err), ER_E_STOPPED, "left");
    for (size_t item = 0; item < 60; item++) {
        struct er_state_part taken[] = {{&back, sizeof back}, {NULL, item}};
        const bool whole = item == 0 || sizeof rows % item == 0;
        back = 0;
        T_OK(er_state_take(&request, kept.at, kept.n, taken, 2) == whole, "rows of %zu bytes", item);
        T_EQ_INT(back, whole ? 7 : 0, "and what is before them");
        if (whole) T_OK(taken[1].bytes == sizeof rows && memcmp(taken[1].at, rows, sizeof rows) == 0, "all");
    }
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
    enum { SAMPLES = T_SANITIZED ? 400 : 2000 };
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

int main(void)
{
    train = blobs_make(N, D, K, 1, 1, 0);
    test = blobs_make(60, D, K, 1, 1, 1);
    for (int i = 0; i < 5; i++)
        test_resume((const char *const[]){"guess", "prior", "pattern", "greedy", "langevin"}[i]);
    test_damaged_search();
    test_foreign_rows();
    test_langevin();
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    return t_done();
}
