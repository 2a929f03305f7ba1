/* net_case.c - the cases of net_case.h. */
#include "support/net_case.h"

#include "t.h"

#include "oracles/network.h"

#include <ermine/random.h>
#include <pthread.h>

enum { PARTS = 3 };

void net_case_draw(uint64_t stream, int64_t n, float *v)
{
    struct er_random r = er_random_open(19, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < n; i++) v[i] = (float)er_random_normal(&r);
}

static double *doubled(int64_t n, const float *v)
{
    double *d = er_alloc(n, sizeof *d);
    for (int64_t i = 0; i < n; i++) d[i] = (double)v[i];
    return d;
}

static void fill(struct net_case *c)
{
    er_net_initialise(c->net, c->seed, c->w, c->statistics);
    struct er_random r = er_random_open(c->seed, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < c->P; i++) c->w[i] += 0.3f * (float)er_random_normal(&r);
    for (int64_t i = 0; i < c->S; i++)
        c->statistics[i] =
            c->statistics[i] > 0 ? 0.5f + (float)er_random_uniform(&r) : (float)er_random_normal(&r);
    for (int64_t i = 0; i < c->B * c->D; i++) c->x[i] = (float)(0.4 + 1.3 * er_random_normal(&r));
    for (int64_t b = 0; b < c->B; b++) c->label[b] = (int32_t)er_random_below(&r, c->classes);
    c->w64 = doubled(c->P, c->w);
    c->statistics64 = doubled(c->S, c->statistics);
    c->x64 = doubled(c->B * c->D, c->x);
    c->network = (struct er_network){.w = c->w, .statistics = c->statistics, .seed = 3, .step = 5};
}

bool net_case_open(struct net_case *c)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(c->text, &model, &err), ER_OK, "%s", c->text);
    if (!model) return false;
    T_STATUS(er_net_new(model, c->in, c->classes, c->loss, &c->net, &err), ER_OK, "%s", c->text);
    er_model_free(model);
    if (!c->net) return false;
    T_STATUS(er_plan_new(c->net, c->B, &c->plan, &err), ER_OK, "plan of %s", c->text);
    if (!c->plan) return false;
    c->P = er_net_parameters(c->net);
    c->S = er_net_statistics(c->net);
    c->D = er_net_inputs(c->net);
    c->O = er_net_outputs(c->net);
    c->oracle = network_new(c->text, c->in.height, c->in.width, c->in.channels, c->O, c->loss);
    if (!T_OK(c->oracle && network_parameters(c->oracle) == c->P && network_statistics(c->oracle) == c->S &&
                  network_width(c->oracle) == c->O,
              "%s: the oracle has as many parameters, statistics and outputs", c->text))
        return false;
    c->w = er_alloc(c->P, sizeof *c->w);
    c->statistics = er_alloc(c->S, sizeof *c->statistics);
    c->x = er_alloc(c->B * c->D, sizeof *c->x);
    c->label = er_alloc(c->B, sizeof *c->label);
    fill(c);
    return true;
}

void net_case_close(struct net_case *c)
{
    network_free(c->oracle);
    er_plan_free(c->plan);
    er_net_free(c->net);
    er_free(c->w);
    er_free(c->statistics);
    er_free(c->x);
    er_free(c->w64);
    er_free(c->statistics64);
    er_free(c->x64);
    er_free(c->label);
}

struct follower {
    pthread_t thread;
    struct er_team *team;
    int part;
};

static void *follow(void *ctx)
{
    const struct follower *f = ctx;
    er_team_follow(f->team, f->part);
    return NULL;
}

void net_case_run(const struct net_case *c, struct er_plan_call call, int parts)
{
    struct er_error err = {0};
    struct er_team *team = NULL;
    struct follower follower[PARTS];
    int started = 1;
    if (er_team_new(parts, &team, &err) != ER_OK) abort();
    for (; started < parts; started++) {
        follower[started] = (struct follower){.team = team, .part = started};
        if (pthread_create(&follower[started].thread, NULL, follow, &follower[started]) != 0) abort();
    }
    call.plan = c->plan;
    call.network = &c->network;
    call.x = c->x;
    call.label = c->label;
    call.team = team;
    call.scratch = er_alloc((int64_t)er_plan_call_bytes(c->plan, parts, ER_PLAN_TANGENTS), 1);
    er_plan_run(&call);
    er_free(call.scratch);
    er_team_dismiss(team);
    for (int i = 1; i < parts; i++) pthread_join(follower[i].thread, NULL);
    er_team_free(team);
}

static void close_to(const struct net_case *c, const char *what, int64_t n, const float *got,
                     const double *want, double tolerance)
{
    double largest = 0, worst = 0;
    int64_t where = 0;
    bool number = true;
    for (int64_t i = 0; i < n; i++) {
        const double off = fabs((double)got[i] - want[i]);
        largest = fmax(largest, fabs(want[i]));
        number = number && !isnan(off);
        if (off <= worst) continue;
        worst = off;
        where = i;
    }
    T_OK(number && worst <= tolerance * (1 + largest), "%s, %s, %s: %s[%lld] off by %g, entries up to %g",
         c->text, c->loss, c->network.training ? "training" : "evaluation", what, (long long)where, worst,
         largest);
}

/* What one network gives: everything in one block, in this order. */
enum { OUTPUTS, DW, DX, TF, HV, GV, READINGS };

static float *everything(const struct net_case *c, const float *tw, const float *tx, int parts,
                         int64_t at[READINGS + 1], double *loss)
{
    const int64_t n[READINGS] = {c->B * c->O, c->P, c->B * c->D, c->B * c->O, c->P, c->P};
    const float scale = 1.0f / (float)c->B;
    int64_t errors;
    at[0] = 0;
    for (int i = 0; i < READINGS; i++) at[i + 1] = at[i] + n[i];
    float *v = er_alloc(at[READINGS], sizeof *v);
    net_case_run(c, (struct er_plan_call){.outputs = v, .loss_sum = loss, .errors = &errors}, parts);
    net_case_run(c,
                 (struct er_plan_call){.scale = scale, .backward = true, .dw = v + at[DW], .dx = v + at[DX]},
                 parts);
    net_case_run(c, (struct er_plan_call){.tw = tw, .tx = tx, .tf = v + at[TF]}, parts);
    net_case_run(c, (struct er_plan_call){.scale = scale, .backward = true, .tw = tw, .tdw = v + at[HV]},
                 parts);
    net_case_run(c,
                 (struct er_plan_call){
                     .scale = scale, .backward = true, .tw = tw, .dw = v + at[GV], .gauss_newton = true},
                 parts);
    return v;
}

void net_case_check(const struct net_case *c, double tolerance)
{
    int64_t at[READINGS + 1];
    double loss, same;
    float *tw = er_alloc(c->P, sizeof *tw), *tx = er_alloc(c->B * c->D, sizeof *tx);
    net_case_draw(1, c->P, tw);
    net_case_draw(2, c->B * c->D, tx);
    float *got = everything(c, tw, tx, 1, at, &loss);
    double *want = er_alloc(at[READINGS], sizeof *want), *v = doubled(c->P, tw),
           *u = doubled(c->B * c->D, tx);
    const bool training = c->network.training;
    const double mean = network_loss(c->oracle, c->w64, c->statistics64, training, c->B, c->x64, c->label,
                                     want + at[OUTPUTS]);
    network_gradient(c->oracle, c->w64, c->statistics64, training, c->B, c->x64, c->label, want + at[DW],
                     want + at[DX]);
    network_directional(c->oracle, c->w64, (struct network_direction){.w = v, .x = u},
                        (struct network_direction){0}, c->statistics64, training, c->B, c->x64, NULL,
                        (struct network_tangents){.u = want + at[TF]});
    network_hessian_vector(c->oracle, c->w64, c->statistics64, training, c->B, c->x64, c->label, v,
                           want + at[HV], want + at[GV]);
    const char *const name[READINGS] = {"f", "dw", "dx", "tf", "Hv", "Gv"};
    T_CLOSE(loss / (double)c->B, mean, tolerance * (1 + mean), "%s, %s: loss", c->text, c->loss);
    for (int i = 0; i < READINGS; i++)
        close_to(c, name[i], at[i + 1] - at[i], got + at[i], want + at[i], tolerance);
    for (int parts = 2; parts <= PARTS; parts++) {
        float *other = everything(c, tw, tx, parts, at, &same);
        T_OK(memcmp(got, other, (size_t)at[READINGS] * sizeof *got) == 0 && same == loss,
             "%s: the same bits on %d threads", c->text, parts);
        er_free(other);
    }
    er_free(got);
    er_free(want);
    er_free(tw);
    er_free(tx);
    er_free(v);
    er_free(u);
}

void net_case_check_examples(const struct net_case *c, double tolerance)
{
    float *g = er_alloc(c->B * c->P, sizeof *g), *again = er_alloc(c->B * c->P, sizeof *again);
    double *want = er_alloc(c->P, sizeof *want);
    net_case_run(c, (struct er_plan_call){.scale = 1, .backward = true, .examples = g}, 1);
    net_case_run(c, (struct er_plan_call){.scale = 1, .backward = true, .examples = again}, PARTS);
    T_OK(memcmp(g, again, (size_t)(c->B * c->P) * sizeof *g) == 0, "%s: examples on %d threads", c->text,
         PARTS);
    for (int64_t b = 0; b < c->B; b++) {
        network_gradient(c->oracle, c->w64, c->statistics64, c->network.training, 1, c->x64 + b * c->D,
                         c->label + b, want, NULL);
        close_to(c, "an example's gradient", c->P, g + b * c->P, want, tolerance);
    }
    net_case_run(c, (struct er_plan_call){.scale = 1, .backward = true, .dw = again}, 1);
    for (int64_t i = 0; i < c->P; i++) {
        want[i] = 0;
        for (int64_t b = 0; b < c->B; b++) want[i] += (double)g[b * c->P + i];
    }
    close_to(c, "the sum of all examples' gradients", c->P, again, want, tolerance);
    er_free(g);
    er_free(again);
    er_free(want);
}
