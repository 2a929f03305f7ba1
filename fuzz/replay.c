/* Feeds every file of a folder to one fuzz target: what was found once stays mended, also where there is no
 * libFuzzer. */
#include "core/file.h"

#include <dirent.h>
#include <ermine/memory.h>
#include <stdint.h>
#include <string.h>

enum { LARGEST_INPUT = 1 << 24 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* In a block of its exact length, so that the address sanitizer sees a read behind it. */
static int replay(const char *path)
{
    char *text;
    size_t n;
    struct er_error err;
    if (er_file_read(path, LARGEST_INPUT, &text, &n, &err) != ER_OK) {
        fprintf(stderr, "%s\n", err.msg);
        return -1;
    }
    uint8_t *bytes = er_alloc((int64_t)n, 1);
    if (bytes && n) memcpy(bytes, text, n);
    er_free(text);
    if (!bytes) return -1;
    printf("%s\n", path);
    fflush(stdout); /* the last line names the input when the target stops us */
    LLVMFuzzerTestOneInput(bytes, n);
    er_free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    int inputs = 0;
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (!dir) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        char *path = er_path_join(argv[1], entry->d_name);
        if (!path || replay(path) != 0) return 1;
        er_free(path);
        inputs++;
    }
    closedir(dir);
    printf("%d inputs\n", inputs);
    return inputs > 0 ? 0 : 1;
}
