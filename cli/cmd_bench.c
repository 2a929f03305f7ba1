/* cmd_bench.c - `ermine bench`: how much of this machine's arithmetic training reaches. */
#include "cli.h"
#include "destination.h"
#include "progress.h"
#include "speed.h"

#include "core/buffer.h"
#include "core/file.h"
#include "math/peak.h"
#include "study/machine.h"

#include <ermine/memory.h>
#include <ermine/version.h>

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 32 };

struct row {
    const char *id;
    double seconds, gflops, of_peak;
};

struct report {
    int threads, n;
    const char *isa;
    struct row row[MOST_ROWS];
};

static const double peak_seconds = 0.3;

/* True when the case is asked for: by name, or because none is. */
static bool wanted(const struct cli_args *args, const char *id)
{
    for (int i = 0; i < args->n_operands; i++)
        if (strcmp(args->operand[i], id) == 0) return true;
    return args->n_operands == 0;
}

/* False, after a message, when an operand is no case. */
static bool check_operands(const struct cli_args *args)
{
    const char *words[MOST_ROWS] = {"peak"};
    int64_t n = 1;
    for (int i = 0; timed_cases[i].id && n < MOST_ROWS; i++) words[n++] = timed_cases[i].id;
    for (int i = 0; i < args->n_operands; i++) {
        bool found = false;
        char hint[CLI_HINT];
        for (int64_t w = 0; w < n; w++) found = found || strcmp(args->operand[i], words[w]) == 0;
        if (found) continue;
        cli_usage(args->command, "no case \"%s\"%s", args->operand[i],
                  cli_hint(args->operand[i], words, n, hint));
        return false;
    }
    return true;
}

/* The peak is taken before each case and once at the end: clocks vary, and each is compared with the best
 * seen. */
static enum er_status measure(const struct cli_args *args, struct er_pool *pool,
                              const struct er_progress *progress, struct report *report, struct er_error *err)
{
    enum er_status status = ER_OK;
    double peak = er_peak_gflops(pool, peak_seconds, &report->isa);
    report->n = 1;
    for (int i = 0; timed_cases[i].id && report->n < MOST_ROWS && status == ER_OK; i++) {
        struct speed speed;
        if (!wanted(args, timed_cases[i].id)) continue;
        status = speed_measure(&timed_cases[i], pool, progress, &speed, err);
        if (status == ER_OK)
            report->row[report->n++] =
                (struct row){.id = timed_cases[i].id, .seconds = speed.seconds, .gflops = speed.gflops};
        peak = fmax(peak, er_peak_gflops(pool, peak_seconds, NULL));
    }
    report->row[0] = (struct row){.id = "peak", .seconds = peak_seconds, .gflops = peak};
    for (int i = 0; i < report->n; i++) report->row[i].of_peak = report->row[i].gflops / peak;
    return status;
}

/* Freed by er_free(); NULL when memory is out. */
static char *to_json(const struct report *report)
{
    char machine[ER_MACHINE_TEXT];
    json_t *rows = json_array();
    for (int i = 0; i < report->n; i++) {
        const struct row *r = &report->row[i];
        json_array_append_new(rows, json_pack("{s:s, s:f, s:f, s:f}", "id", r->id, "seconds", r->seconds,
                                              "gflops", r->gflops, "of_peak", r->of_peak));
    }
    json_t *all =
        json_pack("{s:s, s:i, s:s, s:s, s:i, s:s, s:s, s:s, s:o}", "format", "ermine-bench", "version", 1,
                  "machine", er_machine_text(machine), "isa", report->isa, "threads", report->threads,
                  "ermine", er_version(), "compiler", __VERSION__, "build", ERMINE_BUILD, "rows", rows);
    char *text = all ? json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
    struct er_buffer lines = {0};
    char *out = NULL;
    if (text) {
        er_buffer_text(&lines, text);
        er_buffer_char(&lines, '\n');
        if (er_buffer_take(&lines, &out, NULL) != ER_OK) out = NULL;
    }
    free(text);
    json_decref(all);
    return out;
}

static void print_table(const struct report *report)
{
    char machine[ER_MACHINE_TEXT];
    printf("%s; %d thread%s\n\n", er_machine_text(machine), report->threads, report->threads == 1 ? "" : "s");
    printf("%-26s %9s %9s %8s\n", "", "seconds", "GFLOP/s", "of peak");
    for (int i = 0; i < report->n; i++)
        printf("%-26s %9.3f %9.1f %8.2f\n", report->row[i].id, report->row[i].seconds, report->row[i].gflops,
               report->row[i].of_peak);
}

static int deliver(const struct cli_args *args, const struct report *report)
{
    const char *file = cli_value(args, "output", NULL);
    struct er_error err = {0};
    char *json = to_json(report);
    int code = CLI_DONE;
    if (!json) {
        cli_message(args->command, "out of memory");
        return CLI_FAILED;
    }
    if (file && er_file_write(file, json, strlen(json), &err) != ER_OK) {
        cli_error(args->command, &err);
        code = CLI_FAILED;
    }
    if (cli_given(args, "json"))
        fputs(json, stdout);
    else
        print_table(report);
    er_free(json);
    return code;
}

static int run(const struct cli_args *args)
{
    int64_t threads = 0;
    if (!cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, &threads)) return CLI_USAGE;
    if (!check_operands(args)) return CLI_USAGE;
    const char *file = cli_value(args, "output", NULL);
    int code = file ? destination_check(args->command, file) : CLI_DONE;
    if (code != CLI_DONE) return code;
    struct er_error err = {0};
    struct er_pool *pool;
    if (er_pool_new((int)threads, &pool, &err) != ER_OK) return cli_error(args->command, &err);
    struct progress progress;
    progress_open(&progress, args->command, cli_given(args, "quiet"));
    struct report report = {.threads = er_pool_threads(pool)};
    enum er_status status = measure(args, pool, &progress.library, &report, &err);
    progress_clear(&progress);
    code = status == ER_OK ? deliver(args, &report) : cli_error(args->command, &err);
    er_pool_free(pool);
    return code;
}

static const struct cli_option options[] = {
    {'J', "json", NULL, NULL, "print JSON instead of the table"},
    {'o', "output", "FILE", NULL, "write the JSON to this file as well"},
    {'t', "threads", "N", "all processors", "how many threads work"},
    {'q', "quiet", NULL, NULL, "no progress bar"},
    {0},
};

const struct cli_command cli_bench = {
    .name = "bench",
    .operands = "[CASE...]",
    .most = MOST_ROWS,
    .help = "how fast this machine is, and how much of it training reaches",
    .text =
        "Measures the float32 peak of the machine (fused multiply-adds that touch no memory, all threads "
        "together) and the training of small networks as a fraction of it: ensembles of two members a "
        "thread on "
        "synthetic data, the best of three. Each training is checked first: its loss must fall.\n\n"
        "Matrix products count as operations, nothing else does. Only an optimised build means anything.\n\n"
        "Without a word all cases are measured; `peak` alone takes a third of a second. The cases are "
        "`peak` and, by the sizes of their layers, inputs and batch"
#define CASE(id, ...) ", `" id "`"
#include "bench/cases.def"
#undef CASE
        ".",
    .example = "ermine bench --output bench.json",
    .words = "peak"
#define CASE(id, ...) " " id
#include "bench/cases.def"
#undef CASE
    ,
    .option = options,
    .run = run,
};
