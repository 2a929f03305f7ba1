/* data_list.c - a line for each named data set and generator. */
#include "data_list.h"
#include "cli.h"

#include <inttypes.h>
#include <stdio.h>

char *data_shape_text(struct er_shape s, char *out, size_t size)
{
    if (s.height == 1 && s.width == 1)
        snprintf(out, size, "%" PRId64 " feature%s", s.channels, s.channels == 1 ? "" : "s");
    else if (s.channels == 1)
        snprintf(out, size, "%" PRId64 " x %" PRId64, s.height, s.width);
    else
        snprintf(out, size, "%" PRId64 " x %" PRId64 " x %" PRId64, s.height, s.width, s.channels);
    return out;
}

/* "60000", or "4000 of 50000" where only a part of the set is here. */
static char *size_text(int64_t here, int64_t whole, char *out, size_t size)
{
    if (here == whole)
        snprintf(out, size, "%" PRId64, whole);
    else
        snprintf(out, size, "%" PRId64 " of %" PRId64, here, whole);
    return out;
}

const char *data_made_text(const struct er_data_info *info)
{
    return info->train ? "comes with Ermine" : "made when asked for";
}

/* A set that needs no file; what is real of a regression are its targets. */
static void print_made(const struct er_data_info *d)
{
    char shape[64], train[64];
    const char *classes = d->regression ? "real" : "-";
    if (d->train)
        printf("%-18s %-14s %7s %14s %14s", d->name, data_shape_text(d->shape, shape, sizeof shape), classes,
               size_text(d->train, d->train, train, sizeof train), "-");
    else
        printf("%-18s %-14s %7s %14s %14s", d->name, "-", classes, "-", "-");
    printf("  %s: %s\n", data_made_text(d), d->title);
}

int data_list_print(const struct cli_args *args, const struct places *places)
{
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    char shape[64], classes[24], train[64], test[64];
    printf("%-18s %-14s %7s %14s %14s  %s\n", "name", "example", "classes", "train", "test", "where");
    for (int64_t i = 0; i < n; i++) {
        const struct er_data_info *d = &info[i];
        if (cli_stop) return CLI_INTERRUPTED;
        if (d->generated) {
            print_made(d);
            continue;
        }
        struct er_data_found found;
        struct er_error err = {0};
        enum er_status status = er_data_find(d->name, &places->data, &found, &err);
        if (status != ER_OK && status != ER_E_NOT_FOUND) cli_error(args->command, &err);
        snprintf(classes, sizeof classes, "%" PRId64, d->classes);
        printf("%-18s %-14s %7s %14s %14s  %s\n", d->name, data_shape_text(d->shape, shape, sizeof shape),
               d->ratings ? "ratings" : classes,
               size_text(status == ER_OK ? found.train : d->train, d->train, train, sizeof train),
               d->ratings ? "-"
                          : size_text(status == ER_OK ? found.test : d->test, d->test, test, sizeof test),
               status == ER_OK            ? found.folder
               : status == ER_E_NOT_FOUND ? "not here"
                                          : "not readable");
    }
    return CLI_DONE;
}
