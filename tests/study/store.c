/* A store opens, migrates, refuses what is no store, and is whole after every failure. */
#include "t.h"

#include "study/database.h"
#include "study/lease.h"
#include "study/migrate.h"
#include "study/record.h"
#include "support/fake_job.h"
#include "support/scratch.h"
#include "support/store_ask.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct er_error err;
static char folder[64];

static const char *at(const char *name)
{
    static char path[4][160];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

/* Makes a database by hand. */
static void make(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    T_OK(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
         sql);
    sqlite3_close(db);
}

static void write_text(const char *path, const char *text, size_t n)
{
    FILE *file = fopen(path, "wb");
    T_OK(file && fwrite(text, 1, n, file) == n, "write %s", path);
    if (file) fclose(file);
}

static void opening(void)
{
    struct er_store *store = NULL;
    T_STATUS(er_store_open(at("absent"), true, &store, &err), ER_E_NOT_FOUND, "absent, for reading");
    T_OK(strstr(err.msg, "absent") && access(at("absent"), F_OK) != 0, "says the path, makes nothing");
    T_STATUS(er_store_open("", false, &store, &err), ER_E_USAGE, "no path");
    T_STATUS(er_store_open(folder, false, &store, &err), ER_E_IO, "a folder");
    T_STATUS(er_store_open(at("a b/c/runs %20?#.db"), false, &store, &err), ER_OK, "made with its folders");
    T_EQ_INT(store_ask(store, "PRAGMA user_version"), ER_STORE_VERSION, "version");
    T_EQ_INT(store_ask(store, "PRAGMA application_id"), ER_STORE_APPLICATION, "application");
    T_EQ_INT(store_ask(store, "PRAGMA synchronous"), 1, "synchronous is NORMAL");
    T_EQ_INT(store_ask(store, "PRAGMA foreign_keys"), 1, "foreign keys");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0"
                              " AND name NOT LIKE 'sqlite_%'"),
             0, "all tables are strict");
    struct er_store *second = NULL, *reader = NULL;
    T_STATUS(er_store_open(at("a b/c/runs %20?#.db"), false, &second, &err), ER_OK, "opened twice");
    T_STATUS(er_store_open(at("a b/c/runs %20?#.db"), true, &reader, &err), ER_OK, "and for reading");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM owners"), 2, "two owners");
    enum er_lease_state lease;
    void *state;
    size_t bytes;
    T_STATUS(er_lease_take(reader, (struct er_leased){.key = "k"}, &lease, &state, &bytes, &err), ER_E_IO,
             "a reader leases nothing");
    er_store_close(reader);
    er_store_close(second);
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM owners"), 1, "an owner leaves");
    er_store_close(store);
    T_ALLOCATIONS(er_store_open(at("alloc/runs.db"), false, &store, &err), er_store_close(store),
                  "opening survives every failed allocation");
}

/* Layout 1 had no table of networks. */
static void older(void)
{
    struct er_store *store = NULL;
    T_STATUS(er_store_open(at("older.db"), false, &store, &err), ER_OK, "made");
    store_ask(store, "INSERT INTO runs (key, experiment, point, outcome, note, records, finished, machine,"
                     " version) VALUES ('k', 'e', 'p', 'o', '', 0, '', '', '')");
    store_ask(store, "DROP TABLE networks");
    store_ask(store, "PRAGMA user_version = 1");
    er_store_close(store);
    T_STATUS(er_store_open(at("older.db"), true, &store, &err), ER_E_INPUT, "an older one, for reading");
    T_OK(strstr(err.msg, "version 1"), "says so: %s", err.msg);
    T_STATUS(er_store_open(at("older.db"), false, &store, &err), ER_OK, "an older one is brought up to date");
    T_EQ_INT(store_ask(store, "PRAGMA user_version"), ER_STORE_VERSION, "version");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM networks"), 0, "with its new table");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM runs"), 1, "and its runs");
    er_store_close(store);
}

static void not_a_store(void)
{
    struct er_store *store = NULL;
    char garbage[5000];
    for (size_t i = 0; i < sizeof garbage; i++) garbage[i] = (char)(i * 37 + i / 7);
    for (int read_only = 0; read_only < 2; read_only++) {
        write_text(at("short"), "This is not a database.\n", 24);
        T_STATUS(er_store_open(at("short"), read_only, &store, &err), ER_E_IO, "a short text");
        write_text(at("garbage"), garbage, sizeof garbage);
        T_STATUS(er_store_open(at("garbage"), read_only, &store, &err), ER_E_IO, "bytes");
        T_OK(strstr(err.msg, "not an SQLite database"), "says so: %s", err.msg);
        struct stat st;
        T_OK(stat(at("garbage"), &st) == 0 && st.st_size == (off_t)sizeof garbage, "and is left alone");
    }
    make(at("other.db"), "CREATE TABLE photos (id); PRAGMA application_id = 7");
    T_STATUS(er_store_open(at("other.db"), false, &store, &err), ER_E_IO, "another program's database");
    make(at("other2.db"), "CREATE TABLE photos (id)");
    T_STATUS(er_store_open(at("other2.db"), false, &store, &err), ER_E_IO, "a database without a name");
    T_OK(strstr(err.msg, "another program"), "says so: %s", err.msg);
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = 99", ER_STORE_APPLICATION);
    make(at("newer.db"), sql);
    T_STATUS(er_store_open(at("newer.db"), false, &store, &err), ER_E_INPUT, "a newer version");
    T_OK(strstr(err.msg, "99") && strstr(err.msg, "up to 2"), "names both versions: %s", err.msg);
    write_text(at("empty.db"), "", 0);
    T_STATUS(er_store_open(at("empty.db"), true, &store, &err), ER_E_IO, "an empty file is nothing to read");
    T_STATUS(er_store_open(at("empty.db"), false, &store, &err), ER_OK, "an empty file becomes a store");
    er_store_close(store);
}

/* Runs `child` as a process of a user without rights; true when it returned 0. */
static bool as_nobody(int (*child)(void))
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(99);
        _exit(child());
    }
    int status = 0;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int read_only_child(void)
{
    struct er_store *store = NULL;
    struct er_error error = {0};
    if (er_store_open(at("ro/runs.db"), false, &store, &error) != ER_E_IO) return 1;
    if (!strstr(error.msg, "runs.db")) return 2;
    if (er_store_open(at("ro/other.db"), false, &store, &error) != ER_E_IO) return 3;
    if (access(at("ro/other.db"), F_OK) == 0) return 4;
    if (er_store_open(at("ro/runs.db"), true, &store, &error) != ER_OK) return 5;
    if (store_ask(store, "SELECT count(*) FROM runs") != 0) return 6;
    er_store_close(store);
    return 0;
}

static void read_only_place(void)
{
    struct er_store *store = NULL;
    T_STATUS(er_store_open(at("ro/runs.db"), false, &store, &err), ER_OK, "made");
    er_store_close(store);
    chmod(folder, 0755);
    chmod(at("ro/runs.db"), 0444);
    chmod(at("ro"), 0555);
    T_OK(as_nobody(read_only_child), "a folder that cannot be written: said for writing, read for reading");
    chmod(at("ro"), 0755);
}

static struct er_record big_record(const double *const curve[2], int64_t n)
{
    static const double value[] = {1, 2};
    return (struct er_record){.outcome = "epochs", .note = "", .value = value, .curve = curve, .n_curve = n};
}

enum { LONG = 1 << 17 };

static void full(void)
{
    struct er_store *store = NULL;
    struct er_job *job = fake_job_new(&(struct fake_options){.widths = 2, .seeds = 1, .steps = 3});
    double *curve = er_alloc(LONG, sizeof *curve);
    const double *both[2] = {curve, curve};
    struct er_record record = big_record(both, LONG), small = big_record(both, 3);
    T_STATUS(er_store_open(at("full.db"), false, &store, &err), ER_OK, "open");
    store_ask(store, "PRAGMA max_page_count = 100");
    T_STATUS(er_record_write(store, job, 0, &record, "m", &err), ER_E_FULL, "a curve too long for the disk");
    T_OK(strstr(err.msg, "no space left"), "%s", err.msg);
    T_EQ_INT(store_ask(store, "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM results)"
                              " + (SELECT count(*) FROM curves)"),
             0, "leaves nothing of the run");
    T_STATUS(er_record_write(store, job, 1, &small, "m", &err), ER_OK, "a short one still fits");
    store_ask(store, "PRAGMA max_page_count = 100000");
    T_STATUS(er_record_write(store, job, 0, &record, "m", &err), ER_OK, "with room it goes in");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM runs"), 2, "both are there");
    T_STATUS(er_record_write(store, job, 0, &small, "m", &err), ER_OK, "a second result of the same key");
    T_EQ_INT(store_ask(store, "SELECT max(records) FROM runs"), LONG, "changes nothing");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1,
             "integrity");
    er_store_close(store);
    er_free(curve);
    fake_job_free(job);
}

/* A file may not grow beyond 512 KiB: what a full disk or quota looks like from inside write(). */
static int small_disk_child(void)
{
    struct er_error error = {0};
    struct er_store *store = NULL;
    struct er_job *job = fake_job_new(&(struct fake_options){.widths = 1, .seeds = 1, .steps = 3});
    double *curve = er_alloc(LONG, sizeof *curve);
    const double *both[2] = {curve, curve};
    struct er_record record = big_record(both, LONG);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){512 << 10, 512 << 10});
    if (er_store_open(at("disk.db"), false, &store, &error) != ER_OK) return 1;
    if (er_record_write(store, job, 0, &record, "m", &error) != ER_E_FULL) return 2;
    if (store_ask(store, "SELECT count(*) FROM runs") != 0) return 3;
    record.n_curve = 3;
    if (er_record_write(store, job, 0, &record, "m", &error) != ER_OK) return 4;
    if (store_ask(store, "SELECT count(*) FROM runs") != 1) return 5;
    er_store_close(store);
    er_free(curve);
    fake_job_free(job);
    return 0;
}

static void small_disk(void)
{
    struct er_store *store = NULL;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) _exit(small_disk_child());
    int status = 0;
    waitpid(pid, &status, 0);
    T_EQ_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "a file that may not grow is a full disk");
    T_STATUS(er_store_open(at("disk.db"), true, &store, &err), ER_OK, "the store is whole afterwards");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM runs"), 1, "with what fitted");
    er_store_close(store);
}

/* Any byte of a store may be wrong: an error or an answer, never a crash. */
static void damaged(void)
{
    struct er_job *job = fake_job_new(&(struct fake_options){.widths = 3, .seeds = 2, .steps = 3});
    double curve[8] = {0};
    const double *both[2] = {curve, curve};
    struct er_record record = big_record(both, 8);
    struct er_store *store = NULL;
    T_STATUS(er_store_open(at("damaged.db"), false, &store, &err), ER_OK, "open");
    for (int64_t i = 0; i < job->runs; i++) er_record_write(store, job, i, &record, "m", &err);
    er_store_close(store);
    FILE *file = fopen(at("damaged.db"), "rb");
    static char bytes[1 << 18];
    size_t n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file) fclose(file);
    T_OK(n > 4096, "read back");
    int errors = 0;
    for (size_t cut = 0; cut < n; cut += 1021) {
        char was = bytes[cut];
        bytes[cut] = (char)~was;
        write_text(at("hurt.db"), bytes, n);
        bytes[cut] = was;
        enum er_status status = er_store_open(at("hurt.db"), false, &store, &err);
        if (status == ER_OK) {
            status = er_record_write(store, job, 0, &record, "m", &err);
            er_store_close(store);
        }
        errors += status != ER_OK;
        unlink(at("hurt.db-wal"));
        unlink(at("hurt.db-shm"));
    }
    T_OK(errors > 0, "some damage is noticed (%d)", errors);
    write_text(at("hurt.db"), bytes, n / 3);
    T_STATUS(er_store_open(at("hurt.db"), false, &store, &err), ER_E_IO, "a cut file");
    fake_job_free(job);
}

static void leases(void)
{
    struct er_store *a = NULL, *b = NULL;
    enum er_lease_state lease;
    void *state = NULL;
    size_t bytes = 0;
    T_STATUS(er_store_open(at("leases.db"), false, &a, &err), ER_OK, "one");
    T_STATUS(er_store_open(at("leases.db"), false, &b, &err), ER_OK, "two");
    T_STATUS(er_lease_take(a, (struct er_leased){.key = "k"}, &lease, &state, &bytes, &err), ER_OK, "take");
    T_OK(lease == ER_LEASE_FREE && !state, "was free");
    T_STATUS(er_lease_take(b, (struct er_leased){.key = "k"}, &lease, &state, &bytes, &err), ER_OK, "take");
    T_OK(lease == ER_LEASE_TAKEN, "the other store has it");
    T_STATUS(er_lease_take(a, (struct er_leased){.key = "k"}, &lease, &state, &bytes, &err), ER_OK, "take");
    T_OK(lease == ER_LEASE_TAKEN, "a store does not lease twice");
    T_STATUS(er_lease_checkpoint(a, "k", "abc", 3, &err), ER_OK, "checkpoint");
    T_STATUS(er_lease_checkpoint(a, "k", "abcd", 4, &err), ER_OK, "and another");
    T_STATUS(er_lease_release(b, "k", &err), ER_OK, "release of what is not one's own");
    T_STATUS(er_lease_look(b, &(struct er_leased){.key = "k"}, 1, &lease, &err), ER_OK, "look");
    T_OK(lease == ER_LEASE_TAKEN, "does nothing");
    er_store_close(a);
    T_STATUS(er_lease_look(b, &(struct er_leased){.key = "k"}, 1, &lease, &err), ER_OK, "look");
    T_OK(lease == ER_LEASE_FREE, "a closed store leases nothing");
    T_STATUS(er_lease_take(b, (struct er_leased){.key = "k"}, &lease, &state, &bytes, &err), ER_OK, "take");
    T_OK(lease == ER_LEASE_FREE && bytes == 4 && state && memcmp(state, "abcd", 4) == 0,
         "with its last checkpoint");
    er_free(state);
    T_STATUS(er_lease_release(b, "k", &err), ER_OK, "release");
    store_ask(b, "UPDATE checkpoints SET version = '0.0.0'");
    T_STATUS(er_lease_take(b, (struct er_leased){.key = "k"}, &lease, &state, &bytes, &err), ER_OK, "take");
    T_OK(lease == ER_LEASE_FREE && !state, "a checkpoint of another version is not offered");
    er_store_close(b);
}

int main(void)
{
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    opening();
    older();
    not_a_store();
    read_only_place();
    full();
    small_disk();
    damaged();
    leases();
    scratch_remove(folder);
    return t_done();
}
