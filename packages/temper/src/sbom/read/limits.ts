/** Limit on the bytes of an unpacked document: five times the largest that a build of Temper makes. */
export const sbomLimit = 256 << 20
