/* <ermine/regression.h> - examples with real targets, in double precision: what least squares, kernels and
 * their risks are computed from.
 *
 * Everything here is a function of (specification, files): the same specification gives the same bits, for
 * one C library and ISA class (normals, sines).
 */
#ifndef ERMINE_REGRESSION_H
#define ERMINE_REGRESSION_H

#include <ermine/data.h>

/* Examples. The arrays belong to the split that they are part of. */
struct er_regression {
    int64_t n, d, k; /* examples, inputs of one, targets of one */
    double *x;       /* n x d, row-major */
    double *y;       /* n x k, row-major, noise and all */
    double *clean;   /* n x k: the targets without noise; NULL: unknown */
    int32_t
        *label; /* n classes, where y is made of labels: what y was made of, corrupted or not; else NULL */
};

/* What is learnt from, and what is known of its truth. */
struct er_regression_split {
    struct er_regression train, test; /* test.n is 0 where there is no test part */
    char checksum[ER_SHA256_HEX]; /* as er_split.checksum; of "ermine NAME VERSION" for what is made or comes
                                     with Ermine */
    double noise;                 /* standard deviation of y - clean; NaN: unknown */
    /* Of sources that are linear, y = x theta + noise with independent x_j ~ N(0, variance_j): d values each.
     * The excess risk of weights w is then exactly sum_j variance_j (w_j - theta_j)^2. Else NULL. */
    double *theta, *variance;
    const char *x_name; /* "year": the one input's name; "": there are several, or it has none */
    const char *y_name; /* "min/km": the target's name; "" for classes */
    char *names;        /* memory of the names, when they came out of a file */
};

/** Frees all that it points to and zeroes the struct. */
ER_API void er_regression_split_clear(struct er_regression_split *split);

/**
 * The examples of a specification: the same specification as er_data_open()'s, where a regression has more
 * sources. `spec->name` is one of these, or a set of er_data_list() with classes; or `spec->file` is given.
 *
 *     name        d                k  train  test  noise  what
 *     marathon    1                1  27     0     -      the winner's pace in min/km at the Olympic Games
 *                                                         1896..2012; x is the year
 *     sine        1                1  25     200   0.3    f = sin(pi x), x ~ U(-1, 1); the test part has
 *                                                         equally spaced x from -1 to 1, both among them
 *     linear      dimension [100]  1  200    1000  0.5    x ~ N(0, I), y = x theta + noise, |theta| = 1
 *     two-scales  dimension [100]  1  200    1000  2      y = x theta + noise; half of the x_j have deviation
 *                                                         1 and |theta| = 1, half have 0.1 and |theta| = 20
 *     relu-sum    dimension [10]   1  100    1000  0      x uniform on |x| = 1, y = sum of max(v_j . x, 0) + noise
 *                                                         over j = 1..width [3], |v_j| = 1
 *
 * Of what is made (all but marathon), example i is a function of (seed, part, i): a smaller training set is
 * the beginning of a larger one, so R sets of n with one truth are rows r n .. r n + n - 1 of R n. theta has
 * a uniform direction that depends on the seed and the dimension, and is the same for both parts. The noise
 * is normal, in the test part too, where y - clean is another draw; `noise` scales it and changes nothing
 * else. spec->train and spec->test choose the sizes, spec->dimension that of linear, of two-scales (which is
 * even) and of relu-sum, whose v_j have uniform directions as theta has.
 *
 * marathon: all rows in the order of the years, when spec->train is 0 or 27; fewer are a random subset, or
 * with `first` the first ones. The test part has as many of the rows that are left as spec->test says, in the
 * same order: train 19, test 8 and `first` holds out the years after 1980.
 *
 * A file (.csv, .csv.gz) without spec->task: spec->target [the last column] holds real numbers, the other
 * columns are inputs; sizes and choice of rows are those of er_data_open(). ER_STANDARDISE_FEATURE and
 * _CHANNEL make each input x_j <- (x_j - m_j) / s_j by the training rows, in double precision, also for
 * marathon; an input that is constant in training becomes 0. Targets are left as they are.
 *
 * Labels: a named set with classes, a generator of classes, an .npz file, or a .csv file with spec->task. The
 * examples are those of er_data_open() in all (subset, crop, pool, task, condition, corruption,
 * standardisation), float32 turned into double. y is one-hot, k = K columns of 0 and 1; with ER_TASK_PARITY a
 * single column of -1 (class 0) and +1 (class 1). `label` has the classes.
 *
 * @param places  where named sets are; may be NULL for files and for what is made.
 * @param out     freed by er_regression_split_clear(); untouched on failure.
 * @return ER_OK; errors of er_data_open(); ER_E_USAGE also for what the source does not have: classes,
 *         condition, corruption, task, crop, pool, stratified choice where targets are real; standardisation
 *         of what is made, whose truth is in its own units, and by image or set where inputs have different
 *         units; a noise, a dimension, a width or a test part that can't be chosen. ER_E_INPUT for a missing value in
 *         a file (row from 1, column); ER_E_NOMEM.
 * Cost: that of reading and of n (d + k) numbers. Memory: the file's numbers as doubles, and the result.
 * Threads: any.
 *
 * Sources: the marathon's times are facts, with the distances of their courses, as they are used in N. D.
 * Lawrence's lectures on generalisation; sine is a classical example; linear follows T. Hastie, A.
 * Montanari, S. Rosset and R. J. Tibshirani, "Surprises in high-dimensional ridgeless least squares
 * interpolation", Annals of Statistics 2022; two-scales R. Heckel and F. F. Yilmaz, "Early stopping in deep
 * networks: double descent and how to eliminate it", ICLR 2021; relu-sum the teacher of L. Chizat, E. Oyallon
 * and F. Bach, "On lazy training in differentiable programming", NeurIPS 2019.
 */
ER_API enum er_status er_regression_open(const struct er_data_spec *spec, const struct er_data_places *places,
                                         struct er_regression_split *out, struct er_error *err);

#endif
