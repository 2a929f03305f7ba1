/* catalogue.c - the list of named sets and generators, for people (er_data_info) and for the readers
 * (er_set). */
#include "data/catalogue.h"

#include "core/number.h"
#include "data/generator.h"

#include <assert.h>
#include <string.h>

#define SHAPE(h, w, c)                                                                                       \
    {                                                                                                        \
        (h), (w), (c)                                                                                        \
    }
#define FOLDERS(...)                        ((const char *const[]){__VA_ARGS__, NULL})
#define NO_ARCHIVE                          NULL, NULL, 0, NULL
#define ARCHIVE(url, inside, bytes, sha256) (url), (inside), (bytes), (sha256)
#define FILE(name, bytes, sha256, url)                                                                       \
    {                                                                                                        \
        (name), (bytes), (sha256), (url)                                                                     \
    }
#define COUNT(...)           ((int64_t)(sizeof((const struct er_set_file[]){__VA_ARGS__}) / sizeof(struct er_set_file)))
#define FILES(training, ...) (training), COUNT(__VA_ARGS__), ((const struct er_set_file[]){__VA_ARGS__})

static const struct er_set sets[] = {
#define SET(name, title, licence, source, format, shape, classes, train, test, scale, checksum, ...)         \
    {(name), (format), shape, (classes), (scale), (checksum), __VA_ARGS__},
#include "catalogue.def"
#undef SET
};

static const struct er_data_info infos[] = {
#define SET(name_, title_, licence_, source_, format, shape_, classes_, train_, test_, scale, checksum_,     \
            ...)                                                                                             \
    {.name = (name_),                                                                                        \
     .title = (title_),                                                                                      \
     .licence = (licence_),                                                                                  \
     .source = (source_),                                                                                    \
     .shape = shape_,                                                                                        \
     .classes = (classes_),                                                                                  \
     .train = (train_),                                                                                      \
     .test = (test_),                                                                                        \
     .checksum = (checksum_),                                                                                \
     .ratings = (format) == ER_SET_RATINGS},
#include "catalogue.def"
#undef SET
#define GENERATOR(id, name_, title_, version, dimension, classes_, ...)                                      \
    {.name = (name_),                                                                                        \
     .title = (title_),                                                                                      \
     .licence = "made by Ermine",                                                                            \
     .source = "src/data/generators/" #id ".c",                                                              \
     .generated = true,                                                                                      \
     .shape = SHAPE(1, 1, dimension),                                                                        \
     .classes = (classes_)},
#include "generators.def"
#undef GENERATOR
#define REGRESSION(id, name_, title_, version, dimension, noise, width, train_, test_, own, ...)             \
    {.name = (name_),                                                                                        \
     .title = (title_),                                                                                      \
     .licence = (own) ? "facts" : "made by Ermine",                                                          \
     .source = "src/data/regressions/" #id ".c",                                                             \
     .generated = true,                                                                                      \
     .shape = SHAPE(1, 1, dimension),                                                                        \
     .train = (own),                                                                                         \
     .regression = true},
#include "regressions.def"
#undef REGRESSION
};

const struct er_data_info *er_data_list(int64_t *n)
{
    *n = (int64_t)(sizeof infos / sizeof *infos);
    return infos;
}

const struct er_set *er_set_named(const char *name)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (strcmp(sets[i].name, name) == 0) return &sets[i];
    return NULL;
}

enum er_status er_set_unknown(const char *name, struct er_error *err)
{
    const char *names[sizeof infos / sizeof *infos];
    const int64_t n = (int64_t)(sizeof infos / sizeof *infos);
    for (int64_t i = 0; i < n; i++) names[i] = infos[i].name;
    const char *near = er_nearest(name, names, n);
    if (near)
        return er_fail(err, ER_E_NOT_FOUND, "no data set is called \"%s\"; did you mean \"%s\"?", name, near);
    return er_fail(err, ER_E_NOT_FOUND,
                   "no data set is called \"%s\"; 'ermine data list' names those that are", name);
}
