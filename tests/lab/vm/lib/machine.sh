# shellcheck shell=bash
# shellcheck disable=SC2154 # work, lab_root: run's own
# A virtual machine.

# machine_run NAME MEBIBYTES CHECKS QEMU-OPTION...: boots the disk NAME.img, with the checks separated by commas. What they say goes
# to standard output and into NAME.said. It ends with the machine, and the machine with it.
machine_run() {
    local name=$1 memory=$2 checks=$3
    shift 3
    {
        setpriv --pdeathsig TERM timeout --kill-after=10 2400 setpriv --pdeathsig KILL qemu-system-x86_64 \
            -accel tcg,thread=single -cpu max -smp 1 -m "$memory" -nodefaults -no-user-config -display none \
            -kernel "$lab_root/vm/kernel/vmlinuz" -initrd "$work/initrd" \
            -append "console=ttyS0 quiet log_buf_len=8M vm.checks=$checks" \
            -drive "file=$work/$name.img,if=virtio,format=raw,cache=unsafe" \
            -serial "file:$work/$name.console" -serial stdio "$@" </dev/null || true
    } | stdbuf -oL tr -d '\r' | tee "$work/$name.said"
}

# machine_judge NAME: whether all of its checks ran, and well.
machine_judge() {
    if ! grep -qx '# end' "$work/$1.said"; then
        echo "not ok - the virtual machine $1 ended before its last check"
        tail -n 60 "$work/$1.console" | tr -d '\r' | sed 's/^/#   /'
        return 1
    fi
    ! grep -q '^not ok' "$work/$1.said"
}
