/*
 * interleave ROUNDS FILE: runs the commands of FILE in turn, ROUNDS times, so that whatever else the machine does
 * falls on all of them alike, and prints a line a run: "<command's number> <µs> <page faults> <exit code>".
 * interleave cold ROUNDS FILE: the same, one command a second, as Prologs come: after each, all cores fill their caches
 * with other things.
 * interleave burst COUNT FILE: starts the first command of FILE COUNT times at once, its SLURM_JOB_ID counted up,
 * and prints a line each: the µs are from the first start to that one's end.
 * A command is a line of words without quotes; FOO=bar before it is its environment, which is else empty.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS 64
#define WORDS 64
#define CORES 1024
#define CACHES (128 << 20) /* bytes; more than the last cache of any processor has */

struct command {
    char *words[WORDS + 1], *environment[WORDS + 1];
};

static struct command commands[COMMANDS];
static int number;
static posix_spawn_file_actions_t quiet;

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void read_commands(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (!file)
        fail(path);
    while (number < COMMANDS && getline(&line, &room, file) > 0) {
        struct command *command = &commands[number];
        int words = 0, variables = 0;
        for (char *word = strtok(strdup(line), " \n"); word && words < WORDS && variables < WORDS; word = strtok(NULL, " \n"))
            if (!words && strchr(word, '='))
                command->environment[variables++] = word;
            else
                command->words[words++] = word;
        if (words)
            number++;
    }
    fclose(file);
    if (!number) {
        fprintf(stderr, "%s: no command\n", path);
        exit(1);
    }
}

static pid_t start(struct command *command)
{
    pid_t child;
    int error = posix_spawn(&child, command->words[0], &quiet, NULL, command->words, command->environment);
    if (error) {
        fprintf(stderr, "%s: %s\n", command->words[0], strerror(error));
        exit(1);
    }
    return child;
}

static int exit_code(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char sweepings[CACHES];

/* One core's own caches, and its share of the common one. */
static void *sweep_core(void *core)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((intptr_t)core, &one);
    if (sched_setaffinity(0, sizeof one, &one) == 0)
        for (size_t i = 0; i < sizeof sweepings; i += 64)
            __atomic_fetch_add(&sweepings[i], 1, __ATOMIC_RELAXED);
    return NULL;
}

static void sweep(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t threads[CORES];
    for (long core = 0; core < cores && core < CORES; core++)
        if (pthread_create(&threads[core], NULL, sweep_core, (void *)core))
            fail("pthread_create");
    for (long core = 0; core < cores && core < CORES; core++)
        pthread_join(threads[core], NULL);
}

static void await_second(void)
{
    static struct timespec next;
    if (!next.tv_sec)
        clock_gettime(CLOCK_MONOTONIC, &next);
    next.tv_sec++;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
}

static void in_turn(int rounds, int cold)
{
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < number; i++) {
            struct rusage used;
            int status;
            if (cold) {
                sweep();
                await_second();
            }
            double begin = microseconds();
            pid_t child = start(&commands[i]);
            if (wait4(child, &status, 0, &used) != child)
                fail("wait4");
            printf("%d %.1f %ld %d\n", i, microseconds() - begin, used.ru_minflt + used.ru_majflt, exit_code(status));
        }
}

static void burst(int count)
{
    char job[32];
    int variable = 0;
    while (commands[0].environment[variable] && strncmp(commands[0].environment[variable], "SLURM_JOB_ID=", 13))
        variable++;
    commands[0].environment[variable] = job;
    double begin = microseconds();
    for (int i = 0; i < count; i++) {
        snprintf(job, sizeof job, "SLURM_JOB_ID=%d", 100000 + i);
        start(&commands[0]);
    }
    for (int i = 0; i < count; i++) {
        struct rusage used;
        int status;
        if (wait4(-1, &status, 0, &used) < 0)
            fail("wait4");
        printf("0 %.1f %ld %d\n", microseconds() - begin, used.ru_minflt + used.ru_majflt, exit_code(status));
    }
}

int main(int count, char **words)
{
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    if (count == 3) {
        read_commands(words[2]);
        in_turn(atoi(words[1]), 0);
    } else if (count == 4 && !strcmp(words[1], "cold")) {
        read_commands(words[3]);
        in_turn(atoi(words[2]), 1);
    } else if (count == 4 && !strcmp(words[1], "burst")) {
        read_commands(words[3]);
        burst(atoi(words[2]));
    } else {
        fprintf(stderr, "usage: interleave [cold] ROUNDS FILE | interleave burst COUNT FILE\n");
        return 2;
    }
    return 0;
}
