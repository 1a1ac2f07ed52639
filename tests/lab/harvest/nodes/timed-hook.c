/*
 * Stands as Prolog and Epilog in slurm.conf, runs the real one, /shared/harvest/hook, and writes down how long slurmd
 * waited for it: "<context> <microseconds>".
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOOK "/shared/harvest/hook"
#define RUNS "/shared/harvest/hook-runs"

static long long now_usec(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int main(void)
{
    const char *context = getenv("SLURM_SCRIPT_CONTEXT");
    long long begin = now_usec();
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        execl(HOOK, HOOK, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 126;

    long long end = now_usec();
    int runs = open(RUNS, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (runs >= 0)
        dprintf(runs, "%s %lld\n", context ? context : "-", end - begin);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
