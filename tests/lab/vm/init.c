/* The guest's first program: loads the modules beside it in the order of their names, mounts the disk, and hands over to
 * systemd. What it cannot do it says on the console, and switches off. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "vm: %s: %s\n", what, strerror(errno));
    reboot(RB_POWER_OFF);
    exit(1);
}

static int is_module(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void load(const char *name)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    /* A module for a processor that this is not is no fault. */
    if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) < 0 && errno != EEXIST && errno != ENODEV))
        fail(name);
    close(fd);
}

int main(void)
{
    struct dirent **modules;
    int count;

    if (chdir("/modules") < 0 || (count = scandir(".", &modules, is_module, alphasort)) < 0)
        fail("/modules");
    for (int i = 0; i < count; i++)
        load(modules[i]->d_name);
    if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) < 0)
        fail("/dev");
    /* The disk is probed in the background. */
    for (int i = 0; i < 1000 && access("/dev/vda", F_OK) < 0; i++)
        usleep(10000);
    if (mount("/dev/vda", "/root", "ext4", 0, NULL) < 0)
        fail("/dev/vda");
    if (mount("/dev", "/root/dev", NULL, MS_MOVE, NULL) < 0)
        fail("/root/dev");
    if (chdir("/root") < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0)
        fail("/root");
    execl("/lib/systemd/systemd", "/lib/systemd/systemd", (char *)NULL);
    fail("/lib/systemd/systemd");
}
