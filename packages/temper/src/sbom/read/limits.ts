/** Most bytes of a document, unpacked: five times that of the largest that a build of Temper makes. */
export const sbomLimit = 256 << 20
