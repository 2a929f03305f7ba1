/* dense.c - a fully connected layer.
 *
 *     y[b,o] = s sum_i x[b,i] W[i,o] + t beta[o]
 *     dW[i,o] = s sum_b x[b,i] dy[b,o]     dbeta[o] = t sum_b dy[b,o]     dx[b,i] = s sum_o dy[b,o] W[i,o]
 *
 * and, along (tW, tbeta, tx):   ty = s (tx W + x tW) + t tbeta
 *                               tdx = s (tdy W' + dy tW')     tdW = s (tx' dy + x' tdy)     tdbeta = t sum
 * tdy
 *
 * I inputs (an image is taken as one long vector), O outputs. Parameters: W (I x O, row-major), then beta (O)
 * unless bias=false; s, t and how they start: net/weights.h.
 *
 * Products go in blocks: ROWS rows of the batch, so that bias and the activation behind find them in the
 * first cache; UNITS rows of dW, each of which the optimiser takes while it is there.
 */
#include "net/rows.h"
#include "net/weights.h"

#include <string.h>

enum { WIDTH, WEIGHTS };
enum { ROWS = 32, UNITS = 32 };
/* Products: each for a whole block, then for the rest of the last one. */
enum { FORWARD, BACKWARD_X = 2, BACKWARD_W = 4 };

static const struct er_argument argument[] = {
    {"width", ER_ARGUMENT_INTEGER, true, 1, 1 << 24, NULL, "",
     "outputs; may be left out in the last dense layer, which gives what the loss needs"},
    ER_WEIGHTS_ARGUMENTS,
    {0},
};

static bool has_bias(const struct er_layer *l)
{
    return er_weights_has_bias(l->argument + WEIGHTS);
}

static float weight_factor(const struct er_layer *l)
{
    return er_weights_factor(l->argument + WEIGHTS, l->n_in);
}

static float bias_factor(const struct er_layer *l)
{
    return er_weights_bias_factor(l->argument + WEIGHTS);
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    l->out = (struct er_shape){1, 1, (int64_t)l->argument[WIDTH]};
    er_layer_size(l);
    l->n_parameters = (l->n_in + has_bias(l)) * l->n_out;
    l->flops = 2 * (double)l->n_in * (double)l->n_out;
    return er_weights_check("dense", l->argument + WEIGHTS, err);
}

static enum er_status plan_blocks(struct er_gemm gemm[2], struct er_gemm shape, int64_t n, int64_t block,
                                  struct er_error *err)
{
    const int64_t rows[2] = {n < block ? n : block, n % block};
    for (int i = 0; i < 2; i++) {
        gemm[i] = shape;
        gemm[i].m = rows[i];
        enum er_status status = rows[i] ? er_gemm_plan(&gemm[i], err) : ER_OK;
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    const int64_t B = p->rows, I = l->n_in, O = l->n_out;
    const struct er_gemm forward = {.n = O, .k = I, .lda = I, .ldb = O, .ldc = O};
    const struct er_gemm backward_x = {.n = I, .k = O, .lda = O, .ldb = I, .ldc = I};
    const struct er_gemm backward_w = {.n = O, .k = B, .lda = I, .ldb = O, .ldc = O, .a_transposed = true};
    enum er_status status = plan_blocks(&p->gemm[FORWARD], forward, B, ROWS, err);
    if (status == ER_OK) status = plan_blocks(&p->gemm[BACKWARD_X], backward_x, B, ROWS, err);
    if (status == ER_OK) status = plan_blocks(&p->gemm[BACKWARD_W], backward_w, I, UNITS, err);
    const int64_t piece = (UNITS < I ? UNITS : I) * O, block = (ROWS < B ? ROWS : B) * (I > O ? I : O);
    p->n_shared = 2 * I * O; /* W transposed; tW transposed */
    p->n_scratch = piece > block ? piece : block;
    return status;
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    er_weights_initialise(l->argument + WEIGHTS, l->n_in, l->n_out, l->n_in * l->n_out,
                          has_bias(l) ? l->n_out : 0, seed, l->index, w);
}

/* c (rows x n_c) = the product of `which` for rows r.. of its m dimension, a and b as that product takes
 * them. */
static void multiply(const struct er_pass *p, int which, int64_t rows, const float *a, const float *b,
                     float *c)
{
    const struct er_gemm *g = &p->plan->gemm[which];
    er_gemm_run(rows == g->m ? g : g + 1, a, b, c);
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, ROWS, p->part, p->parts, &b, &end);
    for (; b < end; b += ROWS) {
        const int64_t rows = end - b < ROWS ? end - b : ROWS;
        float *y = p->y + b * O;
        multiply(p, FORWARD, rows, p->x + b * I, p->w, y);
        er_rows_scale(rows * O, weight_factor(l), y);
        if (has_bias(l)) er_rows_add(rows, O, bias_factor(l), p->w + I * O, y);
        if (p->then) p->then->ops->pointwise->value(p->then, rows * O, y, p->then_y + b * O);
    }
}

static void prepare(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    if (p->part != 0) return;
    er_transpose(I, O, p->w, p->shared);
    if (p->tw) er_transpose(I, O, p->tw, p->shared + I * O);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, ROWS, p->part, p->parts, &b, &end);
    for (; b < end; b += ROWS) {
        const int64_t rows = end - b < ROWS ? end - b : ROWS;
        float *dx = p->dx + b * I;
        multiply(p, BACKWARD_X, rows, p->dy + b * O, p->shared, dx);
        er_rows_scale(rows * I, weight_factor(l), dx);
        if (p->before)
            p->before->ops->pointwise->slope(p->before, rows * I, p->before_x + b * I, p->before_y + b * I,
                                             dx, dx);
    }
}

static void backward_bias(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t O = l->n_out, at = l->n_in * O;
    if (!has_bias(l) || p->part != 0) return;
    float *g = er_piece(p, at, p->scratch);
    memset(g, 0, (size_t)O * sizeof *g);
    er_rows_sum(p->plan->rows, O, bias_factor(l), p->dy, g);
    er_piece_done(p, at, O, g);
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t i, end;
    er_share(I, UNITS, p->part, p->parts, &i, &end);
    for (; i < end; i += UNITS) {
        const int64_t rows = end - i < UNITS ? end - i : UNITS;
        float *g = er_piece(p, i * O, p->scratch);
        multiply(p, BACKWARD_W, rows, p->x + i, p->dy, g);
        er_rows_scale(rows * O, weight_factor(l), g);
        er_piece_done(p, i * O, rows * O, g);
    }
    backward_bias(l, p);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, ROWS, p->part, p->parts, &b, &end);
    for (; b < end; b += ROWS) {
        const int64_t rows = end - b < ROWS ? end - b : ROWS;
        float *ty = p->ty + b * O;
        multiply(p, FORWARD, rows, p->x + b * I, p->tw, ty);
        if (p->tx) {
            multiply(p, FORWARD, rows, p->tx + b * I, p->w, p->scratch);
            er_rows_accumulate(rows * O, p->scratch, ty);
        }
        er_rows_scale(rows * O, weight_factor(l), ty);
        if (has_bias(l)) er_rows_add(rows, O, bias_factor(l), p->tw + I * O, ty);
    }
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, ROWS, p->part, p->parts, &b, &end);
    for (; b < end; b += ROWS) {
        const int64_t rows = end - b < ROWS ? end - b : ROWS;
        float *tdx = p->tdx + b * I;
        multiply(p, BACKWARD_X, rows, p->tdy + b * O, p->shared, tdx);
        multiply(p, BACKWARD_X, rows, p->dy + b * O, p->shared + I * O, p->scratch);
        er_rows_accumulate(rows * I, p->scratch, tdx);
        er_rows_scale(rows * I, weight_factor(l), tdx);
    }
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t i, end;
    er_share(I, UNITS, p->part, p->parts, &i, &end);
    for (; i < end; i += UNITS) {
        const int64_t rows = end - i < UNITS ? end - i : UNITS;
        float *tdw = p->tdw + i * O;
        multiply(p, BACKWARD_W, rows, p->x + i, p->tdy, tdw);
        if (p->tx) {
            multiply(p, BACKWARD_W, rows, p->tx + i, p->dy, p->scratch);
            er_rows_accumulate(rows * O, p->scratch, tdw);
        }
        er_rows_scale(rows * O, weight_factor(l), tdw);
    }
    if (!has_bias(l) || p->part != 0) return;
    memset(p->tdw + I * O, 0, (size_t)O * sizeof *p->tdw);
    er_rows_sum(p->plan->rows, O, bias_factor(l), p->tdy, p->tdw + I * O);
}

/* Row b's gradient is the outer product of x[b] and dy[b]. */
static void examples(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        const float *x = p->x + b * I, *dy = p->dy + b * O;
        float *g = p->example + b * p->example_stride;
        memset(g, 0, (size_t)l->n_parameters * sizeof *g);
        for (int64_t i = 0; i < I; i++) er_rows_add(1, O, weight_factor(l) * x[i], dy, g + i * O);
        if (has_bias(l)) er_rows_add(1, O, bias_factor(l), dy, g + I * O);
    }
}

static bool tensor(const struct er_layer *l, struct er_shape features, int i, struct er_layer_tensor *out)
{
    const int64_t I = l->n_in, O = l->n_out;
    if (i == 0)
        *out = (struct er_layer_tensor){.role = "weight",
                                        .axes = {features.height, features.width, features.channels, O},
                                        .rank = 2,
                                        .dim = {O, I}};
    else if (i == 1 && has_bias(l))
        *out = (struct er_layer_tensor){
            .role = "bias", .at = I * O, .axes = {1, 1, O, 1}, .rank = 1, .dim = {O}};
    else
        return false;
    return true;
}

const struct er_layer_ops er_layer_dense = {
    .name = "dense",
    .help = "fully connected: y = x W + b",
    .argument = argument,
    .fuses = true,
    .bind = bind,
    .plan = plan,
    .initialise = initialise,
    .forward = forward,
    .prepare = prepare,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .tensor = tensor,
};
