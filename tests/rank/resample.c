/* Intervals, missing values, threads, and what is refused. */
#include "t.h"

#include "oracles/rank.h"
#include "rank/statistics.h"
#include <ermine/random.h>
#include <ermine/rank.h>
#include <float.h>

enum { N = 54, K = 10, AXES = 3 };

struct made {
    struct er_rank_table table;
    struct er_rank_parameter parameter[AXES];
    struct er_rank_measure measure[K];
    int32_t level[AXES][N], rows[N * AXES], seed[N];
    double gap[N], value[K][N];
};

/* A 3 x 3 x 2 grid of three seeds; measures that know less and less. */
static void make(struct made *m)
{
    static const char *const name[] = {"depth", "width", "batch"};
    static const int levels[] = {3, 3, 2};
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, 0));
    memset(m, 0, sizeof *m);
    for (int i = 0; i < N; i++) {
        int rest = i / 3;
        m->seed[i] = i % 3;
        m->gap[i] = 0.02 * er_random_normal(&r);
        for (int a = 0; a < AXES; a++, rest /= 3) {
            m->level[a][i] = m->rows[i * AXES + a] = rest % levels[a];
            m->gap[i] += 0.05 * m->level[a][i];
        }
        for (int k = 0; k < K; k++) m->value[k][i] = m->gap[i] + 0.02 * k * er_random_normal(&r);
    }
    for (int a = 0; a < AXES; a++)
        m->parameter[a] =
            (struct er_rank_parameter){.name = name[a], .levels = levels[a], .level = m->level[a]};
    for (int k = 0; k < K; k++)
        m->measure[k] = (struct er_rank_measure){.name = "mu", .value = m->value[k], .direction = 1};
    m->table = (struct er_rank_table){.n = N,
                                      .gap = m->gap,
                                      .parameters = AXES,
                                      .parameter = m->parameter,
                                      .measures = K,
                                      .measure = m->measure,
                                      .seed = m->seed};
}

static struct er_rank_options drawn(int64_t resamples)
{
    struct er_rank_options o = er_rank_options_default();
    o.resamples = resamples;
    o.test_size = 1000;
    o.least_pairs = 4;
    return o;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

static bool same_estimate(struct er_rank_estimate a, struct er_rank_estimate b)
{
    return same(a.value, b.value) && same(a.low, b.low) && same(a.high, b.high);
}

static bool same_results(const struct er_rank_results *a, const struct er_rank_results *b)
{
    bool all = a->n == b->n;
    for (int64_t k = 0; all && k < a->n; k++) {
        const struct er_rank_result *x = &a->result[k], *y = &b->result[k];
        all = same_estimate(x->tau_a, y->tau_a) && same_estimate(x->tau_b, y->tau_b) &&
              same_estimate(x->psi, y->psi) && same_estimate(x->cmi, y->cmi) &&
              same_estimate(x->pgdl, y->pgdl) && same_estimate(x->sign.mean, y->sign.mean) &&
              same_estimate(x->sign.max, y->sign.max) && same(x->cmi_chance, y->cmi_chance);
        for (int p = 0; p < AXES; p++) all = all && same_estimate(x->psi_axis[p], y->psi_axis[p]);
    }
    return all;
}

static void check_threads(struct made *m)
{
    struct er_error err = {0};
    struct er_pool *pool = NULL;
    struct er_rank_results alone = {0}, many = {0};
    const struct er_rank_options o = drawn(20);
    make(m);
    T_STATUS(er_pool_new(4, &pool, &err), ER_OK, "a pool");
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &alone, &err), ER_OK, "one thread");
    T_STATUS(er_rank(&m->table, &o, pool, NULL, &many, &err), ER_OK, "four threads");
    T_OK(same_results(&alone, &many), "the same bits");
    er_rank_results_clear(&many);
    m->table.measures = 1;
    T_STATUS(er_rank(&m->table, &o, pool, NULL, &many, &err), ER_OK, "one measure");
    T_OK(same_estimate(alone.result[0].cmi, many.result[0].cmi) &&
             same_estimate(alone.result[0].tau_a, many.result[0].tau_a),
         "other measures do not change one");
    er_rank_results_clear(&many);
    er_rank_results_clear(&alone);
    er_pool_free(pool);
}

/* One draw, by its own copies, against the loops; several at once by their quantiles. */
static void check_draws(struct made *m)
{
    const int64_t first = 0;
    struct er_error err = {0};
    make(m);
    for (int way = 0; way < 2; way++) {
        struct er_rank_options o = drawn(3);
        bool kept[N];
        const double *value[] = {m->value[4]};
        struct er_rank_comparison c = {0};
        struct er_rank_statistics s = {0};
        for (int i = 0; i < N; i++) kept[i] = true;
        o.seeds = way ? ER_RANK_SEEDS_APART : ER_RANK_SEEDS_AVERAGED;
        T_STATUS(er_rank_comparison_new(&m->table, m->gap, value, kept, 1, &first, o.seeds, &c, &err), ER_OK,
                 "a comparison");
        T_STATUS(er_rank_statistics_new(&c, &o, NULL, NULL, &s, &err), ER_OK, "its statistics");
        for (int d = 1; d <= 3; d++) {
            /* configurations are in the order of their levels, first axis first */
            int32_t copies[N] = {0}, level[N * AXES];
            struct er_random r = er_random_open(0, er_stream(ER_PURPOSE_RESAMPLES, (uint64_t)d));
            int32_t of_configuration[18] = {0};
            for (int i = 0; i < 18; i++) of_configuration[er_random_below(&r, 18)]++;
            for (int64_t p = 0; p < c.points.n; p++) {
                copies[p] = of_configuration[c.points.at[p]];
                for (int a = 0; a < AXES; a++)
                    level[p * AXES + a] = c.points.level[c.points.at[p] * AXES + a];
            }
            const struct rank_points all = {.n = c.points.n,
                                            .axes = AXES,
                                            .level = level,
                                            .gap = c.gaps.value,
                                            .measure = c.values->value,
                                            .copies = copies};
            double tau[2];
            rank_tau(&all, tau);
            const double *is = s.value + d * s.width;
            T_CLOSE(is[ER_RANK_TAU_A], tau[0], 1e-14, "tau-a of draw %d", d);
            T_CLOSE(is[ER_RANK_TAU_B], tau[1], 1e-14, "tau-b of draw %d", d);
            if (!way) T_CLOSE(is[ER_RANK_STATISTICS + 1], rank_psi(&all, 1), 1e-14, "psi of draw %d", d);
            double least = INFINITY;
            for (int a = -1; a < AXES; a++)
                for (int b = a < 0 ? -1 : a + 1; b < (a < 0 ? 0 : AXES); b++) {
                    least = fmin(least, rank_cmi(&all, a, b));
                    if (a >= 0) least = fmin(least, rank_cmi(&all, a, -1));
                }
            least = fmin(least, rank_cmi(&all, AXES - 1, -1));
            T_CLOSE(is[ER_RANK_CMI], least, 1e-12, "K of draw %d", d);
        }
        er_rank_statistics_clear(&s);
        er_rank_comparison_clear(&c);
    }
}

/* Intervals hold the estimate, and widen with the noise of the measure; those over seeds are narrower. */
static void check_intervals(struct made *m)
{
    struct er_error err = {0};
    struct er_rank_results r = {0}, seeds = {0};
    struct er_rank_options o = drawn(200);
    make(m);
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_OK, "200 resamples");
    o.resample = ER_RANK_RESAMPLE_SEEDS;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &seeds, &err), ER_OK, "of seeds");
    for (int k = 0; k < K; k++) {
        const struct er_rank_estimate e[] = {r.result[k].tau_a, r.result[k].psi, r.result[k].cmi,
                                             seeds.result[k].tau_a};
        for (int i = 0; i < 4; i++)
            T_OK(e[i].low <= e[i].value && e[i].value <= e[i].high, "measure %d, estimate %d: %g <= %g <= %g",
                 k, i, e[i].low, e[i].value, e[i].high);
    }
    T_CLOSE(r.result[0].tau_a.low, 1, 0, "a measure that is the gap is so in each draw");
    T_CLOSE(seeds.result[0].tau_a.low, 1, 0, "and with any seeds");
    T_OK(r.result[9].tau_a.high - r.result[9].tau_a.low > 0.1, "a noisy one has an interval");
    T_OK(seeds.result[9].tau_a.high > seeds.result[9].tau_a.low, "also of seeds");
    er_rank_results_clear(&r);
    er_rank_results_clear(&seeds);
}

static void check_missing(struct made *m)
{
    struct er_error err = {0};
    struct er_rank_results r = {0}, part = {0};
    struct er_rank_options o = drawn(0);
    make(m);
    m->table.measures = 3;
    m->value[1][7] = NAN;
    m->value[1][8] = INFINITY;
    m->gap[20] = NAN;
    for (int i = 0; i < 40; i++) m->value[2][i] = NAN;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_OK, "with missing values");
    T_EQ_INT(r.result[0].models, N - 3, "a model is dropped for all measures");
    T_EQ_INT(r.result[1].models, N - 3, "a model is dropped for all measures");
    T_EQ_INT(r.result[0].dropped, 3, "dropped");
    T_EQ_INT(r.result[0].missing, 0, "none of its own");
    T_EQ_INT(r.result[1].missing, 2, "two of its own");
    T_EQ_INT(r.result[2].models, 14, "a measure that most lack drops none of others, and has its own");
    o.each_by_itself = true;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &part, &err), ER_OK, "each by itself");
    T_EQ_INT(part.result[0].models, N - 1, "all that have it");
    er_rank_results_clear(&part);
    for (int i = 0; i < N; i++) m->value[2][i] = NAN;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &part, &err), ER_OK, "a measure that none has");
    T_EQ_INT(part.result[2].models, 0, "is compared nowhere");
    T_OK(isnan(part.result[2].tau_a.value) && isnan(part.result[2].pgdl.value), "and has no results");
    er_rank_results_clear(&part);
    er_rank_results_clear(&r);
}

/* Values over training sets of different sizes: reference, C4. */
static void check_c04_train_size(struct made *m)
{
    struct er_error err = {0};
    struct er_rank_results plain = {0}, adjusted = {0};
    const struct er_rank_options o = drawn(0);
    double size[N];
    make(m);
    m->table.measures = 2;
    for (int i = 0; i < N; i++) {
        size[i] = i % 2 ? 4000 : 1000;
        m->value[1][i] = log(m->value[0][i] * size[i]);             /* of a measure that grows with m */
        m->value[0][i] = m->value[0][i] * m->value[0][i] * size[i]; /* sqrt(mu / m) is the gap */
    }
    for (int i = 0; i < N; i++) m->gap[i] = fabs(m->gap[i]);
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &plain, &err), ER_OK, "not adjusted");
    m->table.train_size = size;
    m->measure[0].scale = ER_RANK_NUMERATOR;
    m->measure[1].scale = ER_RANK_LOG_NUMERATOR;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &adjusted, &err), ER_OK, "adjusted");
    T_OK(plain.result[0].tau_a.value < 0.9, "the size is in the way");
    T_CLOSE(adjusted.result[0].tau_a.value, adjusted.result[1].tau_a.value, 0, "logarithm or not");
    T_OK(adjusted.result[0].tau_a.value > 0.95, "and is out of it");
    er_rank_results_clear(&plain);
    er_rank_results_clear(&adjusted);
}

static void check_refused(struct made *m)
{
    struct er_error err = {0};
    struct er_rank_results r = {0};
    struct er_rank_options o = drawn(0);
    make(m);
    m->level[1][3] = 3;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "a level out of range");
    T_OK(strstr(err.msg, "width") && strstr(err.msg, "model 3 has level 3"), "says which: %s", err.msg);
    make(m);
    m->measure[2].direction = 0;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "no direction");
    make(m);
    m->table.measures = 0;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "no measure");
    make(m);
    for (int i = 0; i < N; i++) m->gap[i] = NAN;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "no gap");
    make(m);
    m->table.n = 3;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "one configuration");
    make(m);
    o.seeds = ER_RANK_SEEDS_APART;
    m->seed[1] = 0;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "a seed twice");
    m->table.seed = NULL;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "seeds apart without seeds");
    make(m);
    o = drawn(-1);
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "resamples");
    o = drawn(0);
    o.level = 1;
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "the level of intervals");
    atomic_bool stop = true;
    o = drawn(5);
    T_STATUS(er_rank(&m->table, &o, NULL, &(struct er_progress){.stop = &stop}, &r, &err), ER_E_STOPPED,
             "stopped");
    T_OK(r.result == NULL, "results are untouched");
    T_ALLOCATIONS(er_rank(&m->table, &o, NULL, NULL, &r, NULL), er_rank_results_clear(&r),
                  "each allocation may fail");
}

int main(void)
{
    static struct made m;
    check_threads(&m);
    check_draws(&m);
    check_intervals(&m);
    check_missing(&m);
    check_c04_train_size(&m);
    check_refused(&m);
    return t_done();
}
