/* Rankings of tables small enough for pencil and paper: checks 4, 7 to 11 and 44 of the reference on measures. */
#include "t.h"

#include "rank/cmi.h"
#include "support/made_ranking.h"

#include <ermine/rank_scores.h>
#include <float.h>

/* Numerators over 1,000 examples, as they are compared. */
static void check_c04_train_size(void)
{
    const double size[] = {1000}, value[] = {log(65.1061910377)}, norm[] = {19.25};
    const struct er_rank_table table = {.n = 1, .train_size = size};
    struct er_rank_measure measure = {.value = value, .direction = 1, .scale = ER_RANK_LOG_NUMERATOR};
    T_CLOSE(er_rank_compared(&table, &measure, 0), -1.3658678169, 1e-10, "c04: log_prod_of_spec");
    measure.value = norm;
    measure.scale = ER_RANK_NUMERATOR;
    T_CLOSE(er_rank_compared(&table, &measure, 0), 0.1387443693, 1e-10, "c04: param_norm");
    measure.direction = -1;
    T_CLOSE(er_rank_compared(&table, &measure, 0), -0.1387443693, 1e-10, "turned round");
    measure.scale = ER_RANK_AS_IS;
    T_CLOSE(er_rank_compared(&table, &measure, 0), -19.25, 0, "what is no numerator stays");
}

static void check_c07_c08_psi(struct made_ranking *m)
{
    const struct er_rank_options o = made_ranking_options();
    const double mu7[] = {1, 3, 2, 2.5}, g7[] = {0.10, 0.20, 0.15, 0.05};
    made_ranking_grid(m, 2, (int[]){2, 2}, g7, mu7);
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->psi_axis[0].value, 1, DBL_EPSILON, "c07: psi of axis 0");
    T_CLOSE(r.result->psi_axis[1].value, 0, DBL_EPSILON, "c07: psi of axis 1");
    T_CLOSE(r.result->psi.value, 0.5, DBL_EPSILON, "c07: Psi");
    T_CLOSE(r.result->tau_a.value, 1.0 / 3, DBL_EPSILON, "c07: tau-a");
    er_rank_results_clear(&r);
    const double mu8[] = {1, 4, 2, 3, 5, 6}, g8[] = {0.10, 0.12, 0.14, 0.11, 0.13, 0.20};
    made_ranking_grid(m, 2, (int[]){3, 2}, g8, mu8);
    r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->psi_axis[0].value, 2.0 / 3, 2 * DBL_EPSILON, "c08: psi of axis 0");
    T_CLOSE(r.result->psi_axis[1].value, 1.0 / 3, 2 * DBL_EPSILON, "c08: psi of axis 1");
    T_CLOSE(r.result->psi.value, 0.5, 2 * DBL_EPSILON, "c08: Psi");
    T_CLOSE(r.result->tau_a.value, 0.6, DBL_EPSILON, "c08: tau-a");
    er_rank_results_clear(&r);
}

static const double mu10[] = {1, 2, 4, 3, 6, 5, 7, 8},
                    g10[] = {0.10, 0.14, 0.12, 0.20, 0.18, 0.16, 0.24, 0.22};

static void check_c10_c11_information(struct made_ranking *m)
{
    const struct er_rank_options o = made_ranking_options();
    made_ranking_grid(m, 3, (int[]){2, 2, 2}, g10, mu10);
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->cmi.value, 0.1251430920, 1e-10, "c10: K");
    T_EQ_INT(r.result->cmi_set[0], 0, "c10: its S is {a}");
    T_EQ_INT(r.result->cmi_set[1], -1, "c10: its S is {a} alone");
    T_CLOSE(r.result->cmi_by_size[0], 0.3230581302, 1e-10, "c10: S = {}");
    T_CLOSE(r.result->cmi_by_size[1], 0.1251430920, 1e-10, "c10: least of one");
    T_CLOSE(r.result->cmi_by_size[2], 0.3557100919, 1e-10, "c10: least of two");
    T_CLOSE(r.result->pgdl_strict, 12.51430920, 1e-8, "c10: strict score");
    T_CLOSE(r.result->pgdl.value, 27.19509073, 1e-8, "c11: the organisers' score");
    er_rank_results_clear(&r);
    m->measure[0].direction = -1;
    r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->pgdl.value, 13.71639652, 1e-8, "c11: minus mu: the score depends on the sign");
    T_CLOSE(r.result->cmi.value, 0.1251430920, 1e-10, "c10: K does not");
    er_rank_results_clear(&r);
}

/* A cell of so many pairs, of which `gap`, `measure` and `both` are upwards. */
static void one_table(int64_t pairs, int64_t gap, int64_t measure, int64_t both, double want)
{
    const int64_t halves[] = {pairs, 2 * gap, 2 * measure, 4 * both}, strict[] = {pairs, gap, measure, both};
    struct er_rank_signs_set set = {.a = 0, .b = -1, .groups = 1};
    const struct er_rank_signs signs = {.sets = 1, .set = &set};
    const struct er_rank_points points = {.axes = 1};
    int64_t work[4];
    T_CLOSE(er_rank_cmi_set(&points, &signs,
                            &(struct er_rank_counts){halves, halves + 1, halves + 2, halves + 3}, 0, -1,
                            work),
            want, 1e-10, "c09: information over entropy");
    T_CLOSE(er_rank_cmi_pgdl(&signs, &(struct er_rank_counts){strict, strict + 1, strict + 2, strict + 3}),
            100 * want, 1e-8, "c09: as the organisers have it");
}

/* ((3, 1), (1, 3)) and ((5, 0), (2, 3)): entropies of rows are 1 bit, or ln 2. */
static void check_c09_information_of_tables(void)
{
    one_table(8, 4, 4, 3, 0.1887218755);
    one_table(8, 4, 4, 3, 0.1308120359 / log(2));
    one_table(10, 5, 7, 5, 0.3958156020);
}

/* K of one set: the table without the other hyper-parameters, models of one configuration apart. */
static void check_c10_sets(struct made_ranking *m)
{
    static const struct {
        int size, axis[2];
        double want;
    } cases[] = {{1, {0}, 0.1251430920},    {1, {1}, 0.3744185411},    {1, {2}, 0.4175441059},
                 {2, {0, 1}, 0.3557100919}, {2, {0, 2}, 0.3818699395}, {2, {1, 2}, 0.6490076375}};
    struct er_error err = {0};
    struct er_rank_options o = made_ranking_options();
    o.seeds = ER_RANK_SEEDS_APART;
    made_ranking_grid(m, 3, (int[]){2, 2, 2}, g10, mu10);
    for (int i = 0; i < 8; i++) m->seed[i] = i;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_rank_parameter of[2];
        struct er_rank_table table = m->table;
        struct er_rank_results r = {0};
        for (int k = 0; k < cases[i].size; k++) of[k] = m->parameter[cases[i].axis[k]];
        table.parameters = cases[i].size;
        table.parameter = of;
        T_STATUS(er_rank(&table, &o, NULL, NULL, &r, &err), ER_OK, "a part of the hyper-parameters");
        if (!r.result) continue;
        T_CLOSE(r.result->cmi_by_size[cases[i].size], cases[i].want, 1e-10, "c10: set %zu", i);
        er_rank_results_clear(&r);
    }
}

/* The organisers' quotient of one set, counted pair by pair; theirs counts a model with itself. */
static double score_of(const struct made_ranking *m, int a, int b, bool self)
{
    int64_t count[4][16] = {{0}};
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) {
            const int u = 2 * m->level[a][i] + m->level[b][i], v = 2 * m->level[a][j] + m->level[b][j],
                      cell = 4 * u + v;
            const bool gap = g10[i] > g10[j], measure = mu10[i] > mu10[j];
            if (i == j && !self) continue;
            count[0][cell]++;
            count[1][cell] += gap;
            count[2][cell] += measure;
            count[3][cell] += gap && measure;
        }
    struct er_rank_signs_set set = {.a = a, .b = b, .groups = 4};
    const struct er_rank_signs signs = {.sets = 1, .set = &set};
    return er_rank_cmi_pgdl(&signs, &(struct er_rank_counts){count[0], count[1], count[2], count[3]});
}

static void check_c11_sets(struct made_ranking *m)
{
    static const double want[] = {27.19509073, 47.67377093, 68.92209516};
    double least = INFINITY;
    made_ranking_grid(m, 3, (int[]){2, 2, 2}, g10, mu10);
    for (int i = 0; i < 3; i++) {
        const int a = i == 2, b = i == 0 ? 1 : 2;
        T_CLOSE(score_of(m, a, b, true), want[i], 1e-8, "c11: set %d, %d", a, b);
        least = fmin(least, score_of(m, a, b, false));
    }
    T_CLOSE(least, 52.12820168, 1e-8, "c11: without pairs of a model with itself");
}

static void check_c44_sign_error(struct made_ranking *m)
{
    const double c[2][3] = {{1.0, 1.2, 0.9}, {1.1, 0.8, 1.5}},
                 g[2][3] = {{0.10, 0.12, 0.11}, {0.16, 0.13, 0.19}};
    struct er_rank_options o = made_ranking_options();
    made_ranking_begin(m, 1, (int[]){2});
    for (int32_t h = 0; h < 2; h++)
        for (int32_t s = 0; s < 3; s++) made_ranking_add(m, &h, s, g[h][s], c[h][s]);
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 0, "c44: an effective number of 7.12 is dropped at 12");
    T_OK(isnan(r.result->sign.mean.value), "c44: and no error is left");
    er_rank_results_clear(&r);
    o.least_pairs = 7.1188572647 - 1e-9;
    r = made_ranking_results(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 1, "c44: 7.1188572647 are kept");
    T_CLOSE(r.result->sign.mean.value, 0.2829780444, 1e-10, "c44: weighted sign error");
    T_CLOSE(r.result->sign_axis[0].max.value, 0.2829780444, 1e-10, "c44: of the axis");
    er_rank_results_clear(&r);
    o.least_pairs = 7.1188572647 + 1e-9;
    r = made_ranking_results(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 0, "c44: just above they are not");
    er_rank_results_clear(&r);
    o.test_size = 0;
    o.least_pairs = 9;
    r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->sign.mean.value, 0.4444444444, 1e-10, "c44: unweighted");
    er_rank_results_clear(&r);
    for (int i = 0; i < 6; i++) m->value[0][i] = 2;
    r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->sign.mean.value, 0.5, 0, "c44: a tie is half an error");
    er_rank_results_clear(&r);
}

int main(void)
{
    static struct made_ranking m;
    check_c04_train_size();
    check_c07_c08_psi(&m);
    check_c09_information_of_tables();
    check_c10_c11_information(&m);
    check_c10_sets(&m);
    check_c11_sets(&m);
    check_c44_sign_error(&m);
    return t_done();
}
