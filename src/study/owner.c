/* owner.c - a number and a locked byte for each open store. */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "study/owner.h"

#include "core/buffer.h"
#include "core/file.h"
#include "study/database.h"

#include <ermine/memory.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int byte_lock(int file, int command, int64_t owner, short *type)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)owner, .l_len = 1};
    int result = fcntl(file, command, &lock);
    *type = lock.l_type;
    return result;
}

bool er_owner_lives(const struct er_store *store, int64_t owner)
{
    short type;
    if (owner == store->owner) return true; /* one's own lock does not show */
    return byte_lock(store->owners, F_OFD_GETLK, owner, &type) == 0 && type != F_UNLCK;
}

/* Its leases go with it. */
static enum er_status leave(struct er_store *store, int64_t owner, struct er_error *err)
{
    return er_sql_run(store, "DELETE FROM owners WHERE number = ?", ER_VALUES(er_integer(owner)), err);
}

static enum er_status forget_dead(struct er_store *store, struct er_error *err)
{
    sqlite3_stmt *owners = NULL;
    bool row = true;
    enum er_status status = er_sql_open(store, "SELECT number FROM owners", NULL, &owners, err);
    while (status == ER_OK && (status = er_sql_next(store, owners, &row, err)) == ER_OK && row) {
        int64_t owner = sqlite3_column_int64(owners, 0);
        if (!er_owner_lives(store, owner)) status = leave(store, owner, err);
    }
    return status;
}

/* The lock is taken before the number is committed, so that nobody sees a living owner without it. A number
 * whose byte is locked belongs to a store that was removed while it was open: the next one is tried. */
static enum er_status enter(struct er_store *store, struct er_error *err)
{
    char now[ER_TIME_TEXT];
    enum er_status status = forget_dead(store, err);
    while (status == ER_OK) {
        short type;
        status = er_sql_run(store, "INSERT INTO owners (process, since) VALUES (?, ?)",
                            ER_VALUES(er_integer(getpid()), er_text(er_time_text(now))), err);
        if (status != ER_OK) break;
        int64_t owner = sqlite3_last_insert_rowid(store->db);
        if (byte_lock(store->owners, F_OFD_SETLK, owner, &type) == 0) {
            store->owner = owner;
            break;
        }
        if (errno != EAGAIN && errno != EACCES)
            status = er_fail_errno(err, errno, store->path, "cannot lock the owners' file of store");
        else
            status = leave(store, owner, err);
    }
    return status;
}

enum er_status er_owner_open(struct er_store *store, struct er_error *err)
{
    struct er_buffer name = {0};
    char *path = NULL;
    er_buffer_format(&name, "%s-owners", store->path);
    enum er_status status = er_buffer_take(&name, &path, err);
    if (status != ER_OK) return status;
    store->owners = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (store->owners < 0) status = er_fail_errno(err, errno, path, "cannot open");
    er_free(path);
    if (status == ER_OK) status = er_sql_begin(store, true, err);
    return status == ER_OK ? er_sql_end(store, enter(store, err), err) : status;
}

void er_owner_close(struct er_store *store)
{
    if (store->owner > 0 && er_sql_begin(store, true, NULL) == ER_OK)
        er_sql_end(store, leave(store, store->owner, NULL), NULL);
    if (store->owners >= 0) close(store->owners);
    store->owners = -1;
    store->owner = 0;
}
