/* Checksums of data are remembered while its files do not change, and not a moment longer. */
#include "t.h"

#include "study/database.h"
#include "study/source.h"
#include "support/scratch.h"
#include "support/store_ask.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

static struct er_error err;
static char folder[64];

static void write_csv(const char *path, const char *text, time_t age)
{
    FILE *file = fopen(path, "w");
    T_OK(file && fputs(text, file) >= 0, "write");
    if (file) fclose(file);
    struct timespec time_of[2] = {{.tv_sec = time(NULL) - age}, {.tv_sec = time(NULL) - age}};
    T_OK(utimensat(AT_FDCWD, path, time_of, 0) == 0, "age");
}

/* Replaces what the store remembers, so that it shows whether it is asked. */
static const char *mark(struct er_store *store)
{
    static char marked[ER_SHA256_HEX];
    memset(marked, 'e', sizeof marked - 1);
    store_ask(store, "UPDATE sources SET checksum = replace(printf('%64s', ''), ' ', 'e')");
    return marked;
}

int main(void)
{
    char path[128], database[128], first[ER_SHA256_HEX] = "", again[ER_SHA256_HEX] = "";
    struct er_store *store = NULL;
    struct er_data_places places = {0};
    struct er_data_spec spec = er_data_spec_default();
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    snprintf(path, sizeof path, "%s/a.csv", folder);
    snprintf(database, sizeof database, "%s/runs.db", folder);
    spec.file = path;
    T_STATUS(er_store_open(database, false, &store, &err), ER_OK, "store");
    T_STATUS(er_source_checksum(store, &spec, &places, first, &err), ER_E_NOT_FOUND, "no such file");
    write_csv(path, "x,y\n1,0\n2,1\n", 0);
    T_STATUS(er_source_checksum(store, &spec, &places, first, &err), ER_OK, "checksum");
    T_EQ_INT(strlen(first), 64, "of 64 digits");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM sources"), 0, "a file just written is not remembered");
    write_csv(path, "x,y\n1,0\n2,1\n", 60);
    T_STATUS(er_source_checksum(store, &spec, &places, again, &err), ER_OK, "checksum");
    T_EQ_STR(again, first, "same bytes");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM sources"), 1, "an older one is");
    const char *marked = mark(store);
    T_STATUS(er_source_checksum(store, &spec, &places, again, &err), ER_OK, "checksum");
    T_EQ_STR(again, marked, "and not read again");
    write_csv(path, "x,y\n1,0\n2,1\n", 50);
    T_STATUS(er_source_checksum(store, &spec, &places, again, &err), ER_OK, "checksum");
    T_EQ_STR(again, first, "until its time changes");
    mark(store);
    write_csv(path, "x,y\n1,0\n2,1\n3,1\n", 50);
    T_STATUS(er_source_checksum(store, &spec, &places, again, &err), ER_OK, "checksum");
    T_OK(strcmp(again, first) != 0 && again[0] && strcmp(again, marked) != 0, "or its size");
    spec = er_data_spec_default();
    spec.name = "two-spirals";
    T_STATUS(er_source_checksum(store, &spec, &places, again, &err), ER_OK, "a generator");
    T_EQ_INT(strlen(again), 64, "has a checksum without files");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM sources"), 1, "that need not be remembered");
    T_ALLOCATIONS(er_source_checksum(store, &spec, &places, again, NULL), (void)0, "allocations");
    er_store_close(store);
    T_STATUS(er_store_open(database, true, &store, &err), ER_OK, "for reading");
    spec = er_data_spec_default();
    spec.file = path;
    T_STATUS(er_source_checksum(store, &spec, &places, again, &err), ER_OK, "a reader asks too");
    er_store_close(store);
    scratch_remove(folder);
    return t_done();
}
