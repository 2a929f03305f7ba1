/* store.c - opening and closing a store. */
#include <ermine/store.h>

#include "core/buffer.h"
#include "core/file.h"
#include "study/database.h"
#include "study/migrate.h"
#include "study/owner.h"

#include <ermine/memory.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static enum er_status make_folder(const char *path, struct er_error *err)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return ER_OK;
    struct er_buffer name = {0};
    char *folder = NULL;
    er_buffer_add(&name, path, (size_t)(slash - path));
    enum er_status status = er_buffer_take(&name, &folder, err);
    if (status == ER_OK) status = er_directory_make(folder, err);
    er_free(folder);
    return status;
}

/* The path as SQLite takes it for a file: ":memory:" and its like are names too. */
static enum er_status set_path(struct er_store *store, const char *path, struct er_error *err)
{
    struct er_buffer text = {0};
    if (path[0] == ':') er_buffer_text(&text, "./");
    er_buffer_text(&text, path);
    return er_buffer_take(&text, &store->path, err);
}

enum er_status er_store_open(const char *path, bool read_only, struct er_store **out, struct er_error *err)
{
    struct stat st;
    if (!path || !path[0]) return er_fail(err, ER_E_USAGE, "store: the path is empty");
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return er_fail(err, ER_E_IO, "%s is not a store: a folder", path);
    if (read_only && stat(path, &st) != 0) return er_fail_errno(err, errno, path, "cannot open the store");
    enum er_status status = read_only ? ER_OK : make_folder(path, err);
    if (status != ER_OK) return status;
    struct er_store *store = er_alloc(1, sizeof *store);
    if (!store) return er_fail(err, ER_E_NOMEM, "store %s: out of memory", path);
    store->owners = -1;
    store->read_only = read_only;
    pthread_mutex_init(&store->mutex, NULL);
    status = set_path(store, path, err);
    if (status == ER_OK) status = er_database_open(store, err);
    if (status == ER_OK) status = er_store_migrate(store, err);
    if (status == ER_OK && !read_only) status = er_owner_open(store, err);
    if (status == ER_OK)
        *out = store;
    else
        er_store_close(store);
    return status;
}

void er_store_close(struct er_store *store)
{
    if (!store) return;
    er_owner_close(store);
    er_database_close(store);
    pthread_mutex_destroy(&store->mutex);
    er_free(store->path);
    er_free(store);
}
