/* Intervals of sign errors and of the PGDL score, what chance makes of K, how often intervals hold the truth; measures over
 * training sets of different sizes.
 */
#include "t.h"

#include "oracles/rank.h"
#include <ermine/measure.h>
#include <ermine/random.h>
#include <ermine/rank_scores.h>
#include <float.h>

enum { LEVELS = 3, AXES = 3, CONFIGURATIONS = 27, SEEDS = 5, N = CONFIGURATIONS * SEEDS, MEASURES = 120 };

struct made {
    struct er_rank_table table;
    struct er_rank_parameter parameter[AXES];
    struct er_rank_measure measure[MEASURES];
    int32_t level[AXES][N], seed[N];
    double gap[N], value[MEASURES][N];
};

/* A grid of so many seeds: gaps that rise along it, and measures that know `share` of them. */
static void make(struct made *m, int seeds, int measures, double share)
{
    static const char *const name[AXES] = {"depth", "width", "batch"};
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, (uint64_t)seeds));
    memset(m, 0, sizeof *m);
    for (int i = 0; i < CONFIGURATIONS * seeds; i++) {
        int rest = i / seeds;
        m->seed[i] = i % seeds;
        m->gap[i] = 0.05 * er_random_normal(&r);
        for (int a = AXES - 1; a >= 0; a--, rest /= LEVELS) m->level[a][i] = rest % LEVELS;
        for (int k = 0; k < measures; k++)
            m->value[k][i] = share * m->gap[i] + 0.05 * (1 - share) * er_random_normal(&r);
    }
    for (int a = 0; a < AXES; a++)
        m->parameter[a] = (struct er_rank_parameter){.name = name[a], .levels = LEVELS, .level = m->level[a]};
    for (int k = 0; k < measures; k++)
        m->measure[k] = (struct er_rank_measure){.name = "mu", .value = m->value[k], .direction = 1};
    m->table = (struct er_rank_table){.n = CONFIGURATIONS * seeds,
                                      .gap = m->gap,
                                      .parameters = AXES,
                                      .parameter = m->parameter,
                                      .measures = measures,
                                      .measure = m->measure,
                                      .seed = m->seed};
}

static struct er_rank_results ranked(const struct made *m, const struct er_rank_options *options)
{
    struct er_error err = {0};
    struct er_rank_results r = {0};
    T_STATUS(er_rank(&m->table, options, NULL, NULL, &r, &err), ER_OK, "%d models", (int)m->table.n);
    return r;
}

/* The models of draw d one by one, each as often as it is drawn; configurations are in the order of the table. */
struct drawn {
    int32_t level[N * AXES * 2], copies[N];
    double gap[2 * N], value[2 * N];
    int64_t n;
};

static void draw(const struct made *m, enum er_rank_resample way, int d, int seeds, struct drawn *out)
{
    struct er_random r = er_random_open(0, er_stream(ER_PURPOSE_RESAMPLES, (uint64_t)d));
    memset(out, 0, sizeof *out);
    for (int c = 0; c < CONFIGURATIONS; c++)
        if (way == ER_RANK_RESAMPLE_SEEDS)
            for (int s = 0; s < seeds; s++) out->copies[c * seeds + er_random_below(&r, seeds)]++;
        else {
            const int64_t which = er_random_below(&r, CONFIGURATIONS);
            for (int s = 0; s < seeds; s++) out->copies[which * seeds + s]++;
        }
    for (int i = 0; i < CONFIGURATIONS * seeds; i++)
        for (int k = 0; k < out->copies[i] && out->n < 2L * N; k++, out->n++) {
            out->gap[out->n] = m->gap[i];
            out->value[out->n] = m->value[0][i];
            for (int a = 0; a < AXES; a++) out->level[out->n * AXES + a] = m->level[a][i];
        }
}

/* Of two draws x and y the interval is `level` times as long as they are apart. */
static void check_length(struct er_rank_estimate e, double x, double y, const char *what)
{
    T_OK(e.low > 0 && e.high < 100 && fabs(x - y) > 1e-6, "%s: two draws of the inside: %g %g", what, x, y);
    T_CLOSE(e.high - e.low, 0.95 * fabs(x - y), 1e-12 * fmax(1, fabs(x)), "%s: its interval", what);
}

static void check_sign_draws(struct made *m)
{
    static struct drawn of;
    static double error[2000];
    struct er_rank_options o = er_rank_options_default();
    make(m, SEEDS, 1, 0.5);
    o.resamples = 2;
    for (int way = 0; way < 2; way++) {
        double mean[2] = {0, 0}, most[2] = {0, 0};
        o.resample = way ? ER_RANK_RESAMPLE_SEEDS : ER_RANK_RESAMPLE_CONFIGURATIONS;
        o.least_pairs = 0;
        o.environments = ER_RANK_ENVIRONMENTS_CONFIGURATIONS;
        for (int d = 0; d < 2; d++) {
            draw(m, o.resample, d + 1, SEEDS, &of);
            const struct rank_points p = {
                .n = of.n, .axes = AXES, .level = of.level, .gap = of.gap, .measure = of.value};
            int64_t n = 0;
            for (int a = 0; a < AXES; a++) n += rank_sign_errors(&p, a, 10000, 0, 2000 - n, error + n);
            for (int64_t i = 0; i < n; i++) {
                mean[d] += error[i] / (double)n;
                most[d] = fmax(most[d], error[i]);
            }
        }
        struct er_rank_results r = ranked(m, &o);
        check_length(r.result->sign.max, most[0], most[1], way ? "robust, seeds" : "robust, configurations");
        if (way) check_length(r.result->sign.mean, mean[0], mean[1], "mean sign error, seeds");
        er_rank_results_clear(&r);
    }
}

static void check_score_draws(struct made *m)
{
    static struct drawn of;
    struct er_rank_options o = er_rank_options_default();
    o.resamples = 2;
    for (int ties = 0; ties < 2; ties++) {
        double score[2];
        make(m, 1, 1, 0.5);
        for (int i = 0; ties && i < CONFIGURATIONS; i++) {
            m->gap[i] = round(20 * m->gap[i]);
            m->value[0][i] = round(30 * m->value[0][i]);
        }
        for (int d = 0; d < 2; d++) {
            int32_t level[N * AXES];
            draw(m, ER_RANK_RESAMPLE_CONFIGURATIONS, d + 1, 1, &of);
            for (int i = 0; i < CONFIGURATIONS * AXES; i++) level[i] = m->level[i % AXES][i / AXES];
            const struct rank_points p = {.n = CONFIGURATIONS,
                                          .axes = AXES,
                                          .level = level,
                                          .gap = m->gap,
                                          .measure = m->value[0],
                                          .copies = of.copies};
            score[d] = rank_pgdl(&p);
        }
        struct er_rank_results r = ranked(m, &o);
        T_OK(r.result->pgdl_why == NULL, "a complete grid");
        check_length(r.result->pgdl, score[0], score[1], ties ? "score with ties" : "score");
        er_rank_results_clear(&r);
    }
}

/* Measures that know nothing: their tau and Psi are 0, their sign error a half. Bounds are those of 120 intervals that hold it
 * with probability 0.9 at least, less four standard deviations. */
static void check_coverage(struct made *m)
{
    int tau = 0, psi = 0, sign = 0, above = 0;
    struct er_rank_options o = er_rank_options_default();
    make(m, 1, MEASURES, 0);
    o.resamples = 100;
    o.test_size = 0;
    o.least_pairs = 9; /* of two levels of the grid */
    struct er_rank_results r = ranked(m, &o);
    for (int k = 0; k < MEASURES; k++) {
        const struct er_rank_result *x = &r.result[k];
        tau += x->tau_a.low <= 0 && x->tau_a.high >= 0;
        psi += x->psi.low <= 0 && x->psi.high >= 0;
        sign += x->sign.mean.low <= 0.5 && x->sign.mean.high >= 0.5;
        above += x->cmi.value > x->cmi_chance;
    }
    const int least = (int)(0.9 * MEASURES - 4 * sqrt(0.09 * MEASURES));
    T_OK(tau >= least, "tau: %d of %d", tau, MEASURES);
    T_OK(psi >= least, "Psi: %d of %d", psi, MEASURES);
    T_OK(sign >= least, "mean sign error: %d of %d", sign, MEASURES);
    T_OK(above <= MEASURES / 5, "K is above chance for 5 %% of them, give or take: %d of %d", above,
         MEASURES);
    T_OK(r.result[0].cmi_chance > 0 && r.result[0].cmi_chance < 1, "chance: %g", r.result[0].cmi_chance);
    er_rank_results_clear(&r);
    make(m, 1, 1, 0.9);
    r = ranked(m, &o);
    T_OK(r.result->cmi.value > r.result->cmi_chance, "a measure that knows something is above chance");
    er_rank_results_clear(&r);
}

static void check_auto(struct made *m)
{
    struct er_rank_options o = er_rank_options_default();
    o.resamples = 0;
    o.test_size = 0;
    make(m, 3, 1, 0.5);
    struct er_rank_results r = ranked(m, &o);
    T_EQ_INT(r.result->sign.environments, AXES * LEVELS, "pairs of levels, of three seeds");
    er_rank_results_clear(&r);
    make(m, 4, 1, 0.5);
    r = ranked(m, &o);
    T_EQ_INT(r.result->sign.environments, AXES * CONFIGURATIONS, "pairs of configurations, of four");
    er_rank_results_clear(&r);
}

/* Gaps that fall with the training set: a constant numerator says so, what is no numerator does not. */
static void check_scales(struct made *m)
{
    double size[N];
    struct er_rank_options o = er_rank_options_default();
    o.resamples = 0;
    make(m, 1, 4, 0);
    m->measure[1].scale = ER_RANK_NUMERATOR;
    m->measure[2].scale = ER_RANK_LOG_NUMERATOR;
    m->measure[3].direction = -1;
    for (int i = 0; i < CONFIGURATIONS; i++) {
        size[i] = 1000 << m->level[0][i];
        m->gap[i] = 1 / sqrt(size[i]);
        for (int k = 0; k < 4; k++) m->value[k][i] = 0.7;
    }
    m->table.train_size = size;
    struct er_rank_results r = ranked(m, &o);
    const double psi[4] = {0, 1, 1, 0};
    for (int k = 0; k < 4; k++) T_CLOSE(r.result[k].psi_axis[0].value, psi[k], 0, "psi of scale %d", k);
    er_rank_results_clear(&r);
    size[0] = 1000;
    m->value[1][0] = 19.25;
    m->value[2][0] = log(65.1061910377);
    T_CLOSE(er_rank_compared(&m->table, &m->measure[1], 0), 0.1387443693, 1e-10, "c04: a numerator");
    T_CLOSE(er_rank_compared(&m->table, &m->measure[2], 0), -1.3658678169, 1e-10, "c04: a logarithm");
    T_CLOSE(er_rank_compared(&m->table, &m->measure[3], 0), -0.7, 0, "direction -1, as it is");
    m->measure[1].scale = (enum er_rank_scale)3;
    struct er_error err = {0};
    T_STATUS(er_rank(&m->table, &o, NULL, NULL, &r, &err), ER_E_USAGE, "no such scale");
}

/* What a bound has over m is a numerator, its logarithm one too; bounds hold m already. */
static void check_measures(void)
{
    int64_t n, numerators = 0;
    const struct er_measure *const *list = er_measure_list(&n);
    for (int64_t i = 0; i < n; i++) {
        const struct er_measure *m = list[i];
        const bool logarithm = strncmp(m->name, "log_", 4) == 0;
        T_OK((m->scale == ER_RANK_LOG_NUMERATOR) == logarithm, "%s: a logarithm or none", m->name);
        if (m->scale != ER_RANK_AS_IS)
            T_OK(m->direction == 1, "%s: what is divided by m grows with the gap", m->name);
        if (strstr(m->name, "bound")) T_OK(m->scale == ER_RANK_AS_IS, "%s has m in it", m->name);
        numerators += m->scale == ER_RANK_NUMERATOR;
    }
    T_OK(numerators > 40, "numerators: %d", (int)numerators);
}

int main(void)
{
    static struct made m;
    check_sign_draws(&m);
    check_score_draws(&m);
    check_coverage(&m);
    check_auto(&m);
    check_scales(&m);
    check_measures();
    return t_done();
}
