/* schema.c - the table of keys. An experiment's own rows are in its file, src/experiments/NAME.c. */
#include "study/schema.h"

#include "core/number.h"
#include "experiments/matrix_keys.h"
#include <ermine/study.h>
#include <string.h>

#define MAP(path, help)                                                                                      \
    {                                                                                                        \
        path, "", 0, 0, NULL, "", help, ER_SCHEMA_MAP, false                                                 \
    }
#define TEXT(path, fallback, help, keyed)                                                                    \
    {                                                                                                        \
        path, "", 0, 0, NULL, fallback, help, ER_SCHEMA_TEXT, keyed                                          \
    }
#define CHOICE(path, choices, fallback, help, keyed)                                                         \
    {                                                                                                        \
        path, "", 0, 0, choices, fallback, help, ER_SCHEMA_CHOICE, keyed                                     \
    }
#define INTEGER(path, unit, min, max, fallback, help)                                                        \
    {                                                                                                        \
        path, unit, min, max, NULL, fallback, help, ER_SCHEMA_INTEGER, true                                  \
    }
#define REAL(path, min, max, fallback, help)                                                                 \
    {                                                                                                        \
        path, "", min, max, NULL, fallback, help, ER_SCHEMA_REAL, true                                       \
    }

const struct er_schema_row er_schema_study_row[] = {
    TEXT("study", NULL, "the study's name: of a-z, A-Z, 0-9, '-', '_' and '.', the first a letter or digit",
         false),
    TEXT("title", "", "a title for people: above the figures, or of the page when the study is all of it",
         false),
    {"seeds", "seeds", 1, ER_STUDY_MAX_RUNS, NULL, "1",
     "how many seeds (0, 1, ...), or a list of them; a seed fixes initial weights and batches",
     ER_SCHEMA_INTEGER, false},
    TEXT("zip", "", "axes that vary together: a list of lists of paths, [[data.train, train.epochs]]", false),
    MAP("figures", "a list of figures; without it the experiment's own"),
    CHOICE("figures.mark", "line point bar histogram strip ridgeline map", "line", "what is drawn", false),
    TEXT("figures.x", NULL,
         "the column along the x axis: a path that varies, or a result; histogram, strip and ridgeline have "
         "none",
         false),
    TEXT("figures.y", NULL, "the column along the y axis, or a list of columns", false),
    TEXT("figures.colour", "", "the column that tells lines or points apart ('color' is read too)", false),
    TEXT("figures.title", "", "the figure's title; without it one made of the columns", false),
    TEXT("figures.caption", "", "a sentence below the figure", false),
    CHOICE("figures.x_scale", "linear log", "", "scale of the x axis; without it as the column asks", false),
    CHOICE("figures.y_scale", "linear log", "", "scale of the y axis; without it as the column asks", false),
    CHOICE("figures.statistic", "mean median", "mean", "what is shown of runs that fall together", false),
    TEXT("figures.points", "",
         "a column, or a list of columns, drawn as points over the lines of y: data over a fit", false),
    TEXT("figures.at_x", "",
         "a reference line at this value of x: a number, or a key that is the same number in all runs",
         false),
    TEXT("figures.at_y", "",
         "a reference line at this value of y: a number, or a key that is the same number in all runs",
         false),
    TEXT("figures.label", "",
         "words at the reference line; with at_x and at_y a list of two, that of x first; of a map two, for "
         "its regions",
         false),
    TEXT("figures.slider", "", "the column of which a slider below the figure shows one value at a time",
         false),
    {"figures.bins", "bins", ER_FIGURE_MIN_BINS, ER_FIGURE_MAX_BINS, NULL, "",
     "bins of a histogram, all of one width; without it by the number of values", ER_SCHEMA_INTEGER, false},
    CHOICE("figures.from", "runs curves", "",
           "the table to draw from; without it the curves where only they have all columns", false),
    CHOICE("figures.colour_scale", "linear log", "",
           "scale of a map's colours; without it as the column asks", false),
    TEXT("figures.regions", "",
         "of a map: two columns that are 0 or 1; one fills where it is 1, the other is hatched", false),
    TEXT("figures.contours", "", "of a map: the column whose iso-lines are drawn", false),
    TEXT(
        "figures.marks", "",
        "of a map: a column that is 0 for cells, 1 to 3 for the points A, B, C, 4 to 6 for the paths to them",
        false),
    MAP("claims", "a list of claims, judged when all runs are there; without it the experiment's own"),
    TEXT("claims.claim", NULL, "what is claimed: a sentence for people", false),
    TEXT("claims.rule", NULL,
         "when it counts as reproduced: 'test_error where corrupt = 1 is within 0.02 of 0.9' (docs/notes.md)",
         false),
    TEXT("claims.expected", "", "what a paper or a reference found, for people", false),
    TEXT("claims.source", "", "which paper or reference that is", false),
    {0},
};

/* src/experiments/data_keys.c makes an er_data_spec of these. The file's path is not keyed: its checksum is. */
static const struct er_schema_row data_row[] = {
    MAP("data", "the examples to learn from"),
    TEXT("data.name", "", "a named data set or a generator: 'ermine list data' names them", true),
    {"data.file", "", 0, 0, NULL, "",
     "a .csv or .npz file in place of a name; a relative path begins at the folder of the note, and "
     "where there is none at those of the data sets",
     ER_SCHEMA_FILE, false},
    TEXT("data.target", "", "the column of a .csv file that holds the labels or targets; without it the last",
         true),
    INTEGER("data.train", "examples", 1, 1e12, "", "training examples; without it all"),
    INTEGER("data.test", "examples", 1, 1e12, "", "test examples; without it all"),
    CHOICE("data.select", "random first", "random", "a random subset, or the first records of the files",
           true),
    {"data.stratify", "", 0, 1, NULL, "false",
     "whether classes have the shares in the subset that they have in the whole set", ER_SCHEMA_BOOL, true},
    {"data.balance", "", 0, 1, NULL, "false",
     "whether the subset has as many examples of each class, to within one; in place of stratify",
     ER_SCHEMA_BOOL, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    INTEGER(
        "data.seed", "", 0, 9e15, "0",
        "seed of the subset, the corruption, the pixels, the generator; the same for all seeds of the study"),
    CHOICE("data.condition", "true-labels random-labels shuffled-pixels random-pixels gaussian",
           "true-labels", "what is randomised (Zhang et al., 2017)", true),
    {"data.crop", "pixels", 0, 4096, NULL, "0",
     "images: side of the square in their middle that is kept; 0: all. Before all that changes pixels",
     ER_SCHEMA_INTEGER, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    {"data.pool", "pixels", 1, 4096, NULL, "1",
     "images, after the crop: side of the squares whose means become the pixels; 1: none", ER_SCHEMA_INTEGER,
     ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    MAP("data.labels", "what the labels are, and what is done to those of training"),
    {"data.labels.task", "", 0, 0, "classes parity halves", "",
     "classes: as they are; parity: whether odd; halves: whether of the upper half (digits from 5 on); in "
     "both parts, before any randomisation; without it "
     "classes, and of a .csv file in a regression real numbers",
     ER_SCHEMA_CHOICE, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    {"data.labels.only", "", 0, 9999, "", "",
     "the classes that are kept, by their numbers in the set: [3, 8]; renumbered from 0, rising; "
     "without it all",
     ER_SCHEMA_LIST, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    REAL("data.labels.corrupt", 0, 1, "0",
         "probability with which a training label is replaced by a uniform draw"),
    {"data.labels.draw", "", 0, 0, "all wrong", "all",
     "what a replaced label is drawn from: all classes, or the wrong ones (Nakkiran et al., 2020)",
     ER_SCHEMA_CHOICE, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    CHOICE("data.standardise", "auto none image channel feature set centred given", "auto",
           "per image, per channel, per feature, one scale for the set, or that with a mean per feature; "
           "given: by data.mean and data.deviation; auto: image for named sets of images, none for named "
           "sources of real targets, else feature",
           true),
    {"data.mean", "", -1e300, 1e300, NULL, "",
     "of data.standardise: given; subtracted from all values as read (a pixel: byte / 255)", ER_SCHEMA_REAL,
     ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    {"data.deviation", "", 0, 1e300, NULL, "",
     "of data.standardise: given; then they are divided by it, above 0", ER_SCHEMA_REAL,
     ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    MAP("data.augment", "images moved and mirrored anew in each epoch; in training batches, never where loss "
                        "and error are recorded"),
    {"data.augment.crop", "pixels", 0, 4096, NULL, "0",
     "padding on each side, out of which a random window of the image's size is taken; 0: none",
     ER_SCHEMA_INTEGER, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    {"data.augment.padding", "", 0, 0, "zero reflect edge", "zero",
     "what is around an image that is cropped: black, its mirror image, its outermost pixels",
     ER_SCHEMA_CHOICE, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    {"data.augment.flip", "", 0, 1, NULL, "false",
     "whether images are mirrored left to right, with probability 1/2", ER_SCHEMA_BOOL,
     ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    INTEGER("data.dimension", "features", 1, 1e6, "", "generators: features of an example"),
    INTEGER("data.classes", "classes", 2, 1e4, "", "generators: classes"),
    REAL("data.noise", 0, 1e6, "", "generators: how much noise"),
    REAL("data.separation", 0, 1e6, "", "gaussian-mixture: distance of the means"),
    INTEGER("data.width", "units", 1, 1e6, "", "teacher, relu-sum: hidden units; parity: bits that count"),
    {0},
};

static const struct er_schema_row model_row[] = {
    {"model", "", 0, 0, NULL, NULL,
     "the layers, as [dense 512, relu, dense], or a preset, as mlp 512 depth=2; a list of models is an axis",
     ER_SCHEMA_MODEL, true},
    {0},
};

/* No number is in its range: it holds words only. */
#define MEASURE(name) " " #name
static const struct er_schema_row measures_row[] = {
    {"measures", "", 1, 0,
#include "measures/measures.def"
     , "", "measures and bounds of each run, a column each: 'ermine list measures' names them",
     ER_SCHEMA_LIST, true},
    {0},
};
#undef MEASURE

static const struct {
    unsigned shared;
    const struct er_schema_row *row;
} common[] = {{ER_SHARES_DATA, data_row},
              {ER_SHARES_MODEL, model_row},
              {ER_SHARES_MEASURES, measures_row},
              {ER_SHARES_MATRIX, er_matrix_keys_row}};

enum { COMMON = sizeof common / sizeof common[0] };

static int64_t count(const struct er_schema_row *row)
{
    int64_t n = 0;
    while (row[n].path) n++;
    return n;
}

/* Row *i of a table; NULL when it has fewer, and *i then counts from behind it. */
static const struct er_schema_row *row_of(const struct er_schema_row *row, int64_t *i)
{
    const int64_t n = count(row);
    if (*i < n) return &row[*i];
    *i -= n;
    return NULL;
}

const struct er_schema_row *er_schema_row(int64_t i)
{
    int64_t experiments;
    const struct er_experiment *const *list = er_experiment_list(&experiments);
    if (i < 0) return NULL;
    const struct er_schema_row *found = row_of(er_schema_study_row, &i);
    for (int64_t c = 0; c < COMMON && !found; c++) found = row_of(common[c].row, &i);
    for (int64_t e = 0; e < experiments && !found; e++) found = row_of(list[e]->schema, &i);
    return found;
}

/* Fills what is derived of row i; the rows before it, its parent among them, are done. */
static void derive(struct er_schema *schema, int64_t i)
{
    struct er_schema_entry *entry = &schema->row[i];
    const char *path = entry->row->path, *dot = strrchr(path, '.');
    entry->name = dot ? dot + 1 : path;
    entry->parent = entry->choice = entry->member = -1;
    for (int64_t p = 0; dot && p < i; p++) {
        const char *parent = schema->row[p].row->path;
        if (strlen(parent) == (size_t)(dot - path) && strncmp(parent, path, (size_t)(dot - path)) == 0)
            entry->parent = p;
    }
    if (entry->parent >= 0) entry->member = schema->row[entry->parent].member;
    if (entry->row->type != ER_SCHEMA_MAP || !entry->row->choices) return;
    entry->choice = er_schema_find(schema, entry->parent, entry->row->choices);
    entry->member = i;
}

static void add(struct er_schema *schema, const struct er_schema_row *row)
{
    for (; row->path; row++) {
        schema->row[schema->n].row = row;
        derive(schema, schema->n);
        schema->n++;
    }
}

struct er_schema *er_schema_new(const struct er_experiment *experiment, struct er_arena *arena)
{
    int64_t experiments;
    const struct er_experiment *const *list = er_experiment_list(&experiments);
    int64_t n = count(experiment->schema);
    for (int64_t i = 0; i < experiments; i++)
        if (er_experiment_uses(experiment, list[i])) n += count(list[i]->schema);
    for (int64_t c = 0; c < COMMON; c++) n += count(common[c].row);
    struct er_schema *schema = er_arena_alloc(arena, 1, sizeof *schema);
    if (!schema) return NULL;
    schema->row = er_arena_alloc(arena, n, sizeof *schema->row);
    if (!schema->row) return NULL;
    for (int64_t c = 0; c < COMMON; c++)
        if (experiment->shares & common[c].shared) add(schema, common[c].row);
    for (int64_t i = 0; i < experiments; i++)
        if (er_experiment_uses(experiment, list[i])) add(schema, list[i]->schema);
    add(schema, experiment->schema);
    return schema;
}

int64_t er_schema_find(const struct er_schema *schema, int64_t parent, const char *name)
{
    for (int64_t i = 0; i < schema->n; i++)
        if (schema->row[i].parent == parent && strcmp(schema->row[i].name, name) == 0) return i;
    return -1;
}

int64_t er_schema_path(const struct er_schema *schema, const char *path)
{
    for (int64_t i = 0; i < schema->n; i++)
        if (strcmp(schema->row[i].row->path, path) == 0) return i;
    return -1;
}

const char *er_schema_nearest(const struct er_schema *schema, int64_t parent, const char *name)
{
    enum { MOST = 256 };
    const char *names[MOST];
    for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
        int64_t n = 0;
        for (int64_t i = 0; i < schema->n && n < MOST; i++)
            if (elsewhere || schema->row[i].parent == parent) names[n++] = schema->row[i].name;
        const char *near = er_nearest(name, names, n);
        for (int64_t i = 0; near && i < schema->n; i++)
            if (schema->row[i].name == near) return schema->row[i].row->path;
    }
    return NULL;
}
