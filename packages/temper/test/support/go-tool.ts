import { execFile } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Programs written in Go that the tests meet as real peers: path of the command and version, pinned. */
const tools = {
  cosign: { command: 'github.com/sigstore/cosign/v2/cmd/cosign', version: 'v2.6.3' },
  crane: { command: 'github.com/google/go-containerregistry/cmd/crane', version: 'v0.22.1' },
  syft: { command: 'github.com/anchore/syft/cmd/syft', version: 'v1.52.0' },
  grype: { command: 'github.com/anchore/grype/cmd/grype', version: 'v0.110.0' },
  registry: { command: 'github.com/google/go-containerregistry/pkg/registry', version: 'v0.22.1' },
  trivy: { command: 'github.com/aquasecurity/trivy/cmd/trivy', version: 'v0.72.0' },
  // The library of the snapshotter that pulls files of layers one by one.
  estargz: { command: 'github.com/containerd/stargz-snapshotter/estargz', version: 'v0.19.1' },
  helm: { command: 'helm.sh/helm/v3/cmd/helm', version: 'v3.19.2' },
  chisel: { command: 'github.com/canonical/chisel/cmd/chisel', version: 'v1.4.2' },
  // What the specification of registries asks of them. It has no versions.
  conformance: {
    command: 'github.com/opencontainers/distribution-spec/conformance',
    version: 'v0.0.0-20260831232431-97274622c111',
  },
} as const
export type GoTool = keyof typeof tools

/**
 * Programs around a module that is a library. `crane registry serve` leaves out the referrers interface that its
 * own registry has, so this one asks for it. The library of eStargz has no program that verifies a layer.
 */
const mains: Partial<Record<GoTool, string>> = {
  estargz: `package main

import (
	"fmt"
	"io"
	"os"

	"github.com/containerd/stargz-snapshotter/estargz"
	digest "github.com/opencontainers/go-digest"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Opens a layer as a lazy-pulling snapshotter does, verifies its table of contents, and reads every file by chunks.
func main() {
	f, err := os.Open(os.Args[1])
	check(err)
	st, err := f.Stat()
	check(err)
	sr := io.NewSectionReader(f, 0, st.Size())
	r, err := estargz.Open(sr)
	check(err)
	d, err := digest.Parse(os.Args[2])
	check(err)
	v, err := r.VerifyTOC(d)
	check(err)
	files := 0
	var walk func(path string, e *estargz.TOCEntry)
	walk = func(path string, e *estargz.TOCEntry) {
		e.ForeachChild(func(name string, c *estargz.TOCEntry) bool {
			p := name
			if path != "" {
				p = path + "/" + name
			}
			if c.Type == "reg" && c.Size > 0 {
				fr, err := r.OpenFile(p)
				check(err)
				for off := int64(0); off < c.Size; {
					ce, ok := r.ChunkEntryForOffset(p, off)
					if !ok {
						check(fmt.Errorf("%s: no chunk at %d", p, off))
					}
					buf := make([]byte, ce.ChunkSize)
					if _, err := fr.ReadAt(buf, ce.ChunkOffset); err != nil && err != io.EOF {
						check(fmt.Errorf("%s at %d: %w", p, off, err))
					}
					ver, err := v.Verifier(ce)
					check(err)
					ver.Write(buf)
					if !ver.Verified() {
						check(fmt.Errorf("%s: chunk at %d is not what the table says", p, off))
					}
					off += ce.ChunkSize
				}
				files++
			}
			walk(p, c)
			return true
		})
	}
	root, ok := r.Lookup("")
	if !ok {
		check(fmt.Errorf("no root"))
	}
	walk("", root)
	fmt.Printf("%d files verified\\n", files)
}
`,
  registry: `package main

import (
	"log"
	"net"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("serving on %s", listener.Addr())
	log.Fatal(http.Serve(listener, registry.New(registry.WithReferrersSupport(true))))
}
`,
}

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'temper-test-tools', 'go')
/** Where Go's own packages put it. */
const goPath = [process.env.PATH ?? '', '/usr/local/go/bin', '/usr/lib/go/bin'].join(delimiter)

/**
 * Path of a program, built once for each version into a cache folder. Throws an Error that says why it cannot be
 * had: without Go, or without its modules.
 */
async function goTool(name: GoTool): Promise<string> {
  const { command, version } = tools[name]
  const path = join(cache, `${name}-${version}`)
  if (await isExecutable(path)) return path
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, '.build-'))
  try {
    await build(folder, name)
    await rename(join(folder, name), path)
    return path
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string }
    throw new Error(code === 'ENOENT' ? 'Go is not installed' : `building ${command}: ${stderr.slice(-1000)}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Builds in a module of its own, since `go install` refuses commands whose modules replace others. The experiment is
 * what Trivy needs; it does nothing to the others.
 */
async function build(folder: string, name: GoTool): Promise<void> {
  const { command, version } = tools[name]
  const module = command.replace(/(\/v[0-9]+)?\/(?:cmd|pkg)\/[^/]+$/, '$1')
  const env = { ...process.env, PATH: goPath, GOFLAGS: '-mod=mod', GOEXPERIMENT: 'jsonv2', CGO_ENABLED: '0' }
  const options = { cwd: folder, env, maxBuffer: 16 << 20 }
  const main = mains[name]
  if (main !== undefined) await writeFile(join(folder, 'main.go'), main)
  await run('go', ['mod', 'init', 'peer'], options)
  // It asks for the newest version, too, which a proxy need not have.
  await run('go', ['get', `${module}@${version}`], options).catch(() =>
    run('go', ['mod', 'edit', `-require=${module}@${version}`], options),
  )
  await run('go', ['build', '-o', join(folder, name), main === undefined ? command : '.'], options)
}

/** Builds every program that is missing, one after another: tests that run side by side would build some twice. */
export async function buildGoTools(say: (line: string) => void): Promise<void> {
  for (const name of Object.keys(tools) as GoTool[]) {
    if (await isExecutable(join(cache, `${name}-${tools[name].version}`))) continue
    const started = Date.now()
    say(`building ${name} ${tools[name].version} …`)
    if ((await tryGoTool(name)) !== undefined) say(`  done in ${Math.round((Date.now() - started) / 1000)} s`)
  }
}

/** The same for a test that can be skipped; with CI=true a program that cannot be had is an error. */
export async function tryGoTool(name: GoTool): Promise<string | undefined> {
  try {
    return await goTool(name)
  } catch (error) {
    if (process.env.CI === 'true') throw error
    process.stderr.write(`Tests with ${name} are skipped: ${(error as Error).message}\n`)
    return undefined
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
