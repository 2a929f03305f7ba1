/* Changes of the parameters that leave the function as it is: every measure of measures.def stays under those that its field
 * `invariant` names, and moves under the others; of searches over random perturbations the law stays, or the value up to an
 * epsilon. Nets of dense layers without biases, fitted to their own predictions and of large margins, so that searches around
 * a minimum have one. Factors are powers of two: products of float32 stay exact. */
#include "t.h"

#include "support/measured_net.h"

enum { LAYERS = 3, EXAMPLES = 60, RECORDS = 5 };

/* Tried in order, until a measure is defined on one; `unit` of each layer behind the inputs. */
static const struct kind {
    const char *text, *loss;
    int64_t layers, unit[LAYERS + 1];
    int64_t classes;
    bool batch_norm, image; /* image: the four inputs are pixels */
} kinds[] = {
    {"[dense 6 bias=false, relu, dense 5 bias=false, relu, dense bias=false]",
     "cross-entropy",
     3,
     {4, 6, 5, 3},
     3,
     false,
     false},
    {"[dense 6 bias=false, relu, dense bias=false]", "cross-entropy", 2, {4, 6, 3, 0}, 3, false, false},
    {"[dense 6 bias=false, dense bias=false]", "cross-entropy", 2, {4, 6, 3, 0}, 3, false, false},
    {"[flatten, dense 6 bias=false, relu, dense bias=false]",
     "cross-entropy",
     2,
     {4, 6, 3, 0},
     3,
     false,
     true},
    {"[dense 6 bias=false, batch_norm, relu, dense bias=false]",
     "cross-entropy",
     2,
     {4, 6, 3, 0},
     3,
     true,
     false},
    {"[flatten, dense 6 bias=false, batch_norm, relu, dense bias=false]",
     "cross-entropy",
     2,
     {4, 6, 3, 0},
     3,
     true,
     true},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* A net and three sets of its numbers, which all change alike. */
struct changed {
    const struct kind *kind;
    struct measured_net net;
    float *first_w, *first_statistics;
    struct er_course course;
    int64_t step[RECORDS];
    double loss[RECORDS];
};

static const double factor[] = {8, .25, 4, .125, 2, 16};
static const int order[] = {3, 0, 4, 1, 2, 5};

/* The matrix of layer l, unit[l] x unit[l + 1]: behind those before it, and behind batch norm's two rows. */
static float *matrix(const struct changed *c, float *w, int64_t l)
{
    for (int64_t i = 0; i < l; i++)
        w += c->kind->unit[i] * c->kind->unit[i + 1] + (c->kind->batch_norm ? 2 * c->kind->unit[i + 1] : 0);
    return w;
}

static void scale_units(const struct changed *c, float *w, bool alike)
{
    for (int64_t l = 0; l + 1 < c->kind->layers; l++) {
        const int64_t in = c->kind->unit[l], h = c->kind->unit[l + 1], out = c->kind->unit[l + 2];
        float *before = matrix(c, w, l), *after = matrix(c, w, l + 1);
        for (int64_t j = 0; j < h; j++) {
            const float f = (float)factor[alike ? l : j];
            for (int64_t i = 0; i < in; i++) before[i * h + j] *= f;
            for (int64_t o = 0; o < out; o++) after[j * out + o] /= f;
        }
    }
}

static void permute(const struct changed *c, float *w)
{
    float old[64];
    for (int64_t l = 0; l + 1 < c->kind->layers; l++) {
        const int64_t in = c->kind->unit[l], h = c->kind->unit[l + 1], out = c->kind->unit[l + 2];
        float *before = matrix(c, w, l), *after = matrix(c, w, l + 1);
        memcpy(old, before, (size_t)(in * h) * sizeof *old);
        for (int64_t k = 0; k < in * h; k++) before[k] = old[k / h * h + order[k % h]];
        memcpy(old, after, (size_t)(h * out) * sizeof *old);
        for (int64_t k = 0; k < h * out; k++) after[k] = old[order[k / out] * out + k % out];
    }
}

/* What goes into unit j of batch norm times c_j, its mean too, its variance so that variance + epsilon is c_j^2 times it. */
static void scale_batch_norm(const struct changed *c, float *w, float *statistics)
{
    const int64_t in = c->kind->unit[0], h = c->kind->unit[1];
    for (int64_t j = 0; j < h; j++) {
        const double f = factor[j];
        for (int64_t i = 0; i < in; i++) w[i * h + j] *= (float)f;
        statistics[j] *= (float)f;
        statistics[h + j] = (float)(f * f * ((double)statistics[h + j] + 1e-5) - 1e-5);
    }
}

static void change(struct changed *c, enum er_invariance which)
{
    float *const w[] = {c->net.w, c->net.w0, c->first_w};
    float *const statistics[] = {c->net.statistics, c->net.statistics0, c->first_statistics};
    for (int i = 0; i < 3; i++) {
        if (which == ER_INVARIANT_UNIT_SCALE) scale_units(c, w[i], false);
        if (which == ER_INVARIANT_LAYER_SCALE) scale_units(c, w[i], true);
        if (which == ER_INVARIANT_PERMUTATION) permute(c, w[i]);
        if (which == ER_INVARIANT_BATCH_NORM) scale_batch_norm(c, w[i], statistics[i]);
    }
}

/* Labels are those predicted, the half of larger margins is kept, and the last layer is larger: a loss below 0.1 to which many
 * examples contribute. */
static bool open_changed(struct changed *c, const struct kind *kind)
{
    *c = (struct changed){.kind = kind};
    const struct er_shape table = {1, 1, kind->unit[0]}, image = {2, 2, kind->unit[0] / 4};
    if (!measured_net_open(&c->net, kind->text, kind->loss, kind->image ? image : table, kind->classes,
                           2 * EXAMPLES))
        return false;
    c->first_w = er_alloc(c->net.P, sizeof(float));
    c->first_statistics = er_alloc(c->net.S, sizeof(float));
    if (!T_OK(c->first_w && c->first_statistics, "memory")) return false;
    measured_net_teach(&c->net);
    measured_net_keep(&c->net, EXAMPLES);
    float *last = matrix(c, c->net.w, kind->layers - 1);
    for (int64_t k = 0; k < kind->unit[kind->layers - 1] * kind->unit[kind->layers]; k++) last[k] *= 4;
    for (int64_t k = 0; k < c->net.P; k++) c->first_w[k] = .75f * c->net.w0[k] + .25f * c->net.w[k];
    for (int64_t k = 0; k < c->net.S; k++)
        c->first_statistics[k] = .5f * c->net.statistics0[k] + .5f * c->net.statistics[k];
    for (int i = 0; i < RECORDS; i++) {
        c->step[i] = 10 * i;
        c->loss[i] = exp2(-2.5 * i);
    }
    c->course = (struct er_course){RECORDS, c->step, c->loss};
    c->net.is.first_epoch_w = c->first_w;
    c->net.is.first_epoch_statistics = c->net.S ? c->first_statistics : NULL;
    c->net.is.course = &c->course;
    c->net.is.seed = 3;
    return true;
}

static void close_changed(struct changed *c)
{
    measured_net_close(&c->net);
    er_free(c->first_w);
    er_free(c->first_statistics);
}

static enum er_status compute(const struct changed *c, const struct er_measure *m, double *out,
                              struct er_error *err)
{
    struct er_measured_run *run = NULL;
    enum er_status status = er_measured_run_new(&c->net.is, NULL, &run, err);
    if (status == ER_OK) status = er_measure_compute(m, run, out, err);
    er_measured_run_free(run);
    return status;
}

/* Float32 passes whose sums come in another order, and products that are rounded otherwise: some hundred roundings. */
static const double TOLERANCE = 5e-5;

/* By random noise on weights: other weights get the same draws, so that only the law of a value stays. */
static bool is_drawn(const struct er_measure *m)
{
    return (m->needs & ER_NEEDS_PERTURBED) || strncmp(m->name, "pac_bayes_", 10) == 0;
}

/* Sizes in parts of each weight, beside an epsilon: test_magnitude_aware(). */
static bool is_magnitude_aware(const struct er_measure *m)
{
    return strcmp(m->name, "pacbayes_mag_flatness") == 0 || strcmp(m->name, "sharpness_mag_flatness") == 0;
}

static void test_change(const struct er_measure *m, enum er_invariance which, const char *what)
{
    const bool stays = (m->invariant & which) != 0;
    for (int k = 0; k < KINDS; k++) {
        struct changed c;
        struct er_error err = {0};
        double before = (double)NAN, after = (double)NAN;
        const bool fits = kinds[k].batch_norm == (which == ER_INVARIANT_BATCH_NORM);
        const bool defined = fits && open_changed(&c, &kinds[k]) && compute(&c, m, &before, &err) == ER_OK;
        const bool shows = defined && (stays || before != 0); /* 0 is a value that scales may leave */
        if (shows) {
            change(&c, which);
            T_STATUS(compute(&c, m, &after, &err), ER_OK, "%s after %s", m->name, what);
            const double moved = fabs(after - before) / fmax(fabs(before), 1e-300);
            if (stays)
                T_OK(moved <= TOLERANCE, "%s stays: %s, %.9g, %.9g", m->name, what, before, after);
            else if (which == ER_INVARIANT_PERMUTATION ? !is_drawn(m) : !is_magnitude_aware(m))
                T_OK(moved > TOLERANCE, "%s moves: %s, %.9g, %.9g", m->name, what, before, after);
        }
        if (fits) close_changed(&c);
        if (shows) return;
        if (fits && !defined) printf("# %s of %s: %s\n", m->name, kinds[k].text, err.msg);
    }
    T_OK(!stays, "%s: %s leaves it, which no net here shows", m->name, what);
}

/* Of weights 64 times as large an epsilon of 1e-3 is little beside a part of a weight, also where scales made it small: then
 * sizes in such parts stay, to the 2e-3 of a search among errors of 60 examples, twice that of a square, and epsilon. */
static void test_magnitude_aware(enum er_invariance which, const char *what)
{
    static const char *const name[] = {"pacbayes_mag_flatness", "sharpness_mag_flatness"};
    for (int i = 0; i < 2; i++) {
        struct changed c;
        struct er_error err = {0};
        double before = 0, after = 0;
        if (open_changed(&c, &kinds[0])) {
            for (int64_t k = 0; k < c.net.P; k++) c.net.w[k] *= 64;
            T_STATUS(compute(&c, er_measure_find(name[i]), &before, &err), ER_OK, "%s", name[i]);
            change(&c, which);
            T_STATUS(compute(&c, er_measure_find(name[i]), &after, &err), ER_OK, "%s", name[i]);
            T_CLOSE(after, before, 1e-2 * before, "%s stays up to epsilon: %s", name[i], what);
        }
        close_changed(&c);
    }
}

/* The order of units is nothing to the law of noise: radii of many seeds have one mean, to 4 standard errors of theirs. */
static void test_law_of_noise(const char *name)
{
    enum { SEEDS = 24 };
    struct changed c;
    struct er_error err = {0};
    double value = 0, mean[2] = {0}, square[2] = {0};
    if (open_changed(&c, &kinds[0]))
        for (int side = 0; side < 2; side++) {
            if (side) change(&c, ER_INVARIANT_PERMUTATION);
            for (uint64_t seed = 0; seed < SEEDS; seed++) {
                c.net.is.seed = seed;
                T_STATUS(compute(&c, er_measure_find(name), &value, &err), ER_OK, "%s", name);
                mean[side] += log(value) / SEEDS;
                square[side] += log(value) * log(value) / SEEDS;
            }
        }
    close_changed(&c);
    const double error = sqrt((square[0] - mean[0] * mean[0] + square[1] - mean[1] * mean[1]) / (SEEDS - 1));
    T_CLOSE(mean[1], mean[0], 4 * error, "%s: ln of it with units in another order", name);
    T_OK(error < .3, "%s: its error %g", name, error);
}

/* The changes leave the function: outputs to a rounding. */
static void test_function(enum er_invariance which, const char *what)
{
    for (int k = 0; k < KINDS; k++) {
        struct changed c;
        struct er_error err = {0};
        double before = 0, after = 0;
        const struct er_measure *m = er_measure_find("entropy");
        if (kinds[k].batch_norm != (which == ER_INVARIANT_BATCH_NORM)) continue;
        if (open_changed(&c, &kinds[k])) {
            T_STATUS(compute(&c, m, &before, &err), ER_OK, "outputs");
            change(&c, which);
            T_STATUS(compute(&c, m, &after, &err), ER_OK, "outputs");
            T_CLOSE(after, before, 2e-5 * before, "%s leaves the function of %s", what, kinds[k].text);
        }
        close_changed(&c);
    }
}

int main(void)
{
    static const struct {
        enum er_invariance which;
        const char *what;
    } changes[] = {{ER_INVARIANT_UNIT_SCALE, "units rescaled"},
                   {ER_INVARIANT_LAYER_SCALE, "layers rescaled"},
                   {ER_INVARIANT_PERMUTATION, "units permuted"},
                   {ER_INVARIANT_BATCH_NORM, "weights before batch norm rescaled"}};
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    for (int i = 0; i < 4; i++) {
        test_function(changes[i].which, changes[i].what);
        for (int64_t k = 0; k < n; k++) test_change(list[k], changes[i].which, changes[i].what);
    }
    for (int i = 0; i < 2; i++) test_magnitude_aware(changes[i].which, changes[i].what);
    test_law_of_noise("pacbayes_flatness");
    test_law_of_noise("pacbayes_mag_flatness");
    return t_done();
}
