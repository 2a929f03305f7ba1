/* kernel_keys.c - `kernel.*` and the model of a study point -> er_kernel_request, er_limit.
 */
#include "experiments/kernel_keys.h"

#include "experiments/data_keys.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"

#include <math.h>
#include <string.h>

#define KEY "kernel"

const struct er_schema_row er_kernel_keys_row[] = {
    MAP(KEY, NULL,
        "predicts with the model at infinite width, by its kernels; the targets are one-hot vectors less "
        "their "
        "mean, 1 - 1/K and -1/K; masks of dropout are drawn for training examples alone"),
    CHOICE(KEY ".get", "ntk nngp", "ntk",
           "ntk: trained networks, their mean and spread; nngp: the Bayesian posterior"),
    REAL(KEY ".ridge", "", 0, 1e6, "1e-6",
         "added to the diagonal of the kernel matrix, as a share of the diagonal's mean"),
    REAL(KEY ".noise", "", 0, 1e300, "",
         "variance of the noise that targets are taken to have, for nlpd; without it of nngp the ridge as it "
         "was added, which is that, and of ntk 0: its ridge is a penalty, and its spread that of trained "
         "networks"),
    REAL(KEY ".time", "", 0, 1e300, "",
         "of gradient flow on the mean squared error halved: learning rate times steps; without it the end"),
    REAL(KEY ".weight_std", "", 0, 1e6, "",
         "standard deviation of all weights, times the root of their number, above 0; without it as the "
         "model's init "
         "says"),
    REAL(KEY ".bias_std", "", 0, 1e6, "",
         "standard deviation of all biases; without it as the model's init says"),
    CHOICE(KEY ".parameterisation", "model ntk standard", "",
           "of what is trained; without it as the model's init says, and ntk where there is a weight_std"),
    INTEGER(KEY ".fixed", "layers", 0, 1000, "0",
            "so many layers with weights, from the data on, are not trained"),
    BOOL(KEY ".fixed_last", "false", "nor is the last layer with weights"),
    CHOICE(KEY ".precision", "float64 float32", "float64",
           "of the kernels of images while they are computed"),
    CHOICE(KEY ".solver", "cholesky conjugate-gradients", "cholesky",
           "conjugate-gradients: outputs to eight digits without a factor of the matrix, which is read from "
           "a file "
           "beside the store, and without variances"),
    BOOL(KEY ".tune", "false",
         "weight_std, bias_std and ridge are chosen by the marginal likelihood of the training set, which is "
         "maximised; those that are given are where the search begins"),
    BOOL(KEY ".spectrum", "false",
         "the least eigenvalue of the kernel matrix, and the largest to all digits, by a decomposition"),
    BOOL(KEY ".variances", "true",
         "variances of test outputs: nlpd and member_loss; they take most of the time"),
    {0},
};

static enum er_parameterisation parameterisation_of(const struct er_point *point)
{
    const char *word = er_point_text(point, KEY ".parameterisation", "");
    if (strcmp(word, "ntk") == 0) return ER_PARAMETERISATION_NTK;
    if (strcmp(word, "standard") == 0) return ER_PARAMETERISATION_STANDARD;
    const bool given = er_point_get(point, KEY ".weight_std") || er_point_bool(point, KEY ".tune", false);
    return given && !word[0] ? ER_PARAMETERISATION_NTK : ER_PARAMETERISATION_MODEL;
}

struct er_kernel_request er_kernel_keys_request(const struct er_point *point)
{
    struct er_limit_options limit = er_limit_defaults();
    limit.weight_std = er_point_real(point, KEY ".weight_std", limit.weight_std);
    limit.bias_std = er_point_real(point, KEY ".bias_std", limit.bias_std);
    limit.parameterisation = parameterisation_of(point);
    limit.float32 = strcmp(er_point_text(point, KEY ".precision", ""), "float32") == 0;
    limit.fixed = er_point_integer(point, KEY ".fixed", 0);
    limit.fixed_last = er_point_bool(point, KEY ".fixed_last", false);
    const bool ntk = strcmp(er_point_text(point, KEY ".get", "ntk"), "ntk") == 0;
    limit.ntk = ntk;
    const bool gradients = strcmp(er_point_text(point, KEY ".solver", "cholesky"), "cholesky") != 0;
    return (struct er_kernel_request){.ntk = ntk,
                                      .gradients = gradients,
                                      .limit = limit,
                                      .ridge = {.value = er_point_real(point, KEY ".ridge", 0)},
                                      .noise = er_point_real(point, KEY ".noise", (double)NAN),
                                      .time = er_point_real(point, KEY ".time", (double)INFINITY),
                                      .spectrum = er_point_bool(point, KEY ".spectrum", false),
                                      .variances = !gradients && er_point_bool(point, KEY ".variances", true),
                                      .tune = er_point_bool(point, KEY ".tune", false)};
}

/* Equal, or neither is given. */
static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

bool er_kernel_keys_share(const struct er_point *a, const struct er_point *b)
{
    const struct er_kernel_request x = er_kernel_keys_request(a), y = er_kernel_keys_request(b);
    return strcmp(er_point_text(a, "model", ""), er_point_text(b, "model", "")) == 0 &&
           same(x.limit.weight_std, y.limit.weight_std) && same(x.limit.bias_std, y.limit.bias_std) &&
           x.limit.parameterisation == y.limit.parameterisation && x.limit.float32 == y.limit.float32 &&
           x.limit.fixed == y.limit.fixed && x.limit.fixed_last == y.limit.fixed_last && x.tune == y.tune &&
           (!x.tune || x.ridge.value == y.ridge.value);
}

enum er_status er_kernel_keys_limit(const struct er_point *point, struct er_shape shape,
                                    const struct er_limit_options *options, struct er_limit **out,
                                    struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, "model");
    struct er_model *model;
    struct er_error why = {0};
    enum er_status status = er_model_parse(setting->text, &model, &why);
    if (status == ER_OK) {
        status = er_limit_new(model, shape, options, out, &why);
        er_model_free(model);
    }
    if (status == ER_OK) return ER_OK;
    return er_fail_at(err, status, NULL, setting->line, setting->column, "%s", why.msg);
}

enum er_status er_kernel_keys_check(const struct er_point *point, struct er_error *err)
{
    const struct er_kernel_request request = er_kernel_keys_request(point);
    const struct er_setting *weight_std = er_point_get(point, KEY ".weight_std");
    struct er_shape shape;
    struct er_limit *limit = NULL;
    int64_t classes;
    if (weight_std && !(weight_std->number > 0))
        return er_point_fail(point, KEY ".weight_std", err, "it must be above 0, got %s", weight_std->text);
    if (request.tune && isfinite(request.time))
        return er_point_fail(point, KEY ".time", err,
                             "what is tuned is the posterior; a tuned run has no time");
    if (request.gradients && isfinite(request.time))
        return er_point_fail(point, KEY ".solver", err,
                             "what a flow has done by some time is found by eigenvectors");
    if (!er_data_keys_shape(point, &shape, &classes)) return ER_OK;
    const enum er_status status = er_kernel_keys_limit(point, shape, &request.limit, &limit, err);
    er_limit_free(limit);
    return status;
}
