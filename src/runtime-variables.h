/* For the two before-runtime.c: takes the variables that steer the .NET runtime out of the environment. Needs _GNU_SOURCE. */
#include <string.h>
#include <unistd.h>

static void forget_runtime_variables(void)
{
    static const char prefix[] = "DOTNET_";
    char **kept = environ;
    if (kept == NULL)
        return;

    for (char **variable = environ; *variable != NULL; variable++)
        if (strncmp(*variable, prefix, sizeof prefix - 1) != 0)
            *kept++ = *variable;
    *kept = NULL;
}
