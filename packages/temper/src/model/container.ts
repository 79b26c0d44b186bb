/** One process in a fresh container of an image: no network but its own loopback, no capabilities. */
export interface ContainerSpec {
  readonly args: readonly string[]
  /** "NAME=value". */
  readonly environment: readonly string[]
  readonly workDir: string
  /** As the image's configuration says it (config.md, "User"): "65532", "65532:65532", "www-data"… */
  readonly user: string
  /**
   * Folders that get an empty, writable file system; everything else is read-only. Permissions and owner
   * are those that the image has there when they let the user write, else everyone may.
   */
  readonly writable: readonly string[]
  /** The image's volumes: writable file systems with the image's content, permissions and owner. */
  readonly volumes: readonly string[]
  /** TCP ports that `request` will be asked for. */
  readonly ports: readonly number[]
  readonly stdin?: string
  /** Seconds after which `run` kills it. What was started runs until it is stopped. */
  readonly timeout: number
}

export interface ContainerResult {
  /** 128 + signal when killed, as shells count; undefined when it ran into the timeout. */
  readonly exitCode: number | undefined
  /** Standard output and standard error as they came, bounded. */
  readonly output: string
}

/** What came of a command inside a running container. */
export interface ExecResult extends ContainerResult {
  /** False when there is no such program, or it cannot be executed. */
  readonly started: boolean
}

/** An answer to `GET`. */
export interface HttpAnswer {
  readonly status: number
  /** The start of it. */
  readonly body: string
}

/** A container that keeps running. */
export interface RunningContainer {
  exec(args: readonly string[], options: { readonly timeout: number }): Promise<ExecResult>
  /** Asks a port over the container's own network. Undefined while nothing answers. */
  request(port: number, path: string): Promise<HttpAnswer | undefined>
  /** Set once it has ended by itself. */
  ended(): ContainerResult | undefined
  /** Ends it and returns what it printed. May be called again. */
  stop(): Promise<ContainerResult>
}

/** What runs containers of one unpacked or loaded image. */
export interface ContainerRuntime {
  readonly name: string
  run(spec: ContainerSpec): Promise<ContainerResult>
  /** Returns once the program runs, or has already ended. */
  start(spec: ContainerSpec): Promise<RunningContainer>
  /** Ends what still runs and removes what was made for the image. */
  close(): Promise<void>
}
