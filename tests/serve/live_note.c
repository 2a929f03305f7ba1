/* A note that is written while its studies are computed: what the page shows after each save, what is computed,
 * what is stopped and what is not, and what clients are told. */
#include "t.h"

#include "core/clock.h"
#include "serve/live_state.h"

#include <time.h>
#include <unistd.h>

static const char STUDY[] = "\n\n```ermine\n"
                            "study: %s\n"
                            "data:  {name: two-spirals, train: 40, test: 20}\n"
                            "model: [dense 4, tanh, dense]\n"
                            "train: {sgd: {rate: 0.1, batch: 10}, epochs: %d}\n"
                            "seeds: %d\n"
                            "%s"
                            "```\n";
enum {
    SHORT = 3 /* epochs; studies of equal numbers share their runs */,
    ENDLESS = 100000000,
    PATIENCE_MS = 30000
};

static struct er_live_note *live;
static struct er_pool *pool;
static char folder[] = "/tmp/ermine-live-XXXXXX", store[64];
static const struct er_data_places places;
static _Atomic int64_t done, failed, computed; /* studies; runs */

static void studied(void *ctx, const struct er_study *study, const struct er_study_outcome *outcome,
                    const struct er_error *err)
{
    (void)ctx;
    (void)study;
    if (err->code != ER_OK) {
        failed++;
    } else {
        computed += outcome->computed;
        done++;
    }
}

static void pause_ms(long ms)
{
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void open_note(void)
{
    struct er_error err;
    const struct er_live_options options = {
        .file = "note.md", .store = store, .places = &places, .pool = pool, .studied = studied};
    done = failed = computed = 0;
    T_STATUS(er_live_open(&options, &live, &err), ER_OK, "a live note");
}

static void close_note(void)
{
    er_live_stop(live);
    er_live_free(live);
    live = NULL;
}

/* The newest page holds `text`. */
static bool shows(enum er_live_form form, const char *text)
{
    struct er_live_page *page = NULL;
    if (er_live_page(live, form, &page, NULL) != ER_OK) return false;
    const bool found = strstr(page->html, text) != NULL && strlen(page->html) == page->length;
    er_live_page_release(page);
    return found;
}

static void comes(const char *text, const char *name)
{
    for (int i = 0; i < PATIENCE_MS / 10 && !shows(ER_LIVE_BARE, text); i++) pause_ms(10);
    T_OK(shows(ER_LIVE_BARE, text), "%s: the page comes to show %s", name, text);
}

static void comes_to(_Atomic int64_t *count, int64_t want, const char *name)
{
    for (int i = 0; i < PATIENCE_MS / 10 && *count < want; i++) pause_ms(10);
    T_EQ_INT(*count, want, "%s", name);
}

static bool runs(const char *study)
{
    pthread_mutex_lock(&live->lock);
    const bool same = live->running && strcmp(er_study_name(live->running_study), study) == 0;
    pthread_mutex_unlock(&live->lock);
    return same;
}

static void comes_to_run(const char *study)
{
    for (int i = 0; i < PATIENCE_MS / 10 && !runs(study); i++) pause_ms(10);
    T_OK(runs(study), "%s is computed", study);
}

/* prose, then a study or two (NULL: none) */
static enum er_status save(struct er_error *err, const char *prose, const char *one, const char *two)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s%s", prose, one ? one : "", two ? two : "");
    return er_live_read(live, text, strlen(text), err);
}

static char *study(char out[1024], const char *name, int epochs, int seeds, const char *more)
{
    snprintf(out, 1024, STUDY, name, epochs, seeds, more);
    return out;
}

static struct er_live_result *result(int64_t i)
{
    pthread_mutex_lock(&live->lock);
    struct er_live_result *at = live->result[i];
    pthread_mutex_unlock(&live->lock);
    return at;
}

static int64_t version(void)
{
    pthread_mutex_lock(&live->lock);
    const int64_t now = live->version;
    pthread_mutex_unlock(&live->lock);
    return now;
}

static bool stopping(void)
{
    return atomic_load(&live->stop);
}

static void a_note_grows(void)
{
    struct er_error err;
    char a[1024], b[1024];
    open_note();
    const int64_t first = version();
    T_STATUS(save(&err, "Only prose.", NULL, NULL), ER_OK, "prose");
    T_OK(version() == first + 1 && shows(ER_LIVE_WHOLE, "Only prose."), "is on the page at once");
    T_OK(access(store, F_OK) != 0, "and needs no store");
    T_STATUS(save(&err, "With a study.", study(a, "a", SHORT, 2, ""), NULL), ER_OK, "a study");
    T_OK(shows(ER_LIVE_BARE, "With a study."), "the prose is there at once");
    comes("data-status=\"computed\"", "a new study");
    comes_to(&done, 1, "one study done");
    T_EQ_INT(computed, 2, "two runs");

    const struct er_live_result *kept = result(0);
    T_STATUS(save(&err, "Other words.", study(a, "a", SHORT, 2, ""), study(b, "b", SHORT + 1, 1, "")), ER_OK,
             "another study");
    T_OK(result(0) == kept, "what has not changed is kept in memory");
    T_OK(shows(ER_LIVE_BARE, "data-status=\"computed\""), "and on the page at once");
    comes_to(&done, 2, "only the other one runs");
    T_EQ_INT(computed, 3, "one run more");

    T_STATUS(save(&err, "Other words.",
                  study(a, "a", SHORT, 2, "figures: [{mark: point, x: seed, y: test_error}]\n"),
                  study(b, "b", SHORT + 1, 1, "")),
             ER_OK, "a figure is changed");
    T_OK(shows(ER_LIVE_BARE, "a-1"), "it is on the page");
    comes_to(&done, 3, "its study is looked at again");
    T_EQ_INT(computed, 3, "and nothing is computed");

    T_STATUS(save(&err, "Other words.",
                  study(a, "a", SHORT, 2, "figures: [{mark: point, x: seed, y: test_error}]\n"),
                  study(b, "b", SHORT + 1, 1, "")),
             ER_OK, "the same text again");
    const int64_t same = version();
    T_STATUS(save(&err, "No study.", NULL, NULL), ER_OK, "studies are removed");
    T_EQ_INT(version(), same + 1, "the same text was no news");
    T_OK(!shows(ER_LIVE_BARE, "class=\"study\""), "they are gone from the page");
    close_note();

    open_note();
    T_STATUS(save(&err, "Next day.", study(a, "a", SHORT, 2, ""), NULL), ER_OK, "another process");
    comes("data-status=\"stored\"", "results of the store");
    comes_to(&done, 1, "looked at");
    T_EQ_INT(computed, 0, "nothing is computed");
    T_OK(version() > same, "versions go on growing");
    close_note();
}

static void stopped_or_not(void)
{
    struct er_error err;
    char a[1024], b[1024];
    open_note();
    save(&err, "Long.", study(a, "long", ENDLESS, 1, ""), NULL);
    comes_to_run("long");
    const struct er_live_result *kept = result(0);
    T_STATUS(save(&err, "Other prose.", a, NULL), ER_OK, "prose changes while a study is computed");
    T_OK(shows(ER_LIVE_BARE, "Other prose."), "the page has it at once");
    T_OK(result(0) == kept && runs("long") && !stopping(), "the study goes on");
    T_STATUS(save(&err, "Line\n\nabove.", a, NULL), ER_OK, "lines are put above it");
    T_OK(result(0) == kept && runs("long") && !stopping(), "the study goes on");

    save(&err, "Two.", a, study(b, "quick", SHORT + 2, 2, ""));
    comes_to(&done, 1, "a study that is new is computed before the one that takes long");
    T_EQ_INT(computed, 2, "all of it");
    comes_to_run("long");
    T_OK(result(0) == kept, "which then goes on");

    T_STATUS(save(&err, "Changed.", study(a, "long", SHORT, 1, ""), b), ER_OK, "the long one is changed");
    T_OK(shows(ER_LIVE_BARE, "Changed."), "the page has the prose at once");
    comes_to(&done, 2, "it is stopped, and done with its new text");
    T_EQ_INT(failed, 0, "to be stopped is no failure");

    save(&err, "Endless.", study(a, "long", ENDLESS, 1, ""), NULL);
    T_OK(shows(ER_LIVE_BARE, "data-status=\"stale\""), "results of the text before are shown as such");
    comes_to_run("long");
    save(&err, "Empty.", NULL, NULL);
    for (int i = 0; i < PATIENCE_MS / 10 && runs("long"); i++) pause_ms(10);
    T_OK(!runs("long"), "a study that is taken out is stopped");
    save(&err, "Endless.", a, NULL);
    comes_to_run("long");
    close_note();
    T_OK(true, "and so is one at the end");
}

static void say_heard(void *ctx)
{
    (void)ctx;
}

/* What a client that comes now is told. */
static void greeting(char out[4096])
{
    struct er_error err;
    const struct er_event_carrier carrier = {.sleep = say_heard, .wake = say_heard, .drop = say_heard};
    struct er_event_client *client = NULL;
    T_STATUS(er_events_join(er_live_events(live), &carrier, &client, &err), ER_OK, "a client");
    const ssize_t n = er_events_read(client, out, 4095);
    out[n > 0 ? n : 0] = '\0';
    er_events_leave(client);
}

static void mistakes(void)
{
    struct er_error err, gone = {0};
    char a[1024], b[1024], text[4096], told[256];
    open_note();
    er_fail(&gone, ER_E_NOT_FOUND, "cannot read note.md: No such file or directory");
    er_live_fail(live, &gone);
    T_OK(shows(ER_LIVE_WHOLE, "cannot read note.md: No such file"),
         "a note that was never there: the page says why");
    greeting(text);
    T_OK(strstr(text, "event: error\ndata: {\"message\":\"cannot read note.md"), "and clients hear it: %s",
         text);

    save(&err, "Good.", study(a, "a", SHORT, 2, ""), NULL);
    greeting(text);
    T_OK(strstr(text, "event: error\ndata: {\"message\":\"\"}"), "a good text ends it");
    snprintf(told, sizeof told, "event: page\ndata: {\"version\":%lld}\n\n", (long long)version());
    comes_to(&done, 1, "computed");
    T_STATUS(save(&err, "Twice.", study(a, "a", SHORT, 2, ""), a), ER_E_INPUT, "two studies of one name");
    T_OK(shows(ER_LIVE_BARE, "Good.") && !shows(ER_LIVE_BARE, "Twice."), "the last good page stays");
    greeting(text);
    T_OK(strstr(text, "two studies are called"), "with the message: %s", text);
    T_STATUS(er_live_read(live, "\xff\xfe", 2, &err), ER_E_INPUT, "no UTF-8");

    failed = 0;
    T_STATUS(save(&err, "Broken.", study(b, "b", SHORT, 1, "sedes: 3\n"), a), ER_OK,
             "a block in error is no error");
    T_EQ_INT(failed, 1, "it is said");
    T_OK(shows(ER_LIVE_BARE, "sedes"), "on the page too");
    T_OK(shows(ER_LIVE_BARE, "data-status=\"failed\"") && shows(ER_LIVE_BARE, "data-status=\"stored\""),
         "beside the other study, which is as it was");

    failed = 0;
    T_STATUS(
        save(&err, "No data.",
             "\n\n```ermine\nstudy: c\ndata: {file: absent.npz}\nmodel: [dense]\ntrain: {epochs: 1}\n```\n",
             NULL),
        ER_OK, "a study whose data are not there");
    comes_to(&failed, 1, "fails");
    comes("data-status=\"failed\"", "a failure");
    const struct er_live_result *old = result(0);
    save(&err, "No data.",
         "\n\n```ermine\nstudy: c\ndata: {file: absent.npz}\nmodel: [dense]\ntrain: {epochs: 1}\n```\n",
         NULL);
    T_OK(result(0) != old, "saved again, it is tried again");
    comes_to(&failed, 2, "and fails again");
    close_note();
}

static void runs_as_they_come(void)
{
    struct er_error err;
    char a[1024], text[4096];
    open_note();
    save(&err, "Some.", study(a, "part", 20000, 200, ""), NULL);
    comes_to_run("part");
    for (int i = 0; i < PATIENCE_MS / 10 && er_live_news_done(live) < 3 && runs("part"); i++) pause_ms(10);
    greeting(text);
    if (runs("part")) {
        T_OK(strstr(text, "event: progress\ndata: {\"study\":\"part\",\"done\":"), "progress is told: %s",
             text);
        T_OK(strstr(text, "\"total\":200"), "of how many");
        const int64_t before = version();
        const double asked_s = er_clock_s();
        pthread_mutex_lock(&live->lock);
        live->refreshed_s = 0;
        pthread_mutex_unlock(&live->lock);
        er_live_tick(live);
        T_OK(version() > before && shows(ER_LIVE_BARE, "data-status=\"partial\""),
             "runs that are there are shown");
        pthread_mutex_lock(&live->lock);
        T_OK(live->refreshed_s >= asked_s + ER_LIVE_REFRESH_S || !live->running,
             "and not again for some seconds");
        pthread_mutex_unlock(&live->lock);
    } else {
        printf("# 200 runs were done before they could be looked at\n");
    }
    save(&err, "None.", NULL, NULL);
    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        greeting(text);
        if (strstr(text, "{\"study\":null}")) break;
        pause_ms(10);
    }
    T_OK(strstr(text, "event: progress\ndata: {\"study\":null}"), "then nothing is computed");
    close_note();
}

/* A study that reads the results of the one above it comes behind it, and is another when that one is. */
static void one_reads_another(void)
{
    static const char ranking[] = "\n\n```ermine\nstudy: ranking\n"
                                  "rank: {study: zoo, measure: [oracle, train_loss], seeds: apart}\n```\n";
    struct er_error err;
    char a[1024];
    open_note();
    T_STATUS(save(&err, "Both.", study(a, "zoo", SHORT + 4, 4, ""), ranking), ER_OK, "a zoo and its ranking");
    comes_to(&done, 2, "both are computed");
    T_OK(failed == 0 && computed == 6, "the zoo first, or its ranking had failed");
    const struct er_live_result *kept = result(1);
    T_STATUS(save(&err, "Prose.", a, ranking), ER_OK, "other prose");
    T_OK(result(1) == kept, "changes neither");
    T_STATUS(save(&err, "Prose.", study(a, "zoo", SHORT + 5, 4, ""), ranking), ER_OK, "another zoo");
    T_OK(result(1) != kept, "has another ranking");
    comes_to(&done, 4, "both are computed again");
    T_OK(failed == 0 && computed == 12, "in order");
    close_note();
}

int main(void)
{
    struct er_error err;
    if (!mkdtemp(folder)) return 1;
    snprintf(store, sizeof store, "%s/.ermine/results.db", folder);
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "a pool");
    a_note_grows();
    stopped_or_not();
    mistakes();
    runs_as_they_come();
    one_reads_another();
    const struct er_live_options options = {
        .file = "note.md", .store = store, .places = &places, .pool = pool};
    T_ALLOCATIONS(er_live_open(&options, &live, &err), (er_live_stop(live), er_live_free(live)),
                  "er_live_open");
    open_note();
    struct er_live_page *page = NULL;
    save(&err, "Prose.", NULL, NULL);
    T_ALLOCATIONS(er_live_page(live, ER_LIVE_BARE, &page, &err), er_live_page_release(page), "er_live_page");
    close_note();
    er_pool_free(pool);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    T_OK(system(command) == 0, "tidied up");
    return t_done();
}
