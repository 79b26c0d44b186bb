/** One process in a fresh container of an image: no network but its own loopback, no capabilities. */
export interface ContainerSpec {
  readonly args: readonly string[]
  /** "NAME=value". */
  readonly environment: readonly string[]
  readonly workDir: string
  readonly user: { readonly uid: number; readonly gid: number }
  /** Folders that get an empty, writable file system; everything else is read-only. */
  readonly writable: readonly string[]
  readonly stdin?: string
  /** Seconds after which it is killed. */
  readonly timeout: number
}

export interface ContainerResult {
  /** 128 + signal when killed, as shells count; undefined when it ran into the timeout. */
  readonly exitCode: number | undefined
  /** Standard output and standard error as they came, bounded. */
  readonly output: string
}

/** A container that keeps running. */
export interface RunningContainer {
  exec(args: readonly string[], options: { readonly timeout: number }): Promise<ContainerResult>
  /** Asks a port from inside the container's own network. Undefined while nothing answers. */
  request(port: number, path: string): Promise<{ readonly status: number; readonly body: string } | undefined>
  /** Set once it has ended by itself. */
  ended(): ContainerResult | undefined
  /** Ends it and returns what it printed. */
  stop(): Promise<ContainerResult>
}

/** What runs containers of one unpacked or loaded image. */
export interface ContainerRuntime {
  readonly name: string
  run(spec: ContainerSpec): Promise<ContainerResult>
  start(spec: ContainerSpec): Promise<RunningContainer>
  /** Removes what was made for the image. */
  close(): Promise<void>
}
