/* The catalogue is consistent; sets are found where they are, and said to be missing where they are not. */
#include "t.h"

#include "data/catalogue.h"
#include "support/places.h"
#include "support/scratch.h"

#include <sys/stat.h>
#include <unistd.h>

static void check_entries(void)
{
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    for (int64_t i = 0; i < n; i++) {
        T_OK(info[i].title[0] && info[i].licence[0] && info[i].source[0], "%s has its words", info[i].name);
        T_OK(info[i].classes >= 2 && er_shape_size(info[i].shape) >= 1, "%s has a shape", info[i].name);
        for (int64_t j = 0; j < i; j++)
            T_OK(strcmp(info[i].name, info[j].name) != 0, "%s is listed once", info[i].name);
        const struct er_set *set = er_set_named(info[i].name);
        T_OK(!set == info[i].generated, "%s is read or generated", info[i].name);
        if (!set) continue;
        T_OK(info[i].train > 0 && info[i].test > 0, "%s says its sizes", set->name);
        T_OK(strcmp(set->folder[0], set->name) == 0, "%s lies in a folder of its name", set->name);
        T_OK(set->train_files > 0 && set->train_files < set->n_files, "%s has two parts", set->name);
        T_OK(!set->checksum || strlen(set->checksum) == 64, "%s: a SHA-256 has 64 digits", set->name);
        for (int64_t j = 0; j < set->n_files; j++) {
            const struct er_set_file *f = &set->file[j];
            T_OK(!f->url == !!set->archive, "%s: %s has an address, or comes out of the archive", set->name,
                 f->name);
            T_OK(!f->sha256 || strlen(f->sha256) == 64, "%s: a SHA-256 has 64 digits", f->name);
        }
    }
}

static void check_missing(void)
{
    struct er_error err;
    struct er_data_found found;
    char top[64], folder[128];
    if (!scratch_make(top)) return;
    const char *const folders[] = {"/nowhere/at-all", top};
    const struct er_data_places places = {.folder = folders, .n = 2};
    T_STATUS(er_data_find("mnist", &places, &found, &err), ER_E_NOT_FOUND, "mnist isn't there");
    T_OK(strstr(err.msg, "ermine data fetch mnist"), "says what fetches it: %s", err.msg);
    T_OK(strstr(err.msg, "/nowhere/at-all/mnist") && strstr(err.msg, top), "says where it looked: %s",
         err.msg);
    snprintf(folder, sizeof folder, "%s/mnist", top);
    mkdir(folder, 0777);
    T_STATUS(er_data_find("mnist", &places, &found, &err), ER_E_NOT_FOUND, "an empty folder");
    T_OK(strstr(err.msg, "lacks train-images-idx3-ubyte"), "says what is missing: %s", err.msg);
    T_STATUS(er_data_find("mnits", &places, &found, &err), ER_E_NOT_FOUND, "a misspelt name");
    T_OK(strstr(err.msg, "\"mnist\""), "hints at the nearest: %s", err.msg);
    T_STATUS(er_data_find("mnist", NULL, &found, &err), ER_E_NOT_FOUND, "no places at all");
    scratch_remove(top);
}

/* The official sets, where they are on this machine. */
static int check_official(void)
{
    struct er_error err;
    int seen = 0;
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    for (int64_t i = 0; i < n; i++) {
        struct er_data_found found;
        const struct er_set *set = er_set_named(info[i].name);
        enum er_status status = er_data_find(info[i].name, places_here(), &found, &err);
        if (set && status == ER_E_NOT_FOUND) {
            printf("# %s is not on this machine\n", set->name);
            continue;
        }
        T_EQ_INT(status, ER_OK, "%s is found: %s", info[i].name, err.msg);
        if (!set) {
            T_OK(found.official && strlen(found.checksum) == 64, "%s is always there", info[i].name);
            continue;
        }
        seen++;
        T_OK(found.train > 0 && found.train <= info[i].train && found.test <= info[i].test,
             "%s: %d and %d examples", set->name, (int)found.train, (int)found.test);
        if (set->checksum && found.train == info[i].train && found.test == info[i].test)
            T_OK(found.official, "%s is the published one", set->name);
    }
    return seen;
}

int main(void)
{
    check_entries();
    check_missing();
    if (check_official() == 0) printf("# no real data set on this machine\n");
    return t_done();
}
