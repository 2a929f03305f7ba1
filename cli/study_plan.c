/* study_plan.c - what a study would take, printed. */
#include "study_plan.h"
#include "cli.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

void study_plan(struct run *run, struct er_store *store, const struct er_note *note, int64_t i)
{
    struct er_error err = {0};
    struct er_study_plan plan;
    char text[4][PROGRESS_TIME], disk[PROGRESS_TIME], time[PROGRESS_DURATION];
    const struct er_study *study = er_note_study(note, i, &err);
    enum er_status status =
        study ? er_study_plan(store, study, &run->places.data, run->pool, &run->progress.library, &plan, &err)
              : ER_E_INPUT;
    if (status != ER_OK) {
        run_weigh(run, cli_error(run->args->command, &err));
        return;
    }
    printf("%s: %" PRId64 " run%s, %" PRId64 " found, %" PRId64 " to compute\n", er_study_name(study),
           plan.runs, plan.runs == 1 ? "" : "s", plan.found, plan.runs - plan.found);
    if (plan.found == plan.runs) return;
    if (isnan(plan.seconds)) {
        printf("  its experiment can't tell memory and time beforehand\n");
        return;
    }
    printf("  ensembles  %" PRId64, plan.ensembles);
    if (plan.guessed > 0) printf(", of which %" PRId64 " were tried", plan.ensembles - plan.guessed);
    printf("\n");
    printf("  memory     %s: %" PRId64 " run%s at a time, up to %s each, and %s of data; %s available\n",
           progress_bytes((size_t)plan.at_once * plan.run_bytes + plan.data_bytes, text[0]), plan.at_once,
           plan.at_once == 1 ? "" : "s", progress_bytes(plan.run_bytes, text[1]),
           progress_bytes(plan.data_bytes, text[2]), progress_bytes(plan.memory, text[3]));
    if (plan.work_bytes > 0)
        printf("  disk       %s beside the store, until the runs have ended\n",
               progress_bytes(plan.work_bytes, disk));
    printf("  time       %s on %d thread%s, less where a rule stops a run before its last epoch\n",
           progress_duration(plan.seconds, time), er_pool_threads(run->pool),
           er_pool_threads(run->pool) == 1 ? "" : "s");
    if (plan.measures_seconds > 0)
        printf("  measures   %s of that\n", progress_duration(plan.measures_seconds, time));
    fflush(stdout);
}
