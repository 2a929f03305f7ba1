/* progress.c - whether the caller has asked to stop. */
#include <ermine/progress.h>

bool er_progress_stopped(const struct er_progress *progress)
{
    return progress && progress->stop && atomic_load(progress->stop);
}
