// Stands in for the package of that name: options as strict as its own.

export type Flag = { name: string; type: "integer" | "string" | "boolean" };
export type Values = Record<string, string | number | boolean | undefined>;

/** Throws for an option that is not among those known, and for a value that is missing or no number. */
export function parseFlags(args: string[], known: Flag[]): Values {
    const values: Values = {};
    for (let i = 0; i < args.length; i++) {
        const flag = known.find(({ name }) => args[i] === `--${name}`);
        if (flag === undefined) throw new Error(`Unknown option "${args[i]}".`);
        const { name, type } = flag;
        if (type === "boolean") {
            values[name] = true;
            continue;
        }
        const value = args[++i];
        if (value === undefined) throw new Error(`Missing value for option "--${name}".`);
        if (type === "integer" && !/^[0-9]+$/.test(value)) {
            throw new Error(`Option "--${name}" must be of type "integer", but got "${value}".`);
        }
        values[name] = type === "integer" ? Number(value) : value;
    }
    return values;
}
