/* Every layer with every loss: the gradient against signed finite differences.
 *
 * Two truths. Layers that the oracle knows: central differences of its loss in double, so that only the float
 * arithmetic of the library is in the difference. Every entry of layers.def, also one added tomorrow: central
 * differences of the library's own loss.
 */
#include "t.h"

#include "net/layer.h"
#include "oracles/mlp.h"

#include <ermine/random.h>

enum { B = 9, D = 7 };

struct batch {
    float x[B * D];
    int32_t label[B];
};

static struct batch draw_batch(int64_t classes, uint64_t seed)
{
    struct batch b;
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 0));
    for (int i = 0; i < B * D; i++) b.x[i] = (float)er_random_normal(&r);
    for (int i = 0; i < B; i++) b.label[i] = (int32_t)er_random_below(&r, classes);
    return b;
}

/* A net with its weights, gradient and scratch. */
struct fixture {
    struct er_model *model;
    struct er_net *net;
    struct er_plan *plan;
    struct er_network network;
    float *w, *statistics, *dw;
    void *scratch;
    int64_t P;
};

static void close_fixture(struct fixture *f)
{
    er_free(f->w);
    er_free(f->statistics);
    er_free(f->dw);
    er_free(f->scratch);
    er_plan_free(f->plan);
    er_net_free(f->net);
    er_model_free(f->model);
}

static bool open_fixture(struct fixture *f, const char *text, int64_t classes, const char *loss)
{
    struct er_error err = {0};
    *f = (struct fixture){0};
    T_STATUS(er_model_parse(text, &f->model, &err), ER_OK, "%s", text);
    if (!f->model) return false;
    T_STATUS(er_net_new(f->model, (struct er_shape){1, 1, D}, classes, loss, &f->net, &err), ER_OK, "%s, %s",
             text, loss);
    if (!f->net) return false;
    T_STATUS(er_plan_new(f->net, B, &f->plan, &err), ER_OK, "plan of %s", text);
    if (!f->plan) return false;
    f->P = er_net_parameters(f->net);
    f->w = er_alloc(f->P, sizeof *f->w);
    f->statistics = er_alloc(er_net_statistics(f->net), sizeof *f->statistics);
    f->dw = er_alloc(f->P, sizeof *f->dw);
    f->scratch = er_alloc((int64_t)er_plan_scratch_bytes(f->plan), 1);
    if (!f->w || !f->statistics || !f->dw || !f->scratch) return T_OK(false, "memory");
    er_net_initialise(f->net, 1, f->w, f->statistics);
    f->network = (struct er_network){.w = f->w, .statistics = f->statistics};
    struct er_random r = er_random_open(2, er_stream(ER_PURPOSE_TEST, 1)); /* biases away from 0, too */
    for (int64_t i = 0; i < f->P; i++) f->w[i] += 0.1f * (float)er_random_normal(&r);
    return true;
}

static double loss_at(struct fixture *f, const struct batch *b)
{
    double loss;
    int64_t errors;
    er_plan_loss(f->plan, &f->network, b->x, b->label, &loss, &errors, f->scratch);
    return loss;
}

/* Differences of the library's own mean loss at w - 2h .. w + 2h, h = 2^-7: float errors of about 1e-6 weigh
 * 1e-4. Where the loss is smooth the three second differences agree to h^2; a kink anywhere in between makes
 * them differ by at least half of its jump in slope. Parameters with such a kink are passed over and must
 * stay rare. */
static void check_generic(const char *layer, const char *loss, int64_t classes)
{
    char text[128];
    snprintf(text, sizeof text, "[dense 6, %s%s, dense]", layer,
             strcmp(layer, "dense") == 0     ? " 5"
             : strcmp(layer, "scale") == 0   ? " 1.5"
             : strcmp(layer, "gain") == 0    ? " 0.7"
             : strcmp(layer, "dropout") == 0 ? " 0.5"
             : er_layer_joins(layer)         ? ": [[dense 6 scale=0.3, tanh], tanh]"
                                             : "");
    struct fixture f;
    if (open_fixture(&f, text, classes, loss)) {
        const struct batch b = draw_batch(classes, 6);
        const float h = 1.0f / 128;
        double sum, worst = 0, largest = 0;
        int64_t errors, kinks = 0;
        er_plan_gradient(f.plan, &f.network, b.x, b.label, 1.0f / B, f.dw, &sum, &errors, f.scratch);
        T_CLOSE(sum, loss_at(&f, &b), 1e-12 * fabs(sum), "%s, %s: both calls give one loss", text, loss);
        for (int64_t i = 0; i < f.P; i++) {
            const float w0 = f.w[i];
            double at[5];
            for (int j = 0; j < 5; j++) {
                f.w[i] = w0 + (float)(j - 2) * h;
                at[j] = loss_at(&f, &b) / (B * (double)h);
            }
            f.w[i] = w0;
            double least = INFINITY, most = -INFINITY;
            for (int j = 1; j < 4; j++) {
                const double second = at[j - 1] - 2 * at[j] + at[j + 1];
                least = fmin(least, second);
                most = fmax(most, second);
            }
            const double slope = (at[3] - at[1]) / 2;
            largest = fmax(largest, fabs(slope));
            if (most - least > 4e-3)
                kinks++;
            else
                worst = fmax(worst, fabs(slope - (double)f.dw[i]));
        }
        T_OK(worst < 4e-3, "%s, %s, %d classes: gradient off by %g", text, loss, (int)classes, worst);
        T_OK(largest > 0.05, "%s, %s: the gradient is not flat", text, loss);
        T_OK(kinks <= f.P / 4, "%s, %s: %d of %d at a kink", text, loss, (int)kinks, (int)f.P);
    }
    close_fixture(&f);
}

/* Differences of the oracle in double at step 1e-6: error 1e-9; float gradients of 20 or so terms of size 1:
 * 1e-5. */
static void check_oracle(const char *activation, const char *loss, int64_t classes)
{
    char text[128];
    snprintf(text, sizeof text, "[dense 6, %s, dense 5, %s, dense]", activation, activation);
    struct fixture f;
    if (open_fixture(&f, text, classes, loss)) {
        const int64_t K = er_net_outputs(f.net);
        const struct mlp oracle = {
            .layers = 3, .width = {D, 6, 5, K}, .activation = activation, .loss = loss};
        T_EQ_INT(f.P, mlp_parameters(&oracle), "%s: parameters", text);
        const struct batch b = draw_batch(classes, 4);
        double *w = er_alloc(f.P, sizeof *w), out[B * 8], sum;
        float got[B * 8];
        int64_t errors, expected_errors = 0;
        for (int64_t i = 0; i < f.P; i++) w[i] = (double)f.w[i];
        const double mean = mlp_loss(&oracle, w, B, b.x, b.label, out);
        er_plan_gradient(f.plan, &f.network, b.x, b.label, 1.0f / B, f.dw, &sum, &errors, f.scratch);
        T_CLOSE(sum / B, mean, 2e-6 * (1 + mean), "%s, %s: loss", text, loss);
        er_plan_outputs(f.plan, &f.network, b.x, got, f.scratch);
        for (int64_t i = 0; i < B * K; i++) T_CLOSE(got[i], out[i], 1e-5, "%s: output %d", text, (int)i);
        for (int64_t e = 0; e < B; e++) {
            int right = K == 1 ? (b.label[e] == 1 ? out[e] > 0 : out[e] < 0) : 1;
            for (int64_t k = 0; K > 1 && k < K; k++)
                if (k != b.label[e] && out[e * K + k] >= out[e * K + b.label[e]]) right = 0;
            expected_errors += !right;
        }
        T_EQ_INT(errors, expected_errors, "%s, %s: errors", text, loss);
        for (int64_t i = 0; i < f.P; i++)
            T_CLOSE(f.dw[i], mlp_slope(&oracle, w, i, 1e-6, B, b.x, b.label), 1e-5, "%s, %s: dw[%d]", text,
                    loss, (int)i);
        er_free(w);
    }
    close_fixture(&f);
}

int main(void)
{
    struct er_layer_info layer;
    struct er_loss_info loss;
    const char *const known[] = {"relu", "tanh", "erf", "identity"};
    for (int64_t j = 0; er_loss_describe(j, &loss); j++)
        for (int64_t classes = 2; classes <= 3; classes++) {
            for (int64_t i = 0; er_layer_describe(i, &layer); i++)
                check_generic(layer.name, loss.name, classes);
            check_generic("dense 4 init=ntk scale=1.5 bias_scale=0.3, relu", loss.name, classes);
            check_generic("dense 4 bias=false, tanh", loss.name, classes);
            for (int i = 0; i < 4; i++) check_oracle(known[i], loss.name, classes);
        }
    return t_done();
}
