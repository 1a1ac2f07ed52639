# Every script of the tree, by shellcheck.

mapfile -t scripts < <(git ls-files -co --exclude-standard 2>/dev/null | while read -r file; do
    [[ -f $file && $(head -c 2 "$file" | tr -d '\0') == '#!' ]] && head -n 1 "$file" | grep -qE '/(ba|da)?sh\b' && echo "$file"
done)
silent "shellcheck has nothing to say of ${#scripts[@]} scripts" shellcheck --external-sources "${scripts[@]}"
