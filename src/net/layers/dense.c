/* dense.c - a fully connected layer.
 *
 *     y[b,o] = s sum_i x[b,i] W[i,o] + t beta[o]
 *     dW[i,o] = s sum_b x[b,i] dy[b,o]     dbeta[o] = t sum_b dy[b,o]     dx[b,i] = s sum_o dy[b,o] W[i,o]
 *
 * and, along (tW, tbeta, tx):   ty = s (tx W + x tW) + t tbeta
 *                               tdx = s (tdy W' + dy tW')     tdW = s (tx' dy + x' tdy)
 *                               tdbeta = t sum tdy
 *
 * I inputs (an image is taken as one long vector), O outputs. Parameters: W (I x O, row-major), then beta (O)
 * unless bias=false; s, t and how they start: net/weights.h.
 *
 * Products go in blocks: ROWS rows of the batch, so that bias and the activation behind find them in the
 * first cache; dW in pieces that the optimiser takes while they are there, the last one with dbeta. Two
 * detours pay where a matrix is flat: dx' = W dy' saves turning a W that is larger than dx and dy together,
 * and dW' = dy' x fills the vectors that a dy of few columns would leave empty.
 */
#include "net/norm.h"
#include "net/rows.h"
#include "net/weights.h"

#include <string.h>

enum { WIDTH, WEIGHTS };
enum { ROWS = 32, TURNED_UNITS = 64 };
/* Rows of a piece of dW: as many as make PIECE floats, which leaves a first cache room for w and the
 * optimiser's state, but within bounds. */
enum { PIECE = 1024, UNITS = 16, MOST_UNITS = 256 };
/* Products: each for a whole block, then for the rest of the last one; then all again, adding to their
 * result. */
enum { FORWARD, BACKWARD_X = 2, BACKWARD_W = 4, ADDING = 6 };

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

/* Whether dx is made as W dy' and turned. */
static bool turned(const struct er_layer *l, int64_t B)
{
    return B >= 32 && 5 * B * (l->n_in + l->n_out) <= 3 * l->n_in * l->n_out;
}

/* Whether dW is made as dy' x and turned: fewer outputs than a vector has places. */
static bool narrow(const struct er_layer *l)
{
    return l->n_out < 16 && l->n_in >= 16;
}

static int64_t units_of(const struct er_layer *l)
{
    const int64_t units = PIECE / l->n_out / UNITS * UNITS;
    return units < UNITS ? UNITS : units < MOST_UNITS ? units : MOST_UNITS;
}

/* The blocks that a product is cut into: how many of its n things at a time. */
static int64_t block_of(const struct er_layer *l, int64_t B, int which)
{
    if (which == BACKWARD_X && turned(l, B)) return TURNED_UNITS;
    if (which == BACKWARD_W) return units_of(l);
    return ROWS;
}

/* The product of `which` for a block of `size`. */
static struct er_gemm shape_of(const struct er_layer *l, int64_t B, int which, int64_t size)
{
    const int64_t I = l->n_in, O = l->n_out;
    if (which == FORWARD) return (struct er_gemm){.m = size, .n = O, .k = I, .lda = I, .ldb = O, .ldc = O};
    if (which == BACKWARD_X && turned(l, B))
        return (struct er_gemm){.m = size, .n = B, .k = O, .lda = O, .ldb = B, .ldc = B};
    if (which == BACKWARD_X) return (struct er_gemm){.m = size, .n = I, .k = O, .lda = O, .ldb = I, .ldc = I};
    if (narrow(l))
        return (struct er_gemm){
            .m = O, .n = size, .k = B, .lda = O, .ldb = I, .ldc = size, .a_transposed = true};
    return (struct er_gemm){.m = size, .n = O, .k = B, .lda = I, .ldb = O, .ldc = O, .a_transposed = true};
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    const int64_t B = p->rows, I = l->n_in, O = l->n_out;
    for (int which = FORWARD; which <= BACKWARD_W; which += 2) {
        const int64_t n = which == FORWARD || (which == BACKWARD_X && !turned(l, B)) ? B : I;
        const int64_t block = block_of(l, B, which),
                      size[2] = {n < block ? n : block, n < block ? 0 : n % block};
        for (int rest = 0; rest < 2; rest++)
            for (int adding = 0; adding <= ADDING && size[rest] > 0; adding += ADDING) {
                struct er_gemm *g = &p->gemm[which + rest + adding];
                *g = shape_of(l, B, which, size[rest]);
                g->accumulate = adding > 0;
                enum er_status status = er_gemm_plan(g, err);
                if (status != ER_OK) return status;
            }
    }
    p->n_turned = turned(l, B) ? B * O : I * O;             /* dy, or W; tdy, or tW */
    p->n_scratch = (units_of(l) * (1 + narrow(l)) + 1) * O; /* piece and dbeta; what is turned */
    if (turned(l, B) && p->n_scratch < TURNED_UNITS * B) p->n_scratch = TURNED_UNITS * B;
    return ER_OK;
}

static void laws(const struct er_layer *l, struct er_layer_laws *out)
{
    *out = er_weights_laws(l->argument + WEIGHTS, l->n_in, l->n_out, l->n_in * l->n_out);
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    struct er_layer_laws drawn;
    laws(l, &drawn);
    er_weights_initialise(&drawn, has_bias(l) ? l->n_out : 0, seed, l->index, w);
}

/* The product of `which` (or `which` + ADDING) for a block of `size`. */
static void multiply(const struct er_layer *l, const struct er_pass *p, int which, int64_t size,
                     const float *a, const float *b, float *c)
{
    const struct er_gemm *g = &p->plan->gemm[which];
    const bool along_n = which % ADDING == BACKWARD_W && narrow(l);
    er_gemm_run((along_n ? g->n : g->m) == size ? g : g + 1, a, b, c);
}

/* y = s x W + t beta. Where nothing is scaled the product adds to the bias, which spares a pass. */
static void product_forward(const struct er_layer *l, const struct er_pass *p, int64_t rows, const float *x,
                            float *y)
{
    const int64_t O = l->n_out;
    const float *beta = p->w + l->n_in * O, s = weight_factor(l);
    if (has_bias(l) && s == 1) {
        er_rows_fill(rows, O, bias_factor(l), beta, y);
        multiply(l, p, FORWARD + ADDING, rows, x, p->w, y);
        return;
    }
    multiply(l, p, FORWARD, rows, x, p->w, y);
    er_rows_scale(rows * O, s, y);
    if (has_bias(l)) er_rows_add(rows, O, bias_factor(l), beta, y);
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, ROWS, p->part, p->parts, &b, &end);
    for (; b < end; b += ROWS) {
        const int64_t rows = end - b < ROWS ? end - b : ROWS;
        float *y = p->y + b * O;
        product_forward(l, p, rows, p->x + b * I, y);
        if (p->then) p->then->ops->pointwise->value(p->then, rows * O, y, p->then_y + b * O);
    }
}

static void prepare(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out, B = p->plan->rows;
    if (p->part != 0 || !p->wants_dx) return;
    if (turned(l, B)) {
        er_transpose(B, O, p->dy, p->turned);
        if (p->tdy) er_transpose(B, O, p->tdy, p->t_turned);
    } else {
        er_transpose(I, O, p->w, p->turned);
        if (p->tw) er_transpose(I, O, p->tw, p->t_turned);
    }
}

/* dx = dy W' in rows b.. of the batch; prepare() left W' in `turned`. */
static void rows_backward(const struct er_layer *l, const struct er_pass *p, int64_t b, int64_t rows)
{
    const int64_t I = l->n_in, O = l->n_out;
    float *dx = p->dx + b * I;
    multiply(l, p, BACKWARD_X, rows, p->dy + b * O, p->turned, dx);
    er_rows_scale(rows * I, weight_factor(l), dx);
    if (p->before)
        p->before->ops->pointwise->slope(p->before, rows * I, p->before_x + b * I, p->before_y + b * I, dx,
                                         dx);
}

/* The same in columns i.. : dx' = W dy' in a block that is then turned. */
static void columns_backward(const struct er_layer *l, const struct er_pass *p, int64_t i, int64_t units)
{
    const int64_t I = l->n_in, O = l->n_out, B = p->plan->rows;
    multiply(l, p, BACKWARD_X, units, p->w + i * O, p->turned, p->scratch);
    er_rows_scale(units * B, weight_factor(l), p->scratch);
    er_transpose_strided(units, B, p->scratch, B, p->dx + i, I);
    for (int64_t at = i; p->before && at < B * I; at += I)
        p->before->ops->pointwise->slope(p->before, units, p->before_x + at, p->before_y + at, p->dx + at,
                                         p->dx + at);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    const bool columns = turned(l, p->plan->rows);
    const int64_t n = columns ? l->n_in : p->plan->rows, block = columns ? TURNED_UNITS : ROWS;
    int64_t at, end;
    er_share(n, block, p->part, p->parts, &at, &end);
    for (; at < end; at += block)
        (columns ? columns_backward : rows_backward)(l, p, at, end - at < block ? end - at : block);
}

static void bias_backward(const struct er_layer *l, const struct er_pass *p, const float *dy, float *g)
{
    memset(g, 0, (size_t)l->n_out * sizeof *g);
    er_rows_sum(p->plan->rows, l->n_out, bias_factor(l), dy, g);
}

/* g = x' dy, or g += x' dy, in rows i.. of W. */
static void units_backward(const struct er_layer *l, const struct er_pass *p, int adding, int64_t i,
                           int64_t units, const float *x, const float *dy, float *g)
{
    if (!narrow(l)) {
        multiply(l, p, BACKWARD_W + adding, units, x + i, dy, g);
        return;
    }
    float *tile = p->scratch;
    if (adding) er_transpose(units, l->n_out, g, tile);
    multiply(l, p, BACKWARD_W + adding, units, dy, x + i, tile);
    er_transpose(l->n_out, units, tile, g);
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out, block = units_of(l);
    float *piece = p->scratch + (narrow(l) ? block * O : 0);
    int64_t i, end;
    er_share(I, block, p->part, p->parts, &i, &end);
    for (; i < end; i += block) {
        const int64_t units = end - i < block ? end - i : block;
        float *g = er_piece(p, i * O, piece);
        units_backward(l, p, 0, i, units, p->x, p->dy, g);
        er_rows_scale(units * O, weight_factor(l), g);
        const bool with_bias = i + units == I && has_bias(l);
        if (with_bias) bias_backward(l, p, p->dy, g + units * O);
        er_piece_done(p, i * O, (units + with_bias) * O, g);
    }
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out;
    int64_t b, end;
    er_share(p->plan->rows, ROWS, p->part, p->parts, &b, &end);
    for (; b < end; b += ROWS) {
        const int64_t rows = end - b < ROWS ? end - b : ROWS;
        float *ty = p->ty + b * O;
        multiply(l, p, FORWARD, rows, p->x + b * I, p->tw, ty);
        if (p->tx) multiply(l, p, FORWARD + ADDING, rows, p->tx + b * I, p->w, ty);
        er_rows_scale(rows * O, weight_factor(l), ty);
        if (has_bias(l)) er_rows_add(rows, O, bias_factor(l), p->tw + I * O, ty);
    }
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out, B = p->plan->rows;
    const bool columns = turned(l, B);
    const int64_t n = columns ? I : B, block = columns ? TURNED_UNITS : ROWS;
    int64_t at, end;
    er_share(n, block, p->part, p->parts, &at, &end);
    for (; at < end; at += block) {
        const int64_t size = end - at < block ? end - at : block;
        float *out = columns ? p->scratch : p->tdx + at * I;
        if (columns) {
            multiply(l, p, BACKWARD_X, size, p->w + at * O, p->t_turned, out);
            multiply(l, p, BACKWARD_X + ADDING, size, p->tw + at * O, p->turned, out);
        } else {
            multiply(l, p, BACKWARD_X, size, p->tdy + at * O, p->turned, out);
            multiply(l, p, BACKWARD_X + ADDING, size, p->dy + at * O, p->t_turned, out);
        }
        er_rows_scale(size * (columns ? B : I), weight_factor(l), out);
        if (columns) er_transpose_strided(size, B, out, B, p->tdx + at, I);
    }
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    const int64_t I = l->n_in, O = l->n_out, block = units_of(l);
    int64_t i, end;
    er_share(I, block, p->part, p->parts, &i, &end);
    for (; i < end; i += block) {
        const int64_t units = end - i < block ? end - i : block;
        float *tdw = p->tdw + i * O;
        units_backward(l, p, 0, i, units, p->x, p->tdy, tdw);
        if (p->tx) units_backward(l, p, ADDING, i, units, p->tx, p->dy, tdw);
        er_rows_scale(units * O, weight_factor(l), tdw);
        if (i + units == I && has_bias(l)) bias_backward(l, p, p->tdy, tdw + units * O);
    }
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
        const float one = 1;
        er_rows_outer(I, O, weight_factor(l), x, dy, g);
        if (has_bias(l)) er_rows_outer(1, O, bias_factor(l), &one, dy, g + I * O);
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

static enum er_status norm(const struct er_layer *l, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err)
{
    (void)statistics;
    return er_norm_linear(l, which, l->n_in, l->n_out, weight_factor(l), w, out, err);
}

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    const enum er_status status = er_weights_kernel(l, l->n_in, l->n_out, out, err);
    out->all_pixels = true;
    return status;
}

const struct er_layer_ops er_layer_dense = {
    .name = "dense",
    .help = "fully connected: y = x W + b",
    .argument = argument,
    .fuses = true,
    .affine = true,
    .mixes_features = true,
    .bind = bind,
    .plan = plan,
    .initialise = initialise,
    .laws = laws,
    .forward = forward,
    .prepare = prepare,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .norm = norm,
    .tensor = tensor,
    .kernel = kernel,
};
