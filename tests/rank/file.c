/* Tables of models from CSV: which columns are what, levels, missing values, and refusals with their place. */
#include "t.h"

#include "experiments/experiment.h"
#include <ermine/rank_file.h>

extern const struct er_experiment er_experiment_train;

static int known(const char *name, enum er_rank_scale *scale)
{
    const bool logarithm = strncmp(name, "log_", 4) == 0;
    *scale = logarithm                        ? ER_RANK_LOG_NUMERATOR
             : strcmp(name, "path_norm") == 0 ? ER_RANK_NUMERATOR
                                              : ER_RANK_AS_IS;
    if (strcmp(name, "held_out") == 0) return ER_RANK_BESIDE;
    return strcmp(name, "path_norm") == 0 || logarithm ? 1 : strcmp(name, "margin") == 0 ? -1 : 0;
}

static enum er_status parse(const char *text, const struct er_rank_columns *columns,
                            struct er_rank_file *file, struct er_error *err)
{
    return er_rank_file_parse("zoo.csv", text, strlen(text), columns, known, file, err);
}

static const char zoo[] =
    "model.depth,optimiser,train.seed,note,data.train,outcome,gap,path_norm,log_spec,margin,mine\n"
    "8,sgd,1,a,1000,train_loss,0.1,3,1,4,1\n"
    "8,sgd,2,b,1000,train_loss,0.2,,2,3,2\n"
    "2,adam,1,c,4000,epochs,,5,inf,2,3\n"
    "16,\"adam\",2,d,4000,epochs,0.4,6,4,1,4\n";

static void check_defaults(void)
{
    struct er_error err = {0};
    struct er_rank_file f = {0};
    T_STATUS(parse(zoo, NULL, &f, &err), ER_OK, "a table by its names");
    const struct er_rank_table *t = &f.table;
    T_EQ_INT(t->n, 4, "models");
    const int32_t optimiser[] = {1, 1, 0, 0}, seed[] = {0, 1, 0, 1};
    T_EQ_INT(t->parameters, 1, "hyper-parameters: what varies and repeats, no results");
    T_EQ_STR(t->parameter[0].name, "optimiser", "where the seed is the same");
    T_OK(memcmp(t->parameter[0].level, optimiser, sizeof optimiser) == 0, "levels of words");
    T_EQ_STR(f.follows[0], "model.depth", "it is never alone");
    T_EQ_STR(f.follows[1], "data.train", "it says what the optimiser says");
    T_OK(f.follows[2] == NULL, "no other");
    T_OK(memcmp(t->seed, seed, sizeof seed) == 0, "seeds");
    T_EQ_INT(t->measures, 3, "measures that are known");
    T_EQ_STR(t->measure[0].name, "path_norm", "the first");
    T_EQ_INT(t->measure[2].direction, -1, "the direction of the margin");
    T_OK(t->measure[0].scale == ER_RANK_NUMERATOR && t->measure[1].scale == ER_RANK_LOG_NUMERATOR &&
             t->measure[2].scale == ER_RANK_AS_IS,
         "the scale of each");
    T_OK(isnan(t->gap[2]) && isnan(t->measure[0].value[1]) && isnan(t->measure[1].value[2]),
         "missing values");
    T_CLOSE(t->gap[3], 0.4, 0, "a gap");
    T_OK(t->train_size == NULL, "no training size unless it is asked for");
    er_rank_file_clear(&f);
}

/* A grid of two seeds, with what follows from it and from it and the seeds. */
static void check_follows(void)
{
    struct er_error err = {0};
    struct er_rank_file f = {0};
    const char *const all[] = {"weights", "depth", NULL};
    const struct er_rank_columns asked = {.parameter = all};
    static const char text[] = "weights,depth,optimiser,twice,noise,seed,gap,path_norm\n"
                               "10,1,sgd,2,0,1,.1,1\n10,1,sgd,2,1,2,.1,2\n"
                               "10,1,adam,2,2,1,.1,3\n10,1,adam,2,2,2,.1,4\n"
                               "30,2,sgd,4,1,1,.1,5\n30,2,sgd,4,0,2,.1,6\n"
                               "40,2,adam,4,1,1,.1,7\n40,2,adam,4,0,2,.1,8\n";
    const int32_t depth[] = {0, 0, 0, 0, 1, 1, 1, 1};
    T_STATUS(parse(text, NULL, &f, &err), ER_OK, "a grid");
    T_EQ_INT(f.table.parameters, 2, "hyper-parameters");
    T_EQ_STR(f.table.parameter[0].name, "depth", "what varies alone");
    T_EQ_STR(f.table.parameter[1].name, "optimiser", "in any column");
    T_OK(memcmp(f.table.parameter[0].level, depth, sizeof depth) == 0, "levels of numbers rise");
    T_EQ_INT(f.table.parameter[0].better, 1, "deeper is held to be better");
    T_EQ_STR(f.follows[0], "noise", "another column of results");
    T_EQ_STR(f.follows[1], "weights", "a function of both");
    T_EQ_STR(f.follows[2], "twice", "the depth in other numbers");
    T_OK(f.follows[3] == NULL, "no other");
    er_rank_file_clear(&f);
    T_STATUS(parse(text, &asked, &f, &err), ER_OK, "what is asked for");
    T_OK(f.table.parameters == 2 && f.follows == NULL, "is taken as it is");
    er_rank_file_clear(&f);
    T_ALLOCATIONS(parse(text, NULL, &f, NULL), er_rank_file_clear(&f), "each allocation may fail");
}

/* What a study of trainings has of a run beside its axes is no hyper-parameter. */
static void check_results(void)
{
    static const char *const of_study[] = {"outcome", "seconds", NULL};
    const char *name[64];
    int n = 0;
    for (const char *const *word = of_study; *word; word++) name[n++] = *word;
    for (const struct er_column *c = er_experiment_train.run_column; c->name && n < 64; c++)
        name[n++] = c->name;
    T_OK(n > 8, "columns: %d", n);
    for (int i = 0; i < n; i++) {
        struct er_error err = {0};
        struct er_rank_file f = {0};
        char text[200];
        if (strcmp(name[i], "gap") == 0) continue;
        snprintf(text, sizeof text,
                 "depth,%s,gap,path_norm\n1,1,.1,1\n1,2,.1,1\n2,1,.1,1\n2,2,.1,1\n2,2,.1,2\n", name[i]);
        T_STATUS(parse(text, NULL, &f, &err), ER_OK, "%s", name[i]);
        T_EQ_INT(f.table.parameters, 1, "%s is a result", name[i]);
        er_rank_file_clear(&f);
    }
}

static void check_asked(void)
{
    struct er_error err = {0};
    struct er_rank_file f = {0};
    const char *const measure[] = {"mine", "margin", NULL}, *const parameter[] = {"note", NULL};
    const struct er_rank_columns columns = {.gap = "path_norm",
                                            .measure = measure,
                                            .parameter = parameter,
                                            .seed = "outcome",
                                            .train_size = "data.train"};
    T_STATUS(parse(zoo, &columns, &f, &err), ER_OK, "columns by name");
    T_EQ_INT(f.table.measures, 2, "those measures");
    T_EQ_INT(f.table.measure[0].direction, 1, "one that is not known is +1");
    T_EQ_INT(f.table.parameters, 1, "that hyper-parameter");
    T_EQ_INT(f.table.parameter[0].levels, 4, "as many values as models where it is asked for");
    T_CLOSE(f.table.train_size[2], 4000, 0, "training sizes");
    T_CLOSE(f.table.gap[0], 3, 0, "another gap");
    er_rank_file_clear(&f);
    T_ALLOCATIONS(parse(zoo, &columns, &f, NULL), er_rank_file_clear(&f), "each allocation may fail");
}

static void check_refused(void)
{
    static const char *const mine[] = {"mine", NULL}, *const maine[] = {"maine", NULL};
    static const struct er_rank_columns none = {0}, ours = {.measure = mine}, odd = {.measure = maine},
                                        sized = {.train_size = "mine"};
    static const struct {
        const char *text;
        const struct er_rank_columns *columns;
        enum er_status status;
        int line, column;
        const char *says;
    } cases[] = {
        {"", &none, ER_E_INPUT, 0, 0, "it is empty"},
        {"\n1,2\n", &none, ER_E_INPUT, 1, 1, "first line is empty"},
        {"gap,random\n", &none, ER_E_INPUT, 2, 0, "no rows"},
        {"gap,random\n1\n", &none, ER_E_INPUT, 2, 1, "ends after 1 cells, the table has 2"},
        {"gap,random\n1,2,3\n", &none, ER_E_INPUT, 2, 3, "goes on after 2 cells"},
        {"gap,random\n1,x\n", &none, ER_E_INPUT, 2, 3, "column random: \"x\" is not a number"},
        {"gap,random\n1,2\n\n1,2\n", &none, ER_E_INPUT, 3, 1, "empty line inside"},
        {"gap,gap\n1,2\n", &none, ER_E_INPUT, 1, 5, "two columns are named gap"},
        {"gap,\n1,2\n", &none, ER_E_INPUT, 1, 5, "name that is empty"},
        {"gap,b\n1,2\n", &none, ER_E_INPUT, 1, 0, "no column is named as a measure"},
        {"gpa,random\n1,2\n", &none, ER_E_NOT_FOUND, 0, 0, "no column \"gap\"; did you mean \"gpa\"?"},
        {"gap,mine\n1,2\n", &odd, ER_E_NOT_FOUND, 0, 0, "did you mean \"mine\"?"},
        {"gap,mine\n1,\"2\n", &ours, ER_E_INPUT, 2, 3, "quote that is never closed"},
        {"gap,random,mine\n1,2,0\n", &sized, ER_E_INPUT, 2, 5, "\"0\" is not a number of training examples"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct er_error err = {0};
        struct er_rank_file f = {0};
        T_STATUS(parse(cases[i].text, cases[i].columns, &f, &err), cases[i].status, "\"%s\"", cases[i].text);
        T_OK(strstr(err.msg, cases[i].says) != NULL, "\"%s\": says %s", cases[i].text, err.msg);
        T_EQ_STR(err.file, "zoo.csv", "\"%s\": the file", cases[i].text);
        T_EQ_INT(err.line, cases[i].line, "\"%s\": line", cases[i].text);
        T_EQ_INT(err.column, cases[i].column, "\"%s\": column", cases[i].text);
        T_OK(f.memory == NULL, "untouched");
    }
}

/* A column is one thing: measures are no hyper-parameters because others are asked for, nor is what says the gap a measure. */
static void check_one_thing(void)
{
    static const char text[] = "depth,seed,gap,path_norm,margin,held_out,oracle\n"
                               "2,1,0.1,3,4,0.5,1\n2,2,0.2,3,4,0.5,1\n4,1,0.3,5,2,0.6,2\n4,2,0.4,5,2,0.6,2\n";
    const struct er_rank_columns one = {.measure = (const char *const[]){"path_norm", NULL}},
                                 held = {.measure = (const char *const[]){"held_out", NULL}},
                                 gap = {.measure = (const char *const[]){"gap", NULL}},
                                 again = {.measure = (const char *const[]){"margin", "margin", NULL}},
                                 both = {.parameter = (const char *const[]){"depth", "gap", NULL}};
    struct er_error err = {0};
    struct er_rank_file f = {0};
    T_STATUS(parse(text, NULL, &f, &err), ER_OK, "by default");
    T_EQ_INT(f.table.measures, 3, "path_norm, margin and the baseline");
    T_EQ_INT(f.table.parameters, 1, "the depth alone");
    er_rank_file_clear(&f);
    T_STATUS(parse(text, &one, &f, &err), ER_OK, "one measure");
    T_EQ_INT(f.table.measures, 1, "no other");
    T_EQ_INT(f.table.parameters, 1, "other measures are no hyper-parameters");
    er_rank_file_clear(&f);
    T_STATUS(parse(text, &held, &f, &err), ER_OK, "what is asked for is ranked");
    T_EQ_INT(f.table.measure[0].direction, 1, "larger where the gap is");
    er_rank_file_clear(&f);
    T_STATUS(parse(text, &gap, &f, &err), ER_E_INPUT, "the gap as a measure");
    T_OK(strstr(err.msg, "column gap is asked for twice"), "%s", err.msg);
    T_STATUS(parse(text, &again, &f, &err), ER_E_INPUT, "a measure twice");
    T_STATUS(parse(text, &both, &f, &err), ER_E_INPUT, "the gap as a hyper-parameter");
    T_STATUS(parse("depth,seed,gap,path_norm\n2,1,0.1,3\n4,1,0.2,4\n2,1,0.1,3\n", NULL, &f, &err), ER_E_INPUT,
             "a model twice");
    T_OK(err.line == 4 && strstr(err.msg, "the model of line 2"), "%s", err.msg);
    T_STATUS(parse("depth,gap,path_norm\n2,0.1,3\n4,0.2,4\n2,0.1,3\n", NULL, &f, &err), ER_OK,
             "which may be without seeds");
    er_rank_file_clear(&f);
}

int main(void)
{
    struct er_error err = {0};
    struct er_rank_file f = {0};
    check_defaults();
    check_follows();
    check_results();
    check_asked();
    check_refused();
    check_one_thing();
    T_STATUS(er_rank_file_read("/nowhere/zoo.csv", NULL, known, &f, &err), ER_E_NOT_FOUND, "no such file");
    return t_done();
}
