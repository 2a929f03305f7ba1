/* cmd_data.c - `ermine data`: the data sets that have names, and where they are. */
#include "cli.h"
#include "data_list.h"
#include "places.h"
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct er_data_info *find(const struct cli_command *command, const char *name)
{
    int64_t n;
    const struct er_data_info *info = er_data_list(&n);
    const char *words[64];
    char hint[CLI_HINT];
    for (int64_t i = 0; i < n; i++) {
        if (strcmp(info[i].name, name) == 0) return &info[i];
        if (i < 64) words[i] = info[i].name;
    }
    cli_message(command, "no data set \"%s\"%s; `ermine data list` names those that there are", name,
                cli_hint(name, words, n < 64 ? n : 64, hint));
    return NULL;
}

static int info(const struct cli_args *args, const struct places *places)
{
    const struct er_data_info *d = find(args->command, args->operand[1]);
    if (!d) return CLI_INPUT;
    char shape[64];
    printf("%s\n%s\n", d->name, d->title);
    if (d->generated) {
        if (d->regression) printf("  its targets are real numbers, for studies with `regress`\n");
        if (d->train)
            printf("  %s: %" PRId64 " examples\n", data_made_text(d), d->train);
        else
            printf("  %s; its %s and noise are settings of the study (`ermine help study data`)\n",
                   data_made_text(d), d->regression ? "size" : "size, classes");
        return CLI_DONE;
    }
    if (d->ratings) {
        printf("  matrix    %s, users and items\n", data_shape_text(d->shape, shape, sizeof shape));
        printf("  whole     %" PRId64 " ratings\n", d->train);
    } else {
        printf("  example   %s\n", data_shape_text(d->shape, shape, sizeof shape));
        printf("  classes   %" PRId64 "\n", d->classes);
        printf("  whole     %" PRId64 " for training, %" PRId64 " for testing\n", d->train, d->test);
    }
    printf("  source    %s\n", d->source);
    printf("  licence   %s\n", d->licence);

    struct er_data_found found;
    struct er_error err = {0};
    enum er_status status = er_data_find(d->name, &places->data, &found, &err);
    if (status != ER_OK) return cli_error(args->command, &err);
    printf("  found in  %s\n", found.folder);
    if (d->ratings)
        printf("  here      %" PRId64 " ratings", found.train);
    else
        printf("  here      %" PRId64 " for training, %" PRId64 " for testing", found.train, found.test);
    printf("%s\n", found.official ? ", the whole set" : "");
    printf("  sha256    %s%s\n", found.checksum,
           found.official ? ", as published"
           : d->checksum  ? ", not the published one"
                          : "; none is published to compare it with");
    return CLI_DONE;
}

static int fetch(const struct cli_args *args, const struct places *places)
{
    const struct er_data_info *d = find(args->command, args->operand[1]);
    if (!d) return CLI_INPUT;
    if (d->generated) {
        cli_message(args->command, "%s %s%s: there is nothing to fetch", d->name, d->train ? "" : "is ",
                    data_made_text(d));
        return CLI_DONE;
    }
    struct er_error err = {0};
    struct progress progress;
    progress_open(&progress, args->command, cli_given(args, "quiet"));
    enum er_status status =
        er_data_fetch(d->name, &places->data, cli_value(args, "from", NULL), &progress.library, &err);
    progress_clear(&progress);
    if (status == ER_OK) return info(args, places);
    int code = cli_error(args->command, &err);
    if (status == ER_E_STOPPED)
        cli_message(args->command, "what has arrived is kept; the same command goes on from there");
    return status == ER_E_NOT_FOUND ? CLI_FAILED : code;
}

static int run(const struct cli_args *args)
{
    static const struct {
        const char *name;
        int operands;
        int (*run)(const struct cli_args *args, const struct places *places);
    } verb[] = {{"list", 1, data_list_print}, {"info", 2, info}, {"fetch", 2, fetch}};
    enum { VERBS = sizeof verb / sizeof verb[0] };
    const char *words[VERBS];
    char hint[CLI_HINT];
    for (int i = 0; i < VERBS; i++) {
        words[i] = verb[i].name;
        if (strcmp(args->operand[0], verb[i].name) != 0) continue;
        if (args->n_operands < verb[i].operands)
            return cli_usage(args->command, "%s needs the NAME of a data set", verb[i].name);
        if (args->n_operands > verb[i].operands)
            return cli_usage(args->command, "one word too many: %s", args->operand[verb[i].operands]);
        struct places places;
        int code = places_open(args, &places);
        if (code != CLI_DONE) return code;
        code = verb[i].run(args, &places);
        places_close(&places);
        return code;
    }
    return cli_usage(args->command, "unknown word \"%s\"%s", args->operand[0],
                     cli_hint(args->operand[0], words, VERBS, hint));
}

static const struct cli_option options[] = {
    PLACES_OPTION,
    {'f', "from", "URL", "its official address", "fetch: take the files from URL/NAME/, a mirror"},
    {'q', "quiet", NULL, NULL, "fetch: no progress bar"},
    {0},
};

const struct cli_command cli_data = {
    .name = "data",
    .operands = "list | info NAME | fetch NAME",
    .least = 1,
    .most = 2,
    .help = "the data sets that have names: where they are, and what is known of them",
    .text =
        "`list` names the data sets and generators and says where they are; `info` says what is known of one "
        "and of the files that were found: their SHA-256, and whether they are the published ones; "
        "`fetch` downloads one into the cache, goes on with what has arrived before, and takes only files "
        "with the "
        "published SHA-256.\n\n"
        "A data set NAME is looked for in the folder NAME of these places, in this order: every --data; "
        "those of "
        "ERMINE_DATA, separated by colons; $XDG_CACHE_HOME/ermine, or else ~/.cache/ermine; "
        "/usr/local/share/datasets; /usr/share/datasets, where Debian's packages put them.",
    .example = "ermine data info fashion-mnist\nermine data fetch mnist",
    .words = "list info fetch",
    .option = options,
    .run = run,
};
