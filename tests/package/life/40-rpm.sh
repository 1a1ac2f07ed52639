# shellcheck shell=bash disable=SC2016,SC2154
# The rpm packages' life, by rpm itself: installed beside a running job, wired, replaced by a later build with a changed
# configuration file, kept while Slurm runs the hook, erased. The node is Debian's, whose libc and systemd are no packages of
# rpm's: what the packages ask for is not looked at (tests/package/ports has that), all else is as on any node.

"$lab" apt rpm >"$work/apt" 2>&1 || not_ok 'the node gets rpm' "$(cat "$work/apt")"
version=$(dpkg-deb --field "$HOOKAGENT_DEB" Version)
readonly built=${HOOKAGENT_DEB%/*}
readonly rpms=("$built/hookagent-$version-1.$(uname -m).rpm" "$built/hookagent-wasimoff-$version-1.noarch.rpm")
# Its database lies where no part looks for what was left.
readonly rpm_program=(rpm --dbpath /root/rpmdb --force-debian)
rpm_node() { node "${rpm_program[@]}" "$@"; }
rpm_upgrade() { rpm_node --upgrade --nodeps "$@"; }
rpm_erase() { rpm_node --erase --nodeps hookagent-wasimoff hookagent; }

# later_rpms: the same packages as a later build would be, with a changed configuration file.
later_rpms() {
    local tree=$work/later/tree scriptlet package
    mkdir -p "$tree" "$work/later"/{build,packaging/rpm}/scriptlets
    for rpm in "${rpms[@]}"; do
        (cd "$tree" && rpm2cpio "$rpm" | cpio --extract --make-directories --quiet)
        package=$(rpm -qp --queryformat '%{NAME}' "$rpm" 2>/dev/null)
        for scriptlet in post=POSTIN preun=PREUN postun=POSTUN; do
            rpm -qp --queryformat "%{${scriptlet#*=}}" "$rpm" 2>/dev/null >"$work/later/build/scriptlets/$package.${scriptlet%%=*}"
        done
    done
    cp "$work/later/build/scriptlets/hookagent-wasimoff.post" "$work/later/packaging/rpm/scriptlets/"
    echo '# A line of the next version.' >>"$tree/etc/hookagent/hookagent.conf"
    awk -v tree="$tree" '/^%debug_package/ { next } /^%(prep|build|install)$/ { skip = 1; next }
        /^%post -f/ { skip = 0; print "%install\ncp -a " tree "/. %{buildroot}\n" } !skip' packaging/rpm/hookagent.spec |
        sed 's/^Release: .*/Release: 2/' >"$work/later/hookagent.spec"
    rpmbuild -bb --nodeps --define "_topdir $work/later" --define "_builddir $work/later" --define "_rpmdir $work/later/made" \
        --define "_build_name_fmt %%{NAME}.rpm" "$work/later/hookagent.spec" >"$work/later/log" 2>&1 ||
        not_ok 'a later build can be made' "$(tail -n 20 "$work/later/log")"
}
later_rpms

put /root/rpm/hookagent.rpm <"${rpms[0]}"
put /root/rpm/hookagent-wasimoff.rpm <"${rpms[1]}"
put /root/rpm/later/hookagent.rpm <"$work/later/made/hookagent.rpm"
put /root/rpm/later/hookagent-wasimoff.rpm <"$work/later/made/hookagent-wasimoff.rpm"
readonly first=(/root/rpm/hookagent.rpm /root/rpm/hookagent-wasimoff.rpm)
readonly later=(/root/rpm/later/hookagent.rpm /root/rpm/later/hookagent-wasimoff.rpm)
# Where rpm is at home, these belong to packages that every node has (filesystem, dbus-common).
node mkdir -p /usr/share/licenses /usr/share/dbus-1/interfaces
files >"$work/before"

echo "# installed beside a running job"
job beside
beside=$REPLY
that 'the rpm packages are installed' rpm_upgrade "${first[@]}"
that 'the agent runs' node systemctl is-active hookagentd
that 'and will after a boot' node systemctl is-enabled hookagentd
soon 'the installation asked Slurm' is 'unknown job-without-record'
that 'the job that ran before is known' sh_node 'hookctl status | grep "Jobs:.*\b'"$beside"'\b"'
same 'the provider has never been started' 0 "$(starts)"
that 'the provider has its user' node getent passwd wasimoff
that 'rpm finds its files as it left them' rpm_node --verify --nodeps hookagent hookagent-wasimoff
printf '[Node]\nIdleDelay=1s\n' | put /etc/hookagent/hookagent.conf.d/50-test.conf
that 'the agent takes the settings' node systemctl reload hookagentd
mapfile -t lines < <(example)
slurm_conf "${lines[@]}"
end_job beside
fine 'installed beside a job' "$beside"
soon 'held when that job has ended' is 'held operator-hold'
that 'an operator releases the node' node hookctl release
soon 'lent when it is released' lent
job recorded
soon 'a job has its record' node test -e "/run/hookagent/jobs/$REPLY"
soon 'the node is busy' is 'busy jobs-recorded'
end_job recorded
fine 'a job' "$REPLY"
soon 'lent again' lent

echo "# replaced by a later build"
before=$(agent)
node sh -c 'echo "# A line of this site." >>/etc/hookagent/hookagent.conf'
that 'the later packages are installed' rpm_upgrade "${later[@]}"
same 'rpm has the later ones' '2 2' "$(rpm_node --query --queryformat '%{RELEASE} ' hookagent hookagent-wasimoff | sed 's/ $//')"
that "the site's settings are kept" node grep -q 'of this site' /etc/hookagent/hookagent.conf
that 'those of the package lie beside them' node grep -q 'of the next version' /etc/hookagent/hookagent.conf.rpmnew
if [[ $(agent) != "$before" && $(agent) != 0 ]]; then ok 'the agent is the later one'; else not_ok 'the agent is the later one'; fi
soon 'lent again after the upgrade' lent
job upgraded
soon 'a job has its record after the upgrade' node test -e "/run/hookagent/jobs/$REPLY"
end_job upgraded
fine 'a job after the upgrade' "$REPLY"
soon 'lent again after it' lent

echo "# erased"
harm=$bad
# What an administrator has filled by hand and set: rpm erases the provider's package first, and then hookagent refuses.
node runuser -u wasimoff -- sh -c 'echo fetched >/var/cache/wasimoff/module'
node sh -c 'echo "# A line of this site." >>/etc/hookagent/wasimoff-provider.env'
if rpm_erase >"$work/said" 2>&1; then not_ok 'wired: erasing is refused'; else ok 'wired: erasing is refused'; fi
that 'it says how to' grep -q 'scontrol reconfigure' "$work/said"
that 'the package is still there' rpm_node --query hookagent
that 'and the agent runs on' node systemctl is-active hookagentd
that "the provider's cache is still there" node grep -q fetched /var/cache/wasimoff/module
that "so are the site's settings" sh_node 'cat /etc/hookagent/wasimoff-provider.env* | grep "of this site"'
that 'it says where' grep -qF '/etc/hookagent/*.env.rpmsave' "$work/said"
echo "# fault: rpm -e, slurm.conf names the hook | $(grep -m 1 '^hookagent: ' "$work/said") | none | $( ((bad == harm)) && echo ok || echo FAILED)"
# Its dependent may have gone before the refusal.
rpm_upgrade --replacepkgs /root/rpm/later/hookagent-wasimoff.rpm >/dev/null 2>&1
slurm_conf PrologFlags=Alloc
until_true "$limit" quiet node sh -c '! scontrol show config | grep -q slurm-hook' || not_ok 'slurmctld has the configuration without the hook'
that 'unwired: both are erased' rpm_erase
that 'the agent is gone' not node systemctl is-active --quiet hookagentd
that 'and would not be started at boot' not node systemctl is-enabled --quiet hookagentd
job after
end_job after
fine 'a job after that' "$REPLY"
that "the provider's cache is gone" node test ! -e /var/cache/wasimoff
same 'what the site has set is kept' $'/etc/hookagent/hookagent.conf.d/50-test.conf\n/etc/hookagent/hookagent.conf.rpmnew\n/etc/hookagent/hookagent.conf.rpmsave\n/etc/hookagent/wasimoff-provider.env.rpmsave' \
    "$(node find /etc/hookagent -type f | sort)"
node rm -r /etc/hookagent
same 'nothing else is left' '' "$(comm -13 <(sort -u "$work/before") <(files | sort -u))"

echo "# installed in an image"
that 'the packages are installed where no systemd runs' in_image "${rpm_program[@]}" --upgrade --nodeps "${first[@]}"
that 'no agent was started' not node systemctl is-active --quiet hookagentd
that 'what boots from it is held' node grep -qx HOLD_PERSISTENT=yes /var/lib/hookagent/node.state
node rm /var/lib/hookagent/node.state
that 'upgraded there' in_image "${rpm_program[@]}" --upgrade --nodeps "${later[@]}"
that 'an upgrade makes no hold' node test ! -e /var/lib/hookagent/node.state
