/* Deep factorisations: loss and gradients against plain products and signed differences, for every depth, shape, orientation
 * and kind; what is read out; starts; the first steps of the optimisers. */
#include "support/factorised.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

static struct er_error err;

static double *factor(const struct er_factorisation *f, int64_t j, int64_t *rows, int64_t *columns)
{
    er_factorisation_shape(f, j, rows, columns);
    double *w = er_alloc(*rows * *columns, sizeof *w);
    er_factorisation_factor(f, j, w);
    return w;
}

/* a (m x k) b (k x n), either as it is or transposed in memory. */
static double *times(int64_t m, int64_t n, int64_t k, const double *a, bool a_turned, const double *b,
                     bool b_turned)
{
    double *c = er_alloc(m * n, sizeof *c);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++)
            for (int64_t p = 0; p < k; p++)
                c[i * n + j] +=
                    (a_turned ? a[p * m + i] : a[i * k + p]) * (b_turned ? b[j * k + p] : b[p * n + j]);
    return c;
}

/* W_to ... W_from, of h_to x h_{from-1}; the identity where from > to. */
static double *product(const struct er_factorisation *f, int64_t from, int64_t to, int64_t side,
                       int64_t *rows, int64_t *columns)
{
    double *all = NULL;
    *rows = *columns = side;
    for (int64_t j = from; j <= to; j++) {
        int64_t h, k;
        double *w = factor(f, j, &h, &k), *next = all ? times(h, *columns, k, w, false, all, false) : NULL;
        *rows = h;
        if (!all) *columns = k;
        if (all) er_free(w);
        er_free(all);
        all = next ? next : w;
    }
    if (all) return all;
    all = er_alloc(side * side, sizeof *all);
    for (int64_t i = 0; i < side; i++) all[i * (side + 1)] = 1;
    return all;
}

/* What is minimised, from plain products. */
static double objective(const struct er_factorisation *f, const struct er_recovery *p, int64_t depth,
                        double decay)
{
    int64_t rows, columns;
    double *w = product(f, 1, depth, p->rows, &rows, &columns), sum = er_recovery_loss(p, w);
    er_free(w);
    for (int64_t j = 1; j <= depth; j++) {
        w = factor(f, j, &rows, &columns);
        for (int64_t i = 0; i < rows * columns; i++) sum += decay / 2 * w[i] * w[i];
        er_free(w);
    }
    return sum;
}

/* (W_N ... W_{j+1})^T dL/dW (W_{j-1} ... W_1)^T + decay W_j */
static double *gradient(const struct er_factorisation *f, const struct er_recovery *p, int64_t depth,
                        int64_t j, double decay)
{
    int64_t m, n, rows, columns, left, right, side;
    er_factorisation_shape(f, j, &rows, &columns);
    double *w = product(f, 1, depth, p->rows, &m, &n), *dw = er_alloc(m * n, sizeof *dw);
    er_recovery_gradient(p, w, dw);
    double *above = product(f, j + 1, depth, rows, &left, &side),
           *below = product(f, 1, j - 1, columns, &side, &right);
    double *half = times(rows, n, m, above, true, dw, false),
           *g = times(rows, columns, n, half, false, below, true);
    er_free(w);
    w = factor(f, j, &rows, &columns);
    for (int64_t i = 0; i < rows * columns; i++) g[i] += decay * w[i];
    er_free(w);
    er_free(dw);
    er_free(above);
    er_free(below);
    er_free(half);
    return g;
}

/* The objective's change along a direction of factor j, from both sides. */
static double difference(struct er_factorisation *f, const struct er_recovery *p, int64_t depth, int64_t j,
                         double decay, int64_t n, const double *direction)
{
    const double h = 1e-4;
    int64_t rows, columns;
    double *w = factor(f, j, &rows, &columns), *moved = er_alloc(n, sizeof *moved), value[2];
    for (int side = 0; side < 2; side++) {
        for (int64_t i = 0; i < n; i++) moved[i] = w[i] + (side ? h : -h) * direction[i];
        er_factorisation_set(f, j, moved);
        value[side] = objective(f, p, depth, decay);
    }
    er_factorisation_set(f, j, w);
    er_free(w);
    er_free(moved);
    return (value[1] - value[0]) / (2 * h);
}

static void check_gradients(const struct er_recovery *p, const struct er_factorise_spec *spec)
{
    struct er_factorisation *f = factorised(p, spec);
    const double decay = spec->weight_decay, epsilon = spec->single ? (double)FLT_EPSILON : DBL_EPSILON;
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t j = 1; j <= spec->depth && f; j++) {
        int64_t rows, columns;
        er_factorisation_shape(f, j, &rows, &columns);
        const int64_t n = rows * columns;
        double *want = gradient(f, p, spec->depth, j, decay), *got = er_alloc(n, sizeof *got);
        double *direction = er_alloc(n, sizeof *direction), size = 0, apart = 0, slope = 0;
        T_STATUS(er_factorisation_gradient(f, j, got, &err), ER_OK, "gradient");
        for (int64_t i = 0; i < n; i++) {
            size += want[i] * want[i];
            apart += (got[i] - want[i]) * (got[i] - want[i]);
            direction[i] = er_random_normal(&r);
            slope += got[i] * direction[i];
        }
        T_CLOSE(sqrt(apart), 0, 100 * epsilon * sqrt(size),
                "depth %d, %d x %d, width %d, n %d: dL/dW_%d of products", (int)spec->depth, (int)p->rows,
                (int)p->columns, (int)spec->width, (int)p->n, (int)j);
        /* The third derivative along so small a direction is below 100 times the slope's scale. */
        if (!spec->single)
            T_CLOSE(difference(f, p, spec->depth, j, decay, n, direction), slope, 1e-5 * (1 + sqrt(size)),
                    "dL/dW_%d of differences", (int)j);
        er_free(want);
        er_free(got);
        er_free(direction);
    }
    er_factorisation_free(f);
}

static void test_gradients(void)
{
    static const struct {
        enum er_recovery_kind kind;
        int64_t rows, columns, n; /* 70 of 77 entries: W is formed */
    } problem[] = {{ER_COMPLETION, 11, 7, 30}, {ER_COMPLETION, 7, 11, 30}, {ER_COMPLETION, 7, 11, 70},
                   {ER_COMPLETION, 11, 7, 70}, {ER_SENSING, 5, 8, 23},     {ER_SENSING, 8, 5, 23}};
    static const int64_t width[] = {0, 3, 18};
    for (size_t c = 0; c < sizeof problem / sizeof *problem; c++) {
        struct er_recovery p =
            factorised_problem(problem[c].kind, problem[c].rows, problem[c].columns, problem[c].n, 0.1);
        for (int64_t depth = 1; depth <= 5; depth++)
            for (int w = 0; w < 3; w++) {
                struct er_factorise_spec spec = er_factorise_spec_default();
                spec.depth = depth;
                spec.width = width[w];
                spec.scale = 0.8;
                spec.weight_decay = w == 1 ? 0.1 : 0;
                check_gradients(&p, &spec);
                spec.single = true;
                check_gradients(&p, &spec);
            }
        er_recovery_clear(&p);
    }
}

/* Loss, entries and singular values of a run against its dense product. */
static void test_readings(void)
{
    for (int c = 0; c < 12; c++) {
        const bool wide = c % 2 == 1;
        struct er_recovery p = factorised_problem(ER_COMPLETION, wide ? 9 : 14, wide ? 14 : 9, 40, 0.1);
        struct er_factorise_spec spec = er_factorise_spec_default();
        spec.depth = 1 + c / 2 % 4;
        spec.width = c < 8 ? 0 : 4;
        spec.scale = 0.5;
        struct er_factorisation *f = factorised(&p, &spec);
        enum er_factorise_end end;
        T_STATUS(er_factorisation_run(f, &(struct er_factorise_until){.step = 7, .loss = -1, .gradient = -1},
                                      NULL, NULL, &end, &err),
                 ER_OK, "seven steps");
        double w[14 * 9], s[9], want[9], value[40], square = 0;
        T_STATUS(er_factorisation_product(f, w, &err), ER_OK, "product");
        T_CLOSE(er_factorisation_loss(f), er_recovery_loss(&p, w), 1e-13, "loss of depth %d",
                (int)spec.depth);
        T_STATUS(er_factorisation_entries(f, &p.train, value, &err), ER_OK, "entries");
        for (int64_t i = 0; i < p.rows; i++)
            for (int64_t e = p.train.row_start[i]; e < p.train.row_start[i + 1]; e++)
                T_CLOSE(value[e], w[i * p.columns + p.train.column[e]], 1e-14, "an entry");
        T_STATUS(er_singular_values(p.rows, p.columns, w, want, &err), ER_OK, "of the product");
        T_STATUS(er_factorisation_singular_values(f, s, &err), ER_OK, "of the chain");
        for (int i = 0; i < (c < 8 || spec.depth == 1 ? 9 : 4); i++)
            T_CLOSE(s[i], want[i], 1e-13 * want[0], "singular value %d at depth %d", i, (int)spec.depth);
        for (int64_t j = 1; j <= spec.depth; j++) {
            int64_t rows, columns;
            double *g = factor(f, j, &rows, &columns);
            T_STATUS(er_factorisation_gradient(f, j, g, &err), ER_OK, "gradient");
            for (int64_t i = 0; i < rows * columns; i++) square += g[i] * g[i];
            er_free(g);
        }
        T_CLOSE(er_factorisation_gradient_norm(f), sqrt(square), 1e-13, "|gradient|");
        er_factorisation_free(f);
        er_recovery_clear(&p);
    }
}

static double norm(int64_t n, const double *w)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += w[i] * w[i];
    return sqrt(sum);
}

/* ||W_{j+1}^T W_{j+1} - W_j W_j^T|| / ||W_j W_j^T||, the most of all j. */
static double imbalance(const struct er_factorisation *f, int64_t depth)
{
    double most = 0;
    for (int64_t j = 1; j < depth; j++) {
        int64_t rows, columns, h, k;
        double *w = factor(f, j, &rows, &columns), *next = factor(f, j + 1, &h, &k);
        double *below = times(rows, rows, columns, w, false, w, true),
               *above = times(k, k, h, next, true, next, false);
        const double size = norm(rows * rows, below);
        for (int64_t i = 0; i < rows * rows; i++) above[i] -= below[i];
        most = fmax(most, norm(rows * rows, above) / size);
        er_free(w);
        er_free(next);
        er_free(below);
        er_free(above);
    }
    return most;
}

/* Starts are balanced where they are said to be, and not where not. */
static void check_balance(const struct er_recovery *p)
{
    static const int64_t width[] = {0, 7, 40, 50, 70};
    for (enum er_factor_start start = ER_FACTOR_GAUSSIAN; start <= ER_FACTOR_ORTHOGONAL; start++)
        for (int64_t depth = 2; depth <= 4; depth++)
            for (int w = 0; w < 5; w++) {
                struct er_factorise_spec spec = er_factorise_spec_default();
                spec.depth = depth;
                spec.start = start;
                spec.width = width[w];
                struct er_factorisation *f = factorised(p, &spec);
                const bool balanced = er_factorise_is_balanced(&spec, p->rows, p->columns);
                T_EQ_INT(balanced, start == ER_FACTOR_BALANCED || (start != ER_FACTOR_GAUSSIAN && w < 3),
                         "start %d, width %d", (int)start, (int)width[w]);
                if (balanced)
                    T_CLOSE(imbalance(f, depth), 0, 1e-13, "start %d, depth %d, width %d", (int)start,
                            (int)depth, (int)width[w]);
                else
                    T_OK(imbalance(f, depth) > 0.1, "start %d, depth %d, width %d: %g", (int)start,
                         (int)depth, (int)width[w], imbalance(f, depth));
                er_factorisation_free(f);
            }
}

static void test_starts(void)
{
    for (int turned = 0; turned < 2; turned++) {
        const int64_t rows = turned ? 40 : 60, columns = turned ? 60 : 40;
        struct er_recovery p = factorised_problem(ER_COMPLETION, rows, columns, 100, 0.1);
        double *w = er_alloc(rows * columns, sizeof *w);
        for (enum er_factor_start start = ER_FACTOR_GAUSSIAN; start <= ER_FACTOR_ORTHOGONAL; start++)
            for (int64_t depth = 1; depth <= 4; depth++) {
                struct er_factorise_spec spec = er_factorise_spec_default();
                spec.depth = depth;
                spec.start = start;
                spec.scale = 1e-2;
                struct er_factorisation *f = factorised(&p, &spec);
                T_STATUS(er_factorisation_product(f, w, &err), ER_OK, "product");
                const double is = norm(rows * columns, w);
                if (start == ER_FACTOR_GAUSSIAN || start == ER_FACTOR_BALANCED)
                    T_CLOSE(is, 1e-2 * sqrt((double)rows), 0.2e-2 * sqrt((double)rows),
                            "norm of a random start within a fifth, as the paper's code asserts");
                else
                    T_CLOSE(is, 1e-2 * sqrt(40), 1e-13, "norm of an orthogonal start");
                if (start == ER_FACTOR_IDENTITY) T_CLOSE(w[3 * columns + 3], 1e-2, 1e-16, "the identity");
                er_factorisation_free(f);
            }
        check_balance(&p);
        er_free(w);
        er_recovery_clear(&p);
    }
}

int main(void)
{
    test_gradients();
    test_readings();
    test_starts();
    return t_done();
}
