# shellcheck shell=bash
# lab up --profile P: the plugin of Slurm's that writes down each job's CPU and memory over time, and the database that
# takes it, which runs beside slurmctld. What belongs to one is a folder of cluster/profiles.

profiles() {
    local folder
    for folder in "$lab_home"/cluster/profiles/*/; do
        folder=${folder%/}
        printf '%s ' "${folder##*/}"
    done
}

# After the topology was laid out: the database is a service of the controller's.
profile_lay_out() { sed -i -E "s/([ ,])slurmctld\b/&,$1/" "$2/nodes"; }

# Into the configuration that all nodes read.
profile_prepare() {
    local profile=$1 slurm=$2
    # Slurm complains of a key that stands there twice.
    sed -i '/^JobAcctGatherFrequency=/d' "$slurm/slurm.conf"
    cat "$lab_home/cluster/profiles/$profile/slurm.conf" >>"$slurm/slurm.conf"
    cp "$lab_home/cluster/profiles/$profile/acct_gather.conf" "$slurm/"
}
