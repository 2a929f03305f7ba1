/* machine.c - the processor's name from the system. */
#include "study/machine.h"

#include <ermine/version.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { MODEL_TEXT = 128 };

static void model_name(char model[MODEL_TEXT])
{
    struct utsname system;
    char line[512];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(model, MODEL_TEXT, "%.*s", MODEL_TEXT - 1, uname(&system) == 0 ? system.machine : "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !colon) continue;
        colon += strspn(colon, ": ");
        snprintf(model, MODEL_TEXT, "%.*s", (int)strcspn(colon, "\n"), colon);
        break;
    }
    if (file) fclose(file);
}

char *er_machine_text(char out[ER_MACHINE_TEXT])
{
    char model[MODEL_TEXT];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    model_name(model);
    snprintf(out, ER_MACHINE_TEXT, "%s, %ld processor%s, %s", model, processors, processors == 1 ? "" : "s",
             er_isa());
    return out;
}
