// As Wasimoff before September 2025: all modules in Deno's cache, and it ends when the broker is lost.
import { parseFlags } from "@cliffy/flags";
import { nanoid } from "nanoid";
import { Provider } from "@wasimoff/worker/provider";

let flags: ReturnType<typeof parseFlags>;
try {
    flags = parseFlags(Deno.args, [
        { name: "workers", type: "integer" },
        { name: "url", type: "string" },
    ]);
} catch (error) {
    console.error(String(error));
    console.log("$ main.ts --workers <integer> --url <string>");
    Deno.exit(1);
}
console.log(flags);
console.log("[Wasimoff] starting Deno Provider");

// An id by chance, or the name that the lab wants to see in the broker's counts.
const provider = new Provider(String(flags.url), Deno.env.get("LAB_NAME") ?? nanoid());
await provider.connect();
await provider.spawn(Number(flags.workers));
provider.handleSignals();
await provider.serve();
console.error("ERROR: rpc loop exited, connection lost?");
Deno.exit(1);
