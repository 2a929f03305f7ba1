/* team.c - jobs given out by a counter, and a barrier that counts arrivals. */
#include "core/team.h"

#include <ermine/memory.h>
#include <sched.h>
#include <stdalign.h>
#include <stdatomic.h>

enum { SPINS = 4000 }; /* some tens of microseconds */

struct er_team {
    alignas(ER_ALIGN) atomic_uint jobs; /* given out so far; beside it what followers read of a job: */
    int parts;
    void (*job)(void *ctx, int part); /* written by the leader before `jobs` is raised; NULL: go home */
    void *ctx;
    alignas(ER_ALIGN) atomic_uint arrived, turn;
};

static void pause_a_little(int *spins)
{
    if (++*spins < SPINS) {
#if defined __x86_64__
        __builtin_ia32_pause();
#endif
        return;
    }
    sched_yield();
}

enum er_status er_team_new(int parts, struct er_team **out, struct er_error *err)
{
    struct er_team *team = er_alloc(1, sizeof *team);
    if (!team) return er_fail(err, ER_E_NOMEM, "team: out of memory");
    team->parts = parts;
    *out = team;
    return ER_OK;
}

void er_team_free(struct er_team *team)
{
    er_free(team);
}

int er_team_parts(const struct er_team *team)
{
    return team ? team->parts : 1;
}

void er_team_sync(struct er_team *team)
{
    if (!team || team->parts == 1) return;
    const unsigned turn = atomic_load_explicit(&team->turn, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) + 1 == (unsigned)team->parts) {
        atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&team->turn, turn + 1, memory_order_release);
        return;
    }
    for (int spins = 0; atomic_load_explicit(&team->turn, memory_order_acquire) == turn;)
        pause_a_little(&spins);
}

void er_team_follow(struct er_team *team, int part)
{
    for (unsigned seen = 0;; seen++) {
        for (int spins = 0; atomic_load_explicit(&team->jobs, memory_order_acquire) == seen;)
            pause_a_little(&spins);
        if (!team->job) return;
        team->job(team->ctx, part);
        er_team_sync(team);
    }
}

void er_team_run(struct er_team *team, void (*job)(void *ctx, int part), void *ctx)
{
    if (team && team->parts > 1) {
        team->job = job;
        team->ctx = ctx;
        atomic_fetch_add_explicit(&team->jobs, 1, memory_order_release);
    }
    job(ctx, 0);
    er_team_sync(team);
}

struct tasks {
    er_pool_task *task;
    void *ctx;
    int64_t n;
    atomic_int_fast64_t next;
};

static void take_tasks(void *ctx, int part)
{
    struct tasks *t = ctx;
    for (;;) {
        const int64_t i = atomic_fetch_add_explicit(&t->next, 1, memory_order_relaxed);
        if (i >= t->n) return;
        t->task(t->ctx, i, part);
    }
}

void er_team_tasks(struct er_team *team, int64_t n, er_pool_task *task, void *ctx)
{
    if (!team || team->parts == 1 || n == 1) {
        for (int64_t i = 0; i < n; i++) task(ctx, i, 0);
        return;
    }
    struct tasks tasks = {.task = task, .ctx = ctx, .n = n};
    er_team_run(team, take_tasks, &tasks);
}

void er_team_dismiss(struct er_team *team)
{
    if (!team) return;
    team->job = NULL;
    atomic_fetch_add_explicit(&team->jobs, 1, memory_order_release);
}
