# shellcheck shell=bash
# A job of two components on three nodes: each component is a job of its own number to the hooks.
check_heterogeneous() {
    ok "a cluster" cluster_up backfill
    as_alice sh -c 'cat >/shared/out/het.sh; chmod +x /shared/out/het.sh' <<'END'
#!/bin/sh
#SBATCH --chdir=/shared/out --nodes=1
#SBATCH hetjob
#SBATCH --nodes=2
srun --het-group=0,1 --ntasks-per-node=1 /shared/bin/stamped 3
END
    ok "a heterogeneous job" as_alice sbatch --parsable /shared/out/het.sh
    ok "it ends" until_true 120 queue_empty
    ok "it was on three nodes" test "$(controller sh -c 'cat /shared/stamps/*' | grep -c begin)" == 3
    judge 2
}
