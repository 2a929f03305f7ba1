/* What a task's JSON files say: Keras's layers as ours, hyper-parameters; each hostile case by its message. */
#include "t.h"

#include <ermine/model.h>
#include <ermine/pgdl.h>

/* --- Keras ---------------------------------------------------------------------------------------------------- */

#define NET(layers) "{\"model_config\": [" layers "], \"input_shape\": [8, 8, 3]}"
#define HEAD        ",{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Dense\",\"units\":2}"

static void check_architectures(void)
{
    static const struct {
        const char *json, *model, *weights;
    } cases[] = {
        {"{\"input_shape\":[3],\"model_config\":[{\"layer_name\":\"Dense\",\"activation\":\"tanh\",\"units\":"
         "256},"
         "{\"layer_name\":\"Dense\",\"units\":2}]}",
         "[dense 256, tanh, dense 2]", "kernel bias\nkernel bias\n"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":4,\"kernel_size\":3}" HEAD),
         "[conv 4 padding=valid, flatten, dense 2]", "kernel bias\nkernel bias\n"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":4.0,\"kernel_size\":[3.0,1],\"strides\":2,\"padding\":"
             "\"same\","
             "\"activation\":null,\"use_bias\":false,\"data_format\":\"channels_last\"}" HEAD),
         "[conv 4 3x1 stride=2x2 bias=false, flatten, dense 2]", "kernel\nkernel bias\n"},
        {NET("{\"layer_name\":\"BatchNormalization\",\"center\":false,\"scale\":false},{\"layer_name\":"
             "\"ReLU\"}" HEAD),
         "[batch_norm momentum=0.010000000000000009 epsilon=0.001 affine=false, relu, flatten, dense 2]",
         "moving_mean moving_variance\nkernel bias\n"},
        {NET("{\"layer_name\":\"MaxPooling2D\"},{\"layer_name\":\"AvgPool2D\",\"pool_size\":3,\"strides\":[1,"
             "2],"
             "\"padding\":\"same\"},{\"layer_name\":\"Dropout\",\"rate\":0},{\"layer_name\":\"Activation\","
             "\"activation\":\"relu\"},{\"layer_name\":\"GlobalAveragePooling2D\"},"
             "{\"layer_name\":\"Dense\",\"units\":5,\"activation\":\"softmax\"}"),
         "[max_pool 2x2, avg_pool 3x3 stride=1x2 padding=same, relu, global_avg_pool, dense 5]",
         "kernel bias\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_error err;
        struct er_pgdl_architecture a;
        struct er_model *model;
        T_STATUS(er_pgdl_architecture_parse(cases[i].json, strlen(cases[i].json), &a, &err), ER_OK, "%s",
                 cases[i].model);
        if (err.code != ER_OK) continue;
        T_STATUS(er_model_parse(a.model, &model, &err), ER_OK, "%s is a model", a.model);
        if (err.code == ER_OK) T_EQ_STR(er_model_text(model), cases[i].model, "the layers");
        T_EQ_STR(a.weights, cases[i].weights, "their weights");
        if (err.code == ER_OK) er_model_free(model);
        er_pgdl_architecture_clear(&a);
    }
}

static void check_refused_architectures(void)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{", "no JSON"},
        {"[]", "no JSON object"},
        {"{\"input_shape\":[3]}", "model_config: 0 layers"},
        {"{\"model_config\":[{\"layer_name\":\"Flatten\"}]}", "input_shape is no list"},
        {"{\"model_config\":[{\"layer_name\":\"Flatten\"}],\"input_shape\":[8,-8,3]}",
         "size 1 is no whole number"},
        {NET("{}"), "layer 0 has no layer_name"},
        {NET("{\"layer_name\":\"LSTM\"}"), "layer 0: layers \"LSTM\" are not computed here"},
        {NET("{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Dense\",\"units\":2,\"depth\":1}"),
         "layer 1, Dense: its key \"depth\" is not known"},
        {NET("{\"layer_name\":\"Dense\",\"units\":2}"), "of an image it would act on each pixel"},
        {NET("{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Conv2D\",\"filters\":1,\"kernel_size\":1}"),
         "it wants an image, and has a vector"},
        {NET("{\"layer_name\":\"Conv2D\",\"kernel_size\":1}"), "its filters is nothing"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2.5,\"kernel_size\":1}"), "its filters is 2.5"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2}"), "its kernel_size is nothing"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":[1,2,3]}"),
         "its kernel_size is a list"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"padding\":\"causal\"}"),
         "padding = \"causal\" is not computed here"},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"data_format\":\"channels_"
             "first\"}"),
         "data_format = \"channels_first\""},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"activation\":\"selu\"}"),
         "the activation \"selu\" is not computed here"},
        {NET("{\"layer_name\":\"BatchNormalization\",\"axis\":1}"), "its axis is not the last"},
        {NET("{\"layer_name\":\"BatchNormalization\",\"momentum\":2}"), "its momentum is 2"},
        {NET("{\"layer_name\":\"ReLU\",\"max_value\":6}"), "max_value is not computed here"},
        {NET("{\"layer_name\":\"Dropout\",\"rate\":\"half\"}"), "its rate is \"half\""},
        {NET("{\"layer_name\":\"Conv2D\",\"filters\":2,\"kernel_size\":1,\"dtype\":\"float16\"}"),
         "dtype = \"float16\""},
        {NET("{\"layer_name\":\"Softmax\"}" HEAD), "it follows a softmax"},
        {NET("{\"layer_name\":\"ReLU\"}"), "the layers end in an image"},
        {NET("{\"layer_name\":\"Flatten\"},{\"layer_name\":\"Dense\",\"units\":1}"),
         "the layers end in a single number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_error err = {0};
        struct er_pgdl_architecture a = {.outputs = -7};
        const enum er_status status =
            er_pgdl_architecture_parse(cases[i].json, strlen(cases[i].json), &a, &err);
        T_OK((status == ER_E_INPUT || status == ER_E_UNSUPPORTED) && strstr(err.msg, cases[i].says),
             "\"%s\" says \"%s\"", err.msg, cases[i].says);
        T_EQ_INT(a.outputs, -7, "untouched on failure");
    }
}

/* --- hyper-parameters --------------------------------------------------------------------------------------- */

#define MODEL(name, values, value)                                                                           \
    "\"" name "\":{\"hparams\":{\"a\":{\"possible_values\":" values ",\"current_value\":" value "}}}"

static void check_refused_configs(void)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{}", "0 models"},
        {"{\"m\":1}", "model \"m\": 0 hyper-parameters"},
        {"{" MODEL("m", "[]", "1") "}", "hyper-parameter \"a\": 0 possible values"},
        {"{" MODEL("m", "[1,1.0]", "1") "}", "1 is among its possible values twice"},
        {"{" MODEL("m", "[1,null]", "1") "}", "a possible value that is null"},
        {"{" MODEL("m", "[1,2]", "3") "}", "model \"m\": its a is 3, which is none of the possible values"},
        {"{" MODEL("../m", "[1,2]", "1") "}", "the name can be no folder's"},
        {"{" MODEL("m", "[1,2]", "1") "," MODEL("m", "[1,2]", "2") "}", "duplicate object key"},
        {"{\"m\":{\"hparams\":{\"a\":{\"possible_values\":[1],\"current_value\":1}},\"metrics\":{\"train_"
         "acc\":1.5}}}",
         "its train_acc is 1.5"},
        {"{" MODEL("m", "[1,2]", "1") ",\"n\":{\"hparams\":{}}}",
         "model \"n\": 0 hyper-parameters, the first model has 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct er_error err;
        struct er_pgdl_task task = {.models = -7};
        T_STATUS(er_pgdl_configs_parse(cases[i].json, strlen(cases[i].json), &task, &err), ER_E_INPUT, "%s",
                 cases[i].says);
        T_OK(strstr(err.msg, cases[i].says), "\"%s\" says \"%s\"", err.msg, cases[i].says);
        T_EQ_INT(task.models, -7, "untouched on failure");
    }
}

static void check_configs(void)
{
    static const char json[] =
        "{" MODEL("7", "[[1,2],true,\"x\"]", "[1,2]") "," MODEL("model_x", "[[1,2],true,\"x\"]", "true") "}";
    struct er_error err;
    struct er_pgdl_task task;
    T_STATUS(er_pgdl_configs_parse(json, strlen(json), &task, &err), ER_OK, "values of every kind");
    if (err.code != ER_OK) return;
    T_EQ_STR(task.parameter[0].text[0], "[1,2]", "a list as its text");
    T_EQ_STR(task.parameter[0].text[1], "true", "a truth value");
    T_OK(task.model[0].level[0] == 0 && task.model[1].level[0] == 1, "levels");
    T_EQ_STR(task.model[0].folder, "model_7", "a folder for a number");
    T_OK(isnan(task.model[0].train_accuracy), "metrics may be hidden");
    er_pgdl_task_clear(&task);
}

int main(void)
{
    check_architectures();
    check_refused_architectures();
    check_configs();
    check_refused_configs();
    return t_done();
}
