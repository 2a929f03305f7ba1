/* A call is asked to stop by a flag that any part of the way to may be missing. */
#include "t.h"

#include <ermine/progress.h>
#include <signal.h>

static atomic_bool stop;

static void on_signal(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

int main(void)
{
    struct er_progress progress = {0};
    T_OK(!er_progress_stopped(NULL), "no progress: never stopped");
    T_OK(!er_progress_stopped(&progress), "no flag: never stopped");
    progress.stop = &stop;
    T_OK(!er_progress_stopped(&progress), "a flag not set");
    struct sigaction action = {.sa_handler = on_signal};
    T_OK(sigaction(SIGUSR1, &action, NULL) == 0 && raise(SIGUSR1) == 0, "a signal");
    T_OK(er_progress_stopped(&progress), "a flag set by a signal handler");
    atomic_store(&stop, false);
    T_OK(!er_progress_stopped(&progress), "a flag taken back");
    return t_done();
}
