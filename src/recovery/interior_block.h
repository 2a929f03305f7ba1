/* interior_block.h - the semidefinite pair of the interior point method (nuclear_interior.c): Z and T, positive definite,
 * (rows + columns) squared, row-major and symmetric, and their directions.
 *
 *     T = [I -G; -G^T I]      dT = -[0 dG; dG^T 0]      dZ = B - sym(Z dT T^-1)
 *     B = tau T^-1 - Z - sym(dZ' dT' T^-1)              (') of the direction before; sym(P) = (P + P^T) / 2
 */
#ifndef ERMINE_RECOVERY_INTERIOR_BLOCK_H
#define ERMINE_RECOVERY_INTERIOR_BLOCK_H

#include <ermine/progress.h>
#include <stdbool.h>

struct er_interior_block {
    const struct er_progress
        *stop; /* asked between products: once it says so, what these functions leave is of no use */
    int64_t rows, columns, side;  /* side = rows + columns */
    double *z, *t, *dz, *dt;      /* side squared, all below too */
    double *z_factor, *t_factor;  /* L of L L^T, by columns */
    double *t_inverse, *b, *half; /* T^-1; B; scratch */
    double *corner;               /* rows x columns: what the functions below say */
    double *eigen;                /* eigenvalues; LAPACK's scratch */
};

/* Z = [c I, corner; corner^T, c I] and T = I are set by er_interior_block_start(). ER_E_NOMEM. */
enum er_status er_interior_block_open(int64_t rows, int64_t columns, struct er_interior_block *out,
                                      struct er_error *err);
void er_interior_block_close(struct er_interior_block *b);
double er_interior_block_bytes(int64_t rows, int64_t columns);

void er_interior_block_start(struct er_interior_block *b, double c);

/* Decomposes Z and T, inverts T. False where they are not positive definite to rounding. */
bool er_interior_block_factor(struct er_interior_block *b);

/* B of tau; with `correct` by the direction before. corner <- the upper right part of Z + B. */
void er_interior_block_aim(struct er_interior_block *b, double tau, bool correct);

/* dZ and dT of dG = corner. */
void er_interior_block_turn(struct er_interior_block *b);

/* The largest step in [0, 1] that leaves Z (`dual`: T) positive semidefinite. */
double er_interior_block_step(struct er_interior_block *b, bool dual);

/* <Z + primal dZ, T + dual dT> */
double er_interior_block_inner(const struct er_interior_block *b, double primal, double dual);

/* Z += primal dZ, T += dual dT; corner <- the upper right part of Z. */
void er_interior_block_move(struct er_interior_block *b, double primal, double dual);

#endif
