/* Matrices written as .npz: what is read again, by rows; the same bytes; and what cannot be written. */
#include "t.h"

#include "core/file.h"
#include "data/npz_write.h"
#include "support/scratch.h"

#include <ermine/data.h>

enum { ROWS = 7, COLUMNS = 3 };

static struct er_error err;

static double entry(int64_t row, int64_t column)
{
    return (double)row + (double)column / 8;
}

/* Entry (i, j) is *scale (i + j / 8). */
static void read_rows(void *ctx, int64_t from, int64_t rows, double *out)
{
    const double *scale = ctx;
    for (int64_t i = 0; i < rows * COLUMNS; i++) out[i] = *scale * entry(from + i / COLUMNS, i % COLUMNS);
}

static void read_vector(void *ctx, int64_t from, int64_t rows, double *out)
{
    const double *scale = ctx;
    for (int64_t i = 0; i < rows; i++) out[i] = *scale * entry(from + i, 2);
}

static double one = 1, third = 1 / 3.0;
static const struct er_npz_matrix matrices[] = {
    {"nngp", ROWS, COLUMNS, read_rows, &one, 3, false},
    {"ntk", ROWS, COLUMNS, read_rows, &third, 100, false},
    {"diagonal", ROWS, 1, read_vector, &one, 4, true},
};
enum { MATRICES = sizeof matrices / sizeof *matrices };

static void check_array(const char *file, size_t n, const char *name, double scale)
{
    struct er_array a = {0};
    T_STATUS(er_npz_parse((const unsigned char *)file, n, name, 1 << 20, &a, &err), ER_OK, "%s", name);
    T_OK(a.rank == 2 && a.dim[0] == ROWS && a.dim[1] == COLUMNS, "%s has its shape", name);
    bool right = a.value != NULL;
    for (int64_t i = 0; right && i < ROWS * COLUMNS; i++)
        right = a.value[i] == scale * entry(i / COLUMNS, i % COLUMNS);
    T_OK(right, "%s has its numbers, to the bit", name);
    er_array_clear(&a);
}

static void check_vector(const char *file, size_t n)
{
    struct er_array a = {0};
    T_STATUS(er_npz_parse((const unsigned char *)file, n, "diagonal", 1 << 20, &a, &err), ER_OK, "a vector");
    T_OK(a.rank == 1 && a.dim[0] == ROWS, "of one dimension");
    bool right = a.value != NULL;
    for (int64_t i = 0; right && i < ROWS; i++) right = a.value[i] == entry(i, 2);
    T_OK(right, "with its numbers");
    er_array_clear(&a);
}

int main(void)
{
    char folder[64], path[96], again[96];
    char *file = NULL, *twin = NULL;
    size_t n = 0, m = 0;
    if (!scratch_make(folder)) return 1;
    snprintf(path, sizeof path, "%s/k.npz", folder);
    snprintf(again, sizeof again, "%s/again.npz", folder);
    T_STATUS(er_npz_write(path, matrices, MATRICES, NULL, &err), ER_OK, "written");
    T_STATUS(er_npz_write(again, matrices, MATRICES, NULL, &err), ER_OK, "and again");
    T_STATUS(er_file_read(path, 1 << 20, &file, &n, &err), ER_OK, "read");
    T_STATUS(er_file_read(again, 1 << 20, &twin, &m, &err), ER_OK, "and again");
    T_OK(n == m && memcmp(file, twin, n) == 0, "the same bytes");
    check_array(file, n, "nngp", one);
    check_array(file, n, "ntk", third);
    check_vector(file, n);
    T_CLOSE(er_npz_bytes(matrices, MATRICES), n, 900, "as long as was said");

    atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_npz_write(path, matrices, 1, &progress, &err), ER_E_STOPPED, "interrupted");
    er_free(twin);
    T_STATUS(er_file_read(path, 1 << 20, &twin, &m, &err), ER_OK, "the old file");
    T_OK(n == m && memcmp(file, twin, n) == 0, "stays whole");
    T_STATUS(er_npz_write("/dev/full", matrices, 1, NULL, &err), ER_E_FULL, "a full disk");
    T_STATUS(er_npz_write("/nowhere/k.npz", matrices, 1, NULL, &err), ER_E_NOT_FOUND, "no folder");
    er_free(file);
    er_free(twin);
    scratch_remove(folder);
    return t_done();
}
