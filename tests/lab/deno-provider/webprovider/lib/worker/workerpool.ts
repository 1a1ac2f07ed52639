export type Task = { id: string; milliseconds: number; mebibytes: number };
type Running = { task: Task; started: Date; done: () => void };
type Slot = { index: number; worker: Worker; running?: Running };

/** Workers, started one after another and ended one after another. */
export class WorkerPool {
    private readonly slots: Slot[] = [];
    private readonly queue: (Task & { done: () => void })[] = [];
    private shrinking = false;
    private empty?: () => void;
    private next = 0;

    /** @param resized is told how many there are, each time that changes, before a task's end is told. */
    constructor(private readonly resized: (workers: number) => void) {}

    get size() {
        return this.slots.length;
    }

    get running() {
        return this.slots.filter((slot) => slot.running).map(({ index, running }) => ({
            worker: index,
            task: running!.task.id,
            started: running!.started,
            age: (Date.now() - running!.started.getTime()) / 1000,
        }));
    }

    async spawn() {
        const index = this.next++;
        console.info("[WasiWorkerPool] spawn Worker", index);
        const worker = new Worker(new URL("./wasiworker.ts", import.meta.url), { type: "module" });
        await new Promise((up) => worker.onmessage = up);
        const slot: Slot = { index, worker };
        worker.onmessage = () => this.finish(slot);
        this.slots.push(slot);
        this.resized(this.size);
        this.dispatch();
    }

    run(task: Task, done: () => void) {
        this.queue.push({ ...task, done });
        this.dispatch();
    }

    /** Idle workers end at once, the others with their tasks; what waits for one waits in vain. */
    async shutdown() {
        this.shrinking = true;
        const empty = new Promise<void>((resolve) => this.empty = resolve);
        for (const slot of this.slots.filter(({ running }) => !running)) this.drop(slot);
        if (this.size === 0) return;
        await empty;
    }

    private dispatch() {
        for (const slot of this.shrinking ? [] : this.slots) {
            if (slot.running || this.queue.length === 0) continue;
            const { done, ...task } = this.queue.shift()!;
            slot.running = { task, started: new Date(), done };
            slot.worker.postMessage(task);
        }
    }

    private finish(slot: Slot) {
        const { done } = slot.running!;
        slot.running = undefined;
        if (this.shrinking) this.drop(slot);
        done();
        this.dispatch();
        if (this.shrinking && this.size === 0) this.empty?.();
    }

    private drop(slot: Slot) {
        this.slots.splice(this.slots.indexOf(slot), 1);
        console.info("[WasiWorkerPool] shutdown worker", slot.index);
        slot.worker.terminate();
        this.resized(this.size);
    }
}
