// The broker's end is the lab's stand-in: words in text frames, see tests/lab/wasimoff/Wire/Message.cs.

/** A connection, from its opening to whatever end. */
export class Connection {
    /** What arrives before somebody listens waits here: the broker gives tasks to each worker as soon as it is named. */
    private waiting: string[] = [];
    private hear?: (words: string[]) => void;

    private constructor(private readonly socket: WebSocket, readonly closed: Promise<void>) {}

    static async open(broker: string): Promise<Connection> {
        const url = new URL(broker);
        url.protocol = url.protocol.replace("http", "ws");
        url.pathname = "/api/provider/ws";
        const socket = new WebSocket(url);
        const opened = new Promise<void>((resolve, reject) => {
            socket.onopen = () => resolve();
            socket.onerror = (event) => reject((event as ErrorEvent).error ?? new Error("no connection"));
        });
        const closed = new Promise<void>((resolve) => {
            socket.onclose = ({ code, reason, wasClean }) => {
                console.warn("[WebSocket] WebSocket connection closed:", { code, reason, wasClean, url: url.href });
                resolve();
            };
        });
        const connection = new Connection(socket, closed);
        socket.onmessage = ({ data }) => connection.take(String(data));
        await opened;
        socket.onerror = (event) => console.error("[WebSocket] error:", (event as ErrorEvent).message);
        console.log("[WebSocket] open connection established", { url: url.href, protocol: socket.protocol });
        return connection;
    }

    say(...words: (string | number)[]) {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(words.join(" "));
    }

    listen(hear: (words: string[]) => void) {
        this.hear = hear;
        this.waiting.splice(0).forEach((text) => hear(text.split(" ")));
    }

    close() {
        this.socket.close(1000, "bye");
    }

    private take(text: string) {
        if (this.hear) this.hear(text.split(" "));
        else this.waiting.push(text);
    }
}
