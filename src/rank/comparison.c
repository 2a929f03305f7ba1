/* comparison.c - points, lines, cells and orders of measures on one set of models. */
#include "rank/comparison.h"
#include "rank/order.h"

#include <ermine/memory.h>
#include <inttypes.h>

static enum er_status no_memory(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " points", n);
}

enum er_status er_rank_sequence_new(int64_t n, struct er_rank_sequence *out, struct er_error *err)
{
    struct er_rank_sequence s = {.value = er_alloc(n, sizeof *s.value),
                                 .order = er_alloc(n, 3 * sizeof *s.order)};
    if (!s.value || !s.order) {
        er_rank_sequence_clear(&s);
        return no_memory(n, err);
    }
    s.from = s.order + n;
    s.to = s.order + 2 * n;
    *out = s;
    return ER_OK;
}

void er_rank_sequence_clear(struct er_rank_sequence *s)
{
    er_free(s->value);
    er_free(s->order);
    *s = (struct er_rank_sequence){0};
}

static enum er_status make_lines(struct er_rank_comparison *c, struct er_error *err)
{
    c->lines = er_alloc(c->points.axes, sizeof *c->lines);
    if (!c->lines) return no_memory(c->points.n, err);
    for (int64_t a = 0; a < c->points.axes; a++) {
        const enum er_status status = er_rank_lines_new(&c->points, a, false, &c->lines[a], err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

static enum er_status make_sequence(const struct er_rank_comparison *c, const double *of_models,
                                    struct er_rank_entry *work, struct er_rank_sequence *s,
                                    struct er_error *err)
{
    const enum er_status status = er_rank_sequence_new(c->points.n, s, err);
    if (status != ER_OK) return status;
    er_rank_points_values(&c->points, of_models, NULL, s->value);
    er_rank_order(c->points.n, s->value, work, s->order, s->from, s->to);
    return ER_OK;
}

static enum er_status make_sequences(struct er_rank_comparison *c, struct er_error *err)
{
    struct er_rank_entry *work = er_alloc(c->points.n, sizeof *work);
    c->values = er_alloc(c->measures, sizeof *c->values);
    if (!work || !c->values) {
        er_free(work);
        return no_memory(c->points.n, err);
    }
    enum er_status status = make_sequence(c, c->gap, work, &c->gaps, err);
    for (int64_t k = 0; status == ER_OK && k < c->measures; k++)
        status = make_sequence(c, c->value[c->measure[k]], work, &c->values[k], err);
    er_free(work);
    return status;
}

enum er_status er_rank_comparison_new(const struct er_rank_table *table, const double *gap,
                                      const double *const *value, const bool *kept, int64_t measures,
                                      const int64_t *measure, enum er_rank_seeds seeds,
                                      struct er_rank_comparison *out, struct er_error *err)
{
    struct er_rank_comparison c = {
        .table = table, .gap = gap, .value = value, .measures = measures, .measure = measure};
    enum er_status status = er_rank_points_new(table, kept, seeds, &c.points, err);
    if (status != ER_OK) return status;
    if (c.points.n < 2)
        status =
            er_fail(err, ER_E_USAGE, "rank: at least two %s are needed, %" PRId64 " models give %" PRId64,
                    c.points.apart ? "models" : "configurations", c.points.models, c.points.n);
    if (status == ER_OK) status = er_rank_signs_new(&c.points, &c.signs, err);
    if (status == ER_OK) status = make_lines(&c, err);
    if (status == ER_OK) status = make_sequences(&c, err);
    if (status != ER_OK) {
        er_rank_comparison_clear(&c);
        return status;
    }
    *out = c;
    return ER_OK;
}

void er_rank_comparison_clear(struct er_rank_comparison *c)
{
    for (int64_t a = 0; c->lines && a < c->points.axes; a++) er_rank_lines_clear(&c->lines[a]);
    for (int64_t k = 0; c->values && k < c->measures; k++) er_rank_sequence_clear(&c->values[k]);
    er_free(c->lines);
    er_free(c->values);
    er_rank_sequence_clear(&c->gaps);
    er_rank_signs_clear(&c->signs);
    er_rank_points_clear(&c->points);
    *c = (struct er_rank_comparison){0};
}
