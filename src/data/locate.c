/* locate.c - where the files of a named set are.
 *
 * A file may lie there plain or with ".gz"; plain wins. A CIFAR folder may hold a part of the set: then all
 * files between "data_batch_" and ".bin", and between "test_batch" and ".bin", in the order of their names.
 */
#include "core/buffer.h"
#include "core/file.h"
#include "data/source.h"

#include <dirent.h>
#include <ermine/memory.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FILES = 64 };

/* Names of one folder as they are found, before they become paths. */
struct names {
    char name[MOST_FILES][NAME_MAX + 1];
    int64_t n, train;
};

static bool is_there(const char *folder, const char *name, const char *suffix)
{
    char path[PATH_MAX];
    struct stat st;
    const int n = snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    return n > 0 && n < (int)sizeof path && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* NULL when all official files are there, otherwise the first that is not. */
static const char *official_names(const struct er_set *set, const char *folder, struct names *out)
{
    out->n = 0;
    out->train = set->train_files;
    for (int64_t i = 0; i < set->n_files; i++) {
        const char *name = set->file[i].name;
        const bool plain = is_there(folder, name, "");
        if (!plain && !is_there(folder, name, ".gz")) return name;
        snprintf(out->name[out->n++], sizeof *out->name, "%s%s", name, plain ? "" : ".gz");
    }
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The files prefix*.bin and prefix*.bin.gz of a folder, after those in out; a packed one whose plain one is
 * there is left out, which after sorting stands right before it. */
static void add_batches(const char *folder, const char *prefix, struct names *out)
{
    const int64_t first = out->n;
    DIR *dir = opendir(folder);
    if (!dir) return;
    for (const struct dirent *entry; out->n < MOST_FILES && (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (strncmp(name, prefix, strlen(prefix)) != 0) continue;
        if (!er_path_ends(name, ".bin") && !er_path_ends(name, ".bin.gz")) continue;
        if (is_there(folder, name, "")) snprintf(out->name[out->n++], sizeof *out->name, "%s", name);
    }
    closedir(dir);
    qsort(out->name[first], (size_t)(out->n - first), sizeof *out->name, by_name);
    int64_t kept = first;
    for (int64_t i = first; i < out->n; i++) {
        const size_t stem = kept > first ? strlen(out->name[kept - 1]) : 0;
        if (stem && strncmp(out->name[i], out->name[kept - 1], stem) == 0 &&
            strcmp(out->name[i] + stem, ".gz") == 0)
            continue;
        memmove(out->name[kept++], out->name[i], sizeof *out->name);
    }
    out->n = kept;
}

/* NULL when the folder holds both parts of the set, otherwise a name that is missing. */
static const char *names_in(const struct er_set *set, const char *folder, struct names *out)
{
    const char *missing = official_names(set, folder, out);
    if (!missing || set->format != ER_SET_CIFAR) return missing;
    *out = (struct names){0};
    add_batches(folder, "data_batch_", out);
    out->train = out->n;
    add_batches(folder, "test_batch", out);
    if (out->train == 0) return "data_batch_*.bin";
    return out->n > out->train ? NULL : "test_batch*.bin";
}

static enum er_status make_paths(const char *folder, const struct names *names, struct er_set_paths *out,
                                 struct er_error *err)
{
    const size_t head = (size_t)names->n * sizeof(char *);
    size_t size = head;
    for (int64_t i = 0; i < names->n; i++) size += strlen(folder) + strlen(names->name[i]) + 2;
    char **path = er_alloc((int64_t)size, 1);
    if (!path) return er_fail(err, ER_E_NOMEM, "out of memory while listing the files of %s", folder);
    char *text = (char *)path + head;
    for (int64_t i = 0; i < names->n; i++) {
        path[i] = text;
        text += sprintf(text, "%s/%s", folder, names->name[i]) + 1;
    }
    *out = (struct er_set_paths){.train = names->train, .n = names->n, .path = path};
    snprintf(out->folder, sizeof out->folder, "%s", folder);
    return ER_OK;
}

static enum er_status not_found(const struct er_set *set, const struct er_data_places *places,
                                const char *incomplete, struct er_error *err)
{
    struct er_buffer looked = {0};
    for (int64_t i = 0; places && i < places->n; i++)
        er_buffer_format(&looked, "%s%s/%s", i ? ", " : "", places->folder[i], set->folder[0]);
    const bool anywhere = looked.status == ER_OK && looked.length > 0;
    er_fail(err, ER_E_NOT_FOUND, "%s is not here: 'ermine data fetch %s' gets it%s%s; looked in %s",
            set->name, set->name, incomplete[0] ? "; " : "", incomplete,
            anywhere ? looked.data : "no folder");
    er_buffer_clear(&looked);
    return ER_E_NOT_FOUND;
}

enum er_status er_set_locate(const struct er_set *set, const struct er_data_places *places,
                             struct er_set_paths *out, struct er_error *err)
{
    char folder[sizeof out->folder], incomplete[256] = "";
    struct stat st;
    struct names *names = er_alloc(1, sizeof *names);
    if (!names) return er_fail(err, ER_E_NOMEM, "%s: out of memory", set->name);
    enum er_status status = ER_E_NOT_FOUND;
    for (int64_t i = 0; places && i < places->n && status == ER_E_NOT_FOUND; i++)
        for (int64_t j = 0; set->folder[j] && status == ER_E_NOT_FOUND; j++) {
            const int n = snprintf(folder, sizeof folder, "%s/%s", places->folder[i], set->folder[j]);
            if (n >= (int)sizeof folder || stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) continue;
            const char *missing = names_in(set, folder, names);
            if (!missing)
                status = make_paths(folder, names, out, err);
            else if (!incomplete[0])
                snprintf(incomplete, sizeof incomplete, "%.150s lacks %.80s", folder, missing);
        }
    er_free(names);
    return status == ER_E_NOT_FOUND ? not_found(set, places, incomplete, err) : status;
}

const char *er_data_file_path(const struct er_data_spec *spec, const struct er_data_places *places,
                              char path[ER_PLACE_PATH])
{
    struct stat st;
    if (!spec->within || spec->within[0] == '/' || stat(spec->file, &st) == 0) return spec->file;
    for (int64_t i = 0; places && i < places->n; i++) {
        const int n = snprintf(path, ER_PLACE_PATH, "%s/%s", places->folder[i], spec->within);
        if (n < ER_PLACE_PATH && stat(path, &st) == 0) return path;
    }
    return spec->file;
}
