/* recover_method.h - a problem of matrix recovery solved by one of the methods that factorisation is compared
 * with, as the experiments `recover` and `factorise` (its rival) do.
 *
 *     mean           the mean of the observations, everywhere
 *     bias           mu + b_u + c_i (<ermine/baseline.h>)
 *     nuclear-norm   the matrix of least nuclear norm that agrees with the observations (<ermine/nuclear.h>)
 *     soft-impute    squared error and a multiple of the nuclear norm (<ermine/soft_impute.h>)
 *     als            squared error of a matrix of bounded rank, by alternating least squares (<ermine/als.h>)
 *     frobenius      the matrix of least Frobenius norm that agrees with them (<ermine/nuclear.h>)
 */
#ifndef ERMINE_EXPERIMENTS_RECOVER_METHOD_H
#define ERMINE_EXPERIMENTS_RECOVER_METHOD_H

#include <ermine/schema.h>
#include <ermine/soft_impute.h>

/* In the order of the words in the keys. */
enum er_method {
    ER_METHOD_MEAN,
    ER_METHOD_BIAS,
    ER_METHOD_NUCLEAR_NORM,
    ER_METHOD_SOFT_IMPUTE,
    ER_METHOD_ALS,
    ER_METHOD_FROBENIUS,
    ER_METHODS
};

struct er_method_spec {
    enum er_method method;
    double gap;         /* relative, at which it ends */
    int64_t iterations; /* at most; 0: the method's own number */
    double tolerance;   /* of nuclear-norm: how far it may be from each observation */
    int64_t
        rank; /* of als, no more than the smaller side; at most, of soft-impute; 0: the method's own number */
    double lambda; /* of bias, soft-impute and als; NaN: chosen by validation, 0 of als in sensing */
    bool weighted; /* als: lambda times how many observations a row has */
    uint64_t seed; /* of the start, and of what validation leaves out */
};

/* Values of lambda that soft-impute tries, at most. */
enum { ER_RECOVER_PATH = 20 };

/* What was tried when a lambda was chosen. */
struct er_recover_path {
    struct {
        struct er_soft_impute_state state;
        double error; /* mean squared, on what was held out for the choice */
    } step[ER_RECOVER_PATH];
    int64_t n;
};

/* What it found. NaN where a method has no such number. */
struct er_method_result {
    const char *
        outcome; /* "solved", "gap", "converged"; or what ended it before: "iterations", "rank", "rounding" */
    double primal, dual, gap;
    double violation; /* of constraints, at most */
    double gradient;  /* its norm, of als; of bias as <ermine/baseline.h> has it */
    double iterations;
    double lambda, rank;
    double train_error, test_error; /* mean squared errors */
    double low, high;               /* 95 % interval of the root of the test error, by users; of ratings */
    double nuclear_norm, frobenius_norm, effective_rank;
    struct er_recover_path path; /* of soft-impute without lambda; else empty */
};

/* Whether two are the same in all. */
bool er_method_same(const struct er_method_spec *a, const struct er_method_spec *b);

/* Solves it. The pool may be NULL: the same bits for any number of threads. Errors of the method's. */
enum er_status er_method_solve(const struct er_recovery *problem, const struct er_method_spec *spec,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_method_result *out, struct er_error *err);

/* Bytes that it takes, the problem not counted. */
double er_method_bytes(const struct er_recovery *problem, const struct er_method_spec *spec);

/* Its multiplications and additions, about and at most: those of products of matrices at the machine's full
 * speed, and as many of these as would take as long where it decomposes. Iterations are as many as such
 * problems usually take. */
double er_method_flops(const struct er_recovery *problem, const struct er_method_spec *spec);

/* Seconds of such a one on one thread of the pool; measured, in some tens of milliseconds. */
double er_method_flop_seconds(struct er_pool *pool);

/* The word of a method in keys: "nuclear-norm". */
const char *er_method_word(enum er_method method);

/* --- keys
 * ----------------------------------------------------------------------------------------------------- */

/* The spec of the method that `choice` names among the keys below `map`: "recover", "recover.method". */
struct er_method_spec er_method_keys_spec(const struct er_point *point, const char *map, const char *choice,
                                          uint64_t seed);

/* An error of a method, or of the observations that it can't do with, at the choice unless it has a place.
 * Returns its code. */
enum er_status er_method_fail(const struct er_point *point, const char *choice, enum er_status status,
                              const struct er_error *why, struct er_error *err);

/* What a method can't do with the point's matrix. ER_E_INPUT at the choice, or at its setting. */
enum er_status er_method_keys_check(const struct er_point *point, const char *map, const char *choice,
                                    const struct er_method_spec *spec, struct er_error *err);

#endif
