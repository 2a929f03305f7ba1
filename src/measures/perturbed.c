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

/* --- errors counted --- */

struct counting {
    struct er_counter counter;
    double error; /* without a perturbation */
};

static enum er_status make_counting(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct counting *made = part;
    struct er_perturbed_weights of;
    (void)which;
    enum er_status status = er_measured_normless(run, &of, err);
    if (status == ER_OK)
        status = er_counter_new(of.normless->net, run->is.train, run->pool, &made->counter, err);
    if (status == ER_OK) made->error = er_counter_error(&made->counter, of.w);
    return status;
}

static void clear_counting(void *part)
{
    er_counter_clear(&((struct counting *)part)->counter);
}

static const struct er_part counting = {"counts of errors", sizeof(struct counting), make_counting,
                                        clear_counting, 0};

/* --- Gaussian perturbations --- */

struct normals {
    uint64_t seed;
    int64_t P;
    float *z; /* DRAWS x P */
};

static void draw_normal(void *ctx, int64_t draw, int worker)
{
    const struct normals *normals = ctx;
    const int64_t P = normals->P;
    struct er_random random =
        er_random_open(normals->seed, er_stream(ER_PURPOSE_PERTURBATION, (uint64_t)draw));
    float *to = normals->z + draw * P;
    (void)worker;
    for (int64_t i = 0; i < P; i++) to[i] = (float)er_random_normal(&random);
}

static enum er_status make_normals(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct normals *made = part;
    struct er_perturbed_weights of;
    (void)which;
    enum er_status status = er_measured_normless(run, &of, err);
    if (status != ER_OK) return status;
    const int64_t P = er_net_parameters(of.normless->net);
    status = er_memory_check(4.0 * DRAWS * (double)P, "measures: perturbations", err);
    if (status != ER_OK) return status;
    *made = (struct normals){run->is.seed, P, er_alloc(DRAWS * P, sizeof *made->z)};
    if (!made->z)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %d times %lld normal numbers",
                       (int)DRAWS, (long long)P);
    if (run->pool)
        er_pool_run(run->pool, DRAWS, draw_normal, made);
    else
        for (int64_t i = 0; i < DRAWS; i++) draw_normal(made, i, 0);
    return ER_OK;
}

static void clear_normals(void *part)
{
    er_free(((struct normals *)part)->z);
}

static const struct er_part normals = {"normal numbers", sizeof(struct normals), make_normals, clear_normals,
                                       0};

/* At one size. */
struct sized {
    struct er_perturbed_weights of;
    struct counting *counts;
    const float *z;             /* DRAWS x P; NULL: climbs */
    struct er_climber *climber; /* NULL: Gaussian ones */
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
    const int64_t P = er_net_parameters(at->of.normless->net);
    const bool relative = at->which == ER_PERTURBATION_SIGMA_MAGNITUDE;
    const double s = at->which == ER_PERTURBATION_SIGMA_RGM ? at->s * at->s : at->s;
    add_noise(P, at->of.w, relative ? (float)s : 0, relative ? (float)ER_PERTURBED_EPSILON : (float)s,
              at->z + draw * P, w);
}

static struct er_deviation mean_deviation(void *ctx, double s)
{
    struct sized *at = ctx;
    at->s = s;
    return er_counter_deviation(&at->counts->counter, at->counts->error, DRAWS, perturb, at);
}

/* --- the worst of climbs --- */

static struct er_deviation worst_deviation(void *ctx, double s)
{
    const struct sized *at = ctx;
    struct counting *counts = at->counts;
    struct er_deviation worst = {-1, 0};
    const struct er_box box =
        at->which == ER_PERTURBATION_ALPHA ? (struct er_box){0, s} : (struct er_box){s, ER_PERTURBED_EPSILON};
    er_climber_enter(at->climber, box);
    for (int64_t r = 0; r < CLIMBS && worst.value <= ER_RADIUS_TARGET + ER_RADIUS_TOLERANCE; r++) {
        const struct er_deviation is =
            er_counter_deviation(&counts->counter, counts->error, 1, NULL, er_climber_top(at->climber, r));
        if (is.value > worst.value) worst = is;
    }
    return worst;
}

static enum er_status make_climber(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct er_perturbed_weights of;
    const enum er_status status = er_measured_normless(run, &of, err);
    (void)which;
    return status == ER_OK
               ? er_climber_new(of.normless->net, run->is.train, of.w, run->is.seed, run->pool, part, err)
               : status;
}

static void clear_climber(void *part)
{
    er_climber_clear(part);
}

static const struct er_part climber = {"climbs", sizeof(struct er_climber), make_climber, clear_climber, 0};

/* --- searches --- */

static bool climbs(enum er_perturbation which)
{
    return which == ER_PERTURBATION_ALPHA || which == ER_PERTURBATION_ALPHA_MAGNITUDE;
}

/* What a search needs. */
static enum er_status prepare(struct er_measured_run *run, struct sized *at, struct er_error *err)
{
    const bool worst = climbs(at->which);
    void *counts, *made;
    enum er_status status = er_measured_normless(run, &at->of, err);
    if (status == ER_OK) status = er_measured_part(run, &counting, &counts, err);
    if (status == ER_OK) status = er_measured_part(run, worst ? &climber : &normals, &made, err);
    if (status != ER_OK) return status;
    at->counts = counts;
    if (worst)
        at->climber = made;
    else
        at->z = ((const struct normals *)made)->z;
    return ER_OK;
}

static enum er_status make_radius(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct er_radius *made = part;
    struct sized at = {.which = (enum er_perturbation)which};
    const enum er_status status = prepare(run, &at, err);
    if (status != ER_OK) return status;
    if (at.which != ER_PERTURBATION_SIGMA_RGM)
        return er_radius_search(climbs(at.which) ? worst_deviation : mean_deviation, &at, search[which].start,
                                search[which].name, made, err);
    if (er_reference_search(mean_deviation, &at, made)) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED,
                   "sigma: the last of the sizes tried, %g, changes the training error by %.3g", made->radius,
                   made->deviation);
}

enum er_status er_measured_radius(struct er_measured_run *run, enum er_perturbation which,
                                  struct er_radius *out, struct er_error *err)
{
#define RADIUS(WHICH) [WHICH] = { "a radius", sizeof(struct er_radius), make_radius, NULL, (WHICH) }
    static const struct er_part of[ER_PERTURBATIONS] = {
        RADIUS(ER_PERTURBATION_SIGMA), RADIUS(ER_PERTURBATION_SIGMA_MAGNITUDE),
        RADIUS(ER_PERTURBATION_SIGMA_RGM), RADIUS(ER_PERTURBATION_ALPHA),
        RADIUS(ER_PERTURBATION_ALPHA_MAGNITUDE)};
#undef RADIUS
    void *is;
    const enum er_status status = er_measured_part(run, &of[which], &is, err);
    if (status == ER_OK) *out = *(const struct er_radius *)is;
    return status;
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
