# Makes scriptlets of rpm of the scripts of the Debian packages, so that the two say and refuse the same. rpm tells how many
# versions of the package there will be. It has no purge: what erases the package removes what the node remembers, and leaves
# settings and data that somebody has put there. The provider's cache goes with the last of the two packages (scriptlets/
# hookagent.postun): rpm erases hookagent-wasimoff first, and hookagent may refuse to go.
/^# 0\.1\.0 kept in/,/^fi$/d
s/\[ "\$1" = configure \]/[ "$1" -ge 1 ]/
s/\[ "\$1" -ge 1 \] && \[ -z "\$2" \]/[ "$1" = 1 ]/
s/\[ "\$1" = \(remove\|purge\) \]/[ "$1" = 0 ]/
s/^    remove)$/    0)/
/^        ;;$/{
N
/\n    purge)$/d
}
s/ && \[ -z "\${DPKG_ROOT:-}" \]//
s/\${DPKG_ROOT:-}//g
s, "/etc/hookagent/hookagent.conf.d"$,,
/^    rm -rf .*\/var\/cache\/wasimoff"/d
s/deb-systemd-invoke stop/systemctl stop/
/^To keep it: /s/install it again, and /install it again, move your\n  settings back (\/etc\/hookagent\/*.env.rpmsave), and /
s/in the environment of apt-get or dpkg/in the environment of rpm, dnf or zypper/
s/^# apt removes/# rpm removes/
