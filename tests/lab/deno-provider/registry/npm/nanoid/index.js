export const nanoid = () => crypto.randomUUID().slice(0, 8);
