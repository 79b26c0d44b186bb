/** One process in a fresh container of an image: no network but its own loopback, no capabilities. */
export interface ContainerSpec {
  readonly args: readonly string[]
  /** "NAME=value". */
  readonly environment: readonly string[]
  readonly workDir: string
  /** The user in the form of an image's configuration (config.md, "User"): "65532", "65532:65532", "www-data"… */
  readonly user: string
  /**
   * Folders that get an empty, writable file system; everything else is read-only. Permissions and owner are those of
   * the image if they let the user write; otherwise everyone may.
   */
  readonly writable: readonly string[]
  /** The image's volumes, which become writable file systems with the image's content, permissions and owner. */
  readonly volumes: readonly string[]
  /** TCP ports that `request` may be called with. */
  readonly ports: readonly number[]
  readonly stdin?: string
  /** Seconds after which `run` kills it. With `start` it runs until it is stopped. */
  readonly timeout: number
}

export interface ContainerResult {
  /** 128 + signal when killed, as in shells; undefined when it timed out. */
  readonly exitCode: number | undefined
  /** Standard output and standard error in the order in which they came, up to a limit. */
  readonly output: string
}

/** The result of a command inside a running container. */
export interface ExecResult extends ContainerResult {
  /** False when there is no such program, or it cannot be executed. */
  readonly started: boolean
}

/** An answer to `GET`. */
export interface HttpAnswer {
  readonly status: number
  /** The beginning of the body. */
  readonly body: string
}

/** A container that keeps running. */
export interface RunningContainer {
  exec(args: readonly string[], options: { readonly timeout: number }): Promise<ExecResult>
  /** Sends a request to a port over the container's own network. Undefined while nothing answers. */
  request(port: number, path: string): Promise<HttpAnswer | undefined>
  /** The result, once it has ended by itself. */
  ended(): ContainerResult | undefined
  /** Ends it and returns what it printed. May be called again. */
  stop(): Promise<ContainerResult>
}

/** Runs containers of one unpacked or loaded image. */
export interface ContainerRuntime {
  readonly name: string
  run(spec: ContainerSpec): Promise<ContainerResult>
  /** Returns once the program runs, or has already ended. */
  start(spec: ContainerSpec): Promise<RunningContainer>
  /** Ends what still runs and removes what was made for the image. */
  close(): Promise<void>
}
