/* mixup.c - how often the mean of two examples of a class is predicted as that class.
 *
 *     mixup_performance   mean over classes k of the mean over batches of
 *                         #{ i < j of class k in the batch : the network predicts k at (x_i + x_j) / 2 } / #{ i < j of class k }
 *
 * 10 batches of 10 K training examples, K classes, drawn by the seed; where there are fewer examples, fewer batches, and one of
 * all at least. A larger value predicts a smaller gap.
 *
 * Source: Natekar and Sharma, arXiv 2012.02775, "label-wise mixup", the winner of PGDL (NeurIPS 2020), sizes by its code.
 * Departure: a class with fewer than two examples in a batch is left out of that batch, not of all.
 */
#include "measures/davies_bouldin.h"
#include "measures/drawn.h"
#include "measures/passes.h"

#include <ermine/memory.h>

enum { BATCH = 10, BATCHES = 10 }; /* examples a class; batches */

struct pair {
    int64_t i, j; /* examples of one class */
    int64_t cell; /* batch K + class */
};

struct mixture {
    const struct er_dataset *set;
    struct pair *pair;
    bool *right; /* of each pair */
    int64_t n, O, cells;
};

/* The pairs of a batch of `size` examples; only counted where m->pair is NULL. */
static void add_pairs(struct mixture *m, const int64_t *order, int64_t batch, int64_t size)
{
    const int32_t *label = m->set->label;
    for (int64_t a = batch * size; a < (batch + 1) * size; a++)
        for (int64_t b = a + 1; b < (batch + 1) * size; b++) {
            if (label[order[a]] != label[order[b]]) continue;
            if (m->pair)
                m->pair[m->n] = (struct pair){order[a], order[b], batch * m->set->classes + label[order[a]]};
            m->n++;
        }
}

static void fill(void *ctx, int64_t i, float *x)
{
    const struct mixture *m = ctx;
    const int64_t D = er_shape_size(m->set->shape);
    const float *a = m->set->x + m->pair[i].i * D, *b = m->set->x + m->pair[i].j * D;
    for (int64_t k = 0; k < D; k++) x[k] = (a[k] + b[k]) / 2;
}

static void take(void *ctx, const struct er_passed *block)
{
    const struct mixture *m = ctx;
    for (int64_t b = 0; b < block->rows; b++) {
        const int64_t i = block->first + b;
        m->right[i] = er_predicted(block->f + b * m->O, m->O) == m->pair[i].cell % m->set->classes;
    }
}

/* The mean over classes of means over batches of shares; `room` two numbers a cell. */
static double performance(const struct mixture *m, int64_t batches, double *room)
{
    const int64_t K = m->set->classes;
    double sum = 0, classes = 0;
    for (int64_t i = 0; i < m->n; i++) {
        room[2 * m->pair[i].cell]++;
        room[2 * m->pair[i].cell + 1] += m->right[i];
    }
    for (int64_t k = 0; k < K; k++) {
        double shares = 0, counted = 0;
        for (int64_t b = 0; b < batches; b++) {
            const double *cell = room + 2 * (b * K + k);
            if (cell[0] == 0) continue;
            shares += cell[1] / cell[0];
            counted++;
        }
        if (counted == 0) continue;
        sum += shares / counted;
        classes++;
    }
    return sum / classes;
}

/* Makes all pairs. */
static enum er_status pair_up(struct mixture *m, const int64_t *order, int64_t batches, int64_t size,
                              struct er_error *err)
{
    for (int64_t b = 0; b < batches; b++) add_pairs(m, order, b, size);
    if (m->n == 0) return er_fail(err, ER_E_UNSUPPORTED, "there are no two training examples of one class");
    m->pair = er_alloc(m->n, sizeof *m->pair);
    m->right = er_alloc(m->n, sizeof *m->right);
    if (!m->pair || !m->right)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld pairs of examples",
                       (long long)m->n);
    m->n = 0;
    for (int64_t b = 0; b < batches; b++) add_pairs(m, order, b, size);
    return ER_OK;
}

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t K = set->classes, size = set->n < BATCH * K ? set->n : BATCH * K, all = set->n / size;
    const int64_t batches = all < BATCHES ? all : BATCHES;
    struct mixture m = {.set = set, .O = er_net_outputs(run->is.net)};
    struct er_passes *passes = NULL;
    (void)which;
    int64_t *order = er_drawn_order(run, ER_DRAW_MIXUP);
    double *room = er_alloc(batches * K, 2 * sizeof *room);
    enum er_status status = order && room ? pair_up(&m, order, batches, size, err)
                                          : er_fail(err, ER_E_NOMEM, "measures: out of memory for mixtures");
    if (status == ER_OK) status = er_passes_new(run, m.n, false, &passes, err);
    if (status == ER_OK) status = er_passes_run(passes, fill, take, &m, err);
    if (status == ER_OK) *(double *)part = performance(&m, batches, room);
    er_passes_free(passes);
    er_free(m.pair);
    er_free(m.right);
    er_free(order);
    er_free(room);
    return status;
}

static const struct er_part mixup = {"mixtures", sizeof(double), make, NULL, 0};

enum er_status er_measured_mixup(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &mixup, &is, err);
    if (status == ER_OK) *out = *(const double *)is;
    return status;
}

extern const struct er_measure er_measure_mixup_performance;
const struct er_measure er_measure_mixup_performance = {
    .name = "mixup_performance",
    .title = "mixup performance",
    .unit = "",
    .help = "share of the means of two training examples of a class that are predicted as that class",
    .source = "Natekar and Sharma, arXiv 2012.02775 (PGDL, first place)",
    .direction = -1,
    .family = "pgdl",
    .invariant = ER_INVARIANT_ALL,
    .needs = ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = er_measured_mixup,
};
