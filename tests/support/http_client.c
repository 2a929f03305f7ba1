/* http_client.c - sockets and patience. */
#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 10, BLOCK = 65536 };

bool http_client_open(struct http_client *client, int port, const char *request)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *client = (struct http_client){.fd = socket(AF_INET, SOCK_STREAM, 0)};
    return client->fd >= 0 && connect(client->fd, (const struct sockaddr *)&at, sizeof at) == 0 &&
           send(client->fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request);
}

void http_client_close(struct http_client *client)
{
    if (client->fd >= 0) close(client->fd);
    free(client->data);
    *client = (struct http_client){.fd = -1};
}

bool http_client_until(struct http_client *client, const char *text)
{
    const time_t end = time(NULL) + PATIENCE_S;
    while (!(text && client->data && strstr(client->data, text)) && !client->ended) {
        struct pollfd from = {.fd = client->fd, .events = POLLIN};
        if (time(NULL) > end) return false;
        if (poll(&from, 1, 100) < 1) continue;
        char *more = realloc(client->data, client->length + BLOCK + 1);
        if (!more) return false;
        client->data = more;
        const ssize_t got = recv(client->fd, more + client->length, BLOCK, 0);
        if (got > 0) client->length += (size_t)got;
        client->data[client->length] = '\0';
        client->ended = got <= 0;
    }
    return text ? client->data && strstr(client->data, text) : client->ended;
}

bool http_client_get(struct http_client *client, int port, const char *path, const char *more)
{
    char request[2048];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s\r\n",
             path, port, more);
    return http_client_open(client, port, request) && http_client_until(client, NULL);
}
