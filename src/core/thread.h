/* thread.h - threads that leave the process's signals (SIGINT and the like) to the program's own threads.
 */
#ifndef ERMINE_CORE_THREAD_H
#define ERMINE_CORE_THREAD_H

#include <pthread.h>
#include <signal.h>

/* Blocks all signals but faults in the calling thread; threads that it starts from then on are born so.
 * er_signals_restore() takes back what was before. 0 or an errno. */
int er_signals_block(sigset_t *before);
void er_signals_restore(const sigset_t *before);

/* pthread_create() of such a thread, with default attributes. 0 or an errno. */
int er_thread_start(pthread_t *thread, void *(*body)(void *), void *ctx);

#endif
