/* t.c - counting and printing of results. */
#include "t.h"

#include <stdarg.h>

static struct {
    int passed, failed;
} count;

static _Thread_local struct {
    int64_t left;
    bool failed;
} allocation;

static bool report(bool ok, const char *file, int line, const char *format, va_list args)
{
    if (ok) {
        count.passed++;
        return true;
    }
    count.failed++;
    printf("not ok %d - %s:%d: ", count.passed + count.failed, file, line);
    vprintf(format, args);
    printf("\n");
    return false;
}

bool t_result(bool ok, const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report(ok, file, line, format, args);
    va_end(args);
    return ok;
}

void t_equal_int(long long got, long long want, const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!report(got == want, file, line, format, args)) printf("#   got %lld, want %lld\n", got, want);
    va_end(args);
}

void t_equal_text(const char *got, const char *want, const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!report(got && want && strcmp(got, want) == 0, file, line, format, args))
        printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)", want ? want : "(null)");
    va_end(args);
}

void t_close(double got, double want, double tolerance, const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!report(fabs(got - want) <= tolerance, file, line, format, args))
        printf("#   got %.17g, want %.17g, differ by %.3g > %.3g\n", got, want, fabs(got - want), tolerance);
    va_end(args);
}

void t_status(enum er_status got, enum er_status want, const char *msg, const char *file, int line,
              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (!report(got == want, file, line, format, args))
        printf("#   got \"%s\", want \"%s\": %s\n", er_status_text(got), er_status_text(want), msg);
    va_end(args);
}

int t_done(void)
{
    printf("1..%d\n%d passed, %d failed\n", count.passed + count.failed, count.passed, count.failed);
    return count.failed || !count.passed;
}

static bool allow(void *ctx, size_t bytes)
{
    (void)ctx;
    (void)bytes;
    if (allocation.left-- > 0) return true;
    allocation.failed = true;
    return false;
}

void t_fail_allocation(int64_t n)
{
    allocation.left = n;
    allocation.failed = false;
    er_alloc_set_hook(n < 0 ? NULL : allow, NULL);
}

bool t_allocation_failed(void)
{
    er_alloc_set_hook(NULL, NULL);
    return allocation.failed;
}
