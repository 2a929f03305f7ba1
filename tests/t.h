/* t.h - the harness: TAP lines, one process per file. A failure prints both sides and where.
 *
 *     int main(void) { T_OK(2 > 1, "order"); return t_done(); }
 *
 * The last arguments of every macro are a printf-style name of what is claimed.
 */
#ifndef ERMINE_TESTS_T_H
#define ERMINE_TESTS_T_H

#include <ermine/memory.h>
#include <ermine/status.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a sanitizer watches, which makes everything several times slower: repetitions may then be fewer. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define T_SANITIZED 1
#else
#define T_SANITIZED 0
#endif

/* Whether that is the thread sanitizer, under which a test runs for what its threads do: numbers of real data, failed
 * allocations and the like are other builds' business. */
#if defined __SANITIZE_THREAD__
#define T_THREADS_WATCHED 1
#else
#define T_THREADS_WATCHED 0
#endif

/* Counts one result; on failure prints place and name. Returns ok. */
bool t_result(bool ok, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void t_equal_int(long long got, long long want, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void t_equal_text(const char *got, const char *want, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void t_close(double got, double want, double tolerance, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void t_status(enum er_status got, enum er_status want, const char *msg, const char *file, int line,
              const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The plan and the count "N passed, N failed"; 0 when none failed and at least one passed. */
int t_done(void);

/* The condition holds. */
#define T_OK(condition, ...) t_result(!!(condition), __FILE__, __LINE__, __VA_ARGS__)

#define T_EQ_INT(got, want, ...)                                                                             \
    t_equal_int((long long)(got), (long long)(want), __FILE__, __LINE__, __VA_ARGS__)

#define T_EQ_STR(got, want, ...) t_equal_text(got, want, __FILE__, __LINE__, __VA_ARGS__)

/* |got - want| <= tolerance, and false for NaN. */
#define T_CLOSE(got, want, tolerance, ...)                                                                   \
    t_close((double)(got), (double)(want), (double)(tolerance), __FILE__, __LINE__, __VA_ARGS__)

/* A call that fills `err` (in scope) gives the status `want`. */
#define T_STATUS(call, want, ...)                                                                            \
    do {                                                                                                     \
        err = (struct er_error){0};                                                                          \
        enum er_status t_got = (call);                                                                       \
        t_status(t_got, want, err.msg, __FILE__, __LINE__, __VA_ARGS__);                                     \
    } while (0)

/* The whole file is skipped, which CTest reports as such. Leaves main. */
#define T_SKIP(...)                                                                                          \
    do {                                                                                                     \
        printf("1..0 # SKIP ");                                                                              \
        printf(__VA_ARGS__);                                                                                 \
        printf("\n");                                                                                        \
        return 0;                                                                                            \
    } while (0)

/* The n-th allocation of this thread from here on fails (n from 0), and all after it; negative: none does. */
void t_fail_allocation(int64_t n);

/* True when an allocation was failed since t_fail_allocation(); ends the failing. */
bool t_allocation_failed(void);

/* Fails the first, second, ... allocation of `construct` (a call that returns a status) until it succeeds
 * untouched; each failed try must give ER_E_NOMEM and leak nothing (the leak checker says), the success is
 * undone by `destroy`. */
#define T_ALLOCATIONS(construct, destroy, ...)                                                               \
    do {                                                                                                     \
        for (int64_t t_n = 0;; t_n++) {                                                                      \
            t_fail_allocation(t_n);                                                                          \
            enum er_status t_made = (construct);                                                             \
            bool t_failed = t_allocation_failed();                                                           \
            if (t_made == ER_OK) {                                                                           \
                destroy;                                                                                     \
                t_result(!t_failed && t_n > 0, __FILE__, __LINE__, __VA_ARGS__);                             \
                break;                                                                                       \
            }                                                                                                \
            if (!t_result(t_made == ER_E_NOMEM && t_failed, __FILE__, __LINE__, __VA_ARGS__)) break;         \
        }                                                                                                    \
    } while (0)

#endif
