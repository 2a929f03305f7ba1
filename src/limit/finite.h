/* finite.h - the inside of a net in float64: what its layers can do, and passes through all of them.
 *
 * Values are truncated polynomials in s, along weights w + s tw: y = y_0 + y_1 s + ... + y_order s^order. Of B rows,
 * coefficient k lies at k B n_out, row after row. Order 0 is the plain forward pass, order 1 has the tangent along tw.
 * Backward and gradients are of order 0.
 *
 * Like a layer of src/net, a layer here is one table and never knows its neighbours; pointwise ones are made of their
 * reading `series`.
 */
#ifndef ERMINE_LIMIT_FINITE_H
#define ERMINE_LIMIT_FINITE_H

#include "net/net.h"

#include <ermine/empirical.h>

struct er_finite_call {
    int64_t rows; /* B */
    int order;
    const double *w, *tw; /* n_parameters; tw NULL: w stays */
    const double *statistics;
    const double *x;             /* (order + 1) x B x n_in; a join: unused */
    const double *const *branch; /* a join: the same of its inputs */
    int input;                   /* backward of a join: of which of them dx is */
    double *y;                   /* (order + 1) x B x n_out, overwritten; backward does not read it */
    const double *dy;            /* B x n_out */
    double *dx;                  /* B x n_in: added to */
    double *g;                   /* gradient: of row b, added to g + b stride; stride 0: all rows to one */
    int64_t stride;
    double *scratch;
};

/* Part of Theta^ that a layer's parameters make, of rows x columns pairs: sum over its parameters of the gradients of
 * outputs o1 and o2. */
struct er_finite_pairs {
    int64_t rows, columns;
    const double *x1, *x2; /* inputs of the layer, rows x n_in and columns x n_in */
    const double *d1,
        *d2; /* gradients of output o with respect to its outputs: o stride1 behind d1, rows x n_out */
    int64_t stride1, stride2, outputs;
    enum er_outputs_kept kept;
    double *theta; /* rows x columns x er_finite_kept(): added to. MEAN: the sum over outputs */
    double *scratch;
};

struct er_finite_ops {
    const char *name;
    /* Doubles of scratch of the calls below; NULL: none. */
    int64_t (*scratch)(const struct er_layer *l, int64_t rows, int order);
    void (*forward)(const struct er_layer *l, const struct er_finite_call *c);
    void (*backward)(const struct er_layer *l, const struct er_finite_call *c);
    void (*gradient)(const struct er_layer *l, const struct er_finite_call *c); /* NULL without parameters */
    /* Without gradients of examples; NULL: only through them. Flops of one pair, doubles of scratch. */
    void (*pairs)(const struct er_layer *l, const struct er_finite_pairs *p);
    double (*pair_flops)(const struct er_layer *l, int64_t outputs, enum er_outputs_kept kept);
    int64_t (*pair_scratch)(const struct er_layer *l, int64_t rows, int64_t columns);
};

extern const struct er_finite_ops er_finite_dense, er_finite_conv, er_finite_pointwise, er_finite_gain,
    er_finite_dropout, er_finite_average, er_finite_max_pool, er_finite_add, er_finite_multiply,
    er_finite_concat, er_finite_batch_norm, er_finite_layer_norm, er_finite_lrn;

/* Of a dense layer at initialisation: the variance that a product of two inputs takes from a weight, and that of a bias. */
void er_finite_dense_variances(const struct er_layer *l, double *weight, double *bias);

struct er_finite {
    const struct er_net *net;
    const struct er_finite_ops **ops; /* of each node; NULL where it passes */
    int64_t *at;      /* of each node: values of a row before its own, the net's input first */
    int64_t values;   /* of a row in all */
    int64_t *trained; /* the nodes with parameters, n_trained of them */
    int64_t n_trained;
    int64_t rows; /* of a block: what calls cut inputs into */
};

/* Numbers kept of one pair: 1, O or O^2. */
static inline int64_t er_finite_kept(int64_t outputs, enum er_outputs_kept kept)
{
    return kept == ER_OUTPUTS_MEAN ? 1 : kept == ER_OUTPUTS_DIAGONAL ? outputs : outputs * outputs;
}

/* Room for passes of `rows` rows at most, one worker's own. */
struct er_finite_space {
    double *y, *dy, *scratch; /* one block, at y */
};

/* Doubles of such room; with `backward`, for both directions. */
int64_t er_finite_space_doubles(const struct er_finite *f, int64_t rows, int order, bool backward);
enum er_status er_finite_space_new(const struct er_finite *f, int64_t rows, int order, bool backward,
                                   struct er_finite_space *out, struct er_error *err);
void er_finite_space_free(struct er_finite_space *space);

/* A forward pass of x (rows x D); tw (P) NULL for order 0. */
void er_finite_forward(const struct er_finite_network *n, const double *tw, int64_t rows, int order,
                       const double *x, struct er_finite_space *space);

/* The polynomial that node i gave in that pass (ER_FROM_INPUT: the input's). */
const double *er_finite_value(const struct er_finite *f, int64_t i, int64_t rows, int order,
                              const struct er_finite_space *space);

/* Behind a forward pass of order 0: gradients of sum_b df_b . f_b, df (rows x O). g (P): added to, NULL: not wanted. delta:
 * where those with respect to the outputs of node i go (rows x n_out, overwritten), NULL or delta[i] NULL: nowhere. */
void er_finite_backward(const struct er_finite_network *n, int64_t rows, const double *df, double *g,
                        double *const *delta, struct er_finite_space *space);

/* The polynomial r = v^p: order + 1 coefficients each; v_0 > 0. From v r' = p v' r. */
void er_finite_power(int order, const double *v, double p, double *r);

/* C = alpha A B + beta C, row-major; op(A) is m x k. */
void er_finite_gemm(bool a_transposed, bool b_transposed, int64_t m, int64_t n, int64_t k, double alpha,
                    const double *a, int64_t lda, const double *b, int64_t ldb, double beta, double *c,
                    int64_t ldc);

/* Runs tasks 0 .. n-1 on the pool, or here where there is none. */
void er_finite_run(struct er_pool *pool, int64_t n, er_pool_task *task, void *ctx);
int er_finite_threads(const struct er_pool *pool);

/* ER_E_NONFINITE unless all n values are numbers. */
enum er_status er_finite_check(const char *what, int64_t n, const double *v, struct er_error *err);

#endif
