/** Data that no compressor makes; the message completes "not valid FORMAT data: ". */
export class Malformed extends Error {}
