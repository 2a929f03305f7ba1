/* Only this machine's own names, with the server's own port, and only origins made of them. */
#include "t.h"

#include "serve/guard.h"

int main(void)
{
    static const struct {
        const char *host;
        int port;
        bool taken;
    } hosts[] = {
        {"127.0.0.1:8080", 8080, true},
        {"localhost:8080", 8080, true},
        {"LocalHost:8080", 8080, true},
        {"[::1]:8080", 8080, true},
        {"127.0.0.1", 80, true},
        {"127.0.0.1:80", 80, true},
        {"localhost", 80, true},
        {"127.0.0.1", 8080, false},
        {"127.0.0.1:80", 8080, false},
        {"127.0.0.1:8080", 80, false},
        {"127.0.0.1:80800", 8080, false},
        {"127.0.0.1:08080", 8080, false},
        {"127.0.0.1:8080 ", 8080, false},
        {" 127.0.0.1:8080", 8080, false},
        {"127.0.0.1:8080, evil.example", 8080, false},
        {"evil.example:8080", 8080, false},
        {"127.0.0.1.evil.example:8080", 8080, false},
        {"localhost.evil.example:8080", 8080, false},
        {"evil.example#127.0.0.1:8080", 8080, false},
        {"user@127.0.0.1:8080", 8080, false},
        {"127.0.0.2:8080", 8080, false},
        {"0.0.0.0:8080", 8080, false},
        {"[::1]", 8080, false},
        {":8080", 8080, false},
        {"", 80, false},
        {NULL, 80, false},
    };
    static const struct {
        const char *origin;
        bool taken;
    } origins[] = {
        {NULL, true},
        {"http://127.0.0.1:8080", true},
        {"http://localhost:8080", true},
        {"HTTP://localhost:8080", true},
        {"https://127.0.0.1:8080", false},
        {"http://127.0.0.1:8081", false},
        {"http://evil.example", false},
        {"http://127.0.0.1:8080/", false},
        {"http://127.0.0.1:8080 http://evil.example", false},
        {"null", false},
        {"", false},
    };
    static const struct {
        const char *site, *mode;
        bool taken;
    } fetches[] = {
        {NULL, NULL, true},
        {"none", "navigate", true},
        {"same-origin", "cors", true},
        {"cross-site", "navigate", true},
        {"cross-site", "no-cors", false},
        {"same-site", "no-cors", false},
        {"same-site", NULL, false},
        {"", "cors", false},
    };
    for (size_t i = 0; i < sizeof fetches / sizeof *fetches; i++)
        T_EQ_INT(er_guard_fetch(fetches[i].site, fetches[i].mode), fetches[i].taken, "Sec-Fetch-Site: %s",
                 fetches[i].site ? fetches[i].site : "(none)");
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        T_EQ_INT(er_guard_host(hosts[i].host, hosts[i].port), hosts[i].taken, "Host: %s at port %d",
                 hosts[i].host ? hosts[i].host : "(none)", hosts[i].port);
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        T_EQ_INT(er_guard_origin(origins[i].origin, 8080), origins[i].taken, "Origin: %s",
                 origins[i].origin ? origins[i].origin : "(none)");
    return t_done();
}
