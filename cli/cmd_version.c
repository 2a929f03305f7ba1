/* cmd_version.c - `ermine version`: what this program is and what it is made of. */
#include "cli.h"

#include <ermine/version.h>

#include <archive.h>
#include <curl/curl.h>
#include <jansson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>
#include <zlib.h>

static int print_json(const struct cli_command *command)
{
    json_t *version = json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s, s:s, s:s}}", "format",
        "ermine-version", "version", 1, "ermine", er_version(), "isa", er_isa(), "compiler", __VERSION__,
        "build", ERMINE_BUILD, "sanitizers", ERMINE_SANITIZED, "libraries", "sqlite", sqlite3_libversion(),
        "libyaml", yaml_get_version_string(), "jansson", jansson_version_str(), "zlib", zlibVersion(),
        "libarchive", archive_version_details(), "libcurl", curl_version_info(CURLVERSION_NOW)->version,
        "libsodium", sodium_version_string());
    char *text = version ? json_dumps(version, JSON_INDENT(2)) : NULL;
    json_decref(version);
    if (!text) {
        cli_message(command, "out of memory");
        return CLI_FAILED;
    }
    puts(text);
    free(text);
    return CLI_DONE;
}

static int run(const struct cli_args *args)
{
    if (cli_given(args, "json")) return print_json(args->command);
    printf("ermine %s (%s)\n", er_version(), er_isa());
    return CLI_DONE;
}

static const struct cli_option options[] = {
    {'J', "json", NULL, NULL, "the version, the compiler and the libraries as JSON"},
    {0},
};

const struct cli_command cli_version = {
    .name = "version",
    .operands = "",
    .help = "the version and the instruction set that is used here",
    .text = "Prints the version and the instruction set of the arithmetic on this machine, which is part of "
            "what every result is stored under.",
    .example = "ermine version --json",
    .words = "",
    .option = options,
    .run = run,
};
