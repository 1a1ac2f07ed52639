/*
 * How a node changes hands, in Promela: hooks, the record directory, nudges that get lost, repeated, late and out of
 * order, a daemon that is killed and comes back, and systemd with its queue and the unit's condition. Time is left
 * out: whatever may take time may take any time.
 *
 * Every run of the model comes to an end (it has no cycle, which pan -l proves), so what holds at each end holds in
 * the end. The properties:
 *
 *   SAFETY  The provider never begins beside a record; and a job whose Prolog was answered finds it gone.
 *   LIVE    In the end, where no record is left the node is lent, and where one is left the provider is off.
 *
 * Mutants, each of which breaks one of them:
 *
 *   NUDGE_FIRST   The hook calls before it writes its record.
 *   NO_CONDITION  The unit has no condition on the records.
 *   NO_READ       The daemon does not read the directory when it begins.
 */

#define JOBS 2

#ifndef CRASHES
#define CRASHES 1                                /* of the daemon */
#endif
#ifndef EXITS
#define EXITS 1                                  /* of the provider, by itself */
#endif
#ifndef REPEATS
#define REPEATS 1                                /* nudges that arrive twice */
#endif

mtype = { Off, On, Going };                      /* the unit */
mtype = { None, Start, Stop };                   /* its queued job; and the daemon's call under way */
mtype = { Queued, Removed };                     /* what systemd tells the daemon, in order, some time later */

#if defined(SAFETY)
#define safe(what) assert(what)
#else
#define safe(what) skip
#endif

/* The node. */
byte jobs;
bool record[JOBS];
#define recorded (record[0] || record[1])
bool started[JOBS], ended;                       /* nudges under way; any may be taken at any time */
bool answered[JOBS];
byte repeats = REPEATS;

/* systemd. A job's path: 1 and 2 by the attempt of the daemon's that made it, 3 for somebody else's. */
#define OTHERS 3
mtype unit = Off, job = None;
byte path;
byte exits = EXITS;
bool unitChanged = true;                         /* PropertiesChanged, which says no more than "read again" */
chan told = [6] of { mtype, byte };

/* The daemon. */
byte crashes = CRASHES;
bool watching, changed;                          /* inotify: a change since the last look */
bool read;                                       /* the directory has been read */
bool seen[JOBS];
#define jobSeen (!read || seen[0] || seen[1])
bool waits[JOBS];                                /* Prologs that wait for an answer */
bool known;                                      /* the unit has been read */
mtype seenUnit = Off, seenJob = None;
#define mayRun (seenUnit != Off || seenJob == Start)
mtype work = None;                               /* the call under way */
bit attempt;
byte workPath;                                   /* 0 until systemd's answer is there */
bool finished;

/* A hook. ------------------------------------------------------------------------------------------------------- */

inline write(j, value) {
    atomic { record[j] = value; changed = watching }
}

inline nudge(which) {
    if
    :: which = true
    :: skip                                      /* lost: no bus, no daemon */
    fi
}

active [JOBS] proctype Job() {
    byte j;
    atomic { j = jobs; jobs++ }

    /* Prolog */
#ifdef NUDGE_FIRST
    nudge(started[j]);
    write(j, true);
#else
    write(j, true);
    nudge(started[j]);
#endif
    if
    :: atomic { answered[j] -> safe(unit == Off) }
    :: skip                                      /* the deadline of the hook */
    fi;

    /* The job runs, and its Epilog, unless slurmd is killed. */
    if
    :: write(j, false);
       nudge(ended)
    :: skip
    fi
}

/* systemd. ------------------------------------------------------------------------------------------------------- */

inline endJob() {
    told!Removed(path);
    path = 0;
    job = None;
    unitChanged = true
}

/* A job gets into the queue; it replaces one of another kind and joins one of its own. */
inline queue(kind, itsPath) {
    if
    :: job == kind
    :: else ->
       if
       :: job != None -> told!Removed(path)
       :: else
       fi;
       job = kind;
       path = itsPath;
       unitChanged = true
    fi
}

active proctype Systemd() {
    do
    :: atomic { job == Start && unit == Off ->
           if
#ifdef NO_CONDITION
           :: unit = On; safe(!recorded)
#else
           :: recorded                           /* the job is "done", and nothing began */
           :: !recorded -> unit = On; safe(!recorded)
#endif
           fi;
           endJob() }
    :: atomic { job == Start && unit == On -> endJob() }
    :: atomic { job == Stop && unit == On -> unit = Going; unitChanged = true }
    :: atomic { unit == Going -> unit = Off; unitChanged = true }
    :: atomic { job == Stop && unit == Off -> endJob() }

    :: atomic { unit == On && exits > 0 -> exits--; unit = Off; unitChanged = true }
    od
}

/* The daemon. ---------------------------------------------------------------------------------------------------- */

inline look() {
    seen[0] = record[0]; seen[1] = record[1]; read = true; changed = false
}

inline ask(what) {
    attempt = 1 - attempt;
    work = what;
    workPath = 0;
    finished = false;
    queue(what, attempt + 1);
    told!Queued(attempt * 4 + path)
}

inline answer(j) {
    if
    :: waits[j] && (!seen[j] || (known && !mayRun && work == None)) -> waits[j] = false; answered[j] = true
    :: else
    fi
}

/* What follows from the facts, the same after every event. */
inline decide() {
    if
    :: jobSeen && (work == Start || (work == None && known && mayRun)) -> ask(Stop)
    :: else
    fi;
    answer(0);
    answer(1)
}

inline take(which) {
    if
    :: which = false
    :: repeats > 0 -> repeats--
    fi;
    look()
}

inline silence() {
    do
    :: told?_(_)
    :: empty(told) -> break
    od
}

inline begin() {
    watching = true;
#ifndef NO_READ
    look();
#endif
    decide()
}

/* BindsTo= stops the unit, and After= makes the next daemon wait for that. What this one knew is gone. */
inline crash() {
    watching = false; changed = false; read = false; known = false;
    seen[0] = false; seen[1] = false; waits[0] = false; waits[1] = false;
    started[0] = false; started[1] = false; ended = false;
    seenUnit = Off; seenJob = None;
    work = None; attempt = 0; workPath = 0; finished = false;
    unit = Off; job = None; path = 0;
    if
    :: job = Start; path = OTHERS                /* a restart of the agent: systemd starts the unit again by its own will */
    :: skip
    fi;
    silence();
    unitChanged = true
}

active proctype Daemon() {
    byte p;
    atomic { begin() }
    do
    :: atomic { changed -> look(); decide() }
    :: atomic { started[0] -> take(started[0]); waits[0] = true; decide() }
    :: atomic { started[1] -> take(started[1]); waits[1] = true; decide() }
    :: atomic { ended -> take(ended); decide() }

    :: atomic { told?Queued(p) ->
           if
           :: work != None && p / 4 == attempt -> workPath = p % 4
           :: else
           fi;
           p = 0 }
    :: atomic { told?Removed(p) ->
           if
           :: work != None && p == workPath -> finished = true
           :: else
           fi;
           p = 0;
           unitChanged = true }

    /* The answer to a question comes behind all that was told before. */
    :: atomic { unitChanged && empty(told) ->
           unitChanged = false; known = true; seenUnit = unit; seenJob = job;
           if
           :: work != None && (finished || (workPath != 0 && path != workPath)) ->
              work = None; workPath = 0; finished = false
           :: else
           fi;
           decide() }

    /* The idle delay, or the pause after a failure, is over: look once more, and start. */
    :: atomic { !jobSeen && work == None && known && !mayRun ->
           look();
           if
           :: !jobSeen -> ask(Start)
           :: else -> decide()
           fi }

    :: atomic { crashes > 0 -> crashes--; crash(); begin() }
    od
}

/* ---------------------------------------------------------------------------------------------------------------- */

#ifdef LIVE
active proctype End() {
    timeout -> assert((recorded && unit == Off) || (!recorded && unit == On))
}
#endif
