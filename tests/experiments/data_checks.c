/* What experiments that learn real targets take and refuse of `data.*`, beside those that learn classes. Points
 * are made by hand, of the keys alone. */
#include "experiments/data_keys.h"
#include "t.h"

enum { KEYS = 4 };

/* A key with its value as a text and as a number, both as far as they are needed. */
struct key {
    const char *path, *text;
    double number;
};

struct made {
    struct er_schema_row row[KEYS];
    struct er_setting setting[KEYS];
    const struct er_setting *list[KEYS];
    struct er_point point;
};

static const struct er_point *make(const struct key key[KEYS], struct made *m)
{
    *m = (struct made){.point = {.setting = m->list}};
    for (int i = 0; i < KEYS && key[i].path; i++) {
        m->row[i].path = key[i].path;
        m->setting[i] = (struct er_setting){.row = &m->row[i],
                                            .text = key[i].text,
                                            .file = key[i].text,
                                            .number = key[i].number,
                                            .integer = (int64_t)key[i].number,
                                            .present = true,
                                            .line = 10 + i,
                                            .column = 1};
        m->list[m->point.n++] = &m->setting[i];
    }
    return &m->point;
}

static const struct {
    struct key key[KEYS];
    const char *classes, *regression; /* what is refused, with its line; NULL: nothing */
} given[] = {
    {{{"data.name", "two-spirals", 0}}, NULL, NULL},
    {{{"data.name", "mnist", 0}, {"data.pool", "2", 2}, {"data.labels.task", "parity", 1}}, NULL, NULL},
    {{{"data.name", "marathon", 0}},
     "10: data.name: marathon has real targets and no classes: a study with `regress` learns from it",
     NULL},
    {{{"data.name", "sine", 0}, {"data.noise", "0.1", 0.1}, {"data.train", "5", 5}}, "10: data.name", NULL},
    {{{"data.name", "sine", 0}, {"data.dimension", "2", 2}},
     "10: data.name",
     "11: data.dimension: sine has no dimension to choose"},
    {{{"data.name", "two-scales", 0}, {"data.dimension", "7", 7}},
     "10: data.name",
     "11: data.dimension: two-scales: dimension is 7, and must be from 1 to 65536 and even"},
    {{{"data.name", "marathon", 0}, {"data.train", "28", 28}},
     "10: data.name",
     "11: data.train: marathon: 28 training and 0 test examples are asked for; there are 27"},
    {{{"data.name", "marathon", 0}, {"data.standardise", "feature", 0}}, "10: data.name", NULL},
    {{{"data.name", "linear", 0}, {"data.standardise", "feature", 0}},
     "10: data.name",
     "11: data.standardise: linear is made with a known truth"},
    {{{"data.name", "linear", 0}, {"data.labels.corrupt", "0.5", 0.5}},
     "10: data.name",
     "11: data.labels.corrupt: linear: the target is a real number, and labels.corrupt is a matter of "
     "labels"},
    {{{"data.file", "a.csv", 0}}, NULL, NULL},
    {{{"data.file", "a.csv", 0}, {"data.labels.corrupt", "0.5", 0.5}},
     NULL,
     "11: data.labels.corrupt: a.csv: the target is a real number (a label when there is a labels.task)"},
    {{{"data.file", "a.csv", 0}, {"data.labels.task", "classes", 0}, {"data.labels.corrupt", "0.5", 0.5}},
     NULL,
     NULL},
    {{{"data.file", "a.npz", 0}, {"data.labels.corrupt", "0.5", 0.5}}, NULL, NULL},
    {{{"data.file", "a.csv", 0}, {"data.noise", "0.5", 0.5}},
     "11: data.noise: only generated data have it",
     "11: data.noise: only generated data have it"},
    {{{"data.name", "mnist", 0}, {"data.augment.crop", "2", 2}},
     NULL,
     "11: data.augment.crop: images are moved anew in each epoch, and here there are none"},
    {{{"data.name", "mnist", 0}, {"data.crop", "30", 30}},
     "11: data.crop: a crop to 30 x 30 positions, of images of 28 x 28",
     "11: data.crop: a crop to 30 x 30 positions, of images of 28 x 28"},
    {{{"data.name", "sin", 0}}, "10: data.name: there is no data set 'sin'; did you mean sine?", "did you"},
};

static void check_one(enum er_status got, const struct er_error *err, const char *want, const char *kind,
                      const char *name)
{
    char said[600];
    snprintf(said, sizeof said, "%d: %s", (int)err->line, err->msg);
    T_EQ_INT(got, want ? ER_E_INPUT : ER_OK, "%s of %s: %s", kind, name, want ? want : "fine");
    if (want) T_OK(strstr(said, want), "%s: \"%s\"", said, want);
}

int main(void)
{
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        struct made made;
        struct er_error err = {0};
        const struct er_point *point = make(given[i].key, &made);
        const char *name = given[i].key[0].text;
        check_one(er_data_keys_check(point, &err), &err, given[i].classes, "classes", name);
        err = (struct er_error){0};
        check_one(er_data_keys_regression_check(point, &err), &err, given[i].regression, "regression", name);
    }
    return t_done();
}
