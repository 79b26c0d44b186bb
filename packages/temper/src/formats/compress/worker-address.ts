/**
 * The address of a worker thread's module beside the module `from`: `name` with the same ending, since sources run as
 * .ts and the published package as .js. Names end in "-worker", by which the build finds them.
 */
export function workerAddress(name: `${string}-worker`, from: string): URL {
  return new URL(`./${name}${from.slice(from.lastIndexOf('.'))}`, from)
}
