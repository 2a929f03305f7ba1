/* Samplers of independent draws: acceptances that are angles and areas, every draw again by a slow oracle, the same
 * minima on any number of threads. */
#include "t.h"

#include "minima/sampler.h"
#include "support/needed.h"
#include "support/small_net.h"

#include <ermine/random.h>

enum { MOST = 4096, D = 3, H = 5 };

/* What was found by one request. */
struct finds {
    int64_t n, parameters, tried, found;
    int64_t number[MOST];
    double test_error[MOST], norm[MOST];
    float first[MOST]; /* a weight of each */
    char outcome[16];
};

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *m, struct er_error *err)
{
    struct finds *f = ctx;
    (void)request;
    (void)err;
    if (f->n == MOST) return ER_OK;
    if (m->number != f->n) T_OK(false, "minimum %d comes out of order", (int)m->number);
    f->number[f->n] = m->tried - 1;
    f->test_error[f->n] = m->test_error;
    f->norm[f->n] = m->norm;
    f->first[f->n++] = m->w[0];
    if (!m->interpolates) T_OK(false, "a minimum that is none, draw %d", (int)m->tried);
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    struct finds *f = ctx;
    (void)request;
    (void)err;
    f->tried = result->tried;
    f->found = result->found;
    snprintf(f->outcome, sizeof f->outcome, "%s", result->outcome);
    return ER_OK;
}

static enum er_status find(const struct er_minimum_request *request, int threads, bool minima,
                           struct finds *f)
{
    struct er_pool *pool = NULL;
    const struct er_minima_events events = {.ctx = f, .found = minima ? on_found : NULL, .end = on_end};
    f->n = 0;
    enum er_status status = er_pool_new(threads, &pool, NULL);
    if (status == ER_OK) status = er_minima_find(request, 1, pool, NULL, &events, NULL);
    er_pool_free(pool);
    return status;
}

static struct er_minimum_request request_of(const char *sampler, const struct er_net *net,
                                            const struct er_dataset *set)
{
    return (struct er_minimum_request){.sampler = er_sampler_find(sampler),
                                       .net = net,
                                       .train = set,
                                       .test = set,
                                       .spec = er_train_spec_default(),
                                       .seed_initialise = 5,
                                       .settings = {.draws = 1000, .most = MOST, .scale = 1}};
}

/* f = w . x of two parameters fits (1, 0) and (1, 2), both of label 1, where w lies between the normals of both: for a
 * Gaussian w with probability (pi - arctan 2) / (2 pi), for one uniform on [-1, 1]^2 with probability 5/16. */
static void check_acceptance(const char *sampler, double want, struct finds *f)
{
    enum { DRAWS = 200000 };
    struct er_error err = {0};
    float x[4] = {1, 0, 1, 2};
    int32_t label[2] = {1, 1};
    const struct er_dataset set = {.n = 2, .shape = {1, 1, 2}, .classes = 2, .x = x, .label = label};
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    T_STATUS(er_model_parse("[dense bias=false]", &model, &err), ER_OK, "a linear model");
    T_STATUS(er_net_new(model, set.shape, 2, "logistic", &net, &err), ER_OK, "without bias");
    struct er_minimum_request request = request_of(sampler, net, &set);
    request.settings.draws = DRAWS;
    request.settings.most = DRAWS;
    T_EQ_INT(find(&request, 2, false, f), ER_OK, "%s", sampler);
    T_EQ_INT(f->tried, DRAWS, "%s: all draws", sampler);
    T_CLOSE((double)f->found / DRAWS, want, 5 * sqrt(want * (1 - want) / DRAWS), "%s: acceptance", sampler);
    er_net_free(net);
    er_model_free(model);
}

/* Word i of draw `number`. */
static uint32_t word_of(uint64_t seed, int64_t number, int64_t i)
{
    uint32_t word[4];
    er_random_words(seed, er_stream(ER_PURPOSE_PRIOR, (uint64_t)number), (uint64_t)i / 4, word);
    return word[i % 4];
}

/* n parameters of one law from the word `at` on; where the next law's words begin. */
static int64_t oracle_span(uint64_t seed, int64_t number, int64_t at, bool uniform, double scale, int64_t n,
                           double *w)
{
    for (int64_t i = 0; i < n && uniform; i++)
        w[i] = scale * (double)(int32_t)word_of(seed, number, at + i) * 0x1p-31;
    for (int64_t i = 0; i < (n + 1) / 2 && !uniform; i++) {
        const bool odd = 2 * i + 1 == n; /* the last of an odd number has a pair of words of its own */
        const int64_t a = odd ? at + n - 1 : at + i, b = odd ? a + 1 : at + n / 2 + i;
        const double u = ((word_of(seed, number, a) >> 8) + 0.5) * 0x1p-24;
        const double angle = 2 * M_PI * (word_of(seed, number, b) >> 8) * 0x1p-24;
        const double r = scale * sqrt(-2 * log(u));
        w[odd ? n - 1 : i] = r * cos(angle);
        if (!odd) w[n / 2 + i] = r * sin(angle);
    }
    return at + (n + 3) / 4 * 4;
}

/* The parameters of the net 3-5-O of check_draws(): uniform ones layer by layer, the others weights and biases apart. */
static void oracle_draw(uint64_t seed, int64_t number, bool uniform, int64_t O, double *w)
{
    const int64_t n[4] = {D * H, H, H * O, O};
    const double scale[4] = {sqrt(2.0 / D), 0.1, sqrt(1.0 / H), 0};
    int64_t word = 0;
    memset(w + (D + 1) * H, 0, (size_t)((H + 1) * O) * sizeof *w);
    if (uniform) {
        word = oracle_span(seed, number, word, true, 0.5, n[0] + n[1], w);
        oracle_span(seed, number, word, true, 0.5, n[2] + n[3], w + n[0] + n[1]);
        return;
    }
    for (int span = 0; span < 3; w += n[span++])
        word = oracle_span(seed, number, word, false, scale[span], n[span], w);
}

static double oracle_margin(const struct small_net *s, const double *w, double *f)
{
    double least = (double)INFINITY;
    network_outputs(s->oracle, w, NULL, false, s->n, s->x64, f);
    for (int64_t b = 0; b < s->n; b++) {
        const double *row = f + b * s->O;
        double other = -(double)INFINITY;
        for (int64_t k = 0; k < s->O; k++)
            if (k != s->set.label[b]) other = fmax(other, row[k]);
        least = fmin(least, s->O > 1 ? row[s->set.label[b]] - other : s->set.label[b] ? row[0] : -row[0]);
    }
    return least;
}

/* Every draw of a net of one hidden layer, 3-5-O with biases, again in double. Margins nearer to 0 than rounding are
 * left open. `own`: by the layers' laws, He with biases of 0.1, then standard without. */
static void check_draws(const char *sampler, int64_t classes, const char *loss, struct finds *f)
{
    const bool uniform = strcmp(sampler, "guess") == 0;
    struct small_net s;
    double f64[64], w[64];
    if (!small_net_open(&s, "[dense 5 bias_scale=0.1, relu, dense init=standard]", loss, 2, D, classes))
        return;
    struct er_minimum_request request = request_of(sampler, s.net, &s.set);
    request.settings.scale = 0.5;
    T_EQ_INT(find(&request, 1, true, f), ER_OK, "%s", sampler);
    int64_t at = 0, wrong = 0, open = 0;
    for (int64_t number = 0; number < request.settings.draws; number++) {
        oracle_draw(5, number, uniform, s.O, w);
        const double margin = oracle_margin(&s, w, f64);
        const bool found = at < f->n && f->number[at] == number;
        if (found && fabs((double)f->first[at] - w[0]) > 1e-6) wrong++;
        at += found;
        if (fabs(margin) < 1e-5 && margin != 0) /* all units off: exactly 0 */
            open++;
        else
            wrong += found != (margin > 0);
    }
    T_OK(wrong == 0 && at == f->n && at > 50 && open < 5, "%s, %d classes: %d of 1000 draws fit, %d wrong",
         sampler, (int)classes, (int)at, (int)wrong);
    small_net_close(&s);
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static void check_threads(struct finds *a, struct finds *b)
{
    struct small_net s;
    if (!small_net_open(&s, "[dense 6, tanh, dense]", "cross-entropy", 2, 4, 3)) return;
    struct er_minimum_request request = request_of("prior", s.net, &s.set);
    request.settings.draws = 40000;
    request.settings.most = 700;
    T_EQ_INT(find(&request, 1, true, a), ER_OK, "one thread");
    T_OK(a->found == 700 && a->n == 700 && a->tried == a->number[699] + 1, "ends at the last one asked for");
    T_EQ_STR(a->outcome, "found", "and says so");
    for (int threads = 2; threads <= 3; threads++) {
        T_EQ_INT(find(&request, threads, true, b), ER_OK, "%d threads", threads);
        T_OK(a->n == b->n && a->tried == b->tried && memcmp(a->number, b->number, sizeof a->number) == 0 &&
                 same_bits(a->first, b->first, sizeof a->first) &&
                 same_bits(a->norm, b->norm, sizeof a->norm),
             "%d threads find the same", threads);
    }
    request.settings.draws = 1000;
    T_EQ_INT(find(&request, 2, true, b), ER_OK, "fewer draws");
    T_OK(b->tried == 1000 && b->n < 700 &&
             memcmp(a->number, b->number, (size_t)b->n * sizeof *a->number) == 0,
         "are the beginning");
    T_EQ_STR(b->outcome, "draws", "and it ends for want of draws");
    small_net_close(&s);
}

/* What a net does not draw stays: the gain of a norm is 1 in every draw. */
static enum er_status check_gain(void *ctx, int64_t request, const struct er_minimum *m, struct er_error *err)
{
    (void)ctx;
    (void)request;
    (void)err;
    T_OK(m->w[4 * 2 + 2] == 1 && m->w[4 * 2 + 3] == 1 && m->w[4 * 2 + 4] == 0 && m->w[4 * 2] != 0,
         "gains are 1, shifts 0, biases drawn");
    return ER_OK;
}

static void check_undrawn(void)
{
    struct small_net s;
    struct er_pool *pool = needed_pool(1);
    if (!small_net_open(&s, "[dense 2, layer_norm, dense]", "cross-entropy", 2, 4, 2)) return;
    struct er_minimum_request request = request_of("guess", s.net, &s.set);
    request.settings.most = 3;
    const struct er_minima_events events = {.found = check_gain};
    T_EQ_INT(er_minima_find(&request, 1, pool, NULL, &events, NULL), ER_OK, "a net with norms");
    er_pool_free(pool);
    small_net_close(&s);
}

static void check_refusals(void)
{
    struct er_error err;
    struct small_net s;
    struct finds *f = needed(1, sizeof *f);
    if (!small_net_open(&s, "[dense]", "cross-entropy", 2, 4, 2)) return;
    struct er_minimum_request request = request_of("guess", s.net, &s.set);
    const struct er_minima_events events = {.ctx = f, .end = on_end};
    struct er_pool *pool = needed_pool(1);
    request.settings.draws = 0;
    T_STATUS(er_minima_find(&request, 1, pool, NULL, &events, &err), ER_E_USAGE, "no draws");
    T_OK(strstr(err.msg, "draws is 0"), "says so: %s", err.msg);
    request.settings.draws = 100;
    request.settings.most = 0;
    T_STATUS(er_minima_find(&request, 1, pool, NULL, &events, &err), ER_E_USAGE, "no minima");
    request.settings.most = 2;
    request.settings.scale = 0;
    T_STATUS(er_minima_find(&request, 1, pool, NULL, &events, &err), ER_E_USAGE, "a cube of no size");
    request.settings.scale = 1;
    T_ALLOCATIONS(er_minima_find(&request, 1, pool, NULL,
                                 &(struct er_minima_events){.ctx = f, .found = on_found}, NULL),
                  f->n = 0, "guessing survives failed allocations");
    er_pool_free(pool);
    small_net_close(&s);
    er_free(f);
}

int main(void)
{
    struct finds *a = needed(1, sizeof *a), *b = needed(1, sizeof *b);
    check_acceptance("guess", 5.0 / 16, a);
    check_acceptance("prior", (M_PI - atan(2)) / (2 * M_PI), a);
    check_draws("guess", 2, "logistic", a);
    check_draws("guess", 3, "cross-entropy", a);
    check_draws("prior", 2, "logistic", a);
    check_draws("prior", 3, "cross-entropy", a);
    check_threads(a, b);
    check_undrawn();
    check_refusals();
    er_free(a);
    er_free(b);
    return t_done();
}
