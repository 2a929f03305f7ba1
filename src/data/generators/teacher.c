/* teacher.c - Gaussian inputs labelled by a random ReLU network with one hidden layer.
 *
 *     x_i ~ N(0, I_d)
 *     h_j = max(0, w_j . x / sqrt d) - |w_j| / sqrt(2 pi d)          j = 0..m-1, w_j ~ N(0, I_d)
 *     z_k = sum_j a_kj h_j / sqrt m + noise e_k                      a_kj, e_k ~ N(0, 1)
 *     label_i = argmax_k z_k                                         (for K = 2: the sign of z_1 - z_0)
 *
 * m = `width`. What is taken off h_j is its mean over x, so that every z_k has mean 0 and no class is much
 * more frequent than another. The weights depend on the seed alone; training and test part have the same
 * teacher. `noise` is drawn once for each example, in units where z_k has a standard deviation of about 0.6.
 */
#include "data/generator.h"

#include <ermine/memory.h>
#include <math.h>

struct teacher {
    double *w, *a, *mean; /* m x d, K x m, m */
    double *x, *h;        /* one example: d, m */
};

static void teacher_clear(struct teacher *t)
{
    er_free(t->w);
    er_free(t->a);
    er_free(t->mean);
    er_free(t->x);
    er_free(t->h);
}

static enum er_status teacher_new(const struct er_generator_spec *spec, struct teacher *t,
                                  struct er_error *err)
{
    const int64_t d = spec->dimension, m = spec->width, classes = spec->classes;
    *t = (struct teacher){.w = er_alloc(m * d, sizeof *t->w),
                          .a = er_alloc(classes * m, sizeof *t->a),
                          .mean = er_alloc(m, sizeof *t->mean),
                          .x = er_alloc(d, sizeof *t->x),
                          .h = er_alloc(m, sizeof *t->h)};
    if (!t->w || !t->a || !t->mean || !t->x || !t->h) {
        teacher_clear(t);
        return er_fail(err, ER_E_NOMEM, "teacher: out of memory");
    }
    struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_TEACHER, 0));
    for (int64_t j = 0; j < m; j++) {
        double square = 0;
        for (int64_t c = 0; c < d; c++) {
            const double w = er_random_normal(&r);
            t->w[j * d + c] = w;
            square += w * w;
        }
        t->mean[j] = sqrt(square / (2 * M_PI * (double)d));
    }
    r = er_random_open(spec->seed, er_stream(ER_PURPOSE_TEACHER, 1));
    for (int64_t k = 0; k < classes * m; k++) t->a[k] = er_random_normal(&r);
    return ER_OK;
}

static int32_t teacher_label(const struct er_generator_spec *spec, const struct teacher *t,
                             struct er_random *r)
{
    const int64_t d = spec->dimension, m = spec->width;
    for (int64_t j = 0; j < m; j++) {
        double sum = 0;
        for (int64_t c = 0; c < d; c++) sum += t->w[j * d + c] * t->x[c];
        t->h[j] = fmax(0, sum / sqrt((double)d)) - t->mean[j];
    }
    int32_t best = 0;
    double largest = -INFINITY;
    for (int32_t k = 0; k < spec->classes; k++) {
        double z = 0;
        for (int64_t j = 0; j < m; j++) z += t->a[k * m + j] * t->h[j];
        z = z / sqrt((double)m) + spec->noise * er_random_normal(r);
        if (z > largest) {
            largest = z;
            best = k;
        }
    }
    return best;
}

enum er_status er_generate_teacher(const struct er_generator_spec *spec, int part, int64_t n, float *x,
                                   int32_t *label, struct er_error *err)
{
    struct teacher t;
    enum er_status status = teacher_new(spec, &t, err);
    if (status != ER_OK) return status;
    const int64_t d = spec->dimension;
    for (int64_t i = 0; i < n; i++) {
        struct er_random r = er_generator_random(spec, part, i);
        for (int64_t c = 0; c < d; c++) {
            x[i * d + c] = (float)er_random_normal(&r);
            t.x[c] = (double)x[i * d + c];
        }
        label[i] = teacher_label(spec, &t, &r);
    }
    teacher_clear(&t);
    return ER_OK;
}
