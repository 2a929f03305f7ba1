/* <ermine/gram_file.h> - kernel matrices of infinite networks on disk: larger than memory, and longer than a process.
 *
 * A work file holds the tiles of K and, if wanted, Theta between points (<ermine/limit.h>), mapped into memory. It says of
 * what it is: model and options as numbers, a hash of the points and whether they have masks, the arithmetic of this version
 * and machine. Whoever computes it is killed, and computes it again: tiles that are there are kept. A tile counts when its
 * checksum holds, so neither `kill -9` nor a power cut needs a moment of order, and what a power cut lost is computed again.
 * The grid of tiles depends on the numbers of points alone: the matrix is the same to the bit, whatever the interruptions and
 * the threads.
 *
 * All bytes are reserved before anything is computed (posix_fallocate; file systems that copy on write may still fill up
 * later, which then kills). One process at a time: the file is locked (flock). Of points with themselves the half below the
 * diagonal is kept. Numbers are this machine's float64: a work file is no format to exchange.
 */
#ifndef ERMINE_GRAM_FILE_H
#define ERMINE_GRAM_FILE_H

#include <ermine/kernel_matrix.h>
#include <ermine/limit.h>

struct er_gram_file;

/** Bytes of a work file of n points with m others, or of n with themselves (m = 0); scarcely more than the tiles. */
ER_API double er_gram_file_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool theta);

/**
 * Opens a work file, or makes it.
 *
 * @param a, b   as er_limit_kernel(); borrowed until it is closed.
 * @param theta  whether it is of K and Theta, or of K alone.
 * @param anew   begins again: what an earlier work file at `path` holds is lost.
 * @return ER_E_INPUT when `path` is no work file, or one of other work: the message says what differs (never with `anew`);
 *         ER_E_BUSY (another process has it open), ER_E_FULL (with bytes needed and bytes free; nothing is left behind),
 *         ER_E_USAGE, ER_E_IO, ER_E_NOMEM (address space).
 *
 * Cost: hashes the points; reads the tiles that are there.
 */
ER_API enum er_status er_gram_file_open(const char *path, const struct er_limit_points *a,
                                        const struct er_limit_points *b, bool theta, bool anew,
                                        struct er_gram_file **out, struct er_error *err);

/** Closes it; with `remove` the file is deleted. NULL is allowed. */
ER_API void er_gram_file_close(struct er_gram_file *file, bool remove);

/** Pairs of points in all, and those that are there, x_i with x_j counted once. */
ER_API double er_gram_file_pairs(const struct er_gram_file *file);
ER_API double er_gram_file_done(const struct er_gram_file *file);

/**
 * Computes the tiles that are missing. Progress counts pairs, those found included.
 *
 * @return ER_E_STOPPED: what is done stays, another call goes on; ER_E_NONFINITE names the rows of the first
 *         tile with such an entry, whatever the threads; ER_E_NOMEM (also when a limit of address space leaves less than
 *         matrix products map, 128 MB a thread, for nets of vectors).
 */
ER_API enum er_status er_gram_file_compute(struct er_gram_file *file, struct er_pool *pool,
                                           const struct er_progress *progress, struct er_error *err);

/** Rows from..from+rows of K, or of Theta, to out (rows x columns). Of a matrix that is not all there, zeros where tiles are
 * missing. Any thread. Cost: whole tiles are touched, so er_gram_file_rows_together() of them, from a multiple of that, are
 * read best. */
ER_API void er_gram_file_read(const struct er_gram_file *file, bool theta, int64_t from, int64_t rows,
                              double *out);
ER_API int64_t er_gram_file_rows_together(const struct er_gram_file *file);

/** K, or Theta, of points with themselves as a matrix for er_kernel_solve(), which reads the file once an iteration. It borrows
 * the file. ER_E_USAGE when that is of points with others, has no Theta, or is not all there. */
ER_API enum er_status er_gram_file_matrix(const struct er_gram_file *file, bool theta,
                                          struct er_kernel_matrix *out, struct er_error *err);

#endif
