/* small_net.c - nets for tests of derivatives. */
#include "support/small_net.h"
#include "t.h"

#include <ermine/random.h>

void small_net_draw(uint64_t stream, int64_t count, float *v, double *v64)
{
    struct er_random r = er_random_open(11, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < count; i++) {
        v[i] = (float)er_random_normal(&r);
        if (v64) v64[i] = (double)v[i];
    }
}

double small_net_error(int64_t count, const float *got, const double *want)
{
    double off = 0, size = 0;
    for (int64_t i = 0; i < count; i++) {
        const double error = fabs((double)got[i] - want[i]);
        if (!(error <= off)) off = error;
        size = fmax(size, fabs(want[i]));
    }
    return size > 0 ? off / size : off;
}

bool small_net_open(struct small_net *s, const char *text, const char *loss, int64_t n, int64_t inputs,
                    int64_t classes)
{
    struct er_error err = {0};
    *s = (struct small_net){.n = n, .D = inputs};
    const struct er_shape shape = {1, 1, inputs};
    enum er_status status = er_model_parse(text, &s->model, &err);
    if (status == ER_OK) status = er_net_new(s->model, shape, classes, loss, &s->net, &err);
    if (!T_OK(status == ER_OK, "%s, %s: %s", text, loss, err.msg)) return false;
    s->P = er_net_parameters(s->net);
    s->O = er_net_outputs(s->net);
    int32_t *label = er_alloc(n, sizeof *label);
    s->w = er_alloc(s->P, sizeof *s->w);
    s->w64 = er_alloc(s->P, sizeof *s->w64);
    s->x64 = er_alloc(n * inputs, sizeof *s->x64);
    const int64_t S = er_net_statistics(s->net);
    float *statistics = s->statistics = er_alloc(S, sizeof *statistics);
    double *statistics64 = s->statistics64 = er_alloc(S, sizeof *statistics64);
    s->set = (struct er_dataset){
        .n = n, .shape = shape, .classes = classes, .x = er_alloc(n * inputs, sizeof(float)), .label = label};
    s->oracle = network_new(text, 1, 1, inputs, s->O, loss);
    const bool memory = s->w && s->w64 && s->x64 && s->set.x && label && statistics && statistics64;
    if (!T_OK(memory && s->oracle, "%s: oracle, memory", text) || !memory) return false;
    if (!T_OK(network_parameters(s->oracle) == s->P, "%s: parameters", text)) return false;
    small_net_draw(0, s->P, s->w, NULL);
    float *initial = er_alloc(s->P, sizeof *initial);
    if (initial) er_net_initialise(s->net, 1, initial, s->statistics);
    for (int64_t i = 0; i < s->P; i++) {
        s->w[i] = 0.1f * s->w[i] + (initial ? initial[i] : 0);
        s->w64[i] = (double)s->w[i];
    }
    er_free(initial);
    small_net_draw(1, n * inputs, s->set.x, s->x64);
    struct er_random r = er_random_open(11, er_stream(ER_PURPOSE_TEST, 2));
    for (int64_t i = 0; i < n; i++) label[i] = (int32_t)er_random_below(&r, classes);
    for (int64_t i = 0; i < S; i++) {
        statistics[i] = 0.5f + 0.125f * (float)(i % 5);
        statistics64[i] = (double)statistics[i];
    }
    s->network = (struct er_network){.w = s->w, .statistics = S ? s->statistics : NULL};
    return true;
}

void small_net_close(struct small_net *s)
{
    er_free(s->w);
    er_free(s->w64);
    er_free(s->statistics);
    er_free(s->statistics64);
    er_free(s->x64);
    er_dataset_clear(&s->set);
    network_free(s->oracle);
    er_net_free(s->net);
    er_model_free(s->model);
}
