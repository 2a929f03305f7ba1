/* progress.h - progress as the library reports it, drawn as a bar on a terminal.
 *
 *     random-labels ━━━━━━━━━━━━━━━━──────── 12.3/36 runs  41 epochs/s  182 GFLOP/s  1:23 left
 *
 * On anything but a terminal nothing is drawn: whoever does the work says one line at its end. That another
 * process is waited for is said once in each piece of work, in a line of its own.
 */
#ifndef ERMINE_CLI_PROGRESS_H
#define ERMINE_CLI_PROGRESS_H

#include "options.h"

#include <ermine/progress.h>

struct progress {
    struct er_progress library;        /* what the library takes; points to this struct */
    const struct cli_command *command; /* whose messages they are */
    bool quiet, draws, colours, unicode;
    bool begun, shown, waited;
    char what[128];                /* the piece of work that the numbers below belong to */
    double start_s, drawn_s;       /* of the monotonic clock */
    double done0, epochs0, flops0; /* what was reported first: found, not done here */
};

/* A progress that draws on standard error when that is a terminal, and says there what is waited for, neither
 * when `quiet`; and that stops by cli_stop. The struct must stay where it is. */
void progress_open(struct progress *progress, const struct cli_command *command, bool quiet);

/* What a call takes that does not know what it counts: its reports are passed on under these words, `each` of its units being
 * one. The struct must stay where it is. */
struct progress_named {
    struct er_progress library;
    const struct er_progress *to;
    const char *what, *unit;
    double each;
};
void progress_name(struct progress_named *named, const struct er_progress *to, const char *what,
                   const char *unit, double each);

/* Removes the bar, so that other lines may be written. */
void progress_clear(struct progress *progress);

/* "1:23", "2:03:04" or "3 days": a time in words, written to out. */
enum { PROGRESS_TIME = 32 };
char *progress_time(double seconds, char out[PROGRESS_TIME]);

/* "182 GFLOP/s": a rate with three significant digits and its unit by thousands, written to out. */
char *progress_rate(double per_second, const char *unit, char out[PROGRESS_TIME]);

/* "4.7 MB" */
char *progress_bytes(size_t bytes, char out[PROGRESS_TIME]);

/* "about 3:18": what was tried for a moment is known no better. */
enum { PROGRESS_DURATION = PROGRESS_TIME + 32 };
char *progress_duration(double seconds, char out[PROGRESS_DURATION]);

#endif
