/* However a file is saved, it is heard of, and then no more; what happens beside it is not. */
#include "t.h"

#include "serve/file_watch.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SOON_MS = 5000, NEVER_MS = 600, STEPS = 6 };

static struct er_file_watch *watch;

static void put(const char *path, const char *text)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    T_OK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s is written", path);
    close(fd);
}

static void pause_ms(long ms)
{
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void *later(void *ctx)
{
    void (*save)(void) = *(void (**)(void))ctx;
    pause_ms(100);
    save();
    return NULL;
}

/* The save comes while the watch waits. On a busy machine its steps may lie far apart and be heard one by one. */
static void heard(void (*save)(void), const char *name)
{
    pthread_t thread;
    pthread_create(&thread, NULL, later, &save);
    T_OK(er_file_watch_wait(watch, SOON_MS), "%s: heard", name);
    pthread_join(thread, NULL);
    int more = 0;
    while (more < STEPS && er_file_watch_wait(watch, NEVER_MS)) more++;
    T_OK(more < STEPS, "%s: and then no more", name);
}

static void in_place(void)
{
    put("note.md", "in place");
}

static void same_bytes_again(void)
{
    put("note.md", "in place");
}

static void renamed_over(void)
{
    put("note.md.tmp", "renamed over");
    rename("note.md.tmp", "note.md");
}

static void renamed_away(void)
{
    rename("note.md", "note.md~");
    put("note.md", "renamed away");
    unlink("note.md~");
}

static void in_steps(void)
{
    const int fd = open("note.md", O_WRONLY | O_TRUNC);
    for (int i = 0; i < 5; i++) {
        pause_ms(5);
        T_OK(write(fd, "step\n", 5) == 5, "a step");
    }
    close(fd);
}

static void removed_and_made(void)
{
    unlink("note.md");
    pause_ms(100);
    put("note.md", "made again");
}

static void removed(void)
{
    unlink("note.md");
}

static void made(void)
{
    put("note.md", "made");
}

static void folder_replaced(void)
{
    rename("folder", "folder-old");
    mkdir("folder", 0777);
    put("folder/note.md", "in another folder");
}

static void folder_saved(void)
{
    put("folder/note.md", "once more");
}

static void target_saved(void)
{
    put("elsewhere/real.md", "behind the link");
}

static void target_renamed_over(void)
{
    put("elsewhere/tmp", "renamed over, behind the link");
    rename("elsewhere/tmp", "elsewhere/real.md");
}

static void link_moved(void)
{
    symlink("note.md", "link.tmp");
    rename("link.tmp", "link.md");
}

static void open_on(const char *path)
{
    struct er_error err;
    er_file_watch_close(watch);
    watch = NULL;
    T_STATUS(er_file_watch_open(path, &watch, &err), ER_OK, "a watch of %s", path);
}

int main(void)
{
    char folder[] = "/tmp/ermine-watch-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0) return 1;
    put("note.md", "first");
    open_on("note.md");
    T_OK(!er_file_watch_wait(watch, NEVER_MS), "nothing has happened");
    heard(in_place, "in place");
    heard(same_bytes_again, "the same bytes again");
    heard(renamed_over, "another file renamed over it");
    heard(in_place, "in place after that");
    heard(renamed_away, "renamed away and written anew");
    heard(in_steps, "in steps");
    heard(removed_and_made, "removed and made again");
    heard(removed, "removed");
    heard(made, "made");

    put("other.md", "beside it");
    put("note.md.swp", "beside it");
    unlink("note.md.swp");
    char text[16] = "";
    const int fd = open("note.md", O_RDONLY);
    T_OK(read(fd, text, sizeof text - 1) == 4, "it is read");
    close(fd);
    T_OK(!er_file_watch_wait(watch, NEVER_MS), "what is beside it, and reading it, is no save");

    put("note.md", "while nobody waits");
    T_OK(er_file_watch_wait(watch, SOON_MS), "a save between two waits");

    char path[128];
    snprintf(path, sizeof path, "%s/note.md", folder);
    open_on(path);
    heard(renamed_over, "by a whole path");

    mkdir("folder", 0777);
    put("folder/note.md", "in a folder");
    open_on("folder/note.md");
    heard(folder_replaced, "the folder is replaced");
    heard(folder_saved, "a save in the new folder");

    mkdir("elsewhere", 0777);
    put("elsewhere/real.md", "first");
    T_OK(symlink("elsewhere/real.md", "link.md") == 0, "a link");
    open_on("link.md");
    heard(target_saved, "the file behind a link");
    heard(target_renamed_over, "the same, renamed over");
    heard(link_moved, "the link leads elsewhere");
    heard(in_place, "the file to which it leads now");

    er_file_watch_close(watch);
    watch = NULL;
    struct er_error err;
    T_ALLOCATIONS(er_file_watch_open("note.md", &watch, &err), er_file_watch_close(watch),
                  "er_file_watch_open");
    er_file_watch_close(NULL);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    T_OK(chdir("/") == 0 && system(command) == 0, "tidied up");
    return t_done();
}
