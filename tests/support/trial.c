/* trial.c - opening and closing of trials, guarded memory, comparisons. */
#include "support/trial.h"

#include "t.h"

#include <ermine/random.h>

enum { GUARD = 16 }; /* floats: a cache line, so that what lies between guards stays aligned */

static const unsigned char guard_byte = 0xA5;

struct trial_block {
    struct trial_block *next;
    float *at; /* the guard before */
    int64_t n;
};

static struct trial_block *take(struct trial *t, int64_t n)
{
    struct trial_block *b = er_alloc(1, sizeof *b);
    if (!b) abort();
    b->at = er_alloc(n + 2 * GUARD, sizeof *b->at);
    if (!b->at) abort();
    b->n = n;
    b->next = t->blocks;
    t->blocks = b;
    memset(b->at, guard_byte, (size_t)(n + 2 * GUARD) * sizeof *b->at);
    return b;
}

float *trial_floats(struct trial *t, int64_t n)
{
    float *v = take(t, n)->at + GUARD;
    for (int64_t i = 0; i < n; i++) v[i] = NAN;
    return v;
}

double *trial_doubles(struct trial *t, int64_t n)
{
    return (double *)(take(t, 2 * n)->at + GUARD);
}

float *trial_normal(struct trial *t, int64_t n, uint64_t stream)
{
    float *v = trial_floats(t, n);
    struct er_random r = er_random_open(t->is.seed, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < n; i++) v[i] = (float)er_random_normal(&r);
    return v;
}

double *trial_widened(struct trial *t, int64_t n, const float *v)
{
    double *w = trial_doubles(t, n);
    for (int64_t i = 0; i < n; i++) w[i] = (double)v[i];
    return w;
}

static bool guards(size_t n, const unsigned char *at)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] != guard_byte) return false;
    return true;
}

static void claim_scratch(struct trial *t)
{
    if (t->scratch)
        T_OK(guards(t->scratch_bytes - t->scratch_used, t->scratch + t->scratch_used),
             "%s: scratch ends where its size says", t->name);
}

void *trial_scratch(struct trial *t, int parts, bool tangents)
{
    claim_scratch(t);
    t->scratch_used = er_plan_call_bytes(t->plan, parts, tangents ? ER_PLAN_TANGENTS : ER_PLAN_BACKWARD);
    memset(t->scratch, 0xFF, t->scratch_used);
    memset(t->scratch + t->scratch_used, guard_byte, t->scratch_bytes - t->scratch_used);
    return t->scratch;
}

struct er_plan_call trial_call(struct trial *t, struct er_team *team, bool tangents)
{
    return (struct er_plan_call){
        .plan = t->plan,
        .network = &t->network,
        .x = t->x,
        .label = t->label,
        .scale = t->scale,
        .team = team,
        .scratch = trial_scratch(t, er_team_parts(team), tangents),
    };
}

static enum er_status open_net(const struct trial_case *c, struct er_net **net, struct er_error *err)
{
    struct er_model *model = NULL;
    enum er_status status = er_model_parse(c->text, &model, err);
    if (status == ER_OK) status = er_net_new(model, c->in, c->classes, c->loss, net, err);
    er_model_free(model);
    return status;
}

enum er_status trial_fits(const struct trial_case *c)
{
    struct er_net *net = NULL;
    struct er_error err = {0};
    const enum er_status status = open_net(c, &net, &err);
    er_net_free(net);
    return status;
}

/* What dropout keeps: where it leaves something of an input of ones. */
static void find_masks(struct trial *t)
{
    int64_t n = 0;
    t->mask = er_alloc(network_dropouts(t->oracle) + 1, sizeof *t->mask);
    for (int64_t i = 0; i < t->net->n && n < network_dropouts(t->oracle); i++) {
        const struct er_layer *l = &t->net->node[i].layer;
        if (strcmp(l->ops->name, "dropout") != 0) continue;
        const int64_t size = t->B * l->n_in;
        float *ones = trial_floats(t, size), *kept = trial_floats(t, size);
        float *cache = trial_floats(t, t->B * l->n_cache + l->n_cache_once);
        for (int64_t k = 0; k < size; k++) ones[k] = 1;
        l->ops->forward(l, &(struct er_pass){.plan = &t->plan->node[i].plan,
                                             .parts = 1,
                                             .training = true,
                                             .seed = t->network.seed,
                                             .step = t->network.step,
                                             .x = ones,
                                             .y = kept,
                                             .cache = cache});
        double *mask = t->mask[n++] = trial_doubles(t, size);
        for (int64_t k = 0; k < size; k++) mask[k] = kept[k] > 0;
    }
    network_set_masks(t->oracle, (const double *const *)t->mask);
}

static void draw(struct trial *t)
{
    struct er_random r = er_random_open(t->is.seed, er_stream(ER_PURPOSE_TEST, 1));
    er_net_initialise(t->net, t->is.seed, t->w, t->statistics);
    for (int64_t i = 0; i < t->P; i++) t->w[i] += 0.1f * (float)er_random_normal(&r);
    for (int64_t i = 0; i < t->S; i++) {
        const float u = (float)er_random_uniform(&r);
        t->statistics[i] = t->statistics[i] * (0.5f + u) + 0.3f * u;
    }
    for (int64_t i = 0; i < t->B; i++) t->label[i] = (int32_t)er_random_below(&r, t->is.classes);
}

bool trial_open(struct trial *t, const struct trial_case *c)
{
    struct er_error err = {0};
    *t = (struct trial){.is = *c, .B = c->rows, .scale = 1.0f / (float)c->rows};
    snprintf(t->name, sizeof t->name, "[%s] on %dx%dx%d, %d rows, %s over %d, %s, seed %d", c->text,
             (int)c->in.height, (int)c->in.width, (int)c->in.channels, (int)c->rows, c->loss, (int)c->classes,
             c->training ? "training" : "evaluation", (int)c->seed);
    T_STATUS(open_net(c, &t->net, &err), ER_OK, "%s", t->name);
    if (!t->net) return false;
    T_STATUS(er_plan_new(t->net, t->B, &t->plan, &err), ER_OK, "%s: plan", t->name);
    if (!t->plan) return false;
    t->D = er_net_inputs(t->net);
    t->O = er_net_outputs(t->net);
    t->P = er_net_parameters(t->net);
    t->S = er_net_statistics(t->net);
    t->scratch_bytes = er_plan_call_bytes(t->plan, TRIAL_PARTS, ER_PLAN_TANGENTS) + GUARD * sizeof(float);
    t->scratch = er_alloc((int64_t)t->scratch_bytes, 1);
    if (!t->scratch) abort();
    t->scratch_used = t->scratch_bytes;
    t->w = trial_floats(t, t->P);
    t->statistics = t->S ? trial_floats(t, t->S) : NULL;
    t->x = trial_normal(t, t->B * t->D, 0);
    t->label = (int32_t *)trial_floats(t, t->B);
    draw(t);
    t->network = (struct er_network){
        .w = t->w, .statistics = t->statistics, .training = c->training, .seed = c->seed, .step = 5};
    t->w2 = trial_widened(t, t->P, t->w);
    t->statistics2 = trial_widened(t, t->S, t->statistics);
    t->x2 = trial_widened(t, t->B * t->D, t->x);
    t->oracle = network_new(c->text, c->in.height, c->in.width, c->in.channels, t->O, c->loss);
    if (t->oracle && c->training) find_masks(t);
    return true;
}

void trial_close(struct trial *t)
{
    bool intact = true, kept = true;
    for (int64_t i = 0; t->x2 && i < t->P; i++) kept &= (double)t->w[i] == t->w2[i];
    for (int64_t i = 0; t->x2 && i < t->S; i++) kept &= (double)t->statistics[i] == t->statistics2[i];
    for (int64_t i = 0; t->x2 && i < t->B * t->D; i++) kept &= (double)t->x[i] == t->x2[i];
    T_OK(kept, "%s: nothing wrote to parameters, statistics or inputs", t->name);
    claim_scratch(t);
    while (t->blocks) {
        struct trial_block *b = t->blocks;
        const size_t bytes = GUARD * sizeof *b->at;
        intact &= guards(bytes, (unsigned char *)b->at);
        intact &= guards(bytes, (unsigned char *)(b->at + GUARD + b->n));
        t->blocks = b->next;
        er_free(b->at);
        er_free(b);
    }
    T_OK(intact, "%s: nothing was written beside an array", t->name);
    er_free(t->scratch);
    er_free(t->mask);
    network_free(t->oracle);
    er_plan_free(t->plan);
    er_net_free(t->net);
}

void trial_claim_close(const struct trial *t, const char *what, int64_t n, const float *got,
                       const double *want, double tolerance)
{
    double worst = 0, largest = 0.05;
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++) {
        const double off = fabs((double)got[i] - want[i]);
        largest = fmax(largest, fabs(want[i]));
        if (off <= worst) continue;
        at = i;
        worst = isnan(off) ? HUGE_VAL : off;
    }
    T_OK(worst <= tolerance * largest, "%s: %s[%d of %d] is %.9g, want %.9g; off by %.2g of %.3g", t->name,
         what, (int)at, (int)n, n ? (double)got[at] : 0, n ? want[at] : 0, worst / largest, largest);
}

void trial_claim_same_bits(const struct trial *t, const char *what, int64_t n, const float *got,
                           const float *want)
{
    int64_t at = 0;
    const char *a = (const char *)got, *b = (const char *)want; /* bytes: a NaN, too, equals itself */
    while (at < n && memcmp(a + 4 * at, b + 4 * at, 4) == 0) at++;
    T_OK(at == n, "%s: %s: bits of [%d of %d] differ: %.9g, want %.9g", t->name, what, (int)at, (int)n,
         at < n ? (double)got[at] : 0, at < n ? (double)want[at] : 0);
}

double trial_dot(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

void trial_check(const struct trial_case *c, bool differences)
{
    struct trial t;
    if (trial_open(&t, c)) {
        trial_check_oracle(&t);
        if (!T_SANITIZED && (differences || !t.oracle)) trial_check_differences(&t);
        trial_check_identities(&t);
        trial_check_rows(&t);
    }
    trial_close(&t);
}

void trial_check_many_rows(const struct trial_case *c)
{
    struct trial_case many = *c;
    struct trial t;
    many.rows = 70;
    if (trial_open(&t, &many)) trial_check_parts(&t);
    trial_close(&t);
}
