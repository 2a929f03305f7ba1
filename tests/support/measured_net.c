/* measured_net.c - nets for tests of measures. */
#include "support/measured_net.h"
#include "support/blobs.h"
#include "t.h"

#include <ermine/random.h>

bool measured_net_open(struct measured_net *m, const char *text, const char *loss, struct er_shape shape,
                       int64_t classes, int64_t n)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    *m = (struct measured_net){0};
    enum er_status status = er_model_parse(text, &model, &err);
    if (status == ER_OK) status = er_net_new(model, shape, classes, loss, &m->net, &err);
    er_model_free(model);
    if (!T_OK(status == ER_OK, "%s, %s: %s", text, loss, err.msg)) return false;
    m->P = er_net_parameters(m->net);
    m->S = er_net_statistics(m->net);
    m->train = blobs_make(n, er_shape_size(shape), classes, .3, 5, 0);
    m->test = blobs_make(50, er_shape_size(shape), classes, .3, 5, 1);
    m->train.shape = m->test.shape = shape;
    float **const all[] = {&m->w, &m->w0, &m->statistics, &m->statistics0};
    for (int i = 0; i < 4; i++) {
        *all[i] = er_alloc(i < 2 ? m->P : m->S, sizeof(float));
        if (!T_OK(*all[i] != NULL, "memory")) return false;
    }
    er_net_initialise(m->net, 4, m->w0, m->S ? m->statistics0 : NULL);
    struct er_random r = er_random_open(12, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < m->P; i++) m->w[i] = m->w0[i] + .3f * (float)er_random_normal(&r);
    for (int64_t i = 0; i < m->S; i++)
        m->statistics[i] =
            m->statistics0[i] > 0 ? .5f + (float)er_random_uniform(&r) : (float)er_random_normal(&r);
    m->is = (struct er_measured){.net = m->net,
                                 .w = m->w,
                                 .statistics = m->S ? m->statistics : NULL,
                                 .initial_w = m->w0,
                                 .initial_statistics = m->S ? m->statistics0 : NULL,
                                 .train = &m->train,
                                 .test = &m->test,
                                 .train_error = (double)NAN,
                                 .test_error = (double)NAN};
    return true;
}

/* The outputs on the training set, n x O; NULL with a failed test. */
static float *outputs_of(const struct measured_net *m)
{
    struct er_error err = {0};
    const struct er_network network = {.w = m->w, .statistics = m->is.statistics};
    struct er_plan *plan = NULL;
    if (!T_OK(er_plan_new(m->net, m->train.n, &plan, &err) == ER_OK, "plan: %s", err.msg)) return NULL;
    float *f = er_alloc(m->train.n * er_net_outputs(m->net), sizeof *f);
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    if (T_OK(f && scratch, "memory")) er_plan_outputs(plan, &network, m->train.x, f, scratch);
    er_free(scratch);
    er_plan_free(plan);
    return f;
}

void measured_net_teach(struct measured_net *m)
{
    const int64_t O = er_net_outputs(m->net);
    float *f = outputs_of(m);
    for (int64_t i = 0; f && i < m->train.n; i++) {
        int64_t top = 0;
        for (int64_t j = 1; j < O; j++)
            if (f[i * O + j] > f[i * O + top]) top = j;
        m->train.label[i] = (int32_t)(O > 1 ? top : f[i] > 0);
    }
    er_free(f);
}

/* The output of the label less the largest other one. */
static double margin_of(const float *f, int64_t O, int32_t label)
{
    double other = -(double)INFINITY;
    if (O == 1) return label == 1 ? (double)f[0] : -(double)f[0];
    for (int64_t j = 0; j < O; j++)
        if (j != label) other = fmax(other, (double)f[j]);
    return (double)f[label] - other;
}

void measured_net_keep(struct measured_net *m, int64_t n)
{
    const int64_t O = er_net_outputs(m->net), D = er_shape_size(m->train.shape);
    float *f = outputs_of(m);
    int64_t kept = 0;
    for (int64_t i = 0; f && i < m->train.n; i++) {
        const double margin = margin_of(f + i * O, O, m->train.label[i]);
        int64_t larger = 0;
        for (int64_t k = 0; k < m->train.n; k++)
            larger += margin_of(f + k * O, O, m->train.label[k]) > margin;
        if (larger >= n || kept >= n) continue;
        memmove(m->train.x + kept * D, m->train.x + i * D, (size_t)D * sizeof(float));
        m->train.label[kept++] = m->train.label[i];
    }
    if (f) m->train.n = kept;
    er_free(f);
}

void measured_net_close(struct measured_net *m)
{
    er_free(m->w);
    er_free(m->w0);
    er_free(m->statistics);
    er_free(m->statistics0);
    er_dataset_clear(&m->train);
    er_dataset_clear(&m->test);
    er_net_free(m->net);
}

double measured_net_value(const struct er_measured *is, const char *name, int threads)
{
    struct er_error err = {0};
    struct er_pool *pool = NULL;
    struct er_measured_run *run = NULL;
    double value = (double)NAN;
    enum er_status status = er_pool_new(threads, &pool, &err);
    if (status == ER_OK) status = er_measured_run_new(is, pool, &run, &err);
    if (status == ER_OK) status = er_measure_compute(er_measure_find(name), run, &value, &err);
    T_OK(status == ER_OK, "%s: %s", name, err.msg);
    er_measured_run_free(run);
    er_pool_free(pool);
    return value;
}
