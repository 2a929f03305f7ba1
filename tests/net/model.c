/* Model text: what is read, its canonical form, what is refused and where; nets: parameter counts of the
 * literature. */
#include "t.h"

#include "net/plan.h"

#include <ermine/net.h>

static void canonical(const char *text, const char *want)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    if (model) T_EQ_STR(er_model_text(model), want, "canonical form of '%s'", text);
    er_model_free(model);
}

static void refused(const char *text, int64_t column, const char *part)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_E_INPUT, "'%s' is refused", text);
    T_OK(strstr(err.msg, part) != NULL, "'%s': the message '%s' has '%s'", text, err.msg, part);
    T_EQ_INT(err.column, column, "'%s': column", text);
    T_OK(model == NULL, "nothing is given");
}

static enum er_status bind(const char *text, struct er_shape shape, int64_t classes, const char *loss,
                           int64_t *P, struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    enum er_status status = er_model_parse(text, &model, err);
    if (status == ER_OK) status = er_net_new(model, shape, classes, loss, &net, err);
    if (status == ER_OK) *P = er_net_parameters(net);
    er_net_free(net);
    er_model_free(model);
    return status;
}

static void counts(const char *text, int64_t d, int64_t want)
{
    struct er_error err = {0};
    int64_t P = 0;
    T_STATUS(bind(text, (struct er_shape){1, 1, d}, 10, "cross-entropy", &P, &err), ER_OK, "%s", text);
    T_EQ_INT(P, want, "parameters of %s on %d inputs", text, (int)d);
}

static enum er_status make(struct er_plan **plan, struct er_net **net, struct er_model **model,
                           struct er_error *err)
{
    *plan = NULL;
    *net = NULL;
    *model = NULL;
    enum er_status status = er_model_parse("[dense 30 init=glorot bias=false, relu, dense]", model, err);
    if (status == ER_OK) status = er_net_new(*model, (struct er_shape){1, 1, 4}, 3, "hinge", net, err);
    if (status == ER_OK) status = er_plan_new(*net, 5, plan, err);
    if (status != ER_OK) {
        er_net_free(*net);
        er_model_free(*model);
    }
    return status;
}

/* Dense's three products, each for = and +=: of a whole block of 32 rows, and of the rest where there is one. */
static void products(void)
{
    static const int64_t rows[] = {1, 10, 32, 33, 64, 70}, want[] = {6, 6, 6, 10, 6, 10};
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_error err;
    T_STATUS(er_model_parse("[dense]", &model, &err), ER_OK, "a model");
    T_STATUS(er_net_new(model, (struct er_shape){1, 1, 4}, 3, "hinge", &net, &err), ER_OK, "a net");
    for (int i = 0; net && i < 6; i++) {
        struct er_plan *plan = NULL;
        T_STATUS(er_plan_new(net, rows[i], &plan, &err), ER_OK, "%d rows", (int)rows[i]);
        if (plan) T_EQ_INT(er_plan_products(plan), want[i], "products of %d rows", (int)rows[i]);
        er_plan_free(plan);
    }
    er_net_free(net);
    er_model_free(model);
}

int main(void)
{
    struct er_error err = {0};
    canonical("[dense 512, relu, dense]", "[dense 512, relu, dense]");
    canonical("  dense   512 ,relu,\n dense 10 ", "[dense 512, relu, dense 10]");
    canonical("[dense width=8 init=glorot bias=true scale=1.0]", "[dense 8 init=glorot]");
    canonical("[dense bias=false scale=0.50 8]", "[dense 8 scale=0.5 bias=false]");
    canonical("[flatten, dense 2 init=ntk bias_scale=1e-1]", "[flatten, dense 2 init=ntk bias_scale=0.1]");

    refused("[dence 512]", 2, "did you mean 'dense'?");
    refused("[dense 512, relu 3]", 18, "relu has no place for '3'");
    refused("[dense 5x]", 8, "not an integer");
    refused("[dense 0]", 8, "outside of 1 to");
    refused("[dense 1e3]", 8, "not an integer");
    refused("[dense 4 inti=he]", 10, "did you mean 'init'?");
    refused("[dense 4 init=xavier]", 10, "none of: he glorot standard ntk uniform");
    refused("[dense 4 scale=-1]", 10, "outside of 0");
    refused("[conv 4 3 stride=1000000000, dense]", 11, "conv: stride is 1000000000, outside of 1 to 1024");
    refused("[conv 4 3 dilation=20000]", 11, "conv: dilation is 20000, outside of 1 to 1024");
    refused("[conv 4 3x4097]", 9, "kernel is 3x4097, outside of 1 to 1024");
    refused("[conv 4 -1x3]", 9, "kernel is -1x3, outside of 1 to 1024");
    refused("[max_pool 8192x2]", 11, "size is 8192x2, outside of 1 to 4096");
    refused("[max_pool 0]", 11, "size is 0, outside of 1 to 4096");
    refused("[conv 4 3xx3]", 9, "not a size such as 3x3 or 3");
    refused("[dense 4 width=5]", 10, "given twice");
    refused("[dense 4 scale=1,5]", 18, "no layer '5'");
    refused("[dense, relu, dense 3]", 2, "needs its width");
    refused("[dense 4,, relu]", 10, "name is missing");
    refused("[]", 2, "name is missing");
    refused("", 1, "name is missing");
    refused("[dense 4", 9, "closing bracket");
    refused("dense 4]", 1, "opening bracket");

    canonical("dense 4, add : [ [ dense 4,relu ] ,identity, [relu]], dense",
              "[dense 4, add: [[dense 4, relu], identity, relu], dense]");
    canonical("[add: [add: [[relu, tanh], erf], identity], dense]",
              "[add: [add: [[relu, tanh], erf], identity], dense]");
    canonical(
        "[concat:[ [conv 4 kernel=1,relu] ,conv 8 3, [max_pool 3 stride=1 padding=same]], lrn alpha=0.001 "
        "k=2, dense]",
        "[concat: [[conv 4 1x1, relu], conv 8, max_pool 3x3 stride=1x1 padding=same], lrn k=2, dense]");
    canonical("mlp 64 depth=2 activation=tanh init=ntk",
              "[dense 64 init=ntk, tanh, dense 64 init=ntk, tanh, dense init=ntk]");
    canonical("[flatten, mlp depth=0]", "[flatten, dense]");
    canonical("[dense 8, add: [identity, [relu, mlp 64]]]",
              "[dense 8, add: [identity, [relu, dense 64, relu, dense]]]");

    refused("[add: [[dense 4, rlu], identity]]", 18, "did you mean 'relu'?");
    refused("[add: [relu], dense]", 2, "two branches or more");
    refused("[add, dense]", 2, "two branches or more");
    refused("[add: [[], relu], dense]", 9, "name is missing");
    refused("[add: [[relu], tanh, dense]", 28, "the closing bracket is missing");
    refused("[add: relu, dense]", 7, "in brackets");
    refused("[concat: [relu], dense]", 2, "two branches or more, as in concat: [[dense 8, relu], identity]");
    refused("[lrn 0]", 6, "size is 0, outside of 1 to 4096");
    refused("[lrn k=0]", 6, "k is 0, outside of");
    refused("[relu: [[tanh], identity], dense]", 2, "takes no branches");
    refused("[mlp: [[tanh], identity], dense]", 2, "takes no branches");
    refused("[conv, relu, dense]", 2, "layer 1, conv, needs its channels");
    canonical("[conv 8, relu, conv kernel=28 padding=valid]",
              "[conv 8, relu, conv kernel=28x28 padding=valid]");
    refused("[relu, mlp 8, mlp 9]", 8, "needs its width");
    refused("[relu, mlp 8 depht=2]", 14, "did you mean 'depth'?");
    refused("[relu, mlpp 8]", 8, "did you mean 'mlp'?");
    const struct er_model_layer identity = {.name = "identity"};
    const struct er_model_branch branch[] = {{&identity, 1}, {NULL, 0}};
    const struct er_model_layer join = {.name = "add", .branch = branch, .n_branches = 2, .line = 3};
    struct er_model *none = NULL;
    T_STATUS(er_model_new(&join, 1, &none, &err), ER_E_INPUT, "a branch without layers");
    T_OK(strstr(err.msg, "branch 2 has no layers") && err.line == 3, "and which: %s", err.msg);

    /* Zhang et al., ICLR 2017, table 1; LeCun et al. 1998; the demonstration net */
    counts("[dense 512, relu, dense]", 2352, 1209866);
    counts("[dense 512, relu, dense 512, relu, dense 512, relu, dense]", 2352, 1735178);
    counts("[dense 300, relu, dense 100, relu, dense]", 784, 266610);
    counts("[dense 100, relu, dense 10]", 784, 79510);
    counts("[dense bias=false]", 784, 7840);
    counts("[conv 8 1x1, conv kernel=1x1, identity]", 1, 8 + 8 + 80 + 10); /* an open number of channels */

    int64_t P;
    const struct er_shape image = {28, 28, 1};
    T_STATUS(bind("[dense 7]", image, 10, "cross-entropy", &P, &err), ER_E_SHAPE,
             "a last layer that is too narrow");
    T_OK(strstr(err.msg, "7 outputs") && strstr(err.msg, "10"), "both numbers are said: %s", err.msg);
    T_STATUS(bind("[relu]", image, 10, "cross-entropy", &P, &err), ER_E_SHAPE, "nothing to train");
    T_STATUS(bind("[dense]", image, 10, "cross-entrpy", &P, &err), ER_E_NOT_FOUND, "an unknown loss");
    T_OK(strstr(err.msg, "cross-entropy") != NULL, "the nearest is named: %s", err.msg);
    T_STATUS(bind("[dense]", image, 1, "cross-entropy", &P, &err), ER_E_SHAPE, "one class");
    T_STATUS(bind("[dense 16777216, dense]", image, 10, "hinge", &P, &err), ER_E_LIMIT,
             "too many parameters");
    T_STATUS(
        bind("[dense 16777216, conv 1048576 1024, dense]", (struct er_shape){1, 1, 1}, 10, "hinge", &P, &err),
        ER_E_LIMIT, "2^64 weights, which an int64_t does not hold");
    T_OK(strstr(err.msg, "conv: more than"), "are the convolution's: %s", err.msg);

    T_STATUS(bind("[add: [conv 3, conv 2], dense]", image, 10, "hinge", &P, &err), ER_E_SHAPE,
             "a sum of different channels");
    T_OK(strstr(err.msg, "layer 1, add: branch 1 gives 28 x 28 x 3, branch 2 gives 28 x 28 x 2"),
         "both shapes are said: %s", err.msg);
    T_STATUS(bind("[concat: [conv 3, conv 2], dense]", image, 10, "hinge", &P, &err), ER_OK,
             "which can be side by side");
    T_EQ_INT(P, 9 * 5 + 5 + 28 * 28 * 5 * 10 + 10, "the next layer sees all of them");
    T_STATUS(bind("[concat: [identity, identity, conv 2 stride=2x1], dense]", image, 10, "hinge", &P, &err),
             ER_E_SHAPE, "images of different heights");
    T_OK(strstr(err.msg, "layer 1, concat: branch 1 gives 28 x 28 x 1, branch 3 gives 14 x 28 x 2"),
         "cannot: %s", err.msg);

    T_STATUS(bind("[dense init=uniform bias_scale=1]", image, 10, "hinge", &P, &err), ER_E_SHAPE,
             "a scale without effect");
    T_STATUS(bind("[dense bias=false bias_scale=1]", image, 10, "hinge", &P, &err), ER_E_SHAPE,
             "a scale of no bias");
    const int64_t far = INT64_C(1) << 32;
    T_STATUS(bind("[dense]", (struct er_shape){far, far, far}, 10, "hinge", &P, &err), ER_E_SHAPE,
             "an overflowing shape");
    const int64_t most = INT64_C(1) << 20;
    T_STATUS(
        bind("[relu, global_avg_pool, dense]", (struct er_shape){most, most, most}, 10, "hinge", &P, &err),
        ER_E_LIMIT, "an example of 2^60 values");
    T_STATUS(bind("[dense]", (struct er_shape){-2, -2, 1}, 10, "hinge", &P, &err), ER_E_SHAPE,
             "a negative shape");

    products();
    struct er_plan *plan;
    struct er_net *net;
    struct er_model *model;
    T_ALLOCATIONS(make(&plan, &net, &model, &err),
                  (er_plan_free(plan), er_net_free(net), er_model_free(model)),
                  "every allocation of model, net and plan may fail");
    er_plan_free(NULL);
    er_net_free(NULL);
    er_model_free(NULL);
    return t_done();
}
