// As the research cluster's fork: options of its own, no module from elsewhere.
import { Provider } from "@wasimoff/worker/provider";

const flags: Record<string, string> = { "workers": "1", "url": "http://localhost:4080" };
for (let i = 0; i < Deno.args.length; i += 2) {
    const name = Deno.args[i].replace(/^--/, "");
    if (!(name in flags)) {
        console.warn("Unknown argument:", Deno.args[i]);
        console.log("$ main.ts [--workers n] [--url <Broker URL>]");
        Deno.exit(1);
    }
    flags[name] = Deno.args[i + 1];
}
console.log("[Wasimoff] starting Provider in Deno ...");

const provider = new Provider(flags.url, crypto.randomUUID().slice(0, 8));
await provider.connect();
await provider.spawn(Number(flags.workers));
provider.handleSignals();
await provider.serve();
console.error("ERROR: rpc loop exited, connection lost?");
Deno.exit(1);
