/* dense.c - a fully connected layer.
 *
 *     y[b,o] = s sum_i x[b,i] W[i,o] + t beta[o]
 *     dW[i,o] = s sum_b x[b,i] dy[b,o]     dbeta[o] = t sum_b dy[b,o]     dx[b,i] = s sum_o dy[b,o] W[i,o]
 *
 * I inputs (an image is taken as one long vector), O outputs. Parameters: W (I x O, row-major), then beta (O)
 * unless bias=false. They start as independent normal numbers (c = scale, v = bias_scale):
 *
 *     init       s            std of W             t    std of beta
 *     he         1            c sqrt(2 / I)        1    v            He et al., ICCV 2015, eq. 10
 *     glorot     1            c sqrt(2 / (I + O))  1    v            Glorot and Bengio, AISTATS 2010, eq. 12
 *     standard   1            c / sqrt(I)          1    v            LeCun et al., "Efficient BackProp", 1998
 *     ntk        c / sqrt(I)  1                    v    1            Jacot et al., NeurIPS 2018, section 2
 *     uniform    1            W, beta ~ U(-c/sqrt(I), c/sqrt(I))     the default of PyTorch's nn.Linear
 *
 * Glorot and Bengio draw from the uniform distribution of that variance (their eq. 16); here all but
 * `uniform` are normal. With ntk, v multiplies the bias throughout: at its default, 0, the bias has no
 * effect.
 */
#include "core/vector.h"
#include "net/layer.h"

#include <ermine/random.h>
#include <math.h>

enum { WIDTH, INIT, SCALE, BIAS, BIAS_SCALE };
enum { HE, GLOROT, STANDARD, NTK, UNIFORM };
enum { FORWARD, BACKWARD_W, BACKWARD_X };

static const struct er_layer_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1 << 24, NULL, "",
     "outputs; may be left out in the last dense layer, which gives what the loss needs"},
    {"init", ER_ARGUMENT_CHOICE, false, 0, 0, "he glorot standard ntk uniform", "he",
     "distribution of the initial weights; ntk also scales the layer"},
    {"scale", ER_ARGUMENT_REAL, false, 0, 1e6, NULL, "1",
     "factor on the weights (ntk: throughout; else: at the start)"},
    {"bias", ER_ARGUMENT_CHOICE, false, 0, 0, "false true", "true", "whether there is a bias"},
    {"bias_scale", ER_ARGUMENT_REAL, false, 0, 1e6, NULL, "0",
     "standard deviation of the initial bias (ntk: factor on the bias throughout)"},
    {NULL, ER_ARGUMENT_INTEGER, false, 0, 0, NULL, NULL, NULL},
};

static bool has_bias(const struct er_layer *l)
{
    return l->argument[BIAS] > 0;
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    const bool drawn_like_weights = (int)l->argument[INIT] == UNIFORM;
    if (l->argument[BIAS_SCALE] > 0 && (drawn_like_weights || !has_bias(l)))
        return er_fail(err, ER_E_SHAPE, "dense: bias_scale does not go with %s",
                       drawn_like_weights ? "init=uniform, which draws the bias as it draws the weights"
                                          : "bias=false");
    l->out = (struct er_shape){1, 1, (int64_t)l->argument[WIDTH]};
    er_layer_size(l);
    l->n_parameters = (l->n_in + has_bias(l)) * l->n_out;
    l->flops = 2 * (double)l->n_in * (double)l->n_out;
    return ER_OK;
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    const int64_t B = p->rows, I = l->n_in, O = l->n_out;
    p->gemm[FORWARD] = (struct er_gemm){.m = B, .n = O, .k = I, .lda = I, .ldb = O, .ldc = O};
    p->gemm[BACKWARD_W] =
        (struct er_gemm){.m = I, .n = O, .k = B, .lda = I, .ldb = O, .ldc = O, .a_transposed = true};
    p->gemm[BACKWARD_X] = (struct er_gemm){.m = B, .n = I, .k = O, .lda = O, .ldb = I, .ldc = I};
    p->n_scratch = I * O; /* W transposed */
    for (int g = FORWARD; g <= BACKWARD_X; g++) {
        enum er_status status = er_gemm_plan(&p->gemm[g], err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    const double I = (double)l->n_in, O = (double)l->n_out, c = l->argument[SCALE];
    const double std[] = {c * sqrt(2 / I), c * sqrt(2 / (I + O)), c / sqrt(I), 1, c / sqrt(I)};
    const int init = (int)l->argument[INIT];
    const int64_t n_weights = l->n_in * l->n_out;
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_INITIALISE, l->index));
    if (init == UNIFORM) {
        for (int64_t i = 0; i < l->n_parameters; i++)
            w[i] = (float)(std[UNIFORM] * (2 * er_random_uniform(&r) - 1));
        return;
    }
    const double std_bias = init == NTK ? 1 : l->argument[BIAS_SCALE];
    for (int64_t i = 0; i < n_weights; i++) w[i] = (float)(std[init] * er_random_normal(&r));
    for (int64_t i = n_weights; i < l->n_parameters; i++) w[i] = (float)(std_bias * er_random_normal(&r));
}

/* s and t of the formulas above. */
static float weight_factor(const struct er_layer *l)
{
    return (int)l->argument[INIT] == NTK ? (float)(l->argument[SCALE] / sqrt((double)l->n_in)) : 1.0f;
}

static float bias_factor(const struct er_layer *l)
{
    return (int)l->argument[INIT] == NTK ? (float)l->argument[BIAS_SCALE] : 1.0f;
}

static void multiply(int64_t n, float factor, float *v)
{
    if (factor == 1.0f) return;
    for (int64_t i = 0; i < n; i++) v[i] *= factor;
}

/* y[b,:] += t beta for every row. */
ER_VECTOR
static void add_bias(int64_t B, int64_t O, float t, const float *restrict beta, float *restrict y)
{
    for (int64_t b = 0; b < B; b++, y += O) {
#pragma omp simd
        for (int64_t o = 0; o < O; o++) y[o] += t * beta[o];
    }
}

/* dbeta = t sum_b dy[b,:], rows in their order. */
ER_VECTOR
static void sum_rows(int64_t B, int64_t O, float t, const float *restrict dy, float *restrict dbeta)
{
    for (int64_t o = 0; o < O; o++) dbeta[o] = 0;
    for (int64_t b = 0; b < B; b++, dy += O) {
#pragma omp simd
        for (int64_t o = 0; o < O; o++) dbeta[o] += t * dy[o];
    }
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t O = l->n_out;
    er_gemm_run(&p->plan->gemm[FORWARD], p->x, p->w, p->y);
    multiply(p->plan->rows * O, weight_factor(l), p->y);
    if (has_bias(l)) add_bias(p->plan->rows, O, bias_factor(l), p->w + l->n_in * O, p->y);
}

static void backward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    er_gemm_run(&p->plan->gemm[BACKWARD_W], p->x, p->dy, p->dw);
    multiply(I * O, weight_factor(l), p->dw);
    if (has_bias(l)) sum_rows(p->plan->rows, O, bias_factor(l), p->dy, p->dw + I * O);
    if (!p->dx) return;
    er_transpose(I, O, p->w, p->scratch);
    er_gemm_run(&p->plan->gemm[BACKWARD_X], p->dy, p->scratch, p->dx);
    multiply(p->plan->rows * I, weight_factor(l), p->dx);
}

const struct er_layer_ops er_layer_dense = {
    .name = "dense",
    .help = "fully connected: y = x W + b",
    .argument = argument,
    .bind = bind,
    .plan = plan,
    .initialise = initialise,
    .forward = forward,
    .backward = backward,
};
