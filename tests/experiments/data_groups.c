/* Runs by their data: groups in order, splits in memory a budget's worth at a time. */
#include "experiments/data_groups.h"
#include "support/study_text.h"
#include "t.h"

/* 3 data seeds x 2 sizes x 2 rates x 2 seeds: 6 splits with 4 runs each. */
static const char *const yaml = "study: s\n"
                                "data: {name: two-spirals, train: [10, 20], test: 5, seed: [4, 2, 3]}\n"
                                "model: [dense 2, relu, dense]\n"
                                "train: {sgd: {rate: [0.1, 0.2]}}\n"
                                "seeds: 2\n";

static void check_groups(const struct er_point *point, int64_t n)
{
    struct er_data_groups groups;
    struct er_error err;
    T_STATUS(er_data_groups_new(point, n, &groups, &err), ER_OK, "groups");
    T_EQ_INT(groups.n, 6, "as many as there are splits");
    int64_t next = 0, sorted = 0, right = 0;
    for (int64_t g = 0; g < groups.n; g++) {
        sorted += groups.group[g].n == 4;
        for (int64_t i = 0; i < groups.group[g].n; i++) right += groups.group[g].run[i] == next++;
    }
    T_EQ_INT(sorted, 6, "of four runs each");
    T_EQ_INT(right, n, "in the order of the runs");

    int64_t to = -1;
    T_STATUS(er_data_groups_load(&groups, point, NULL, 1, 1, &to, &err), ER_OK, "a budget of one byte");
    T_EQ_INT(to, 2, "is enough for one split");
    T_OK(groups.group[1].split.train.n == 10 && groups.group[1].split.test.n == 5 &&
             !groups.group[2].split.train.x,
         "which is read, the next is not");
    er_data_groups_release(&groups, 1, to);
    T_OK(!groups.group[1].split.train.x, "and given back");
    /* 10 + 5 examples of 2 features and a label: 15 (2 x 4 + 4) = 180 bytes */
    T_STATUS(er_data_groups_load(&groups, point, NULL, 0, 181, &to, &err), ER_OK, "181 bytes");
    T_EQ_INT(to, 2, "are begun by the second split");
    T_OK(groups.group[0].split.train.x[0] != groups.group[1].split.train.x[0], "splits of two seeds differ");
    er_data_groups_release(&groups, 0, to);
    T_STATUS(er_data_groups_load(&groups, point, NULL, 0, 1 << 20, &to, &err), ER_OK, "a large budget");
    T_EQ_INT(to, 6, "takes all");
    T_EQ_INT(groups.group[5].split.train.n, 20, "the last split");
    er_data_groups_clear(&groups);
    T_OK(!groups.group && groups.n == 0, "cleared");
}

/* A subset of the runs in any order: what the runner asks for when some are done. */
static void check_subset(const struct er_point *point)
{
    const struct er_point some[] = {point[23], point[0], point[22], point[1]};
    struct er_data_groups groups;
    struct er_error err;
    T_STATUS(er_data_groups_new(some, 4, &groups, &err), ER_OK, "four runs of two splits");
    T_EQ_INT(groups.n, 2, "two groups");
    T_OK(groups.group[0].run[0] == 0 && groups.group[0].run[1] == 2, "of the runs 0 and 2");
    T_OK(groups.group[1].run[0] == 1 && groups.group[1].run[1] == 3, "and 1 and 3");
    er_data_groups_clear(&groups);
}

/* Runs that differ in augmentation alone have one split. */
static void check_augmented(void)
{
    struct er_study *study = NULL;
    struct er_data_groups groups;
    struct er_error err;
    T_STATUS(study_parse("study: s\ndata: {name: mnist, seed: [0, 1], augment: {crop: [0, 2], flip: [true, "
                         "false]}}\nmodel: [dense]\ntrain: {}\n",
                         &study, &err),
             ER_OK, "2 data seeds, 4 ways to augment");
    if (!study) return;
    T_STATUS(er_data_groups_new(er_study_point(study, 0), er_study_runs(study), &groups, &err), ER_OK,
             "groups");
    T_OK(groups.n == 2 && groups.group[0].n == 4 && groups.group[1].n == 4, "two, of four runs");
    er_data_groups_clear(&groups);
    er_study_free(study);
}

static void check_errors(void)
{
    struct er_study *study = NULL;
    struct er_data_groups groups;
    struct er_error err;
    int64_t to;
    T_STATUS(study_parse("study: s\ndata: {file: /nowhere/a.csv}\nmodel: [dense]\ntrain: {}\n", &study, &err),
             ER_OK, "a file that is not there");
    if (!study) return;
    T_STATUS(er_data_groups_new(er_study_point(study, 0), 1, &groups, &err), ER_OK, "its group");
    T_STATUS(er_data_groups_load(&groups, er_study_point(study, 0), NULL, 0, 1, &to, &err), ER_E_NOT_FOUND,
             "is found missing when it is read");
    T_OK(strstr(err.msg, "/nowhere/a.csv") && err.line == 2 && err.column == 14, "at its place: %s", err.msg);
    er_data_groups_clear(&groups);
    er_study_free(study);
}

int main(void)
{
    struct er_study *study = NULL;
    struct er_data_groups groups;
    struct er_error err;
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "six splits");
    if (!study) return t_done();
    const struct er_point *point = er_study_point(study, 0);
    check_groups(point, er_study_runs(study));
    check_subset(point);
    check_augmented();
    check_errors();
    T_ALLOCATIONS(er_data_groups_new(point, er_study_runs(study), &groups, NULL),
                  er_data_groups_clear(&groups), "groups survive every failed allocation");
    er_study_free(study);
    return t_done();
}
