/* perturbed.c - radii of a run, each searched for once. */
#include "measures/perturbed.h"

#include "core/available.h"
#include "core/vector.h"
#include "measures/climber.h"
#include "measures/counter.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>

enum { DRAWS = ER_PERTURBED_DRAWS, CLIMBS = ER_PERTURBED_CLIMBS };

static const struct {
    const char *name;
    double start; /* where radii of small trained networks are, about */
} search[ER_PERTURBATIONS] = {
    [ER_PERTURBATION_SIGMA] = {"sigma", 0.03},
    [ER_PERTURBATION_SIGMA_MAGNITUDE] = {"sigma' relative to the weights", 0.07},
    [ER_PERTURBATION_SIGMA_RGM] = {"sigma", 0},
    [ER_PERTURBATION_ALPHA] = {"alpha", 0.002},
    [ER_PERTURBATION_ALPHA_MAGNITUDE] = {"alpha' relative to the weights", 0.003},
};

struct er_perturbed {
    struct er_normless normless;
    float *w, *initial; /* P each */
    bool counts, climbs;
    struct er_counter counter;
    double error;  /* without a perturbation */
    float *normal; /* DRAWS x P */
    struct er_climber climber;
    struct {
        bool known;
        enum er_status status;
        struct er_error why;
        struct er_radius radius;
    } found[ER_PERTURBATIONS];
};

void er_perturbed_free(struct er_perturbed *perturbed)
{
    if (!perturbed) return;
    er_normless_clear(&perturbed->normless);
    er_counter_clear(&perturbed->counter);
    er_climber_clear(&perturbed->climber);
    er_free(perturbed->w);
    er_free(perturbed->initial);
    er_free(perturbed->normal);
    er_free(perturbed);
}

static enum er_status weights_of(struct er_perturbed *p, const float *w, const float *statistics, float **out,
                                 struct er_error *err)
{
    if (!w) return ER_OK;
    *out = er_alloc(er_net_parameters(p->normless.net), sizeof **out);
    if (!*out) return er_fail(err, ER_E_NOMEM, "measures: out of memory for weights without batch norm");
    return er_normless_weights(&p->normless, w, statistics, *out, err);
}

static enum er_status open(struct er_measured_run *run, struct er_error *err)
{
    if (run->perturbed) return ER_OK;
    struct er_perturbed *p = er_alloc(1, sizeof *p);
    if (!p) return er_fail(err, ER_E_NOMEM, "measures: out of memory");
    enum er_status status = er_normless_new(run->is.net, &p->normless, err);
    if (status == ER_OK) status = weights_of(p, run->is.w, run->is.statistics, &p->w, err);
    if (status == ER_OK)
        status = weights_of(p, run->is.initial_w, run->is.initial_statistics, &p->initial, err);
    if (status == ER_OK)
        run->perturbed = p;
    else
        er_perturbed_free(p);
    return status;
}

enum er_status er_measured_normless(struct er_measured_run *run, struct er_perturbed_weights *out,
                                    struct er_error *err)
{
    const enum er_status status = open(run, err);
    if (status != ER_OK) return status;
    *out =
        (struct er_perturbed_weights){&run->perturbed->normless, run->perturbed->w, run->perturbed->initial};
    return ER_OK;
}

/* --- Gaussian perturbations --- */

static void draw_normal(void *ctx, int64_t draw, int worker)
{
    const struct er_measured_run *run = ctx;
    const int64_t P = er_net_parameters(run->perturbed->normless.net);
    struct er_random random =
        er_random_open(run->is.seed, er_stream(ER_PURPOSE_PERTURBATION, (uint64_t)draw));
    float *to = run->perturbed->normal + draw * P;
    (void)worker;
    for (int64_t i = 0; i < P; i++) to[i] = (float)er_random_normal(&random);
}

static enum er_status prepare_normal(struct er_measured_run *run, struct er_error *err)
{
    struct er_perturbed *p = run->perturbed;
    const int64_t P = er_net_parameters(p->normless.net);
    if (p->normal) return ER_OK;
    const enum er_status status = er_memory_check(4.0 * DRAWS * (double)P, "measures: perturbations", err);
    if (status != ER_OK) return status;
    p->normal = er_alloc(DRAWS * P, sizeof *p->normal);
    if (!p->normal)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %d times %lld normal numbers",
                       (int)DRAWS, (long long)P);
    if (run->pool)
        er_pool_run(run->pool, DRAWS, draw_normal, run);
    else
        for (int64_t i = 0; i < DRAWS; i++) draw_normal(run, i, 0);
    return ER_OK;
}

/* At one size. */
struct sized {
    struct er_perturbed *p;
    enum er_perturbation which;
    double s;
};

/* w + u with u_i ~ N(0, share^2 w_i^2 + least^2), z standard normals. */
ER_VECTOR static void add_noise(int64_t n, const float *w, float share, float least, const float *z,
                                float *out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = w[i] + sqrtf(share * share * w[i] * w[i] + least * least) * z[i];
}

static void perturb(const void *ctx, int64_t draw, float *w)
{
    const struct sized *at = ctx;
    const int64_t P = er_net_parameters(at->p->normless.net);
    const bool relative = at->which == ER_PERTURBATION_SIGMA_MAGNITUDE;
    const double s = at->which == ER_PERTURBATION_SIGMA_RGM ? at->s * at->s : at->s;
    add_noise(P, at->p->w, relative ? (float)s : 0, relative ? (float)ER_PERTURBED_EPSILON : (float)s,
              at->p->normal + draw * P, w);
}

static struct er_deviation mean_deviation(void *ctx, double s)
{
    struct sized *at = ctx;
    at->s = s;
    return er_counter_deviation(&at->p->counter, at->p->error, DRAWS, perturb, at);
}

/* --- the worst of climbs --- */

static struct er_deviation worst_deviation(void *ctx, double s)
{
    struct sized *at = ctx;
    struct er_perturbed *p = at->p;
    struct er_deviation worst = {-1, 0};
    const struct er_box box =
        at->which == ER_PERTURBATION_ALPHA ? (struct er_box){0, s} : (struct er_box){s, ER_PERTURBED_EPSILON};
    er_climber_enter(&p->climber, box);
    for (int64_t r = 0; r < CLIMBS && worst.value <= ER_RADIUS_TARGET + ER_RADIUS_TOLERANCE; r++) {
        const struct er_deviation is =
            er_counter_deviation(&p->counter, p->error, 1, NULL, er_climber_top(&p->climber, r));
        if (is.value > worst.value) worst = is;
    }
    return worst;
}

/* --- searches --- */

static enum er_status prepare(struct er_measured_run *run, bool climbs, struct er_error *err)
{
    struct er_perturbed *p = run->perturbed;
    enum er_status status = ER_OK;
    if (!p->counts) {
        status = er_counter_new(p->normless.net, run->is.train, run->pool, &p->counter, err);
        if (status != ER_OK) return status;
        p->error = er_counter_error(&p->counter, p->w);
        p->counts = true;
    }
    if (!climbs) return prepare_normal(run, err);
    if (p->climbs) return ER_OK;
    status = er_climber_new(p->normless.net, run->is.train, p->w, run->is.seed, run->pool, &p->climber, err);
    p->climbs = status == ER_OK;
    return status;
}

static enum er_status find(struct er_perturbed *p, enum er_perturbation which, struct er_radius *out,
                           struct er_error *err)
{
    struct sized at = {.p = p, .which = which};
    const bool climbs = which == ER_PERTURBATION_ALPHA || which == ER_PERTURBATION_ALPHA_MAGNITUDE;
    if (which != ER_PERTURBATION_SIGMA_RGM)
        return er_radius_search(climbs ? worst_deviation : mean_deviation, &at, search[which].start,
                                search[which].name, out, err);
    if (er_reference_search(mean_deviation, &at, out)) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED,
                   "sigma: the last of the sizes tried, %g, changes the training error by %.3g", out->radius,
                   out->deviation);
}

enum er_status er_measured_radius(struct er_measured_run *run, enum er_perturbation which,
                                  struct er_radius *out, struct er_error *err)
{
    const bool climbs = which == ER_PERTURBATION_ALPHA || which == ER_PERTURBATION_ALPHA_MAGNITUDE;
    enum er_status status = open(run, err);
    if (status != ER_OK) return status;
    struct er_perturbed *p = run->perturbed;
    if (!p->found[which].known) {
        status = prepare(run, climbs, err);
        if (status != ER_OK) return status;
        p->found[which].status = find(p, which, &p->found[which].radius, &p->found[which].why);
        p->found[which].known = true;
    }
    if (p->found[which].status != ER_OK)
        return er_fail(err, p->found[which].status, "%s", p->found[which].why.msg);
    *out = p->found[which].radius;
    return ER_OK;
}

enum er_status er_measured_flatness(struct er_measured_run *run, enum er_perturbation which, double *out,
                                    struct er_error *err)
{
    struct er_radius is = {0};
    const enum er_status status = er_measured_radius(run, which, &is, err);
    if (status == ER_OK) *out = 1 / (is.radius * is.radius);
    return status;
}

enum er_status er_perturbed_bytes(const struct er_net *net, int64_t examples, int threads, size_t *bytes,
                                  struct er_error *err)
{
    struct er_normless normless = {0};
    struct er_plan *plan = NULL;
    const int64_t rows = examples < ER_PERTURBED_BATCH ? examples : ER_PERTURBED_BATCH;
    *bytes = 0;
    enum er_status status = er_normless_new(net, &normless, err);
    if (status == ER_E_UNSUPPORTED) return ER_OK;
    if (status == ER_OK) status = er_plan_new(normless.net, rows, &plan, err);
    if (status == ER_OK) {
        const size_t P = (size_t)er_net_parameters(normless.net),
                     climbers = threads < CLIMBS ? (size_t)threads : CLIMBS;
        *bytes = (2 + DRAWS + 2 * CLIMBS + climbers + (size_t)threads) * P * sizeof(float) +
                 climbers * er_plan_scratch_bytes(plan) +
                 (size_t)threads * er_plan_call_bytes(plan, 1, ER_PLAN_FORWARD) +
                 (size_t)threads * (size_t)(er_net_chunk(normless.net) * normless.net->n_in) * sizeof(float);
    }
    er_plan_free(plan);
    er_normless_clear(&normless);
    return status;
}
