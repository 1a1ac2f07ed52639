import { Connection } from "../transport/websocket";
import { WorkerPool } from "./workerpool";

const drains = 30_000; // ms

/** Connects, spawns its workers, and only then hears signals and begins to work: the order of Wasimoff's own. */
export class Provider {
    private connection?: Connection;
    private readonly pool = new WorkerPool((workers) => this.connection?.say("workers", workers));
    private terminated = false;

    constructor(private readonly url: string, private readonly id: string) {}

    async connect() {
        this.connection = await Connection.open(this.url);
        this.connection.say("hello", this.id);
        this.connection.say("workers", this.pool.size);
    }

    async spawn(workers: number) {
        while (this.pool.size < workers) await this.pool.spawn();
    }

    /** Until the connection ends. */
    async serve() {
        const connection = this.connection!;
        connection.listen(([verb, id, milliseconds, mebibytes]) => {
            if (verb !== "run") return;
            const task = { id, milliseconds: Number(milliseconds), mebibytes: Number(mebibytes) };
            console.debug("[RPCHandler]", id, {
                binary: {
                    blob: "",
                    media: "application/wasm",
                    ref: "sha256:6d2f1c7a3b9e4f508c6d2f1c7a3b9e4f508c6d2f1c7a",
                },
                args: ["task.wasm", ...Object.values(task).map(String)],
                envs: ["TASK=" + id],
                stdin: "",
                artifacts: [],
            });
            this.pool.run(task, () => connection.say("done", id));
        });
        await connection.closed;
    }

    /** SIGTERM lets the tasks end; a second one does not. After 30 s it dies of an error, as Wasimoff does. */
    handleSignals() {
        const terminate = () => this.terminate();
        Deno.addSignalListener("SIGTERM", terminate);
        Deno.addSignalListener("SIGINT", terminate);
    }

    private async terminate() {
        if (this.terminated) {
            console.error(" kill");
            console.debug("aborted tasks:", this.pool.running);
            this.connection?.close();
            Deno.exit(1);
        }
        console.log(" shutdown (send signal again to force immediate exit)");
        this.terminated = true;
        setTimeout(() => {
            throw new TypeError("Cannot read properties of undefined (reading 'pool')");
        }, drains);
        await this.pool.shutdown();
        await new Promise((resolve) => setTimeout(resolve, 50));
        this.connection?.close();
        Deno.exit(0);
    }
}
