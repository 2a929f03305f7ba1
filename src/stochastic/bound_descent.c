/* bound_descent.c - descent on a bound: see bound_descent.h. */
#include "stochastic/bound_descent.h"

#include "core/vector.h"
#include "math/elementary.h"
#include "stochastic/normals.h"
#include "stochastic/streams.h"

#include <ermine/memory.h>
#include <ermine/pac_bayes.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

enum { LANES = 16, MOMENTS = 4 };

enum er_status er_bound_descent_open(struct er_bound_descent *p, const struct er_net *net,
                                     const struct er_dataset *data, const float *prior, const float *mean,
                                     const float *log_deviation, const struct er_bound_descent_spec *spec,
                                     struct er_error *err)
{
    const int64_t P = er_net_parameters(net), d = er_net_inputs(net);
    *p = (struct er_bound_descent){
        .spec = *spec, .net = net, .data = data, .prior = prior, .P = P, .d = d, .order_epoch = -1};
    if (er_net_statistics(net) > 0)
        return er_fail(err, ER_E_USAGE,
                       "a stochastic network: running statistics (batch norm) come from the examples, and no "
                       "prior knows them");
    if (data->n < 8 || spec->batch < 1 || spec->batch > data->n)
        return er_fail(err, ER_E_USAGE, "a stochastic network: batches of %lld of %lld examples (at least 8)",
                       (long long)spec->batch, (long long)data->n);
    enum er_status status = er_plan_new(net, spec->batch, &p->plan, err);
    if (status != ER_OK) return status;
    p->mean = er_alloc((2 + MOMENTS) * P, sizeof *p->mean);
    p->noise = er_alloc(3 * P, sizeof *p->noise);
    p->x = er_alloc(spec->batch * d, sizeof *p->x);
    p->label = er_alloc(spec->batch, sizeof *p->label);
    p->order = er_alloc(data->n, sizeof *p->order);
    p->scratch = er_alloc((int64_t)er_plan_scratch_bytes(p->plan), 1);
    if (!p->mean || !p->noise || !p->x || !p->label || !p->order || !p->scratch) {
        er_bound_descent_close(p);
        return er_fail(err, ER_E_NOMEM, "a stochastic network of %lld weights: out of memory", (long long)P);
    }
    p->log_deviation = p->mean + P;
    p->moment = p->mean + 2 * P;
    p->sampled = p->noise + P;
    p->gradient = p->noise + 2 * P;
    memcpy(p->mean, mean, (size_t)P * sizeof *mean);
    memcpy(p->log_deviation, log_deviation, (size_t)P * sizeof *mean);
    return ER_OK;
}

void er_bound_descent_close(struct er_bound_descent *p)
{
    er_plan_free(p->plan);
    er_free(p->mean);
    er_free(p->noise);
    er_free(p->x);
    er_free(p->label);
    er_free(p->order);
    er_free(p->scratch);
    *p = (struct er_bound_descent){0};
}

enum er_status er_bound_descent_bytes(const struct er_net *net, int64_t examples, int64_t batch,
                                      double *bytes, struct er_error *err)
{
    struct er_plan *plan;
    const enum er_status status = er_plan_new(net, batch, &plan, err);
    if (status != ER_OK) return status;
    *bytes = sizeof(float) * (double)(5 + MOMENTS) * (double)er_net_parameters(net) +
             sizeof(float) * (double)batch * (double)(er_net_inputs(net) + 1) +
             sizeof(int64_t) * (double)examples + (double)er_plan_scratch_bytes(plan);
    er_plan_free(plan);
    return ER_OK;
}

int64_t er_bound_descent_epoch(const struct er_bound_descent *p)
{
    return p->data->n / p->spec.batch;
}

/* Sums over all weights, in an order that does not depend on the width of vectors. */
struct sums {
    double squares[LANES], distances[LANES], logs[LANES]; /* of s, w - prior, ln s */
};

/* u = w + s xi, and the sums that KL is made of. */
ER_VECTOR
static void sample(int64_t n, const float *restrict mean, const float *restrict log_deviation,
                   const float *restrict prior, const float *restrict noise, float *restrict out,
                   struct sums *restrict sums)
{
    struct sums total = {0};
    const int64_t whole = n / LANES * LANES;
    for (int64_t i = 0; i < whole; i += LANES)
#pragma omp simd
        for (int k = 0; k < LANES; k++) {
            const float s = er_expf(log_deviation[i + k]);
            const double d = (double)mean[i + k] - (double)prior[i + k];
            out[i + k] = mean[i + k] + s * noise[i + k];
            total.squares[k] += (double)s * (double)s;
            total.distances[k] += d * d;
            total.logs[k] += (double)log_deviation[i + k];
        }
    for (int64_t i = whole; i < n; i++) {
        const float s = er_expf(log_deviation[i]);
        const double d = (double)mean[i] - (double)prior[i];
        out[i] = mean[i] + s * noise[i];
        total.squares[i - whole] += (double)s * (double)s;
        total.distances[i - whole] += d * d;
        total.logs[i - whole] += (double)log_deviation[i];
    }
    *sums = total;
}

/* KL = (S / lambda - P + P ln lambda) / 2 - sum ln s,  S = sum s^2 + |w - prior|^2: with lambda = S / P its
 * first terms cancel. What rounding makes negative is 0. */
static double divergence_of(int64_t P, const struct sums *sums, double *variance)
{
    double S = 0, logs = 0;
    for (int k = 0; k < LANES; k++) {
        S += sums->squares[k] + sums->distances[k];
        logs += sums->logs[k];
    }
    const double most = er_prior_variance(1), best = S / (double)P, lambda = best < most ? best : most;
    *variance = lambda;
    return fmax(0, (S / lambda - (double)P + (double)P * log(lambda)) / 2 - logs);
}

double er_bound_descent_divergence(const struct er_bound_descent *p, double *variance)
{
    struct sums sums;
    sample(p->P, p->mean, p->log_deviation, p->prior, p->noise, p->sampled, &sums);
    return divergence_of(p->P, &sums, variance);
}

/* What the update of a step needs beside the arrays. */
struct update {
    float by_loss, by_divergence, inverse_variance, rate, deviation_rate, correct1, correct2;
};

static const float B1 = 0.9f, B2 = 0.999f, NEW1 = 0.1f, NEW2 = 0.001f, EPSILON = 1e-8f;

ER_VECTOR
static void descend(int64_t P, const struct update *u, const float *restrict g, const float *restrict noise,
                    const float *restrict prior, float *restrict mean, float *restrict log_deviation,
                    float *restrict moment)
{
    const struct update k = *u;
    float *restrict m = moment, *restrict v = moment + P, *restrict md = moment + 2 * P,
                    *restrict vd = moment + 3 * P;
#pragma omp simd
    for (int64_t i = 0; i < P; i++) {
        const float s = er_expf(log_deviation[i]), slope = k.by_loss * g[i],
                    by_mean = slope + k.by_divergence * k.inverse_variance * (mean[i] - prior[i]),
                    by_log = slope * s * noise[i] + k.by_divergence * (s * s * k.inverse_variance - 1.0f);
        m[i] = B1 * m[i] + NEW1 * by_mean;
        v[i] = B2 * v[i] + NEW2 * by_mean * by_mean;
        md[i] = B1 * md[i] + NEW1 * by_log;
        vd[i] = B2 * vd[i] + NEW2 * by_log * by_log;
        mean[i] -= k.rate * (m[i] * k.correct1) / (sqrtf(v[i] * k.correct2) + EPSILON);
        log_deviation[i] -= k.deviation_rate * (md[i] * k.correct1) / (sqrtf(vd[i] * k.correct2) + EPSILON);
    }
}

/* The next batch, side by side. */
static void gather(struct er_bound_descent *p)
{
    const int64_t epoch = p->step / er_bound_descent_epoch(p),
                  at = p->step % er_bound_descent_epoch(p) * p->spec.batch;
    if (epoch != p->order_epoch) {
        struct er_random r = er_random_open(p->spec.seed, er_stochastic_stream(ER_ORDER, (uint64_t)epoch));
        er_random_permutation(&r, p->data->n, p->order);
        p->order_epoch = epoch;
    }
    for (int64_t b = 0; b < p->spec.batch; b++) {
        const int64_t i = p->order[at + b];
        memcpy(p->x + b * p->d, p->data->x + i * p->d, (size_t)p->d * sizeof *p->x);
        p->label[b] = p->data->label[i];
    }
}

bool er_bound_descent_step(struct er_bound_descent *p)
{
    const struct er_bound_descent_spec *spec = &p->spec;
    const double t = (double)p->step + 1, fall = (1 + cos(PI * (double)p->step / (double)spec->steps)) / 2;
    struct sums sums;
    double loss, variance;
    int64_t errors;
    er_normals(spec->seed, er_stochastic_stream(ER_NOISE, (uint64_t)p->step), p->P, p->noise);
    sample(p->P, p->mean, p->log_deviation, p->prior, p->noise, p->sampled, &sums);
    gather(p);
    const struct er_network network = {.w = p->sampled};
    er_plan_gradient(p->plan, &network, p->x, p->label, (float)(spec->factor / (double)spec->batch),
                     p->gradient, &loss, &errors, p->scratch);
    loss *= spec->factor / (double)spec->batch;
    const double divergence = divergence_of(p->P, &sums, &variance);
    const struct er_objective_at at =
        er_objective(spec->objective, loss, divergence + er_prior_cost(fmax(1, er_prior_place(variance))),
                     (double)p->data->n, spec->delta);
    if (!isfinite(loss) || !isfinite(at.value)) return false;
    const struct update update = {.by_loss = (float)at.by_loss,
                                  .by_divergence = (float)at.by_divergence,
                                  .inverse_variance = (float)(1 / variance),
                                  .rate = (float)(spec->rate * fall),
                                  .deviation_rate = (float)(spec->deviation_rate * fall),
                                  .correct1 = (float)(1 / (1 - pow((double)B1, t))),
                                  .correct2 = (float)(1 / (1 - pow((double)B2, t)))};
    descend(p->P, &update, p->gradient, p->noise, p->prior, p->mean, p->log_deviation, p->moment);
    p->variance = variance;
    p->divergence = divergence;
    p->loss = loss;
    p->value = at.value;
    p->step++;
    return true;
}

ER_VECTOR
static void exponentials(int64_t n, const float *restrict x, float *restrict y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = er_expf(x[i]);
}

void er_bound_descent_deviation(const struct er_bound_descent *p, float *deviation)
{
    exponentials(p->P, p->log_deviation, deviation);
}

ER_VECTOR
static void shift(int64_t n, const float *restrict mean, const float *restrict deviation,
                  const float *restrict noise, float *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = mean[i] + deviation[i] * noise[i];
}

void er_sample_network(int64_t P, const float *mean, const float *deviation, uint64_t seed, uint64_t stream,
                       float *noise, float *out)
{
    er_normals(seed, stream, P, noise);
    shift(P, mean, deviation, noise, out);
}

size_t er_bound_descent_state_bytes(const struct er_bound_descent *p)
{
    return sizeof p->step + (size_t)((2 + MOMENTS) * p->P) * sizeof *p->mean;
}

void er_bound_descent_save(const struct er_bound_descent *p, void *state)
{
    memcpy(state, &p->step, sizeof p->step);
    memcpy((char *)state + sizeof p->step, p->mean, er_bound_descent_state_bytes(p) - sizeof p->step);
}

void er_bound_descent_restore(struct er_bound_descent *p, const void *state)
{
    memcpy(&p->step, state, sizeof p->step);
    memcpy(p->mean, (const char *)state + sizeof p->step, er_bound_descent_state_bytes(p) - sizeof p->step);
    p->order_epoch = -1;
}
