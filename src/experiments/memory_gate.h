/* memory_gate.h - as many tasks of a pool at a time as fit into memory.
 *
 * A task enters with the bytes that it will take, and waits until what is inside leaves room. One that has no room even
 * alone goes in when nobody else is inside.
 */
#ifndef ERMINE_EXPERIMENTS_MEMORY_GATE_H
#define ERMINE_EXPERIMENTS_MEMORY_GATE_H

#include <ermine/status.h>
#include <pthread.h>
#include <stdbool.h>

struct er_memory_gate {
    pthread_mutex_t mutex;
    pthread_cond_t left;
    double room, inside; /* bytes */
    int64_t tasks;       /* that are inside */
};

/* False: out of memory. */
bool er_memory_gate_open(struct er_memory_gate *gate);
void er_memory_gate_close(struct er_memory_gate *gate);

/* Bytes for all that are inside; set while nobody is. */
void er_memory_gate_resize(struct er_memory_gate *gate, double bytes);

void er_memory_gate_enter(struct er_memory_gate *gate, double bytes);
void er_memory_gate_leave(struct er_memory_gate *gate, double bytes);

#endif
