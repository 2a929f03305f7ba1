/* team.h - a few threads that work on one thing in lockstep: what a training step is split over when there
 * are fewer members than threads.
 *
 * One thread leads. The others follow: they wait until the leader gives out a job, do their part of it, and
 * wait again. Waiting is spinning at first, for a step takes microseconds; then the processor is given up now
 * and then.
 */
#ifndef ERMINE_CORE_TEAM_H
#define ERMINE_CORE_TEAM_H

#include <ermine/pool.h>

struct er_team;

/* A team of `parts` threads, part 0 the leader. ER_E_NOMEM. */
enum er_status er_team_new(int parts, struct er_team **out, struct er_error *err);
void er_team_free(struct er_team *team); /* after all followers have returned; NULL is allowed */

/* The number of parts; 1 for NULL, a team of the caller alone. */
int er_team_parts(const struct er_team *team);

/* The body of follower `part` of 1..parts-1: returns when the leader has dismissed the team. */
void er_team_follow(struct er_team *team, int part);

/* Leader: runs job(ctx, part) for every part at once, its own included, and returns when all are done. */
void er_team_run(struct er_team *team, void (*job)(void *ctx, int part), void *ctx);

/* Leader: runs tasks 0..n-1 (at least one), each by whichever part is free: `worker` is the part. By the caller alone where
 * there is but one task or no team. */
void er_team_tasks(struct er_team *team, int64_t n, er_pool_task *task, void *ctx);

/* Within a job: waits until every part has come here. Nothing for a team of one. */
void er_team_sync(struct er_team *team);

/* Leader: lets the followers go. */
void er_team_dismiss(struct er_team *team);

#endif
