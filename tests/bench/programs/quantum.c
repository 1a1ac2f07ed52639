/*
 * quantum CORE SECONDS: the same piece of arithmetic again and again on one core, and a line for each: the ns it
 * took. What is above the shortest was taken by somebody else (fixed work quantum, as in Argonne's FWQ).
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST 200000

static int64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static volatile uint64_t sink;

static void work(void)
{
    uint64_t value = 88172645463325252ULL;
    for (int i = 0; i < 400000; i++) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
    }
    sink = value;
}

int main(int count, char **words)
{
    static int64_t took[MOST];
    if (count != 3)
        return 2;
    cpu_set_t core;
    CPU_ZERO(&core);
    CPU_SET(atoi(words[1]), &core);
    if (sched_setaffinity(0, sizeof core, &core)) {
        perror("sched_setaffinity");
        return 1;
    }
    int64_t end = nanoseconds() + atoll(words[2]) * 1000000000LL;
    int done = 0;
    for (int64_t begin = nanoseconds(); begin < end && done < MOST;) {
        work();
        int64_t now = nanoseconds();
        took[done++] = now - begin;
        begin = now;
    }
    for (int i = 0; i < done; i++)
        printf("%lld\n", (long long)took[i]);
    return 0;
}
