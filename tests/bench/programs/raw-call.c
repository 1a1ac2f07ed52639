/*
 * What slurm-hook does, in C without a library: raw-call JOB [RECORDS] writes a record into the folder RECORDS, if
 * one is given, and calls JobStarted(JOB) of the agent on the system bus. Exit code 0 once the answer is there.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BUS_SOCKET "/run/dbus/system_bus_socket"

static uint8_t request[1024];
static size_t length, message;

static void bytes(const void *from, size_t count)
{
    memcpy(request + length, from, count);
    length += count;
}

static void align(size_t boundary)
{
    while ((length - message) % boundary)
        request[length++] = 0;
}

static void number(uint32_t value)
{
    bytes(&value, sizeof value);
}

static void string(const char *value)
{
    number(strlen(value));
    bytes(value, strlen(value) + 1);
}

static void field(char code, char type, const char *value)
{
    align(8);
    bytes((char[]){code, 1, type, 0}, 4);
    string(value);
}

static void call(uint32_t serial, char flags, const char *to, const char *path, const char *interface,
                 const char *member, const char *argument)
{
    message = length;
    bytes((char[]){'l', 1, flags, 1}, 4);
    number(argument ? 4 + strlen(argument) + 1 : 0);
    number(serial);
    size_t fields = length;
    number(0);
    field(1, 'o', path);
    field(6, 's', to);
    field(2, 's', interface);
    field(3, 's', member);
    if (argument) {
        align(8);
        bytes((char[]){8, 1, 'g', 0, 1, 's', 0}, 7);
    }
    uint32_t size = length - fields - 4;
    memcpy(request + fields, &size, sizeof size);
    align(8);
    if (argument)
        string(argument);
}

static int record(const char *folder, const char *job)
{
    char text[512], temporary[256], final[256];
    struct timespec now, boot;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_BOOTTIME, &boot);
    int size = snprintf(text, sizeof text,
                        "JOB_ID=%s\nUID=1000\nUSER=alice\nPARTITION=debug\nCPUS=2\nSTARTED_USEC=%lld\n"
                        "STARTED_BOOTTIME_USEC=%lld\n",
                        job, now.tv_sec * 1000000LL + now.tv_nsec / 1000,
                        boot.tv_sec * 1000000LL + boot.tv_nsec / 1000);
    snprintf(temporary, sizeof temporary, "%s/.%s.%d", folder, job, getpid());
    snprintf(final, sizeof final, "%s/%s", folder, job);
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0 || fchmod(file, 0644) || write(file, text, size) != size || close(file))
        return -1;
    return rename(temporary, final);
}

/* Reads one whole message into `into`; its reply serial, or -1. */
static long answer(int bus, uint8_t *into, size_t room, size_t *have)
{
    for (;;) {
        if (*have >= 16) {
            uint32_t body, fields;
            memcpy(&body, into + 4, 4);
            memcpy(&fields, into + 12, 4);
            size_t head = 16 + ((fields + 7) & ~7u), whole = head + body;
            if (whole > room)
                return -1;
            if (*have >= whole) {
                long serial = into[1] == 3 ? -1 : 0;
                for (size_t at = 16; serial == 0 && at + 8 <= 16 + fields;) {
                    uint32_t value;
                    memcpy(&value, into + at + 4, 4);
                    if (into[at] == 5)
                        serial = value;
                    at += into[at + 2] == 'g' ? 6u + into[at + 4] : into[at + 2] == 'u' ? 8 : 8 + value + 1;
                    at = (at + 7) & ~(size_t)7;
                }
                memmove(into, into + whole, *have -= whole);
                return serial;
            }
        }
        ssize_t got = read(bus, into + *have, room - *have);
        if (got <= 0)
            return -1;
        *have += got;
    }
}

int main(int count, char **words)
{
    if (count < 2)
        return 2;
    if (count > 2 && record(words[2], words[1]))
        return 1;

    static const char greeting[] = "\0AUTH EXTERNAL 30\r\nBEGIN\r\n";
    bytes(greeting, sizeof greeting - 1);
    call(1, 0, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", NULL);
    call(2, 2, "org.hookagent.Node1", "/org/hookagent/Node1", "org.hookagent.Node1", "JobStarted", words[1]);

    struct sockaddr_un to = {.sun_family = AF_UNIX, .sun_path = BUS_SOCKET};
    int bus = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bus < 0 || connect(bus, (struct sockaddr *)&to, sizeof to) || write(bus, request, length) != (ssize_t)length)
        return 1;

    static uint8_t received[4096];
    size_t have = 0;
    uint8_t *end;
    while (!(end = memmem(received, have, "\r\n", 2))) {
        ssize_t got = read(bus, received + have, sizeof received - have);
        if (got <= 0)
            return 1;
        have += got;
    }
    if (memcmp(received, "OK ", 3))
        return 1;
    size_t line = end + 2 - received;
    memmove(received, end + 2, have -= line);

    long serial;
    while ((serial = answer(bus, received, sizeof received, &have)) != 2)
        if (serial < 0)
            return 1;
    return 0;
}
