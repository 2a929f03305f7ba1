/* factorise_keys.c - `factorise.*` of a study point -> er_factorise_spec, when it ends, and what is
 * recorded. */
#include "experiments/factorise_keys.h"

#include "experiments/matrix_keys.h"
#include "experiments/method_rows.h"
#include "experiments/point.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A curve has no more records than that. */
enum { MOST_RECORDS = 100000 };

/* Of ratings: with the smaller side as width, each step would multiply dense matrices of that side. */
enum { RATINGS_WIDTH = 50 };

const struct er_schema_row er_factorise_keys_row[] = {
    MAP("factorise", NULL, "recovers a matrix by descent on a product of matrices, W = W_N ... W_1"),
    INTEGER("factorise.depth", "factors", 1, ER_FACTORS_MOST, "3", "N, how many matrices the product has"),
    INTEGER(
        "factorise.width", "", 1, 1e6, "",
        "the side that factors share with their neighbours, which bounds the rank of the product; without it "
        "the smaller side of the matrix, of ratings at most 50"),
    CHOICE("factorise.start", "gaussian identity balanced orthogonal", "gaussian",
           "the factors at the beginning: independent Gaussian entries, multiples of the identity, a "
           "Gaussian product shared out equally, multiples of orthogonal matrices"),
    REAL("factorise.scale", "", 0, 1e6, "1e-3",
         "of the product at the beginning: its entries have a deviation of scale / sqrt(columns) when "
         "Gaussian; the identity and orthogonal matrices are multiplied by it"),
    CHOICE("factorise.optimiser", "group-rmsprop descent adam", "group-rmsprop",
           "follows from the map that is given below; write it when all defaults do"),
    MAP("factorise.group-rmsprop", "optimiser",
        "the gradient divided by a running mean of its norm, one number for all factors"),
    REAL("factorise.group-rmsprop.rate", "", 0, 1e6, "1e-3", "learning rate: about the distance of a step"),
    REAL("factorise.group-rmsprop.decay", "", 0, 1, "0.99", "decay of the mean square, below 1"),
    REAL("factorise.group-rmsprop.epsilon", "", 0, 1e6, "1e-4",
         "added to the root, above 0: gradients much smaller than that are not magnified"),
    MAP("factorise.descent", "optimiser", "gradient descent"),
    REAL("factorise.descent.rate", "", 0, 1e6, "0.1", "learning rate, on the mean squared error"),
    MAP("factorise.adam", "optimiser", "Adam (Kingma and Ba, 2015)"),
    REAL("factorise.adam.rate", "", 0, 1e6, "1e-3", "learning rate"),
    REAL("factorise.adam.beta1", "", 0, 1, "0.9", "decay of the mean gradient, below 1"),
    REAL("factorise.adam.beta2", "", 0, 1, "0.999", "decay of the mean square, below 1"),
    REAL("factorise.adam.epsilon", "", 0, 1, "1e-8", "added to the root, above 0"),
    REAL("factorise.weight_decay", "", 0, 1e6, "0",
         "half of it times the squared norms of all factors is added to the loss"),
    CHOICE("factorise.precision", "float64 float32", "float64",
           "of the factors; float32 is twice as fast, and too coarse for a scale below 1e-4"),
    CHOICE("factorise.centre", "none mean bias", "none",
           "what is taken from the observations and added to predictions: their mean, or a mean and a number "
           "for each row and column fitted to them. Of `recover` on ratings it is bias by itself, here "
           "always none"),
    INTEGER("factorise.steps", "steps", 1, 1e12, "1000000", "at most"),
    MAP("factorise.until", NULL, "steps end when one of these holds"),
    REAL("factorise.until.loss", "", 0, 1e300, "1e-6",
         "the mean squared error of the observations is at or below it"),
    REAL("factorise.until.gradient", "", 0, 1e300, "",
         "the norm of the gradient, of all factors together, is at or below it"),
    REAL("factorise.until.plateau", "", 0, 1, "",
         "the loss fell by less than this share of itself in as many steps as patience says"),
    INTEGER("factorise.until.patience", "steps", 1, 1e12, "", "of plateau; without it 1000"),
    INTEGER("factorise.records", "", 1, 1000, "", "records of the curve in a decade of steps; without it 20"),
    INTEGER("factorise.every", "steps", 1, 1e12, "", "a record each so many steps, in place of records"),
    INTEGER("factorise.modes", "", 1, ER_FACTORISE_MODES, "5",
            "how many singular values a record has, the largest first"),
    BOOL("factorise.alignment", "false",
         "whether records say how far the product and its gradient have the same singular vectors; needs the "
         "whole matrix"),
    BOOL("factorise.flow", "false",
         "whether the differential equation that descent approximates is integrated beside it (descent from "
         "balanced factors: start balanced, or identity or orthogonal with a width of at most the smaller "
         "side)"),
    CHOICE("factorise.rival", "none " ER_METHOD_WORDS, "none",
           "a method that solves the same problem, to compare with; or follows from the map that is given "
           "below"),
    ER_METHOD_ROWS("factorise", "rival"),
    {0},
};

/* A number of the chosen optimiser. */
static double optimiser_real(const struct er_point *point, const char *key, double fallback)
{
    char path[96];
    snprintf(path, sizeof path, "factorise.%s.%s", er_point_text(point, "factorise.optimiser", ""), key);
    return er_point_real(point, path, fallback);
}

/* 0: the smaller side, or that of a matrix whose sides aren't known. */
static int64_t width_of(const struct er_point *point, const struct er_recovery *problem)
{
    int64_t width = er_point_integer(point, "factorise.width", 0);
    if (width > 0 || !problem || !er_matrix_keys_is_ratings(point)) return width;
    width = problem->rows < problem->columns ? problem->rows : problem->columns;
    return width < RATINGS_WIDTH ? width : RATINGS_WIDTH;
}

static struct er_factorise_spec spec_of(const struct er_point *point, const struct er_recovery *problem)
{
    static const enum er_factor_optimiser by_word[] = {ER_FACTOR_GROUP_RMSPROP, ER_FACTOR_DESCENT,
                                                       ER_FACTOR_ADAM};
    struct er_factorise_spec s = er_factorise_spec_default();
    s.depth = er_point_integer(point, "factorise.depth", s.depth);
    s.width = width_of(point, problem);
    s.start = (enum er_factor_start)(int)er_point_real(point, "factorise.start", 0);
    s.scale = er_point_real(point, "factorise.scale", s.scale);
    s.optimiser = by_word[(int)er_point_real(point, "factorise.optimiser", 0)];
    s.rate = optimiser_real(point, "rate", s.rate);
    s.decay = optimiser_real(point, s.optimiser == ER_FACTOR_ADAM ? "beta2" : "decay", s.decay);
    s.momentum = optimiser_real(point, "beta1", s.momentum);
    s.epsilon = optimiser_real(point, "epsilon", s.epsilon);
    s.weight_decay = er_point_real(point, "factorise.weight_decay", 0);
    s.single = strcmp(er_point_text(point, "factorise.precision", ""), "float32") == 0;
    s.seed = point->seed;
    return s;
}

struct er_factorise_request er_factorise_keys_request(const struct er_point *point,
                                                      const struct er_recovery *problem)
{
    const char *rival = er_point_text(point, "factorise.rival", "none");
    struct er_factorise_request r = {
        .spec = spec_of(point, problem),
        .until = {.step = er_point_integer(point, "factorise.steps", 1),
                  .loss = er_point_real(point, "factorise.until.loss", -1),
                  .gradient = er_point_real(point, "factorise.until.gradient", -1),
                  .plateau = er_point_real(point, "factorise.until.plateau", 0)},
        .per_decade = er_point_integer(point, "factorise.records", 20),
        .every = er_point_integer(point, "factorise.every", 0),
        .modes = er_point_integer(point, "factorise.modes", 1),
        .alignment = er_point_bool(point, "factorise.alignment", false),
        .flow = er_point_bool(point, "factorise.flow", false),
        .has_rival = strcmp(rival, "none") != 0,
    };
    if (er_point_get(point, "factorise.until.plateau"))
        r.until.patience = er_point_integer(point, "factorise.until.patience", 1000);
    if (r.has_rival)
        r.rival = er_method_keys_spec(point, "factorise", "factorise.rival", er_matrix_keys_spec(point).seed);
    return r;
}

const char *er_factorise_keys_centre(const struct er_point *point)
{
    return er_point_text(point, "factorise.centre", "none");
}

/* Keys that others make idle. */
static enum er_status check_idle(const struct er_point *point, const struct er_factorise_request *r,
                                 struct er_error *err)
{
    if (r->until.plateau == 0 && er_point_get(point, "factorise.until.patience"))
        return er_point_fail(point, "factorise.until.patience", err,
                             "it is of factorise.until.plateau, which is not given");
    if (r->every > 0 && er_point_get(point, "factorise.records"))
        return er_point_fail(point, "factorise.records", err, "there is a factorise.every in its place");
    if (r->spec.depth == 1 && er_point_get(point, "factorise.width"))
        return er_point_fail(point, "factorise.width", err, "a depth of 1 is one matrix, without a width");
    return ER_OK;
}

static enum er_status check_positive(const struct er_point *point, struct er_error *err)
{
    static const char *const positive[] = {
        "factorise.scale",        "factorise.group-rmsprop.rate", "factorise.group-rmsprop.epsilon",
        "factorise.descent.rate", "factorise.adam.rate",          "factorise.adam.epsilon"};
    static const char *const below_1[] = {"factorise.group-rmsprop.decay", "factorise.adam.beta1",
                                          "factorise.adam.beta2"};
    for (size_t i = 0; i < sizeof positive / sizeof *positive; i++)
        if (!(er_point_real(point, positive[i], 1) > 0))
            return er_point_fail(point, positive[i], err, "must be above 0");
    for (size_t i = 0; i < sizeof below_1 / sizeof *below_1; i++)
        if (!(er_point_real(point, below_1[i], 0) < 1))
            return er_point_fail(point, below_1[i], err, "must be below 1");
    return ER_OK;
}

enum er_status er_factorise_keys_fit(const struct er_point *point, int64_t rows, int64_t columns,
                                     struct er_error *err)
{
    const struct er_factorise_request r = er_factorise_keys_request(point, NULL);
    if (!r.flow || er_factorise_is_balanced(&r.spec, rows, columns)) return ER_OK;
    if (r.spec.start == ER_FACTOR_GAUSSIAN)
        return er_point_fail(point, "factorise.flow", err,
                             "the equation begins at balanced factors, and Gaussian ones are not: "
                             "factorise.start is to be identity, balanced or orthogonal");
    return er_point_fail(point, "factorise.flow", err,
                         "the equation begins at balanced factors, and those of a start that is %s are not "
                         "beyond a width of %" PRId64 ", the smaller side of the matrix; factorise.width is "
                         "%" PRId64,
                         er_point_text(point, "factorise.start", ""), rows < columns ? rows : columns,
                         r.spec.width);
}

enum er_status er_factorise_keys_check(const struct er_point *point, struct er_error *err)
{
    const struct er_factorise_request r = er_factorise_keys_request(point, NULL);
    const bool made = !er_matrix_keys_is_ratings(point);
    enum er_status status = check_positive(point, err);
    if (status == ER_OK) status = check_idle(point, &r, err);
    if (status != ER_OK) return status;
    if (r.every > 0 && r.until.step / r.every >= MOST_RECORDS)
        return er_point_fail(point, "factorise.every", err,
                             "%" PRId64 " steps have more than the %d records that a curve holds",
                             r.until.step, (int)MOST_RECORDS);
    if (r.flow && r.spec.optimiser != ER_FACTOR_DESCENT)
        return er_point_fail(point, "factorise.flow", err,
                             "the equation is that of gradient descent; give factorise.descent");
    const struct er_recovery_spec matrix = er_matrix_keys_spec(point);
    status =
        er_factorise_keys_fit(point, made ? matrix.rows : INT64_MAX, made ? matrix.columns : INT64_MAX, err);
    if (status != ER_OK) return status;
    if (r.flow && r.spec.weight_decay > 0)
        return er_point_fail(point, "factorise.flow", err, "the equation has no weight decay");
    status = er_matrix_keys_check_centre(point, "factorise.centre", err);
    if (status != ER_OK) return status;
    return r.has_rival ? er_method_keys_check(point, "factorise", "factorise.rival", &r.rival, err) : ER_OK;
}
