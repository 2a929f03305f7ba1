/* Initial weights: standard deviations by their formulas, independence of streams, and what the NTK scaling
 * means. */
#include "t.h"

#include <ermine/net.h>

enum { I = 400, H = 250 };

struct drawn {
    struct er_model *model;
    struct er_net *net;
    float *w;
};

static struct drawn draw(const char *text, uint64_t seed)
{
    struct er_error err = {0};
    struct drawn d = {0};
    T_STATUS(er_model_parse(text, &d.model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(d.model, (struct er_shape){1, 1, I}, 10, "cross-entropy", &d.net, &err), ER_OK, "%s",
             text);
    d.w = er_alloc(er_net_parameters(d.net), sizeof *d.w);
    er_net_initialise(d.net, seed, d.w, NULL);
    return d;
}

static void discard(struct drawn *d)
{
    er_free(d->w);
    er_net_free(d->net);
    er_model_free(d->model);
}

/* Mean and standard deviation of n = 100,000 draws: errors std/sqrt(n) and std/sqrt(2n), five of each
 * allowed. */
static void check_std(const char *init, double want)
{
    char text[128];
    snprintf(text, sizeof text, "[dense %d %s, relu, dense]", H, init);
    struct drawn d = draw(text, 5);
    const int64_t n = I * H;
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)d.w[i];
    for (int64_t i = 0; i < n; i++) squares += pow((double)d.w[i] - sum / (double)n, 2);
    T_CLOSE(sum / (double)n, 0, 5 * want / sqrt((double)n), "%s: mean", init);
    T_CLOSE(sqrt(squares / (double)n), want, 5 * want / sqrt(2 * (double)n), "%s: standard deviation", init);
    for (int64_t i = 0; i < H; i++)
        if (!strstr(init, "bias_scale") && !strstr(init, "uniform") && !strstr(init, "ntk"))
            T_OK(d.w[n + i] == 0, "%s: bias %d is 0", init, (int)i);
    discard(&d);
}

static void outputs(struct drawn *d, const float *x, float *f)
{
    struct er_error err = {0};
    struct er_plan *plan = NULL;
    T_STATUS(er_plan_new(d->net, 1, &plan, &err), ER_OK, "plan");
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    er_plan_outputs(plan, &(struct er_network){.w = d->w}, x, f, scratch);
    er_free(scratch);
    er_plan_free(plan);
}

int main(void)
{
    check_std("init=he", sqrt(2.0 / I));
    check_std("scale=3", 3 * sqrt(2.0 / I));
    check_std("init=glorot", sqrt(2.0 / (I + H)));
    check_std("init=standard", 1 / sqrt(I));
    check_std("init=ntk", 1);
    check_std("init=ntk scale=7", 1);
    check_std("init=uniform", 1 / sqrt(3.0 * I));

    struct drawn a = draw("[dense 250, relu, dense]", 1), b = draw("[dense 250, relu, dense]", 1);
    struct drawn c = draw("[dense 250, relu, dense]", 2),
                 deeper = draw("[dense 250, relu, dense 10, relu, dense]", 1);
    const size_t first = (size_t)I * H * sizeof(float);
    T_OK(memcmp(a.w, b.w, first) == 0, "a function of the seed");
    T_OK(memcmp(a.w, c.w, first) != 0, "another seed, other weights");
    T_OK(memcmp(a.w, deeper.w, first) == 0, "the first layer does not depend on what follows");
    discard(&a);
    discard(&b);
    discard(&c);
    discard(&deeper);

    /* NTK: with the same draws, y = s x W is the standard layer's: both parameterisations are the same
     * function */
    struct drawn standard =
        draw("[dense 250 init=standard scale=1.3, tanh, dense init=standard scale=1.3]", 9);
    struct drawn ntk = draw("[dense 250 init=ntk scale=1.3, tanh, dense init=ntk scale=1.3]", 9);
    float x[I], f[10], g[10];
    for (int i = 0; i < I; i++) x[i] = (float)((i * 37) % 19 - 9) / 9;
    outputs(&standard, x, f);
    outputs(&ntk, x, g);
    for (int k = 0; k < 10; k++) T_CLOSE(g[k], f[k], 2e-5, "NTK and standard parameterisation: output %d", k);
    discard(&standard);
    discard(&ntk);
    return t_done();
}
