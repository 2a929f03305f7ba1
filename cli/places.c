/* places.c - the folders of --data, the environment, the user's cache and the system. */
#include "places.h"
#include "cli.h"

#include "core/file.h"

#include <ermine/memory.h>

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool add(struct places *places, const char *folder)
{
    if (!folder) return false;
    if (places->data.n == PLACES_MOST)
        places->crowded = true;
    else
        places->folder[places->data.n++] = folder;
    return true;
}

/* The same for a text that is the struct's own. */
static bool add_own(struct places *places, char *folder)
{
    if (!folder) return false;
    if (places->n_own == PLACES_MOST) {
        places->crowded = true;
        er_free(folder);
        return true;
    }
    places->own[places->n_own++] = folder;
    return add(places, folder);
}

static bool add_environment(struct places *places)
{
    const char *list = getenv("ERMINE_DATA");
    while (list && *list) {
        size_t n = strcspn(list, ":");
        char *folder = er_alloc((int64_t)n + 1, 1);
        if (!folder) return false;
        memcpy(folder, list, n);
        if (n == 0)
            er_free(folder);
        else if (!add_own(places, folder))
            return false;
        list += n + (list[n] == ':');
    }
    return true;
}

/* An absolute XDG_CACHE_HOME (relative ones are to be ignored, says the specification) or ~/.cache, and
 * "ermine" in it. A user without a home has no cache. */
static bool add_cache(struct places *places)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/') return add_own(places, er_path_join(cache, "ermine"));
    if (!home || !home[0]) {
        const struct passwd *user = getpwuid(getuid());
        home = user ? user->pw_dir : NULL;
    }
    return !home || add_own(places, er_path_join(home, ".cache/ermine"));
}

int places_open(const struct cli_args *args, struct places *places)
{
    *places = (struct places){.data = {.folder = places->folder}};
    bool ok = true;
    for (int i = 0; i < args->n_given; i++) {
        struct stat at;
        const char *folder = args->given[i].value;
        const struct cli_option *option = args->given[i].option;
        if (!option->argument || strcmp(option->argument, PLACES_ARGUMENT) != 0) continue;
        if (stat(folder, &at) != 0 || !S_ISDIR(at.st_mode))
            return cli_usage(args->command, "--%s: %s is no folder", option->name, folder);
        ok = add(places, folder) && ok;
    }
    ok = ok && add_environment(places);
    int64_t before = places->data.n;
    ok = ok && add_cache(places);
    if (ok && places->data.n > before) places->data.cache = places->folder[before];
    ok = ok && add(places, "/usr/local/share/datasets") && add(places, "/usr/share/datasets");
    if (ok && !places->crowded) return CLI_DONE;
    places_close(places);
    if (ok)
        return cli_usage(args->command, "more than %d folders of data: ERMINE_DATA is too long", PLACES_MOST);
    cli_message(args->command, "out of memory");
    return CLI_FAILED;
}

void places_close(struct places *places)
{
    for (int i = 0; i < places->n_own; i++) er_free(places->own[i]);
    *places = (struct places){0};
}
