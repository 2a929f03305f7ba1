/* heavy_ball.h - one eigenvalue under steps with momentum, after any number of them. */
#ifndef ERMINE_LIMIT_HEAVY_BALL_H
#define ERMINE_LIMIT_HEAVY_BALL_H

/* After k >= 1 steps (a whole number) with momentum beta, 0 < beta < 1, and x = rate times eigenvalue >= 0:
 *
 *     v <- beta v + e,   e <- e - x v        from e = 1, v = 0
 *     left = e,   sum = (1 - e) / x          k at x = 0
 *
 * To rounding relative to the largest of both on the way there, at any k; infinite or NaN where steps diverge beyond float64. */
void er_heavy_ball(double k, double beta, double x, double *sum, double *left);

#endif
