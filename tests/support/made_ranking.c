/* made_ranking.c - tables of models. */
#include "support/made_ranking.h"
#include "t.h"

static const char *const names[MADE_RANKING_AXES] = {"a", "b", "c", "d"};

void made_ranking_begin(struct made_ranking *m, int axes, const int *levels)
{
    memset(m, 0, sizeof *m);
    for (int a = 0; a < axes; a++)
        m->parameter[a] =
            (struct er_rank_parameter){.name = names[a], .levels = levels[a], .level = m->level[a]};
    for (int k = 0; k < 3; k++)
        m->measure[k] = (struct er_rank_measure){.name = "mu", .value = m->value[k], .direction = 1};
    m->table = (struct er_rank_table){.gap = m->gap,
                                      .parameters = axes,
                                      .parameter = m->parameter,
                                      .measures = 1,
                                      .measure = m->measure,
                                      .seed = m->seed};
}

void made_ranking_add(struct made_ranking *m, const int32_t *level, int32_t seed, double gap, double value)
{
    const int64_t i = m->table.n++;
    for (int a = 0; a < m->table.parameters; a++) {
        m->level[a][i] = level[a];
        m->rows[i * m->table.parameters + a] = level[a];
    }
    m->seed[i] = seed;
    m->gap[i] = gap;
    for (int k = 0; k < 3; k++) m->value[k][i] = value;
}

void made_ranking_grid(struct made_ranking *m, int axes, const int *levels, const double *gap,
                       const double *value)
{
    int64_t n = 1;
    made_ranking_begin(m, axes, levels);
    for (int a = 0; a < axes; a++) n *= levels[a];
    for (int64_t i = 0; i < n; i++) {
        int32_t level[MADE_RANKING_AXES] = {0};
        int64_t rest = i;
        for (int a = axes - 1; a >= 0; a--) {
            level[a] = (int32_t)(rest % levels[a]);
            rest /= levels[a];
        }
        made_ranking_add(m, level, 0, gap[i], value[i]);
    }
}

struct er_rank_results made_ranking_results(const struct made_ranking *m,
                                            const struct er_rank_options *options, struct er_pool *pool)
{
    struct er_error err = {0};
    struct er_rank_results r = {0};
    T_STATUS(er_rank(&m->table, options, pool, NULL, &r, &err), ER_OK, "%d models", (int)m->table.n);
    return r;
}

struct er_rank_options made_ranking_options(void)
{
    struct er_rank_options o = er_rank_options_default();
    o.resamples = 0;
    return o;
}
