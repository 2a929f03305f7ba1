/* part.h - what several measures of a run use, made once: when it is first asked for, and kept until the run is freed.
 *
 * A part belongs to the file that makes it, which alone knows its struct:
 *
 *     static const struct er_part stiffness = {"stiffness", sizeof(struct stiffness), make};
 *     ...
 *     void *is;
 *     const enum er_status status = er_measured_part(run, &stiffness, &is, err);
 */
#ifndef ERMINE_MEASURES_PART_H
#define ERMINE_MEASURES_PART_H

#include <ermine/status.h>
#include <stddef.h>

struct er_measured_run;

struct er_part {
    const char *name; /* for the message when memory is out */
    size_t size;      /* of its struct, which begins as zeros */
    /* Fills it; may ask for other parts, and not for itself. `which` is the part's own. */
    enum er_status (*make)(struct er_measured_run *run, int which, void *part, struct er_error *err);
    void (*clear)(
        void *part); /* frees what it holds, where making it failed half way too; NULL: nothing to free */
    int which;       /* tells parts apart that one function makes */
};

/* *out = the part, the run's. A failure is kept too: who asks again gets the same status and message, at once. That memory
 * was out is forgotten. ER_E_NOMEM, and what `make` gives; *out is untouched then. */
enum er_status er_measured_part(struct er_measured_run *run, const struct er_part *part, void **out,
                                struct er_error *err);

/* The part if it has been made, or NULL. */
const void *er_measured_made(const struct er_measured_run *run, const struct er_part *part);

/* The run's parts, the newest first: each may point into those that were made before. */
struct er_slot;
void er_slots_free(struct er_slot *slots);

#endif
