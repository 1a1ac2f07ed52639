/*
 * Calls without a pause, over many connections to a bus, as whoever runs it:
 *
 *     bus-flood SOCKET CONNECTIONS SECONDS DESTINATION PATH INTERFACE MEMBER [ARGUMENT] [unread|unasked]
 *
 * Each connection has as many calls unanswered as dbus-daemon allows (max_replies_per_connection is 128). With "unread" the
 * answers are left to the bus; with "unasked" none is asked for (NO_REPLY_EXPECTED), and nothing bounds the calls that wait but
 * the bus's memory for their receiver. Prints "flooding" once all are connected, and at the end, or at SIGTERM, how many calls
 * were sent and answered.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1024, UNANSWERED = 120, ROOM = 1 << 16, NO_REPLY_EXPECTED = 1 };

struct peer {
    int fd, unanswered;
    uint32_t serial;
    size_t at;              /* of the call that is being sent */
    size_t filled;          /* of the answer that is being read */
    unsigned char in[ROOM];
    size_t skip;            /* of its body, still to come */
};

static struct peer *peers[MOST];
static unsigned char call[1024];
static size_t call_length;
static long long sent, answered;
static int there; /* how many are connected */
static volatile sig_atomic_t ended;

static void on_term(int signal)
{
    (void)signal;
    ended = 1;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static size_t align(size_t at, size_t to)
{
    return (at + to - 1) & ~(to - 1);
}

static size_t text_field(unsigned char *to, size_t at, char code, char type, const char *text)
{
    at = align(at, 8);
    to[at++] = code, to[at++] = 1, to[at++] = type, to[at++] = 0;
    uint32_t length = strlen(text);
    memcpy(to + at, &length, 4);
    memcpy(to + at + 4, text, length + 1);
    return at + 4 + length + 1;
}

static size_t lay_out(unsigned char *to, uint32_t serial, const char *destination, const char *path, const char *interface, const char *member, const char *argument)
{
    memset(to, 0, 1024);
    to[0] = 'l', to[1] = 1, to[2] = 2, to[3] = 1;
    size_t at = text_field(to, 16, 1, 'o', path);
    at = text_field(to, at, 6, 's', destination);
    at = text_field(to, at, 2, 's', interface);
    at = text_field(to, at, 3, 's', member);
    if (argument) {
        at = align(at, 8);
        memcpy(to + at, "\10\1g\0\1s\0", 7);
        at += 7;
    }
    uint32_t fields = at - 16, body = argument ? 4 + strlen(argument) + 1 : 0;
    memcpy(to + 4, &body, 4);
    memcpy(to + 8, &serial, 4);
    memcpy(to + 12, &fields, 4);
    at = align(at, 8);
    if (argument) {
        uint32_t length = strlen(argument);
        memcpy(to + at, &length, 4);
        memcpy(to + at + 4, argument, length + 1);
    }
    return at + body;
}

static void say(int fd, const void *bytes, size_t length)
{
    if (write(fd, bytes, length) != (ssize_t)length)
        fail("write");
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fail(path);
    char user[16], line[128] = "";
    int digits = snprintf(user, sizeof user, "%u", getuid());
    char hello[512] = "\0AUTH EXTERNAL ";
    size_t at = 15;
    for (int i = 0; i < digits; i++)
        at += sprintf(hello + at, "%02x", user[i]);
    memcpy(hello + at, "\r\n", 2);
    say(fd, hello, at + 2);
    for (size_t got = 0; got < sizeof line - 1 && !strstr(line, "\r\n"); got++)
        if (read(fd, line + got, 1) != 1)
            fail("authentication");
    if (strncmp(line, "OK ", 3))
        exit(2);
    say(fd, "BEGIN\r\n", 7);
    unsigned char greeting[1024];
    say(fd, greeting, lay_out(greeting, 1, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", NULL));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void take(struct peer *peer)
{
    for (;;) {
        if (peer->skip) {
            size_t some = peer->skip < peer->filled ? peer->skip : peer->filled;
            memmove(peer->in, peer->in + some, peer->filled -= some);
            if (peer->skip -= some)
                return;
        }
        if (peer->filled < 16)
            return;
        uint32_t body, fields;
        memcpy(&body, peer->in + 4, 4);
        memcpy(&fields, peer->in + 12, 4);
        peer->skip = align(16 + fields, 8) + body;
        if (peer->in[1] == 2 || peer->in[1] == 3) {
            peer->unanswered -= peer->unanswered > 0;
            answered++;
        }
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void hang_up(struct peer *peer)
{
    close(peer->fd);
    peer->fd = -1;
    there--;
}

/* As many calls as the socket takes and may be unanswered. */
static void ask(struct peer *peer)
{
    while (peer->at || peer->unanswered < UNANSWERED) {
        memcpy(call + 8, &peer->serial, 4);
        ssize_t put = write(peer->fd, call + peer->at, call_length - peer->at);
        if (put < 0)
            return;
        peer->at += put;
        if (peer->at == call_length)
            peer->at = 0, peer->serial++, peer->unanswered += !(call[2] & NO_REPLY_EXPECTED), sent++;
    }
}

static void hear(struct peer *peer)
{
    ssize_t got = read(peer->fd, peer->in + peer->filled, ROOM - peer->filled);
    if (got > 0) {
        peer->filled += got;
        take(peer);
    }
}

int main(int count, char **words)
{
    if (count < 8)
        return 2;
    int connections = atoi(words[2]) < MOST ? atoi(words[2]) : MOST;
    int unread = !strcmp(words[count - 1], "unread"), unasked = !strcmp(words[count - 1], "unasked");
    call_length = lay_out(call, 2, words[4], words[5], words[6], words[7], count - unread - unasked > 8 ? words[8] : NULL);
    call[2] |= unasked;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_term);
    for (; there < connections; there++) {
        peers[there] = calloc(1, sizeof **peers);
        /* The answer to the greeting is one of the unanswered. */
        *peers[there] = (struct peer){ .fd = connect_to(words[1]), .serial = 2, .unanswered = 1 };
    }
    puts("flooding");
    fflush(stdout);
    for (double until = now() + atof(words[3]); now() < until && there > 0 && !ended;) {
        static struct pollfd polls[MOST];
        for (int i = 0; i < connections; i++) {
            int may_ask = peers[i]->at || peers[i]->unanswered < UNANSWERED;
            polls[i] = (struct pollfd){ .fd = peers[i]->fd, .events = (unread ? 0 : POLLIN) | (may_ask ? POLLOUT : 0) };
        }
        poll(polls, connections, 100);
        for (int i = 0; i < connections; i++) {
            if (polls[i].revents & (POLLHUP | POLLERR)) {
                hang_up(peers[i]);
                continue;
            }
            if (polls[i].revents & POLLIN)
                hear(peers[i]);
            if (polls[i].revents & POLLOUT)
                ask(peers[i]);
        }
    }
    printf("%lld calls, %lld answers, %d of %d connections left\n", sent, answered, there, connections);
    return 0;
}
