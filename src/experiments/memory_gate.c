/* memory_gate.c - a sum under a lock.
 */
#include "experiments/memory_gate.h"

bool er_memory_gate_open(struct er_memory_gate *gate)
{
    *gate = (struct er_memory_gate){0};
    if (pthread_mutex_init(&gate->mutex, NULL) != 0) return false;
    if (pthread_cond_init(&gate->left, NULL) == 0) return true;
    pthread_mutex_destroy(&gate->mutex);
    return false;
}

void er_memory_gate_close(struct er_memory_gate *gate)
{
    pthread_cond_destroy(&gate->left);
    pthread_mutex_destroy(&gate->mutex);
}

void er_memory_gate_resize(struct er_memory_gate *gate, double bytes)
{
    gate->room = bytes;
}

void er_memory_gate_enter(struct er_memory_gate *gate, double bytes)
{
    pthread_mutex_lock(&gate->mutex);
    while (gate->tasks > 0 && gate->inside + bytes > gate->room) pthread_cond_wait(&gate->left, &gate->mutex);
    gate->inside += bytes;
    gate->tasks++;
    pthread_mutex_unlock(&gate->mutex);
}

void er_memory_gate_leave(struct er_memory_gate *gate, double bytes)
{
    pthread_mutex_lock(&gate->mutex);
    gate->inside -= bytes;
    gate->tasks--;
    pthread_cond_broadcast(&gate->left);
    pthread_mutex_unlock(&gate->mutex);
}
