/* Takes what a node has. A job and a provider of the checks are both this program.
 *   load [deaf|greedy] memory MEBIBYTES [SECONDS]
 *   load [deaf|greedy] cpu [SECONDS]
 *   load [deaf|greedy] read FILE READERS [SECONDS]     blocks of 16 KiB at random, past the page cache
 *   load [deaf|greedy] threads                         as many as it gets
 * It goes on for SECONDS (without: for ever) once it has what it was to take. "deaf" ignores SIGTERM; "greedy" takes memory
 * without end from the SIGTERM on. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void on_term(int signal)
{
    (void)signal;
    asked = 1;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void take(long mebibytes)
{
    for (; mebibytes > 0; mebibytes--) {
        char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

        if (memory == MAP_FAILED)
            fail("mmap");
        for (long i = 0; i < 1 << 20; i += 4096)
            memory[i] = 1;
    }
}

static void hold(double seconds)
{
    double end = now() + seconds;

    while (now() < end) {
        if (asked)
            take(1 << 20);
        usleep(20000);
    }
}

static const char *file;

static void *reader(void *number)
{
    int fd = open(file, O_RDONLY | O_DIRECT);
    unsigned seed = 1 + (unsigned)(long)number;
    off_t blocks = fd < 0 ? 0 : lseek(fd, 0, SEEK_END) / 16384;
    void *buffer = aligned_alloc(4096, 16384);

    if (blocks == 0 || buffer == NULL)
        fail(file);
    while (pread(fd, buffer, 16384, rand_r(&seed) % blocks * 16384) > 0)
        ;
    fail(file);
    return NULL;
}

static void *sleeper(void *nothing)
{
    for (;;)
        pause();
    return nothing;
}

static int start(void *(*what)(void *), long number)
{
    pthread_attr_t small;
    pthread_t thread;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 32768);
    return pthread_create(&thread, &small, what, (void *)number);
}

static double seconds_of(const char *word)
{
    return word == NULL ? 1e9 : atof(word);
}

int main(int count, char **words)
{
    const char *what;

    (void)count;
    words++;
    if (*words != NULL && strcmp(*words, "deaf") == 0) {
        signal(SIGTERM, SIG_IGN);
        words++;
    } else if (*words != NULL && strcmp(*words, "greedy") == 0) {
        signal(SIGTERM, on_term);
        words++;
    }
    what = *words == NULL ? "" : *words++;
    if (strcmp(what, "memory") == 0 && words[0] != NULL) {
        take(atol(words[0]));
        hold(seconds_of(words[1]));
    } else if (strcmp(what, "cpu") == 0) {
        for (double end = now() + seconds_of(words[0]); now() < end;)
            for (volatile int i = 0; i < 1000000; i++)
                ;
    } else if (strcmp(what, "read") == 0 && words[0] != NULL && words[1] != NULL) {
        file = words[0];
        for (long i = 0; i < atol(words[1]); i++)
            if (start(reader, i) != 0)
                fail("pthread_create");
        hold(seconds_of(words[2]));
    } else if (strcmp(what, "threads") == 0) {
        while (start(sleeper, 0) == 0)
            ;
        hold(1e9);
    } else {
        fprintf(stderr, "load: see the head of load.c\n");
        return 2;
    }
    return 0;
}
