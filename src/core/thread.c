/* thread.c - a thread inherits the mask of the thread that starts it. Faults stay with who has them. */
#include "core/thread.h"

#include <stddef.h>

int er_signals_block(sigset_t *before)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    sigset_t mask;
    sigfillset(&mask);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&mask, faults[i]);
    return pthread_sigmask(SIG_SETMASK, &mask, before);
}

void er_signals_restore(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

int er_thread_start(pthread_t *thread, void *(*body)(void *), void *ctx)
{
    sigset_t before;
    int error = er_signals_block(&before);
    if (error) return error;
    error = pthread_create(thread, NULL, body, ctx);
    er_signals_restore(&before);
    return error;
}
