#include "support/oracle_case.h"

#include "t.h"

#include <ermine/random.h>
#include <pthread.h>

enum { MOST_PARTS = 4 };

static void draw(uint64_t seed, uint64_t index, int64_t n, float *out, double *out64)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, index));
    for (int64_t i = 0; i < n; i++) out64[i] = (double)(out[i] = 0.5f * (float)er_random_normal(&r));
}

static void *room(int64_t n, size_t size)
{
    void *v = er_alloc(n, size);
    T_OK(v != NULL, "memory");
    return v;
}

static void fill(struct oracle_case *c, uint64_t seed)
{
    const int64_t BD = c->B * c->D, BK = c->B * c->K;
    float **const f32[] = {&c->w, &c->tw, &c->x, &c->tx, &c->f, &c->tf, &c->df, &c->dw, &c->dx};
    const int64_t n32[] = {c->P, c->P, BD, BD, BK, BK, BK, c->P, BD};
    double **const f64[] = {&c->w64, &c->tw64, &c->x64, &c->tx64, &c->f64, &c->tf64};
    for (int i = 0; i < 9; i++) *f32[i] = room(n32[i], sizeof(float));
    for (int i = 0; i < 6; i++) *f64[i] = room(n32[i], sizeof(double));
    c->label = room(c->B, sizeof *c->label);
    c->scratch = room((int64_t)er_plan_call_bytes(c->plan, MOST_PARTS, ER_PLAN_TANGENTS), 1);
    draw(seed, 0, c->P, c->w, c->w64);
    draw(seed, 1, c->P, c->tw, c->tw64);
    draw(seed, 2, BD, c->x, c->x64);
    draw(seed, 3, BD, c->tx, c->tx64);
    draw(seed, 4, BK, c->df, c->f64);
    for (int64_t b = 0; b < c->B; b++) c->label[b] = (int32_t)(b % 2);
}

bool oracle_case_open(struct oracle_case *c, const char *text, struct er_shape in, int64_t B, int64_t classes,
                      const char *loss, uint64_t seed)
{
    struct er_error err = {0};
    *c = (struct oracle_case){.text = text, .B = B, .D = er_shape_size(in)};
    c->oracle = network_new(text, in.height, in.width, in.channels, classes, loss);
    if (!T_OK(c->oracle != NULL, "%s: the oracle takes it", text)) return false;
    c->K = network_width(c->oracle);
    if (strcmp(loss, "mean-squared") == 0) classes = c->K;
    T_STATUS(er_model_parse(text, &c->model, &err), ER_OK, "%s", text);
    if (!c->model) return false;
    T_STATUS(er_net_new(c->model, in, classes, loss, &c->net, &err), ER_OK, "%s is bound", text);
    if (!c->net) return false;
    T_STATUS(er_plan_new(c->net, B, &c->plan, &err), ER_OK, "%s is planned", text);
    if (!c->plan) return false;
    c->P = er_net_parameters(c->net);
    if (!T_OK(c->P == network_parameters(c->oracle), "%s: parameters", text)) return false;
    fill(c, seed);
    return true;
}

void oracle_case_close(struct oracle_case *c)
{
    void *const block[] = {c->w,   c->tw,  c->x,    c->tx,  c->f,     c->tf,      c->df,   c->dw,  c->dx,
                           c->w64, c->x64, c->tw64, c->f64, c->label, c->scratch, c->tx64, c->tf64};
    for (size_t i = 0; i < sizeof block / sizeof *block; i++) er_free(block[i]);
    er_plan_free(c->plan);
    er_net_free(c->net);
    er_model_free(c->model);
    network_free(c->oracle);
}

static struct er_network network_of(const struct oracle_case *c)
{
    return (struct er_network){.w = c->w};
}

/* The largest difference over what is summed: 1 + the largest entry. */
static double off(int64_t n, const float *got, const double *want)
{
    double worst = 0, largest = 1;
    for (int64_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(want[i]));
        const double difference = fabs((double)got[i] - want[i]);
        if (!(difference <= worst)) worst = difference; /* a NaN stays */
    }
    return worst / largest;
}

/* a . b, and in *size the sum of sizes. */
static double dot(int64_t n, const float *a, const float *b, double *size)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += (double)a[i] * (double)b[i];
        *size += fabs((double)a[i] * (double)b[i]);
    }
    return sum;
}

void oracle_case_jacobian(struct oracle_case *c, double rounding)
{
    const struct er_network network = network_of(c);
    const int64_t BK = c->B * c->K;
    struct er_error err = {0};
    T_STATUS(er_plan_jvp(c->plan, &network, c->x, c->tw, c->tx, c->f, c->tf, c->scratch, &err), ER_OK,
             "%s: jvp", c->text);
    network_directional(c->oracle, c->w64, (struct network_direction){c->tw64, c->tx64},
                        (struct network_direction){0}, NULL, false, c->B, c->x64, NULL,
                        (struct network_tangents){.f = c->f64, .u = c->tf64});
    const double off_f = off(BK, c->f, c->f64), off_tf = off(BK, c->tf, c->tf64);
    T_OK(off_f < rounding, "%s: outputs off by %g", c->text, off_f);
    T_OK(off_tf < rounding, "%s: tangents off by %g", c->text, off_tf);
    for (uint64_t draw_of = 10; draw_of < 16; draw_of += 2) {
        T_STATUS(er_plan_vjp(c->plan, &network, c->x, c->df, c->dw, c->dx, c->scratch, &err), ER_OK,
                 "%s: vjp", c->text);
        double size = 0;
        const double left = dot(BK, c->df, c->tf, &size);
        const double right = dot(c->P, c->dw, c->tw, &size) + dot(c->B * c->D, c->dx, c->tx, &size);
        T_CLOSE(right, left, rounding * (1 + size), "%s: transposed Jacobian", c->text);
        draw(draw_of, 0, c->P, c->tw, c->tw64);
        draw(draw_of, 1, c->B * c->D, c->tx, c->tx64);
        draw(draw_of, 2, BK, c->df, c->f64);
        er_plan_jvp(c->plan, &network, c->x, c->tw, c->tx, c->f, c->tf, c->scratch, &err);
    }
}

static void check_examples(struct oracle_case *c, double rounding)
{
    const struct er_network network = network_of(c);
    struct er_error err = {0};
    float *each = room(c->B * c->P, sizeof *each);
    double *sum = room(c->P, sizeof *sum);
    T_STATUS(er_plan_examples(c->plan, &network, c->x, c->label, each, NULL, c->scratch, &err), ER_OK,
             "%s: examples", c->text);
    for (int64_t i = 0; i < c->B * c->P; i++) sum[i % c->P] += (double)each[i] / (double)c->B;
    const double off_sum = off(c->P, c->dw, sum);
    T_OK(off_sum < rounding, "%s: per-example gradients sum to another gradient, off by %g", c->text,
         off_sum);
    er_free(each);
    er_free(sum);
}

void oracle_case_hessian(struct oracle_case *c, double rounding)
{
    const struct er_network network = network_of(c);
    struct er_error err = {0};
    float *u = room(c->P, sizeof *u), *hv = room(c->P, sizeof *hv), *gv = room(c->P, sizeof *gv);
    double *u64 = room(c->P, sizeof *u64);
    const float mean = 1.0f / (float)c->B;
    T_STATUS(er_plan_gnvp(c->plan, &network, c->x, c->label, mean, c->tw, gv, c->scratch, &err), ER_OK,
             "%s: gnvp", c->text);
    T_STATUS(er_plan_hvp(c->plan, &network, c->x, c->label, mean, c->tw, c->dw, hv, c->scratch, &err), ER_OK,
             "%s: hvp", c->text);
    for (uint64_t i = 0; i < 3; i++) {
        draw(30 + i, 0, c->P, u, u64);
        const struct network_derivatives d = network_directional(
            c->oracle, c->w64, (struct network_direction){.w = u64}, (struct network_direction){.w = c->tw64},
            NULL, false, c->B, c->x64, c->label, (struct network_tangents){0});
        double size[3] = {1, 1, 1};
        const double got[3] = {dot(c->P, c->dw, u, &size[0]), dot(c->P, hv, u, &size[1]),
                               dot(c->P, gv, u, &size[2])};
        T_CLOSE(got[0], d.u, rounding * size[0], "%s: gradient", c->text);
        T_CLOSE(got[1], d.uv, rounding * size[1], "%s: Hessian-vector product", c->text);
        T_CLOSE(got[2], d.gauss_newton, rounding * size[2], "%s: Gauss-Newton product", c->text);
    }
    check_examples(c, rounding);
    er_free(u);
    er_free(hv);
    er_free(gv);
    er_free(u64);
}

struct follower {
    struct er_team *team;
    int part;
};

static void *follow(void *ctx)
{
    const struct follower *f = ctx;
    er_team_follow(f->team, f->part);
    return NULL;
}

static void run_in_parts(struct er_plan_call call, int parts)
{
    pthread_t thread[MOST_PARTS];
    struct follower follower[MOST_PARTS];
    if (!T_OK(er_team_new(parts, &call.team, NULL) == ER_OK, "a team of %d", parts)) return;
    for (int i = 1; i < parts; i++) {
        follower[i] = (struct follower){call.team, i};
        if (!T_OK(pthread_create(&thread[i], NULL, follow, &follower[i]) == 0, "a thread")) return;
    }
    er_plan_run(&call);
    er_team_dismiss(call.team);
    for (int i = 1; i < parts; i++) pthread_join(thread[i], NULL);
    er_team_free(call.team);
}

/* A sink that puts the pieces together again; parts write to disjoint places. */
struct gathered {
    float *dw;
    int64_t *times; /* that an entry came */
};

static void take(void *ctx, int64_t at, int64_t n, const float *g)
{
    struct gathered *to = ctx;
    memcpy(to->dw + at, g, (size_t)n * sizeof *g);
    for (int64_t i = at; i < at + n; i++) to->times[i]++;
}

static void same(const struct oracle_case *c, const char *what, int parts, int64_t n, const float *a,
                 const float *b)
{
    T_OK(memcmp(a, b, (size_t)n * sizeof *a) == 0, "%s: %s on %d parts has the bits of 1", c->text, what,
         parts);
}

static void check_sink(const struct oracle_case *c, struct er_plan_call call, int parts)
{
    struct gathered all = {room(c->P, sizeof *all.dw), room(c->P, sizeof *all.times)};
    const struct er_sink sink = {take, &all};
    bool once = true;
    call.tw = call.tx = NULL;
    call.tf = call.tdw = call.dw = NULL;
    call.sink = &sink;
    run_in_parts(call, parts);
    for (int64_t i = 0; i < c->P; i++) once = once && all.times[i] == 1;
    T_OK(once, "%s, %d parts: each entry of the gradient comes once", c->text, parts);
    same(c, "the gathered gradient", parts, c->P, all.dw, c->dw);
    er_free(all.dw);
    er_free(all.times);
}

void oracle_case_parts(struct oracle_case *c)
{
    const struct er_network network = network_of(c);
    const int64_t BD = c->B * c->D, BK = c->B * c->K, n[] = {BK, BK, c->P, BD, c->P};
    static const char *const what[] = {"f", "tf", "dw", "dx", "tdw"};
    float *one[5], *many[5];
    for (int i = 0; i < 5; i++) {
        one[i] = room(n[i], sizeof(float));
        many[i] = room(n[i], sizeof(float));
    }
    struct er_plan_call call = {.plan = c->plan,
                                .network = &network,
                                .x = c->x,
                                .label = c->label,
                                .scale = 1,
                                .scratch = c->scratch,
                                .tw = c->tw,
                                .tx = c->tx,
                                .backward = true};
    for (int parts = 1; parts <= MOST_PARTS; parts++) {
        float **out = parts == 1 ? one : many;
        struct er_plan_call plain = call;
        call.outputs = out[0], call.tf = out[1], call.dw = out[2], call.tdw = out[4];
        run_in_parts(call, parts);
        plain.tw = plain.tx = NULL, plain.tf = plain.tdw = plain.outputs = NULL;
        plain.dw = c->dw, plain.dx = out[3];
        run_in_parts(plain, parts);
        same(c, "dw without tangents", parts, c->P, c->dw, out[2]);
        for (int i = 0; i < 5 && parts > 1; i++) same(c, what[i], parts, n[i], many[i], one[i]);
        check_sink(c, call, parts);
    }
    for (int i = 0; i < 5; i++) {
        er_free(one[i]);
        er_free(many[i]);
    }
}
