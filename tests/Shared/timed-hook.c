/*
 * Stands as Prolog and Epilog in slurm.conf, runs the program HOOK, and adds to the file RUNS how long slurmd waited for it:
 * a line "<begin> <end> <context> <job> <status>", times in microseconds of CLOCK_BOOTTIME. Both are set with -D; unless they
 * are, it is for the tests on a real node.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

#ifndef HOOK
#define HOOK "/usr/libexec/hookagent/slurm-hook"
#define RUNS "/var/lib/hook-runs"
#endif

static long long boottime_usec(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "-";
}

int main(void)
{
    long long begin = boottime_usec();
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        execl(HOOK, HOOK, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 126;

    long long end = boottime_usec();
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    int runs = open(RUNS, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (runs >= 0)
        dprintf(runs, "%lld %lld %s %s %d\n", begin, end, variable("SLURM_SCRIPT_CONTEXT"), variable("SLURM_JOB_ID"), status);
    return status;
}
