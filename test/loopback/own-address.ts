import { networkInterfaces } from 'node:os';

/** An IPv4 address of this machine by which others reach it; where it has none, one that stands for that. */
export const ownAddress =
  Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';
