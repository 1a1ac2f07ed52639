# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # lines for other programs; lab, home, here, scratch are run's own
# The Ansible role brings HookAgent to a cluster with jobs, upgrades it and takes it away, by packaging/ansible's playbooks
# and Debian's Ansible. Jobs run all the time: one of a batch, an allocation without a step, and short ones one after another.
check_roll-out() {
    ok "Ansible is here" "$home/../../packaging/deps" roll-out
    ok "a cluster as it is before HookAgent" cluster_without_hookagent
    ok "with jobs" jobs_of_before
    roll_out_refused
    roll_out_installed
    roll_out_upgraded
    roll_out_removed
    roll_out_judged
}

cluster_without_hookagent() {
    local file
    "$lab" down 2>/dev/null
    # Ansible wants Python on the nodes, HookAgent does not.
    "$lab" up multi --plain && "$lab" apt python3 || return 1
    controller install -d --owner=alice /shared/bin /shared/stamps /shared/out
    for file in stamped until-told; do
        controller tee "/shared/bin/$file" <"$here/nodes/$file" >/dev/null
        controller chmod 0755 "/shared/bin/$file"
    done
    controller cp /shared/slurm/slurm.conf /shared/slurm.conf.before
    roll_out_inventory 'com[0:2]' >"$scratch/inventory.yml"
    roll_out_ansible >"$scratch/ansible.cfg"
    # Without one that Slurm knows.
    roll_out_inventory 'com[0:1]' >"$scratch/too-few.yml"
    # With a host that has a slurm.conf of its own.
    roll_out_inventory 'com[0:2]' 'com0: { hookagent_slurm_conf: /etc/slurm-own.conf }' >"$scratch/grown.yml"
    on com0 cp /shared/slurm/slurm.conf /etc/slurm-own.conf
    other_version next "$scratch/next"
    other_version unfit "$scratch/unfit" $'#!/bin/sh\necho unfit >&2\nexit 1'
}

# roll_out_inventory NODES [HOST-WITH-SLURM.CONF]
roll_out_inventory() {
    cat <<END
all:
  vars:
    hookagent_files: [$HOOKAGENT_DEB, $HOOKAGENT_WASIMOFF_DEB]
    hookagent_settings: "[Node]\nIdleDelay=2s\n"
    hookagent_provider_settings: { WASIMOFF_BROKER_URL: 'http://controller:4080' }
compute: { hosts: { '$1': } }
slurm_conf: { hosts: { ${2:+$2, }controller: } }
broker: { hosts: { controller: } }
END
}

# With the lab in the place of the network.
roll_out_ansible() {
    cat <<END
[defaults]
home = $scratch/ansible
nocolor = true
nocows = true
forks = 4
interpreter_python = /usr/bin/python3
[connection]
pipelining = true
[ssh_connection]
ssh_executable = $home/ssh
ssh_args =
transfer_method = piped
END
}

# other_version WORD FOLDER [PREINST]: both packages, as a later version would be.
other_version() {
    local deb tree
    mkdir -p "$2"
    for deb in "$HOOKAGENT_DEB" "$HOOKAGENT_WASIMOFF_DEB"; do
        tree=$(mktemp -d -p "$scratch")
        dpkg-deb --raw-extract "$deb" "$tree"
        sed -i "s/^Version: .*/&+$1/" "$tree/DEBIAN/control"
        [[ -z ${3:-} || $deb != "$HOOKAGENT_DEB" ]] || install --mode=0755 <(printf '%s\n' "$3") "$tree/DEBIAN/preinst"
        dpkg-deb --root-owner-group --build "$tree" "$2/${deb##*/}" >/dev/null
    done
}
files_of() { printf '{"hookagent_files": ["%s", "%s"]}' "$scratch/$1/${HOOKAGENT_DEB##*/}" "$scratch/$1/${HOOKAGENT_WASIMOFF_DEB##*/}"; }
version_on() { on "$1" dpkg-query --show --showformat '${Version} ${db:Status-Abbrev}' hookagent; }

# play INVENTORY PLAYBOOK [OPTION...]
play() {
    env LC_ALL=C.UTF-8 ANSIBLE_CONFIG="$scratch/ansible.cfg" timeout 600 ansible-playbook --inventory "$scratch/$1.yml" \
        "$home/../../packaging/ansible/$2.yml" "${@:3}" 2>&1 | tee "$scratch/play"
    return "${PIPESTATUS[0]}"
}
# refused TEXT INVENTORY PLAYBOOK [OPTION...]: it fails and says this.
refused() {
    if play "${@:2}"; then return 1; fi
    grep -qF -- "$1" "$scratch/play"
}
nothing_changed() { grep -q '^com0 .* changed=0 ' "$scratch/play" && ! grep -E ' changed=[1-9]' "$scratch/play"; }

# long_job NAME NODE, allocation NAME NODE: until it is told; both have a step at their end. Their number in REPLY.
long_job() {
    REPLY=$(as_alice sbatch --parsable --chdir=/shared/out --output=/shared/out/%j --nodelist="$2" --wrap "/shared/bin/until-told $1")
    echo "$REPLY" >>"$scratch/jobs"
    until_true 60 stamped "$REPLY"
}
allocation() {
    as_alice salloc --quiet --chdir=/shared/out --nodelist="$2" --job-name="$1" /shared/bin/until-told "$1" \
        >"$scratch/allocation.$1" 2>&1 </dev/null &
    allocations+=($!)
    until_true 60 allocated "$1" || return 1
    REPLY=$(controller squeue --noheader --name="$1" --format=%A)
    echo "$REPLY" >>"$scratch/jobs"
    until_true 60 stamped "$REPLY"
}
allocated() { [[ $(controller squeue --noheader --name="$1" --format=%T) == RUNNING ]]; }
tell() { controller touch "/shared/end-$1"; }
# Short ones on com2, with gaps in which it is lent.
short_jobs() {
    local until=$((SECONDS + 1500))
    while [[ ! -e $scratch/enough ]] && ((SECONDS < until)); do
        submit 0.5 --nodelist=com2 >>"$scratch/jobs"
        sleep 5
    done
}
jobs_of_before() {
    allocations=()
    long_job before com0 && allocation idle com1 || return 1
    short_jobs >/dev/null 2>&1 </dev/null &
    short=$!
}

fails() { ! "$@"; }
lines_of() { on "$1" sed -n '/^# BEGIN HookAgent$/,/^# END HookAgent$/p' "$2"; }
same_lines() { [[ $(lines_of com0 /etc/slurm-own.conf) == "$(lines_of controller /shared/slurm/slurm.conf)" ]]; }
slurm_as_before() { controller cmp /shared/slurm/slurm.conf /shared/slurm.conf.before && ! controller scontrol show config | grep slurm-hook; }
goes_by_the_hook() { controller scontrol show config | grep '^Prolog .*/usr/libexec/hookagent/slurm-hook'; }

# only_root_writes NODE FOLDER: to what is in it, to it and to each folder that it is in.
only_root_writes() {
    local folder=$2
    [[ -n $(on "$1" find "$2" -type f) && -z $(on "$1" find "$2" ! -user root -o ! -type l -perm /022) ]] || return 1
    while [[ $folder != / ]]; do
        [[ -z $(on "$1" find "$folder" -maxdepth 0 ! -user root -o -maxdepth 0 -perm /022) ]] || return 1
        folder=$(dirname "$folder")
    done
}
jobs_known_are_not() { ! on com1 hookctl status --json | grep -E "\"jobs\":\[([0-9,]*,)?$1[],]"; }

roll_out_refused() {
    ok "a node is missing in the inventory: refused" refused 'Slurm has nodes that this run has not seen to: com2.' too-few install
    ok "and nothing is changed for Slurm" slurm_as_before
    ok "the nodes that have the package are held" prints 'Slurm does not run the hook yet' on com1 hookctl status
    tell idle
    ok "an allocation comes after the package and before the lines" allocation between com1
    between=$REPLY
    ok "of which the agent does not know" jobs_known_are_not "$between"
    on com0 hookctl --quiet release
    controller sh -c 'printf "#!/bin/sh\n" >/shared/bin/own && chmod 0755 /shared/bin/own'
    slurm_settings Prolog=/shared/bin/own
    ok "Slurm has a Prolog of its own: refused" refused 'Slurm has /shared/bin/own, PrologFlags=(null) already. Merge the hook' inventory install
    ok "a node that was released too early is held again" prints 'Slurm does not run the hook yet' on com0 hookctl status
    ok "and the Prolog stays" prints '^Prolog=/shared/bin/own' controller tail -n 1 /shared/slurm/slurm.conf
    ok "told that you merge by hand, it goes on to the first node, whose doctor finds that nobody has" \
        refused 'TASK [hookagent : hookctl doctor finds no fault]' inventory install -e hookagent_writes_slurm_conf=false
    ok "and the node stays held" prints 'Slurm does not run the hook yet' on com0 hookctl status
    controller sed -i '/^Prolog=/d' /shared/slurm/slurm.conf
    controller scontrol reconfigure
    ok "so far all is as before" slurm_as_before
}

roll_out_installed() {
    local node
    ok "a setting is wrong: refused" refused '50-roll-out.conf:2: IdleDelay=soon is not valid' inventory install \
        -e '{"hookagent_settings": "[Node]\nIdleDelay=soon\n"}'
    ok "before it is on the node" fails on com0 grep soon /etc/hookagent/hookagent.conf.d/50-roll-out.conf
    ok "Slurm runs the hook" goes_by_the_hook
    ok "install.yml" play inventory install
    ok "only root may write to where the packages were" only_root_writes com2 /var/cache/hookagent-packages
    ok "an idle node is lent" until_true 60 lent com2
    ok "one with a job that began before is not" prints '"unknown"' on com0 hookctl status --json
    ok "nor one with an allocation that has no step" prints "\"state\":\"unknown\".*\"jobs\":\[$between\]" on com1 hookctl status --json
    tell before
    tell between
    for node in com0 com1; do ok "$node is lent when its job has ended" until_true 60 lent "$node"; done
    ok "a required unit does not run: refused" refused required-unit-inactive grown install -e hookagent_lent_within=3 \
        -e '{"hookagent_settings": "[Node]\nRequireUnit=emergency.service\n"}'
    ok "a new host with a slurm.conf of its own has the same lines" same_lines
    ok "install.yml, with the settings of before" play inventory install
    ok "lends the node again" lent com0
    ok "install.yml once more" play inventory install
    ok "changes nothing" nothing_changed
}

roll_out_upgraded() {
    local node record job version
    version=$(version_on com0)
    ok "a job" long_job during com0
    job=$REPLY
    record=$(on com0 ls -i /run/hookagent/jobs)
    on com1 hookctl --quiet hold --reason "new memory"
    ok "upgrade.yml" play inventory upgrade -e "$(files_of next)"
    for node in com0 com1 com2; do
        ok "$node has the next version" gives "${version/ /+next }" version_on "$node"
    done
    ok "the job's node is busy, with the same record" test "$(state_of com0) $(on com0 ls -i /run/hookagent/jobs)" == "busy $record"
    ok "an operator's hold stays" prints 'new memory' on com1 hookctl status
    ok "an idle node is lent again" until_true 60 lent com2
    on com1 hookctl --quiet release
    ok "a version that cannot be installed" refused unfit inventory upgrade -e "$(files_of unfit)"
    ok "gets no further than the first node" test "$(version_on com1) $(version_on com2)" == "${version/ /+next } ${version/ /+next }"
    ok "whose agent goes on" state_is com0 busy
    tell during
    ok "and whose job ends well" until_true 60 job_is "$job" COMPLETED
}

roll_out_removed() {
    local node
    ok "a job to be there at the removal" long_job after com0
    ok "and an allocation" allocation last com1
    ok "remove.yml, a node missing in the inventory: refused" refused 'Slurm has nodes that this run has not seen to: com2.' too-few remove
    ok "and Slurm runs the hook on" goes_by_the_hook
    on com1 hookctl --quiet hold --for 1h --reason "new memory"
    on com2 hookctl --quiet hold --persistent --reason "new disk"
    ok "remove.yml" play inventory remove
    ok "slurm.conf is as before" slurm_as_before
    ok "remove.yml once more" play inventory remove
    ok "changes nothing" nothing_changed
    tell after
    tell last
    ok "install.yml again" play inventory install
    ok "ends the role's own hold" until_true 60 lent com0
    ok "not an operator's that had an end" prints '"reason":"roll-out: removal; before: new memory"' on com1 hookctl status --json
    ok "nor one without" prints '"reason":"new disk"' on com2 hookctl status --json
    ok "remove.yml, and the settings" play inventory remove -e hookagent_purge=true
    for node in controller com0 com1 com2; do
        ok "$node: nothing is left" nothing_left_on "$node"
    done
    submit 1 --nodes=3 >>"$scratch/jobs"
}
nothing_left_on() {
    on "$1" sh -c '! dpkg-query --show --showformat "\${Package} \${db:Status-Status}\n" "hookagent*" 2>/dev/null | grep -v not-installed &&
        ! ls -d /usr/libexec/hookagent /etc/hookagent /run/hookagent /var/lib/hookagent /var/cache/hookagent-packages 2>/dev/null'
}

roll_out_judged() {
    local count
    touch "$scratch/enough"
    wait "$short" "${allocations[@]}" || true
    count=$(wc -l <"$scratch/jobs")
    ok "every job ran" until_true 120 queue_empty
    ok "sacct: all $count jobs completed" until_true 60 all_completed "$count"
    ok "no node is drained" nobody_drained
    ok "and none ever was" controller sh -c '! grep -i drain /var/log/slurm/slurmctld.log'
    ok "provider and jobs are never together for too long" never_too_long_together
    printf '# %s jobs; %s\n' "$count" "$(tail -n 1 "$scratch/together")"
}
