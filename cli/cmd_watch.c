/* cmd_watch.c - `ermine watch`: serves a note's page while the note is being written. */
#include "cli.h"
#include "note_file.h"
#include "places.h"

#include "core/clock.h"
#include "core/file.h"
#include "serve/file_watch.h"
#include "serve/http.h"
#include "serve/live_note.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const double PING_S = 15;
enum { LOOK_MS = 250 }; /* how long a signal may wait that came between two waits */

struct watch {
    const struct cli_args *args;
    const char *path;
    char *store;
    struct places places;
    struct er_pool *pool;
    struct er_live_note *live;
    struct er_file_watch *file;
    struct er_http *http;
    bool quiet;
};

static void release_page(void *page)
{
    er_live_page_release(page);
}

static void answer_page(struct watch *w, enum er_live_form form, struct er_http_answer *answer)
{
    struct er_live_page *page;
    answer->type = "text/html; charset=utf-8";
    if (er_live_page(w->live, form, &page, NULL) != ER_OK) {
        static const char sorry[] = "There is not enough memory for this page.\n";
        *answer = (struct er_http_answer){.status = 503, .body = sorry, .length = sizeof sorry - 1};
        return;
    }
    answer->body = page->html;
    answer->length = page->length;
    answer->owner = page;
    answer->release = release_page;
}

/* The page brings its own policy, which lets its one script run. */
static void get_whole(void *ctx, struct er_http_answer *answer)
{
    answer_page(ctx, ER_LIVE_WHOLE, answer);
    answer->policy = "frame-ancestors 'none'";
}

static void get_content(void *ctx, struct er_http_answer *answer)
{
    answer_page(ctx, ER_LIVE_BARE, answer);
}

static void get_events(void *ctx, struct er_http_answer *answer)
{
    answer->events = er_live_events(((struct watch *)ctx)->live);
}

static const struct er_http_route routes[] = {
    {"/", get_whole}, {"/content", get_content}, {"/events", get_events}, {0}};

static void studied(void *ctx, const struct er_study *study, const struct er_study_outcome *outcome,
                    const struct er_error *err)
{
    const struct watch *w = ctx;
    if (err->code != ER_OK)
        cli_error(w->args->command, err);
    else if (!w->quiet && outcome->computed > 0)
        cli_message(w->args->command,
                    "%s: %" PRId64 " run%s, %" PRId64 " computed, %" PRId64 " found; %.1f s",
                    er_study_name(study), outcome->runs, outcome->runs == 1 ? "" : "s", outcome->computed,
                    outcome->found, outcome->seconds);
}

static void read_note(struct watch *w)
{
    struct er_error err = {0};
    char *text = NULL;
    size_t n = 0;
    enum er_status status = er_file_read_regular(w->path, ER_NOTE_MAX_BYTES, &text, &n, &err);
    if (status == ER_OK)
        status = er_live_read(w->live, text, n, &err);
    else
        er_live_fail(w->live, &err);
    if (status != ER_OK) cli_error(w->args->command, &err);
    er_free(text);
}

/* All that can fail is done before the address is said. */
static int open_watch(struct watch *w, const struct cli_args *args)
{
    struct er_error err = {0};
    struct stat at;
    int64_t threads = 0, port = 0;
    *w = (struct watch){.args = args, .path = args->operand[0], .quiet = cli_given(args, "quiet")};
    if (!cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, &threads)) return CLI_USAGE;
    if (!cli_integer(args, "port", 0, 65535, &port)) return CLI_USAGE;
    if (stat(w->path, &at) == 0 && S_ISDIR(at.st_mode)) {
        er_fail_at(&err, ER_E_INPUT, w->path, 0, 0, "a folder is no note");
        return cli_error(args->command, &err);
    }
    const int code = places_open(args, &w->places);
    if (code != CLI_DONE) return code;
    const struct er_http_options server = {.port = (int)port, .route = routes, .ctx = w};
    enum er_status status = ER_OK;
    w->store = note_file_store(args, w->path);
    if (!w->store) status = er_fail(&err, ER_E_NOMEM, "out of memory");
    if (status == ER_OK) status = er_pool_new((int)threads, &w->pool, &err);
    if (status == ER_OK) {
        const struct er_live_options live = {.file = w->path,
                                             .store = w->store,
                                             .places = &w->places.data,
                                             .pool = w->pool,
                                             .studied = studied,
                                             .ctx = w};
        status = er_live_open(&live, &w->live, &err);
    }
    if (status == ER_OK) status = er_file_watch_open(w->path, &w->file, &err);
    if (status == ER_OK) status = er_http_start(&server, &w->http, &err);
    return status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
}

static void close_watch(struct watch *w)
{
    if (w->live) er_live_stop(w->live);
    er_http_stop(w->http);
    er_file_watch_close(w->file);
    er_live_free(w->live);
    er_pool_free(w->pool);
    er_free(w->store);
    places_close(&w->places);
}

static int serve(struct watch *w)
{
    double pinged = er_clock_s();
    read_note(w);
    printf("http://127.0.0.1:%d/\n", er_http_port(w->http));
    if (!cli_flush(w->args->command)) return CLI_FAILED;
    if (!w->quiet) cli_message(w->args->command, "watching %s; Ctrl-C ends it", w->path);
    while (!atomic_load(&cli_stop)) {
        if (er_file_watch_wait(w->file, LOOK_MS) && !atomic_load(&cli_stop)) read_note(w);
        er_live_tick(w->live);
        if (er_clock_s() - pinged < PING_S) continue;
        pinged = er_clock_s();
        er_events_ping(er_live_events(w->live));
    }
    return CLI_INTERRUPTED;
}

static int run(const struct cli_args *args)
{
    struct watch w;
    int code = open_watch(&w, args);
    if (code == CLI_DONE) code = serve(&w);
    close_watch(&w);
    return code;
}

static const struct cli_option options[] = {
    {'p', "port", "N", "any that is free", "the port of the address that is printed"},
    STORE_OPTION,
    {'t', "threads", "N", "all processors",
     "how many runs are computed at the same time; results do not depend on it"},
    PLACES_OPTION,
    {'q', "quiet", NULL, NULL, "print the address and errors only"},
    {0},
};

const struct cli_command cli_watch = {
    .name = "watch",
    .operands = "NOTE",
    .least = 1,
    .most = 1,
    .help = "serve the page of a note that is being written",
    .text =
        "Serves the page of a note (or of a study, a YAML file) to browsers on this machine, and prints its "
        "address. Whenever the file is saved, the page shows the new text at once; what the change asks for "
        "is "
        "computed as by `ermine run`, the study that was changed last first, and its figures follow as runs "
        "come "
        "in. Results are kept in the same store; the page is not written to a file.\n\n"
        "A study that is changed while it is computed is stopped and begins anew with its new text; nothing "
        "that "
        "was finished is lost. Mistakes in the note, also a file that is not there, stand on the page and do "
        "not "
        "end the program: mend them and save.\n\n"
        "The address is 127.0.0.1: other machines do not reach it, and pages of other sites are refused. "
        "Ctrl-C "
        "ends the program, with exit code 130; what is being computed goes on from there next time.",
    .example = "ermine watch notes/random-labels.md\nermine watch --port 8080 study.yaml",
    .option = options,
    .run = run,
};
