#!/bin/sh
# Runs a command as on a node of its own: with that host name, the test's bus and run folder at their places, and the
# programs of a folder before all others. Needs root.
#
# on-node.sh HOST BUS-SOCKET RUN-FOLDER PROGRAMS COMMAND...
set -e
[ "$ON_NODE" ] || ON_NODE=yes exec unshare --uts --mount -- "$0" "$@"
hostname "$1"
mount -t tmpfs none /run
mkdir -p /run/dbus /run/hookagent
[ ! -S "$2" ] || ln -s "$2" /run/dbus/system_bus_socket
mount --bind "$3" /run/hookagent
PATH=$4:$PATH
unset ON_NODE
shift 4
exec "$@"
