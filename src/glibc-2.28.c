/*
 * For the portable build, which is linked with the glibc of Debian 11 (2.31) and runs with 2.28: what that has under newer
 * names, by the names that 2.28 has. The linker's --wrap leads the program's calls here (Portable.targets).
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* The first version of this processor's glibc: what has had no other since is asked for by it. */
#if defined __x86_64__
#define FIRST "GLIBC_2.2.5"
#elif defined __aarch64__
#define FIRST "GLIBC_2.17"
#endif

/* 2.29 made them faster by leaving matherr(3) out, which nothing here has. */
__asm__(".symver old_log, log@" FIRST);
__asm__(".symver old_pow, pow@" FIRST);
double old_log(double number);
double old_pow(double base, double power);

double __wrap_log(double number);
double __wrap_pow(double base, double power);

double __wrap_log(double number)
{
    return old_log(number);
}

double __wrap_pow(double base, double power)
{
    return old_pow(base, power);
}

/* Has a name in glibc since 2.30. */
ssize_t __wrap_getdents64(int folder, void *entries, size_t size);

ssize_t __wrap_getdents64(int folder, void *entries, size_t size)
{
    return syscall(SYS_getdents64, folder, entries, size);
}
