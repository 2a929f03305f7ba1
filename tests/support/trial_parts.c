/* trial_parts.c - everything that may change no bit: the number of threads, the gradient taken in pieces,
 * what a plan was used for before.
 */
#include "support/trial.h"
#include "t.h"

#include <pthread.h>

/* A team whose followers wait in threads. */
struct crew {
    struct er_team *team;
    pthread_t thread[TRIAL_PARTS];
    struct place {
        struct er_team *team;
        int part;
    } place[TRIAL_PARTS];
    int parts;
};

static void *follow(void *ctx)
{
    const struct place *p = ctx;
    er_team_follow(p->team, p->part);
    return NULL;
}

static void crew_open(struct crew *c, int parts)
{
    c->parts = parts;
    if (er_team_new(parts, &c->team, NULL) != ER_OK) abort();
    for (int i = 1; i < parts; i++) {
        c->place[i] = (struct place){c->team, i};
        if (pthread_create(&c->thread[i], NULL, follow, &c->place[i]) != 0) abort();
    }
}

static void crew_close(struct crew *c)
{
    er_team_dismiss(c->team);
    for (int i = 1; i < c->parts; i++) pthread_join(c->thread[i], NULL);
    er_team_free(c->team);
}

/* What a sink was given. */
struct pieces {
    float *g;
    unsigned char *times;
    int64_t n;
};

static void take_piece(void *ctx, int64_t at, int64_t n, const float *g)
{
    struct pieces *p = ctx;
    if (at < 0 || n < 0 || at + n > p->n) abort();
    memcpy(p->g + at, g, (size_t)n * sizeof *g);
    for (int64_t i = at; i < at + n; i++) p->times[i]++;
}

/* All that calls give, in one block after another. */
struct results {
    float *outputs, *dw, *dx, *jv, *hv, *gv, *dw_beside, *statistics, *examples;
    double loss;
    int64_t errors;
};

static struct results run(struct trial *t, struct er_team *team)
{
    const int64_t P = t->P;
    const bool rows_mix = t->is.training && er_net_mixes_rows(t->net);
    const float *v = trial_normal(t, P, 12), *z = trial_normal(t, t->B * t->D, 13);
    struct results r = {
        .outputs = trial_floats(t, t->B * t->O),
        .dw = trial_floats(t, P),
        .dx = trial_floats(t, t->B * t->D),
        .jv = trial_floats(t, t->B * t->O),
        .hv = trial_floats(t, P),
        .gv = trial_floats(t, P),
        .dw_beside = trial_floats(t, P),
        .statistics = trial_floats(t, t->S),
        .examples = rows_mix ? NULL : trial_floats(t, t->B * P),
    };
    if (t->S) memcpy(r.statistics, t->statistics, (size_t)t->S * sizeof *r.statistics);
    struct er_plan_call call = trial_call(t, team, true);
    call.statistics_next = t->S ? r.statistics : NULL;
    call.loss_sum = &r.loss;
    call.errors = &r.errors;
    call.outputs = r.outputs;
    call.backward = true;
    call.dw = r.dw;
    call.dx = r.dx;
    er_plan_run(&call);
    call = trial_call(t, team, true);
    call.tw = v;
    call.tx = z;
    call.tf = r.jv;
    er_plan_run(&call);
    call = trial_call(t, team, true);
    call.backward = true;
    call.dw = r.dw_beside;
    call.tw = v;
    call.tdw = r.hv;
    er_plan_run(&call);
    call = trial_call(t, team, true);
    call.backward = call.gauss_newton = true;
    call.dw = r.gv;
    call.tw = v;
    er_plan_run(&call);
    if (!r.examples) return r;
    call = trial_call(t, team, false);
    call.backward = true;
    call.examples = r.examples;
    er_plan_run(&call);
    return r;
}

static void compare(const struct trial *t, const char *what, const struct results *r,
                    const struct results *want)
{
    const struct {
        const char *name;
        int64_t n;
        const float *got, *want;
    } pair[] = {
        {"outputs", t->B * t->O, r->outputs, want->outputs},
        {"dw", t->P, r->dw, want->dw},
        {"dx", t->B * t->D, r->dx, want->dx},
        {"J v", t->B * t->O, r->jv, want->jv},
        {"H v", t->P, r->hv, want->hv},
        {"G v", t->P, r->gv, want->gv},
        {"dw beside H v", t->P, r->dw_beside, want->dw_beside},
        {"statistics", t->S, r->statistics, want->statistics},
        {"per-example gradients", r->examples ? t->B * t->P : 0, r->examples, want->examples},
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s, %s", pair[i].name, what);
        trial_claim_same_bits(t, name, pair[i].n, pair[i].got, pair[i].want);
    }
    T_OK(r->loss == want->loss && r->errors == want->errors, "%s: the loss, %s", t->name, what);
}

/* The pieces of the gradient are dw, each parameter once. */
static void check_pieces(struct trial *t, struct er_team *team, const float *dw)
{
    struct pieces p = {
        .g = trial_floats(t, t->P), .times = (unsigned char *)trial_floats(t, t->P), .n = t->P};
    const struct er_sink sink = {take_piece, &p};
    bool once = true;
    memset(p.times, 0, (size_t)t->P);
    struct er_plan_call call = trial_call(t, team, false);
    call.backward = true;
    call.sink = &sink;
    er_plan_run(&call);
    for (int64_t i = 0; i < t->P; i++) once &= p.times[i] == 1;
    T_OK(once, "%s: every parameter is in one piece", t->name);
    trial_claim_same_bits(t, "dw in pieces", t->P, p.g, dw);
}

/* A plan's scratch as the last call left it serves as well as any. */
static void check_reuse(struct trial *t, const struct results *want)
{
    float *dw = trial_floats(t, t->P);
    void *scratch = trial_scratch(t, 1, false);
    double sum;
    int64_t errors;
    for (int i = 0; i < 2; i++) {
        er_plan_gradient(t->plan, &t->network, t->x, t->label, t->scale, dw, &sum, &errors, scratch);
        trial_claim_same_bits(t, i ? "dw of a second call" : "dw of a first call", t->P, dw, want->dw);
    }
}

/* Trials take turns with the number of threads: threads that outnumber the processors wait long for each other. */
void trial_check_parts(struct trial *t)
{
    static int trials;
    const int parts = 2 + trials++ % (TRIAL_PARTS - 1);
    const struct results want = run(t, NULL);
    struct crew c = {0};
    check_pieces(t, NULL, want.dw);
    check_reuse(t, &want);
    crew_open(&c, parts);
    const struct results r = run(t, c.team);
    compare(t, parts == 2 ? "two threads" : "three threads", &r, &want);
    check_pieces(t, c.team, want.dw);
    crew_close(&c);
}
