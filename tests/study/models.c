/* One model in every form that YAML gives it: its canonical text, and of a preset what it is called. */
#include "support/study_text.h"
#include "t.h"

#define JOIN "[flatten, add: [[dense 784, tanh], add: [relu, erf, dense 784], identity], dense]"

static const struct {
    const char *model, *text, *label;
} good[] = {
    {" [relu, dense]", "[relu, dense]", NULL},
    {" relu, dense", "[relu, dense]", NULL},
    {"\n- relu:\n- dense: {init: glorot, bias: false}", "[relu, dense init=glorot bias=false]", NULL},
    {" [flatten, add: [[dense 784, tanh], add: [relu, erf, dense 784], identity], dense]", JOIN, NULL},
    {" 'flatten, add: [[dense 784, tanh], add: [relu, erf, dense 784], identity], dense'", JOIN, NULL},
    {"\n- flatten\n- add:\n  - - dense: 784\n    - tanh:\n  - add: [relu, {erf: }, [dense: {width: 784}]]\n"
     "  - identity\n- dense",
     JOIN, NULL},
    {"\n- {flatten: }\n- add:\n  - [dense 784, tanh]\n  - add:\n    - relu\n    - [erf]\n    - - dense 784\n"
     "  - [identity]\n- dense",
     JOIN, NULL},
    {" [add: [{dense: 8}, dense: {width: 8}], dense]", "[add: [dense 8, dense 8], dense]", NULL},
    {" mlp 8  depth=2", "[dense 8, relu, dense 8, relu, dense]", "mlp 8 depth=2"},
    {" 'mlp 8 depth=2'", "[dense 8, relu, dense 8, relu, dense]", "mlp 8 depth=2"},
    {" [mlp 8 depth=2]", "[dense 8, relu, dense 8, relu, dense]", "mlp 8 depth=2"},
    {"\n  mlp: {width: 8, activation: tanh}", "[dense 8, tanh, dense]", "mlp width=8 activation=tanh"},
    {"\n  mlp: 8", "[dense 8, relu, dense]", "mlp 8"},
    {" [flatten, mlp 9, identity]", "[flatten, dense 9, relu, dense, identity]", NULL},
};

static enum er_status parse(const char *model, struct er_study **study, struct er_error *err)
{
    char yaml[1024];
    snprintf(yaml, sizeof yaml, "study: s\ndata: {name: mnist}\ntrain: {}\nmodel:%s\n", model);
    return study_parse(yaml, study, err);
}

int main(void)
{
    struct er_error err;
    struct er_study *study = NULL;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        study = NULL;
        T_STATUS(parse(good[i].model, &study, &err), ER_OK, "model:%s", good[i].model);
        const struct er_setting *model = study ? er_point_get(er_study_point(study, 0), "model") : NULL;
        if (model) T_EQ_STR(model->text, good[i].text, "model:%s", good[i].model);
        if (model)
            T_EQ_STR(model->label ? model->label : "", good[i].label ? good[i].label : "",
                     "label of model:%s", good[i].model);
        er_study_free(study);
    }
    T_ALLOCATIONS(parse(" [add: [[dense 8, relu], dense: {width: 8}], mlp 8]", &study, &err),
                  er_study_free(study), "a study with branches: every allocation may fail");
    T_ALLOCATIONS(parse(" mlp 8", &study, &err), er_study_free(study),
                  "a study of a preset: every allocation may fail");
    return t_done();
}
