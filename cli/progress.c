/* progress.c - the progress bar. */
#include "progress.h"
#include "cli.h"
#include "terminal.h"

#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_BAR = 8, MOST_BAR = 40 };
static const double CENTURY = 3600.0 * 24 * 365 * 100;

char *progress_time(double seconds, char out[PROGRESS_TIME])
{
    if (!(seconds < CENTURY)) seconds = CENTURY;
    long s = lround(seconds);
    if (s < 3600)
        snprintf(out, PROGRESS_TIME, "%ld:%02ld", s / 60, s % 60);
    else if (s < 48 * 3600)
        snprintf(out, PROGRESS_TIME, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, PROGRESS_TIME, "%ld days", s / 86400);
    return out;
}

char *progress_rate(double per_second, const char *unit, char out[PROGRESS_TIME])
{
    static const char *const prefix[] = {"", "k", "M", "G", "T", "P"};
    int p = 0;
    while (per_second >= 999.5 && p < 5) {
        per_second /= 1000;
        p++;
    }
    int digits = per_second >= 99.95 ? 0 : per_second >= 9.995 ? 1 : 2;
    snprintf(out, PROGRESS_TIME, "%.*f %s%s/s", digits, per_second, prefix[p], unit);
    return out;
}

char *progress_bytes(size_t bytes, char out[PROGRESS_TIME])
{
    const double mb = (double)bytes / 1e6;
    snprintf(out, PROGRESS_TIME,
             mb < 9.95   ? "%.1f MB"
             : mb < 9995 ? "%.0f MB"
                         : "%.1f GB",
             mb < 9995 ? mb : mb / 1e3);
    return out;
}

char *progress_duration(double seconds, char out[PROGRESS_DURATION])
{
    char time[PROGRESS_TIME];
    if (seconds < 1)
        snprintf(out, PROGRESS_DURATION, "below a second");
    else if (seconds < CENTURY)
        snprintf(out, PROGRESS_DURATION, "about %s", progress_time(seconds, time));
    else
        snprintf(out, PROGRESS_DURATION, "more than a hundred years");
    return out;
}

/* What has been done of what there is, in the unit of the report. */
static char *amount(const struct er_progress_report *r, char *out, size_t size)
{
    const bool bytes = strcmp(r->unit, "bytes") == 0;
    const double scale = bytes ? 1e6 : 1;
    const char *unit = bytes ? "MB" : r->unit;
    const int digits = bytes || r->epochs > 0 ? 1 : 0; /* runs are done in parts */
    if (r->total > 0)
        snprintf(out, size, "%.*f/%.*f %s", digits, r->done / scale, bytes ? 1 : 0, r->total / scale, unit);
    else
        snprintf(out, size, "%.*f %s", digits, r->done / scale, unit);
    return out;
}

enum { RATES = 4, RATE_TEXT = PROGRESS_TIME + 8 };

/* Speeds and the time that is left, from what was done since the first report; "" for what is not known. In
 * the order in which they are shown. */
static void rates(const struct progress *p, const struct er_progress_report *r, double seconds,
                  char out[RATES][RATE_TEXT])
{
    char text[PROGRESS_TIME];
    const double done = r->done - p->done0, epochs = r->epochs - p->epochs0, flops = r->flops - p->flops0;
    for (int i = 0; i < RATES; i++) out[i][0] = '\0';
    if (seconds < 0.5) return;
    if (strcmp(r->unit, "bytes") == 0)
        snprintf(out[0], RATE_TEXT, "  %s", progress_rate(done / seconds, "B", text));
    if (epochs > 0)
        snprintf(out[1], RATE_TEXT, "  %.*f epochs/s", epochs < 10 * seconds ? 1 : 0, epochs / seconds);
    if (flops > 0) snprintf(out[2], RATE_TEXT, "  %s", progress_rate(flops / seconds, "FLOP", text));
    if (r->done < r->total && done > 0.02 * (r->total - p->done0) && seconds > 1)
        snprintf(out[3], RATE_TEXT, "  %s left", progress_time(seconds * (r->total - r->done) / done, text));
}

static void draw_bar(const struct progress *p, int width, double part)
{
    const char *full = p->unicode ? "━" : "#", *rest = p->unicode ? "─" : ".";
    int filled = (int)(part * width);
    if (p->colours) fputs("\033[32m", stderr);
    for (int i = 0; i < filled; i++) fputs(full, stderr);
    if (p->colours) fputs("\033[0;2m", stderr);
    for (int i = filled; i < width; i++) fputs(rest, stderr);
    if (p->colours) fputs("\033[0m", stderr);
}

/* A narrow terminal gets fewer numbers: the time that is left is the last to go. */
static void draw(struct progress *p, const struct er_progress_report *r, double seconds)
{
    static const int least[] = {2, 1, 0, 3}; /* in this order they are left out */
    char count[160], rate[RATES][RATE_TEXT];
    const int width = terminal_width(stderr, 80) - 1;
    amount(r, count, sizeof count);
    if (r->doing && r->doing[0])
        snprintf(count + strlen(count), sizeof count - strlen(count), ", %s", r->doing);
    rates(p, r, seconds, rate);
    int bar = width - (int)(strlen(r->what) + strlen(count)) - 2;
    for (int i = 0; i < RATES; i++) bar -= (int)strlen(rate[i]);
    for (int i = 0; i < RATES && bar < LEAST_BAR; i++) {
        bar += (int)strlen(rate[least[i]]);
        rate[least[i]][0] = '\0';
    }
    fprintf(stderr, "\r%.*s ", width / 2, r->what);
    if (bar >= LEAST_BAR && r->total > 0) {
        draw_bar(p, bar < MOST_BAR ? bar : MOST_BAR, fmin(1, r->done / r->total));
        fputc(' ', stderr);
    }
    fprintf(stderr, "%.*s", width - width / 2 - 1, count);
    for (int i = 0; i < RATES; i++) fputs(rate[i], stderr);
    fputs("\033[K", stderr);
    fflush(stderr);
    p->shown = true;
}

static void erase(struct progress *p)
{
    if (p->shown) fputs("\r\033[K", stderr);
    p->shown = false;
}

static void say_waiting(struct progress *p, const struct er_progress_report *r)
{
    const bool one = r->waiting < 1.5;
    erase(p);
    cli_message(p->command, "%s: waiting for %.0f run%s that another process computes", r->what, r->waiting,
                one ? "" : "s");
    p->waited = true;
}

static void report(void *ctx, const struct er_progress_report *r)
{
    struct progress *p = ctx;
    double t = er_clock_s();
    if (!p->begun || strncmp(p->what, r->what, sizeof p->what - 1) != 0) {
        p->begun = true;
        p->waited = false;
        snprintf(p->what, sizeof p->what, "%s", r->what);
        p->start_s = t;
        p->drawn_s = 0;
        p->done0 = r->done;
        p->epochs0 = r->epochs;
        p->flops0 = r->flops;
    }
    if (r->waiting > 0 && !p->waited && !p->quiet) say_waiting(p, r);
    if (!p->draws || t - p->drawn_s < 0.1) return;
    p->drawn_s = t;
    draw(p, r, t - p->start_s);
}

void progress_open(struct progress *progress, const struct cli_command *command, bool quiet)
{
    *progress = (struct progress){
        .command = command,
        .quiet = quiet,
        .draws = !quiet && terminal_redraws(stderr),
        .colours = terminal_colours(stderr),
        .unicode = terminal_unicode(),
    };
    progress->library = (struct er_progress){.report = report, .ctx = progress, .stop = &cli_stop};
}

static void report_named(void *ctx, const struct er_progress_report *r)
{
    const struct progress_named *n = ctx;
    const struct er_progress_report named = {
        .what = n->what, .unit = n->unit, .done = r->done / n->each, .total = r->total / n->each};
    n->to->report(n->to->ctx, &named);
}

void progress_name(struct progress_named *named, const struct er_progress *to, const char *what,
                   const char *unit, double each)
{
    *named = (struct progress_named){{report_named, named, to->stop}, to, what, unit, each};
}

void progress_clear(struct progress *progress)
{
    erase(progress);
    progress->begun = false;
}
