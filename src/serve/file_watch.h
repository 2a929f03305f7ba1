/* file_watch.h - waits until a file has been saved, in whatever way an editor saves.
 *
 * Editors write in place, or write another file and rename it over this one, or rename this one away and write
 * anew; version control removes and makes files. So the folder is watched (Linux's inotify), not the file, and
 * the folder of the file that a symbolic link leads to. Where the system tells nothing (a network file system,
 * no watches left, a folder that is gone for a while), the file's size, times and inode are looked at several
 * times a second.
 *
 * A save may take several steps: what is reported is the moment after the last of them.
 */
#ifndef ERMINE_SERVE_FILE_WATCH_H
#define ERMINE_SERVE_FILE_WATCH_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_file_watch;

enum {
    ER_FILE_WATCH_QUIET_MS = 20, /* a save is over when nothing has happened for so long */
    ER_FILE_WATCH_LONG_MS = 200, /* and is looked at after so long in any case */
    ER_FILE_WATCH_GONE_MS = 400, /* a file that is away for less was only being replaced */
    ER_FILE_WATCH_LOOK_MS = 250  /* how often the file is looked at without being told */
};

/* The file need not be there. ER_E_NOMEM. */
enum er_status er_file_watch_open(const char *path, struct er_file_watch **out, struct er_error *err);
void er_file_watch_close(struct er_file_watch *watch); /* NULL is allowed */

/* Waits until the file may have changed (also: appeared or gone) since it last said so, or since the watch was
 * opened: true. False after `timeout_ms`, or when a signal came. What has changed is for the caller to see: a
 * file may be written anew with the same bytes. */
bool er_file_watch_wait(struct er_file_watch *watch, int timeout_ms);

#endif
