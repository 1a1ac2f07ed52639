# Reads what one way's trace left, prints its line of the table, and writes to FOLDER/figures what is compared:
# starts without a task in short gaps, median Prolog and Epilog together in microseconds, tasks lost, tasks completed in long gaps.
# Variables: title, folder, idle_delay (seconds)

function metric(phase, name,   line, sum) {
    while ((getline line < (folder "/out/" phase ".metrics")) > 0)
        if (index(line, name "{") == 1) { sub(/.* /, "", line); sum += line }
    close(folder "/out/" phase ".metrics")
    return sum + 0
}
function time_of(phase,   line) {
    getline line < (folder "/out/" phase ".time")
    close(folder "/out/" phase ".time")
    return line + 0
}
function sorted(list, n,   i, j, value) {
    for (i = 2; i <= n; i++) {
        value = list[i]
        for (j = i - 1; j >= 1 && list[j] > value; j--) list[j + 1] = list[j]
        list[j + 1] = value
    }
}
function median(list, n) {
    sorted(list, n)
    return n == 0 ? 0 : n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
function ms(seconds) { return sprintf("%.0f ms", seconds * 1000) }
function fine_ms(seconds) { return sprintf("%.1f ms", seconds * 1000) }

# Counts the starts after the first job's end of which no task came: in gaps between two jobs shorter than IdleDelay, and
# in longer ones. The broker tells of each run, when it ends, how many tasks it completed.
function find_taskless(   i, j, tasks, from, to) {
    for (i = 1; i <= starts; i++) {
        from = 0; to = 0; tasks = 0
        for (j = 1; j <= jobs; j++) {
            if (job_end[j] <= start[i] && job_end[j] > from) from = job_end[j]
            if (job_begin[j] > start[i] && (!to || job_begin[j] < to)) to = job_begin[j]
        }
        for (j = 1; j <= runs; j++)
            if (gone[j] >= start[i] && (i == starts || gone[j] < start[i + 1])) tasks += done_tasks[j]
        if (!from || !to || tasks) continue
        if (to - from < idle_delay) short_taskless++; else long_taskless++
    }
}

BEGIN {
    while ((getline line < (folder "/starts")) > 0) start[++starts] = line + 0
    while ((getline line < (folder "/gone")) > 0) { split(line, word, " "); gone[++runs] = word[1] + 0; done_tasks[runs] = word[2] }

    while ((getline line < (folder "/out/jobs")) > 0) {
        split(line, word, " ")
        phase = word[1]; submitted = word[3] + 0; begin = end = 0
        stamps = folder "/stamps/" word[2]
        while ((getline stamp < stamps) > 0) {
            split(stamp, part, " ")
            if (part[1] == "begin") begin = part[2] + 0; else end = part[2] + 0
        }
        close(stamps)
        busy[phase] += end - begin
        job_begin[++jobs] = begin; job_end[jobs] = end
        if (phase == "queue") { if (last_end) turnover[++turnovers] = begin - last_end; last_end = end }
        else delay[++delays] = begin - submitted
    }
    while ((getline line < (folder "/hook-runs")) > 0) {
        split(line, word, " ")
        waited = (word[2] - word[1]) / 1e6
        if (word[3] == "prolog_slurmd") prolog[++prologs] = waited; else epilog[++epilogs] = waited
    }

    t_queue = time_of("queue"); t_long = time_of("long"); t_end = time_of("end")
    completed = "wasimoff_tasks_completed_total"; lost = "wasimoff_tasks_lost_total"; worked = "wasimoff_tasks_completed_milliseconds_total"
    short_done = metric("long", completed) - metric("queue", completed)
    long_done = metric("end", completed) - metric("long", completed)
    long_idle = t_end - t_long - busy["long"]
    all_idle = t_end - t_queue - busy["long"] - busy["queue"] - busy["short"]
    long_share = (metric("end", worked) - metric("long", worked)) / 1000 / 2 / long_idle
    all_share = (metric("end", worked) - metric("queue", worked)) / 1000 / 2 / all_idle
    find_taskless()

    middle = median(delay, delays)
    printf "| %s | %s (%s) | %s ", title, ms(middle), ms(delay[delays]), ms(median(turnover, turnovers))
    if (prologs) {
        middle = median(prolog, prologs)
        printf "| %s (%s) ", fine_ms(middle), ms(prolog[prologs])
        middle = median(epilog, epilogs)
        printf "| %s (%s) ", fine_ms(middle), ms(epilog[epilogs])
    } else printf "| - | - "
    printf "| %d / %d | %d ", short_done, long_done, metric("end", lost) - metric("queue", lost)
    printf "| %d / %d of %d ", short_taskless, long_taskless, starts
    printf "| %.0f %% / %.0f %% |\n", long_share * 100, all_share * 100
    printf "%d %d %d %d\n", short_taskless, (median(prolog, prologs) + median(epilog, epilogs)) * 1e6,
        metric("end", lost) - metric("queue", lost), long_done >(folder "/figures")
}
