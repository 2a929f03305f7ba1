/* http_server.c - one connection at a time, one answer each, then close. */
#include "http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { POLL_MS = 20, BLOCK = 4096 };

static const char page[] = "<!DOCTYPE html><html><body>Please log in to this network.</body></html>";

static bool send_all(struct http_server *s, int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t put = send(fd, bytes, n, MSG_NOSIGNAL);
        if (put <= 0) return false;
        bytes += put;
        n -= (size_t)put;
        s->bytes_sent += put;
    }
    return true;
}

static void send_head(int fd, const char *status, long long length, const char *more)
{
    char head[512];
    char claim[64] = "";
    if (length >= 0) snprintf(claim, sizeof claim, "Content-Length: %lld\r\n", length);
    const int n =
        snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%s%sConnection: close\r\n\r\n", status, claim, more);
    send(fd, head, (size_t)n, MSG_NOSIGNAL);
}

/* Until the test stops the server or the other side hangs up. */
static void hold(struct http_server *s, int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char byte;
    while (!s->stop)
        if (poll(&p, 1, POLL_MS) > 0 && recv(fd, &byte, 1, MSG_DONTWAIT) == 0) return;
}

static void send_endless(struct http_server *s, int fd)
{
    static const char zeros[BLOCK];
    send_head(fd, "200 OK", -1, "");
    while (!s->stop && send_all(s, fd, zeros, sizeof zeros)) {}
}

static void send_file(struct http_server *s, int fd, const struct http_file *file, enum http_manner manner,
                      long long from)
{
    char range[128] = "";
    const char *status = "200 OK";
    if (manner == HTTP_IGNORES_RANGE) from = -1;
    if (from >= 0) {
        if (manner == HTTP_OTHER_RANGE) from = from / 2;
        status = "206 Partial Content";
        snprintf(range, sizeof range, "Content-Range: bytes %lld-%zu/%zu\r\n", from, file->size - 1,
                 file->size);
    }
    const size_t start = from > 0 ? (size_t)from : 0;
    const size_t length = file->size - start;
    long long claim = (long long)length;
    size_t sent = length;
    if (manner == HTTP_TRUNCATES || manner == HTTP_STALLS) sent = length / 2;
    if (manner == HTTP_CLAIMS_LESS) claim = (long long)(sent = length / 2);
    if (manner == HTTP_CLAIMS_MORE) claim += 100;
    send_head(fd, status, claim, range);
    send_all(s, fd, file->bytes + start, sent);
    if (manner == HTTP_STALLS) hold(s, fd);
}

static const struct http_file *find(const struct http_server *s, const char *path)
{
    for (int i = 0; i < s->n_files; i++)
        if (strcmp(s->file[i].path, path) == 0) return &s->file[i];
    return NULL;
}

static void answer(struct http_server *s, int fd, const char *path, long long from)
{
    const enum http_manner manner = (enum http_manner)s->manner;
    const struct http_file *file = find(s, path);
    char location[512];
    s->range = from;
    s->requests++;
    if (manner == HTTP_LOOPS) {
        snprintf(location, sizeof location, "Location: %s%.256s\r\n", s->base, path);
        send_head(fd, "302 Found", 0, location);
    } else if (manner == HTTP_FAILS) {
        send_head(fd, "500 Internal Server Error", (long long)sizeof page - 1, "");
        send_all(s, fd, page, sizeof page - 1);
    } else if (manner == HTTP_PAGE) {
        send_head(fd, "200 OK", (long long)sizeof page - 1, "Content-Type: text/html\r\n");
        send_all(s, fd, page, sizeof page - 1);
    } else if (!file || manner == HTTP_NOT_FOUND) {
        send_head(fd, "404 Not Found", (long long)sizeof page - 1, "");
        send_all(s, fd, page, sizeof page - 1);
    } else if (from >= 0 && (manner == HTTP_REFUSES_RANGE || from >= (long long)file->size)) {
        send_head(fd, "416 Range Not Satisfiable", 0, "");
    } else if (manner == HTTP_ENDLESS) {
        send_endless(s, fd);
    } else {
        send_file(s, fd, file, manner, from);
    }
}

/* Reads a request's head; false when there is none. */
static bool read_head(int fd, char *head, size_t size)
{
    size_t n = 0;
    while (n + 1 < size) {
        const ssize_t got = recv(fd, head + n, size - 1 - n, 0);
        if (got <= 0) return false;
        n += (size_t)got;
        head[n] = '\0';
        if (strstr(head, "\r\n\r\n")) return true;
    }
    return false;
}

static void serve(struct http_server *s, int fd)
{
    char head[4096];
    if (!read_head(fd, head, sizeof head) || strncmp(head, "GET ", 4) != 0) return;
    const char *range = strstr(head, "Range: bytes=");
    const long long from = range ? strtoll(range + strlen("Range: bytes="), NULL, 10) : -1;
    char *path = head + 4;
    path[strcspn(path, " \r\n")] = '\0';
    answer(s, fd, path, from);
}

static void *run(void *ctx)
{
    struct http_server *s = ctx;
    struct pollfd p = {.fd = s->socket, .events = POLLIN};
    while (!s->stop) {
        if (poll(&p, 1, POLL_MS) <= 0) continue;
        const int fd = accept(s->socket, NULL, NULL);
        if (fd < 0) continue;
        serve(s, fd);
        shutdown(fd, SHUT_WR);
        close(fd);
    }
    return NULL;
}

int http_server_start(struct http_server *server, const struct http_file *file, int n_files)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    server->file = file;
    server->n_files = n_files;
    server->manner = HTTP_SERVES;
    server->requests = 0;
    server->bytes_sent = 0;
    server->range = -1;
    server->stop = false;
    server->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->socket < 0) return -1;
    if (bind(server->socket, (const struct sockaddr *)&at, sizeof at) != 0 ||
        listen(server->socket, 8) != 0 || getsockname(server->socket, (struct sockaddr *)&at, &length) != 0 ||
        pthread_create(&server->thread, NULL, run, server) != 0) {
        close(server->socket);
        return -1;
    }
    snprintf(server->base, sizeof server->base, "http://127.0.0.1:%d", ntohs(at.sin_port));
    return 0;
}

void http_server_stop(struct http_server *server)
{
    server->stop = true;
    pthread_join(server->thread, NULL);
    close(server->socket);
}
