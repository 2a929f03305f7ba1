/* Files come in whole within a limit and go out whole or not at all. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct er_error err;
static char dir[64];

static const char *in_dir(const char *name)
{
    static char path[4][512]; /* a few at a time */
    static int next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", dir, name);
    return p;
}

static bool holds(const char *path, const char *text)
{
    char *data = NULL;
    size_t n = 0;
    const bool same = er_file_read(path, 1 << 20, &data, &n, &err) == ER_OK && n == strlen(text) &&
                      memcmp(data, text, n + 1) == 0;
    er_free(data);
    return same;
}

/* What is in a directory, the names "." and ".." apart. */
static int entries(const char *path)
{
    int n = 0;
    DIR *d = opendir(path);
    while (d && readdir(d)) n++;
    if (d) closedir(d);
    return n - 2;
}

static void reads(void)
{
    char *data = (char *)dir;
    size_t n = 77;
    T_STATUS(er_file_write(in_dir("a"), "ermine\0x", 8, &err), ER_OK, "write");
    T_STATUS(er_file_read(in_dir("a"), 8, &data, &n, &err), ER_OK, "a limit that just fits");
    T_OK(n == 8 && memcmp(data, "ermine\0x", 9) == 0, "all bytes and a NUL behind them");
    er_free(data);
    data = (char *)dir;
    T_STATUS(er_file_read(in_dir("a"), 7, &data, &n, &err), ER_E_LIMIT, "a byte too many");
    T_OK(strstr(err.msg, in_dir("a")) && strstr(err.msg, " 7 "), "the message names path and limit: %s",
         err.msg);
    T_STATUS(er_file_read(in_dir("none"), 7, &data, &n, &err), ER_E_NOT_FOUND, "no such file");
    T_OK(strstr(err.msg, in_dir("none")) != NULL, "the message names the path: %s", err.msg);
    T_STATUS(er_file_read(dir, 1 << 20, &data, &n, &err), ER_E_INPUT, "a directory");
    T_STATUS(er_file_read(in_dir("a/b"), 7, &data, &n, &err), ER_E_IO, "a file as a directory");
    T_OK(data == dir && n == 8, "failures leave the outputs alone");

    T_STATUS(er_file_write(in_dir("empty"), NULL, 0, &err), ER_OK, "write nothing");
    T_STATUS(er_file_read(in_dir("empty"), 0, &data, &n, &err), ER_OK, "read nothing within nothing");
    T_OK(n == 0 && data[0] == '\0', "an empty file is an empty text");
    er_free(data);
}

/* Files that are refused by their length: they have it and no blocks on the disk. */
static void refuses_large(void)
{
    char *data = NULL;
    unsigned char front[4];
    size_t n = 0, got = 0;
    const int64_t length = (int64_t)1 << 40;
    const char *path = in_dir("sparse");
    FILE *file = fopen(path, "we");
    T_OK(file && fputs("front", file) >= 0 && fflush(file) == 0 && ftruncate(fileno(file), length) == 0 &&
             fclose(file) == 0,
         "a file of a tebibyte");
    T_STATUS(er_file_read(path, (size_t)1 << 34, &data, &n, &err), ER_E_LIMIT, "beyond the limit");
    T_STATUS(er_file_read(path, SIZE_MAX, &data, &n, &err), ER_E_NOMEM, "beyond the memory that there is");
    T_OK(strstr(err.msg, "1099511627776 bytes, and ") != NULL, "says so: %s", err.msg);
    T_OK(er_file_front(path, front, sizeof front, &got, &n), "its front");
    T_OK(got == 4 && memcmp(front, "fron", 4) == 0 && n == (size_t)length, "its bytes and its length");
    T_OK(!er_file_front("/dev/zero", front, sizeof front, &got, &n), "a device has no front");
    T_OK(!er_file_front(in_dir("none"), front, sizeof front, &got, &n), "what is absent neither");
    T_EQ_INT(unlink(path), 0, "is removed");
}

/* Files whose length nobody knows before the end. */
static void reads_without_length(void)
{
    char *data = NULL;
    size_t n = 0;
    T_STATUS(er_file_read("/proc/self/status", 1 << 20, &data, &n, &err), ER_OK,
             "a file of length 0 by stat");
    T_OK(n > 100 && data && strncmp(data, "Name:", 5) == 0, "has %zu bytes", n);
    er_free(data);
    T_STATUS(er_file_read("/dev/zero", 1000000, &data, &n, &err), ER_E_LIMIT, "a file without end");
    T_STATUS(er_file_read("/dev/zero", SIZE_MAX, &data, &n, &err), ER_E_LIMIT, "nor without a limit");
    T_OK(strstr(err.msg, " 268435456 ") != NULL, "the message has the bound of streams: %s", err.msg);

    int ends[2];
    T_OK(pipe(ends) == 0, "pipe");
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        char block[1000];
        for (int i = 0; i < 300; i++) { /* more than the first room, in pieces that don't divide it */
            memset(block, 'a' + i % 26, sizeof block);
            if (write(ends[1], block, sizeof block) != (ssize_t)sizeof block) _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    char path[64];
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    T_STATUS(er_file_read(path, 1 << 20, &data, &n, &err), ER_OK, "a pipe");
    int wrong = 0;
    for (size_t i = 0; i < n; i++) wrong += data[i] != 'a' + (char)(i / 1000 % 26);
    T_OK(n == 300000 && wrong == 0, "%zu bytes, %d wrong", n, wrong);
    er_free(data);
    close(ends[0]);
    waitpid(child, NULL, 0);
}

/* No byte of a pipe is waited for. */
static void reads_regular(void)
{
    char *data = NULL;
    size_t n = 0;
    const char *path = in_dir("regular");
    T_STATUS(er_file_write(path, "abc", 3, &err), ER_OK, "a file");
    T_STATUS(er_file_read_regular(path, 3, &data, &n, &err), ER_OK, "is read");
    T_OK(n == 3 && strcmp(data, "abc") == 0, "whole");
    er_free(data);
    T_STATUS(er_file_read_regular(path, 2, &data, &n, &err), ER_E_LIMIT, "up to the limit");
    T_STATUS(er_file_read_regular(in_dir("none"), 7, &data, &n, &err), ER_E_NOT_FOUND, "no such file");
    path = in_dir("unwritten");
    T_EQ_INT(mkfifo(path, 0600), 0, "a pipe");
    T_STATUS(er_file_read_regular(path, 7, &data, &n, &err), ER_E_INPUT, "is refused at once");
    T_OK(strstr(err.msg, path) && strstr(err.msg, "a pipe"), "by name: %s", err.msg);
    T_STATUS(er_file_read_regular("/dev/zero", 7, &data, &n, &err), ER_E_INPUT, "so is a device");
    T_STATUS(er_file_read_regular(dir, 7, &data, &n, &err), ER_E_INPUT, "and a folder");
}

static void writes(void)
{
    struct stat st;
    const mode_t mask = umask(027);
    T_STATUS(er_file_write(in_dir("b"), "one", 3, &err), ER_OK, "a new file");
    umask(mask);
    T_OK(stat(in_dir("b"), &st) == 0 && (st.st_mode & 0777) == 0640, "0666 less the umask");
    const int before = entries(dir);
    T_STATUS(er_file_write(in_dir("b"), "three", 5, &err), ER_OK, "over an old file");
    T_OK(holds(in_dir("b"), "three"), "the new bytes");
    T_EQ_INT(entries(dir), before, "no temporary file stays");

    T_OK(symlink("b", in_dir("link")) == 0, "link");
    T_STATUS(er_file_write(in_dir("link"), "four", 4, &err), ER_OK, "through a link");
    T_OK(lstat(in_dir("link"), &st) == 0 && S_ISLNK(st.st_mode) && holds(in_dir("b"), "four"),
         "the link stays, its target is written");
    T_OK(symlink("nowhere", in_dir("dangling")) == 0, "link");
    T_STATUS(er_file_write(in_dir("dangling"), "five", 4, &err), ER_OK, "through a link that leads nowhere");
    T_OK(lstat(in_dir("dangling"), &st) == 0 && S_ISREG(st.st_mode) && holds(in_dir("dangling"), "five") &&
             stat(in_dir("nowhere"), &st) != 0,
         "which is a file now");

    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    T_STATUS(er_file_write(in_dir(name), "x", 1, &err), ER_OK, "the longest name that there is");
    T_STATUS(er_file_write(in_dir("no/such/place"), "x", 1, &err), ER_E_NOT_FOUND, "no such directory");
    T_STATUS(er_file_write(in_dir("b/c"), "x", 1, &err), ER_E_IO, "a file as a directory");
    T_STATUS(er_file_write(dir, "x", 1, &err), ER_E_IO, "over a directory");
    T_STATUS(er_file_write("", "x", 1, &err), ER_E_NOT_FOUND, "an empty path");
    T_STATUS(er_file_write("/dev/null", "x", 1, &err), ER_OK, "a device is written straight");
    T_OK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode), "and stays a device");

    char here[512];
    T_OK(getcwd(here, sizeof here) && chdir(dir) == 0, "change directory");
    T_STATUS(er_file_write("plain", "x", 1, &err), ER_OK, "a name without a directory");
    T_OK(chdir(here) == 0 && holds(in_dir("plain"), "x"), "is beside us");
}

/* A temporary name left by a process that was killed is stepped over and not taken for ours. */
static void steps_over_leftovers(void)
{
    char name[64];
    snprintf(name, sizeof name, ".ermine-%ld-0.tmp", (long)getpid());
    T_STATUS(er_file_write(in_dir("c"), "x", 1, &err), ER_OK, "write");
    FILE *f = fopen(in_dir(name), "wx");
    T_OK(f != NULL, "a leftover");
    if (f) fclose(f);
    T_STATUS(er_file_write(in_dir("c"), "yy", 2, &err), ER_OK, "write beside a leftover");
    T_OK(holds(in_dir("c"), "yy") && holds(in_dir(name), ""), "both files hold what is theirs");
}

static void full_disk(void)
{
    T_STATUS(er_file_write("/dev/full", "x", 1, &err), ER_E_FULL, "a full device");
    T_OK(strstr(err.msg, "/dev/full") && strstr(err.msg, strerror(ENOSPC)), "path and reason: %s", err.msg);
    er_directory_make(in_dir("small"), &err);
    if (geteuid() != 0 || mount("tmpfs", in_dir("small"), "tmpfs", 0, "size=64k") != 0) {
        printf("# a full file system: not tried, it takes root's right to mount\n");
        return;
    }
    static char block[1 << 18];
    T_STATUS(er_file_write(in_dir("small/a"), "old", 3, &err), ER_OK, "a small file");
    T_STATUS(er_file_write(in_dir("small/a"), block, sizeof block, &err), ER_E_FULL, "a file too large");
    T_OK(holds(in_dir("small/a"), "old"), "the old file is whole");
    T_EQ_INT(entries(in_dir("small")), 1, "nothing else stays on the disk");
    T_OK(umount(in_dir("small")) == 0, "unmount");
}

static void read_only_directory(void)
{
    if (geteuid() == 0) {
        printf("# a read-only directory: not tried, root may write everywhere\n");
        return;
    }
    T_STATUS(er_directory_make(in_dir("locked"), &err), ER_OK, "a directory");
    T_STATUS(er_file_write(in_dir("locked/a"), "old", 3, &err), ER_OK, "a file");
    T_OK(chmod(in_dir("locked"), 0500) == 0, "locked");
    T_STATUS(er_file_write(in_dir("locked/a"), "new", 3, &err), ER_E_IO, "a file in it");
    T_OK(strstr(err.msg, strerror(EACCES)) != NULL, "the reason: %s", err.msg);
    T_STATUS(er_directory_make(in_dir("locked/b/c"), &err), ER_E_IO, "a directory in it");
    T_OK(holds(in_dir("locked/a"), "old") && entries(in_dir("locked")) == 1, "nothing has changed");
    chmod(in_dir("locked"), 0700);
}

static void directories(void)
{
    struct stat st;
    T_STATUS(er_directory_make(in_dir("x/y//z/"), &err), ER_OK, "parents, doubled and trailing slashes");
    T_OK(stat(in_dir("x/y/z"), &st) == 0 && S_ISDIR(st.st_mode), "is there");
    T_STATUS(er_directory_make(in_dir("x/y"), &err), ER_OK, "once more");
    T_STATUS(er_directory_make("/", &err), ER_OK, "the root");
    T_STATUS(er_directory_make(".", &err), ER_OK, "here");
    T_STATUS(er_directory_make("", &err), ER_E_NOT_FOUND, "an empty path");
    T_STATUS(er_file_write(in_dir("file"), "", 0, &err), ER_OK, "a file");
    T_STATUS(er_directory_make(in_dir("file"), &err), ER_E_IO, "a file where the directory should be");
    T_STATUS(er_directory_make(in_dir("file/x"), &err), ER_E_IO, "a file on the way");
    T_OK(strstr(err.msg, in_dir("file/x")) != NULL, "the message names the path: %s", err.msg);

    static const char *const cases[][3] = {
        {"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"/", "b", "/b"}, {"a", "", "a/"}, {"", "b", "/b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = er_path_join(cases[i][0], cases[i][1]);
        T_EQ_STR(path, cases[i][2], "\"%s\" joined with \"%s\"", cases[i][0], cases[i][1]);
        er_free(path);
    }
}

static enum er_status join(char **path)
{
    *path = er_path_join("a", "b");
    return *path ? ER_OK : ER_E_NOMEM;
}

static void errnos(void)
{
    T_STATUS(er_fail_errno(&err, ENOSPC, "p", "cannot write"), ER_E_FULL, "no space");
    T_STATUS(er_fail_errno(&err, EDQUOT, "p", "cannot write"), ER_E_FULL, "quota");
    T_STATUS(er_fail_errno(&err, ENOMEM, "p", "cannot write"), ER_E_NOMEM, "memory");
    T_STATUS(er_fail_errno(&err, EIO, "p", "cannot write"), ER_E_IO, "the disk");
    T_STATUS(er_fail_errno(&err, ENOENT, "p", "cannot write"), ER_E_NOT_FOUND, "no such file");
    char want[128];
    snprintf(want, sizeof want, "cannot write p: %s", strerror(ENOENT));
    T_EQ_STR(err.msg, want, "the message");
    T_STATUS(er_fail_errno(NULL, ENOENT, "p", "cannot write"), ER_E_NOT_FOUND, "without an error to fill");
}

int main(void)
{
    if (!scratch_make(dir)) return 1;
    reads();
    refuses_large();
    reads_without_length();
    reads_regular();
    writes();
    steps_over_leftovers();
    full_disk();
    read_only_directory();
    directories();
    errnos();
    char *out;
    size_t n;
    T_ALLOCATIONS(er_file_read(in_dir("b"), 100, &out, &n, &err), er_free(out), "reading");
    T_ALLOCATIONS(er_directory_make(in_dir("y"), &err), (void)0, "making a directory");
    T_ALLOCATIONS(join(&out), er_free(out), "joining");
    scratch_remove(dir);
    return t_done();
}
