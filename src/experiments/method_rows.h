/* method_rows.h - rows of the keys of methods that recover a matrix, below a map of an experiment and beside
 * its choice. Included by the files that hold the tables, and by no header.
 */
#ifndef ERMINE_EXPERIMENTS_METHOD_ROWS_H
#define ERMINE_EXPERIMENTS_METHOD_ROWS_H

#include "experiments/key_rows.h"

#define ER_METHOD_WORDS "mean bias nuclear-norm soft-impute als frobenius"

#define ER_METHOD_ROWS(map, choice)                                                                          \
    MAP(map ".bias", choice, "a mean, and a number for each row and column"),                                \
        REAL(map ".bias.lambda", "", 0, 1e6, "5",                                                            \
             "times the squared numbers, added to the sum of squared errors"),                               \
        MAP(map ".nuclear-norm", choice,                                                                     \
            "the matrix of least nuclear norm that agrees with all observations"),                           \
        REAL(map ".nuclear-norm.gap", "", 1e-14, 1, "1e-6",                                                  \
             "it ends when the norm is known to be within this share of the least"),                         \
        INTEGER(map ".nuclear-norm.iterations", "", 1, 1e9, "",                                              \
                "at most; without it 100 of the interior point method, 20000 of splitting"),                 \
        REAL(map ".nuclear-norm.tolerance", "", 0, 1e300, "0", "how far it may be from each observation"),   \
        MAP(map ".soft-impute", choice,                                                                      \
            "half the sum of squared errors and lambda times the nuclear norm, along a path of lambdas"),    \
        REAL(map ".soft-impute.lambda", "", 0, 1e300, "",                                                    \
             "without it that which predicts best a tenth of the observations, from the others"),            \
        INTEGER(map ".soft-impute.rank", "", 1, 1e6, "",                                                     \
                "at most, of a solution kept as two factors; without it 50, or its smaller side, and small " \
                "matrices are "                                                                              \
                "kept whole, with no bound"),                                                                \
        REAL(map ".soft-impute.gap", "", 1e-14, 1, "1e-4",                                                   \
             "it ends when the objective is known to be within this share of the least"),                    \
        INTEGER(map ".soft-impute.iterations", "", 1, 1e9, "10000", "of each lambda, at most"),              \
        MAP(map ".als", choice, "a matrix of bounded rank, by alternating least squares"),                   \
        INTEGER(map ".als.rank", "", 1, 1e6, "",                                                             \
                "at most; without it that of a matrix that is made, 10 of ratings; never above the smaller " \
                "side"),                                                                                     \
        REAL(map ".als.lambda", "", 0, 1e300, "",                                                            \
             "times the squared norms of both factors, added to the sum of squared errors; without it "      \
             "that which predicts best a tenth of the observations, from the others (measurements: 0)"),     \
        BOOL(map ".als.weighted", "false",                                                                   \
             "whether lambda counts as often as a row or column has observations (Zhou et al., 2008)"),      \
        REAL(map ".als.gap", "", 0, 1, "1e-6",                                                               \
             "it ends when a pass lowers the objective by less than this share"),                            \
        INTEGER(map ".als.iterations", "", 1, 1e9, "500", "passes over both factors, at most")

#endif
