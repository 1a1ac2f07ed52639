# shellcheck shell=bash disable=SC2016,SC2154
# Installed where no agent runs: in the root of an image, which systemd does not run in, and where policy forbids the start.
# What boots then is held, unless Slurm ran the hook by then.

put "${old[0]}" <"$HOOKAGENT_DEB"
put "${old[1]}" <"$HOOKAGENT_WASIMOFF_DEB"
readonly state=/var/lib/hookagent/node.state
mapfile -t lines < <(example)

held_at_boot() {
    local way=$1 harm=$bad
    that "$way: the node boots" "$lab" reboot-node com0
    soon "$way: it is held" is 'held operator-hold'
    that "$way: and says why" sh_node 'hookctl status | grep "Slurm does not run the hook yet"'
    that "$way: the record directory has its proof" node test -s /run/hookagent/jobs/.complete
    same "$way: the provider has never been started" 0 "$(starts)"
    echo "# fault: installation, $way | $(state) | none | $( ((bad == harm)) && echo ok || echo FAILED)"
}

echo "# in an image, before Slurm runs the hook, where an operator's hold of an earlier installation has an end"
node mkdir -p "${state%/*}"
printf '%s\n' HOLD=operator HOLD_BY=root HOLD_SINCE_USEC=1000000 HOLD_UNTIL_USEC=2000000 HOLD_PERSISTENT=yes | put $state
that 'the packages are installed in an image' in_image env DEBIAN_FRONTEND=noninteractive dpkg -i "${old[@]}"
that 'no agent was started' not quiet node systemctl is-active hookagentd
printf '[Node]\nIdleDelay=1s\n' | put /etc/hookagent/hookagent.conf.d/50-test.conf
held_at_boot 'in an image'
slurm_conf "${lines[@]}"
that 'an operator releases the node' node hookctl release
soon 'lent when it is released' lent
that 'installed once more in the image' in_image env DEBIAN_FRONTEND=noninteractive dpkg -i "${old[@]}"
that 'that is no first installation: it has no hold' not node grep -qx HOLD=operator $state
slurm_conf
that 'both are purged' node dpkg --purge hookagent-wasimoff hookagent

echo "# in an image, when Slurm runs the hook"
# What runs in the node does not run in an image: a slurmd has read slurm.conf, or not.
node systemctl stop slurmd slurmctld
{ cat tests/lab/micro/slurm.conf; printf '%s\n' "${lines[@]}"; } | put /etc/slurm/slurm.conf
that 'the packages are installed in an image whose slurm.conf names the hook' in_image env DEBIAN_FRONTEND=noninteractive dpkg -i "${old[@]}"
that 'without a hold' node test ! -e $state
that 'the node boots' "$lab" reboot-node com0
soon 'it is lent' lent
slurm_conf
that 'both are purged again' node dpkg --purge hookagent-wasimoff hookagent

echo "# where slurm.conf names the hook, and Slurm has not read it yet"
harm=$bad
before=$(starts)
{ cat tests/lab/micro/slurm.conf; printf '%s\n' "${lines[@]}"; } | put /etc/slurm/slurm.conf
that 'the packages are installed' install "${old[@]}"
soon 'the node is held' is 'held operator-hold'
same 'the provider has not been started' "$before" "$(starts)"
echo "# fault: installation, slurm.conf without scontrol reconfigure | $(state) | none | $( ((bad == harm)) && echo ok || echo FAILED)"
slurm_conf
that 'both are purged once more' node dpkg --purge hookagent-wasimoff hookagent

echo "# where policy forbids the start"
printf '#!/bin/sh\nexit 101\n' | put /usr/sbin/policy-rc.d
node chmod 755 /usr/sbin/policy-rc.d
that 'the packages are installed' install "${old[@]}"
that 'no agent was started' not quiet node systemctl is-active hookagentd
node rm /usr/sbin/policy-rc.d
held_at_boot 'start forbidden by policy'

echo "# where a running agent cannot be told to hold the node"
harm=$bad
node mv /usr/bin/hookctl /usr/bin/hookctl.there
printf '#!/bin/sh\ncase " $* " in *" hold "*) exit 1 ;; esac\nexec /usr/bin/hookctl.there "$@"\n' | put /usr/bin/hookctl
node chmod 755 /usr/bin/hookctl
node rm /run/hookagent/jobs/.complete
node hookctl --quiet release
soon 'unproven and not held' is 'unknown directory-unproven'
that 'the package is configured again' node sh -c 'exec /var/lib/dpkg/info/hookagent.postinst configure "$(dpkg-query --show --showformat "\${Version}" hookagent)" 2>/root/said'
that 'it says that the node is not held' node grep -q 'could not be held' /root/said
that 'Slurm was not asked: the proof would have lent the node' node test ! -e /run/hookagent/jobs/.complete
soon 'not lent' is 'unknown directory-unproven'
echo "# fault: installation, the hold fails | $(state) | none | $( ((bad == harm)) && echo ok || echo FAILED)"
