/* regress_keys.c - `regress.*` of a study point -> er_regress_spec. */
#include "experiments/regress_keys.h"

#include "experiments/key_rows.h"
#include "experiments/point.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

const struct er_schema_row er_regress_keys_row[] = {
    MAP("regress", NULL, "fits a linear model of fixed features by least squares"),
    CHOICE("regress.basis", "polynomial legendre fourier radial linear relu-features fourier-features",
           "polynomial", "the features: of one number x, of x itself, or random ones of all of x"),
    INTEGER("regress.degree", "", 0, 1000, "", "polynomial, legendre: the highest power; without it 1"),
    INTEGER("regress.features", "features", 1, 1000000, "",
            "fourier, radial, relu-features, fourier-features: how many; without it 10"),
    REAL("regress.bandwidth", "", 1e-300, 1e300, "",
         "radial: width of a function, the range of x being 2; fourier-features: wavelength / 2 pi, without "
         "it 5"),
    REAL("regress.ridge", "", 0, 1e300, "0",
         "added to the sum of squared errors: so many times the squared norm of the weights"),
    REAL("regress.cut_off", "", 0, 0.5, "1e-10",
         "singular values below so many times the largest count as 0; the solution of least norm is taken"),
    CHOICE("regress.validation", "none hold-out leave-one-out k-fold bootstrap", "none",
           "how error on examples left out is measured; follows from the map that is given below"),
    MAP("regress.hold-out", "validation", "one part is left out of the fit"),
    REAL("regress.hold-out.above", "", -1e300, 1e300, "", "the examples whose x is above it"),
    REAL("regress.hold-out.share", "", 0, 1, "0.3", "without above: a random share, which the seed draws"),
    MAP("regress.k-fold", "validation", "each of k random parts is left out of a fit of its own"),
    INTEGER("regress.k-fold.folds", "folds", 2, 1000000, "5", "k"),
    MAP("regress.bootstrap", "validation",
        "fits to resamples drawn with replacement; errors are of the examples not drawn"),
    INTEGER("regress.bootstrap.resamples", "resamples", 1, 1000000, "10", "how many"),
    INTEGER("regress.sets", "sets", 2, 1 << 20, "",
            "generated data: decomposes the error into bias, variance and noise over so many training sets"),
    CHOICE("regress.solver", "least-squares gradient-descent", "least-squares",
           "follows from the map that is given below"),
    MAP("regress.gradient-descent", "solver",
        "on (1/2n) (|errors|^2 + ridge |weights|^2), all examples at once"),
    REAL("regress.gradient-descent.rate", "", 1e-300, 1e300, "",
         "learning rate; without it 1 / the largest curvature"),
    INTEGER("regress.gradient-descent.steps", "steps", 1, 1e12, "1000", "how many"),
    REAL("regress.gradient-descent.start", "", 0, 1e300, "0",
         "norm of the random weights at which it begins"),
    REAL("regress.null", "", 0, 1e300, "0",
         "a random component that the training set does not see, so many times as long as the solution"),
    {0},
};

struct er_regress_spec er_regress_keys_spec(const struct er_point *point)
{
    struct er_regress_spec s = {.seed = point->seed};
    s.basis = (enum er_basis_kind)er_point_real(point, "regress.basis", 0);
    if (er_basis_has_degree(s.basis))
        s.features = er_point_integer(point, "regress.degree", 1) + 1;
    else if (s.basis != ER_BASIS_LINEAR)
        s.features = er_point_integer(point, "regress.features", 10);
    s.bandwidth = er_point_real(point, "regress.bandwidth", (double)NAN);
    s.ridge = er_point_real(point, "regress.ridge", 0);
    s.cut_off = er_point_real(point, "regress.cut_off", 1e-10);
    s.validation = (enum er_validation)er_point_real(point, "regress.validation", 0);
    s.above = er_point_real(point, "regress.hold-out.above", (double)NAN);
    s.share = er_point_real(point, "regress.hold-out.share", 0);
    s.folds = er_point_integer(point, "regress.k-fold.folds",
                               er_point_integer(point, "regress.bootstrap.resamples", 1));
    s.sets = er_point_integer(point, "regress.sets", 0);
    s.descent = er_point_real(point, "regress.solver", 0) != 0;
    s.rate = er_point_real(point, "regress.gradient-descent.rate", (double)NAN);
    s.steps = er_point_integer(point, "regress.gradient-descent.steps", 0);
    s.start = er_point_real(point, "regress.gradient-descent.start", 0);
    s.null = er_point_real(point, "regress.null", 0);
    return s;
}

static enum er_status check_basis(const struct er_point *point, enum er_basis_kind basis,
                                  struct er_error *err)
{
    const bool degree = er_basis_has_degree(basis), number = !degree && basis != ER_BASIS_LINEAR;
    if (!degree && er_point_get(point, "regress.degree"))
        return er_point_fail(point, "regress.degree", err, "belongs to the bases polynomial and legendre");
    if (!number && er_point_get(point, "regress.features"))
        return er_point_fail(
            point, "regress.features", err, "%s",
            degree ? "belongs to other bases; a polynomial has a degree"
                   : "belongs to other bases; the linear one has a feature for each number of x");
    if (basis != ER_BASIS_RADIAL && basis != ER_BASIS_RANDOM_FOURIER &&
        er_point_get(point, "regress.bandwidth"))
        return er_point_fail(point, "regress.bandwidth", err,
                             "belongs to the bases radial and fourier-features");
    return ER_OK;
}

/* What the parts of a run ask of each other. */
static enum er_status check_parts(const struct er_point *point, const struct er_regress_spec *s,
                                  struct er_error *err)
{
    if (s->validation != ER_VALIDATION_NONE && s->sets)
        return er_point_fail(point, "regress.sets", err,
                             "draws training sets of its own; there can't be a validation too");
    if (s->descent && s->validation != ER_VALIDATION_NONE)
        return er_point_fail(point, "regress.validation", err,
                             "is by solutions; it can't be had by gradient descent");
    if (s->descent && s->sets)
        return er_point_fail(point, "regress.sets", err,
                             "is by solutions; it can't be had by gradient descent");
    if (s->null > 0 && (s->descent || s->sets || s->validation != ER_VALIDATION_NONE))
        return er_point_fail(point, "regress.null", err,
                             "is added to a solution alone: without validation, sets and gradient descent");
    if (s->null > 0 && s->ridge > 0)
        return er_point_fail(point, "regress.null", err, "needs a fit without ridge");
    if (s->validation == ER_VALIDATION_HOLD_OUT && isnan(s->above) && !(s->share > 0 && s->share < 1))
        return er_point_fail(point, "regress.hold-out.share", err,
                             "must be between 0 and 1, neither of them");
    return ER_OK;
}

enum er_status er_regress_keys_check(const struct er_point *point, struct er_error *err)
{
    const struct er_regress_spec s = er_regress_keys_spec(point);
    const enum er_status status = check_basis(point, s.basis, err);
    return status == ER_OK ? check_parts(point, &s, err) : status;
}

enum er_status er_regress_keys_fit(const struct er_point *point, int64_t n, int64_t d, struct er_error *err)
{
    const struct er_regress_spec s = er_regress_keys_spec(point);
    if (er_basis_is_of_one(s.basis) && d != 1)
        return er_point_fail(point, "regress.basis", err,
                             "has functions of one number, and an example of these data has more; linear, "
                             "relu-features and fourier-features take them all");
    if (!isnan(s.above) && d != 1)
        return er_point_fail(point, "regress.hold-out.above", err, "needs data whose x is one number");
    if (s.validation == ER_VALIDATION_K_FOLD && s.folds > n)
        return er_point_fail(point, "regress.k-fold.folds", err, "is more than there are examples");
    if (s.validation != ER_VALIDATION_NONE && n < 2)
        return er_point_fail(point, "regress.validation", err, "needs two examples");
    return ER_OK;
}
