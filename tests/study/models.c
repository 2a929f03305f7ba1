/* One model in every form that YAML gives it: its canonical text. */
#include "support/study_text.h"
#include "t.h"

#define JOIN "[flatten, add: [[dense 784, tanh], add: [relu, erf, dense 784], identity], dense]"

static const struct {
    const char *model, *text;
} good[] = {
    {" [relu, dense]", "[relu, dense]"},
    {" relu, dense", "[relu, dense]"},
    {"\n- relu:\n- dense: {init: glorot, bias: false}", "[relu, dense init=glorot bias=false]"},
    {" [flatten, add: [[dense 784, tanh], add: [relu, erf, dense 784], identity], dense]", JOIN},
    {" 'flatten, add: [[dense 784, tanh], add: [relu, erf, dense 784], identity], dense'", JOIN},
    {"\n- flatten\n- add:\n  - - dense: 784\n    - tanh:\n  - add: [relu, {erf: }, [dense: {width: 784}]]\n"
     "  - identity\n- dense",
     JOIN},
    {"\n- {flatten: }\n- add:\n  - [dense 784, tanh]\n  - add:\n    - relu\n    - [erf]\n    - - dense 784\n"
     "  - [identity]\n- dense",
     JOIN},
    {" [add: [{dense: 8}, dense: {width: 8}], dense]", "[add: [dense 8, dense 8], dense]"},
    {" mlp 8 depth=2", "[dense 8, relu, dense 8, relu, dense]"},
    {" 'mlp 8 depth=2'", "[dense 8, relu, dense 8, relu, dense]"},
    {" [mlp 8 depth=2]", "[dense 8, relu, dense 8, relu, dense]"},
    {"\n  mlp: {width: 8, activation: tanh}", "[dense 8, tanh, dense]"},
    {"\n  mlp: 8", "[dense 8, relu, dense]"},
    {" [flatten, mlp 9, identity]", "[flatten, dense 9, relu, dense, identity]"},
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
        if (study)
            T_EQ_STR(er_point_text(er_study_point(study, 0), "model", ""), good[i].text, "model:%s",
                     good[i].model);
        er_study_free(study);
    }
    T_ALLOCATIONS(parse(" [add: [[dense 8, relu], dense: {width: 8}], mlp 8]", &study, &err),
                  er_study_free(study), "a study with branches: every allocation may fail");
    return t_done();
}
