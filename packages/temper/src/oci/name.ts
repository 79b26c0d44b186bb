/**
 * Names of repositories and tags (distribution-spec 1.1, "Pulling manifests") and of images in a layout
 * (image-spec annotations.md, org.opencontainers.image.ref.name).
 */
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const repository = new RegExp(`^${component}(?:/${component})*$`)
const tag = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const layoutComponent = '[A-Za-z0-9]+(?:(?:[-._:+]|--)[A-Za-z0-9]+)*'
const layoutName = new RegExp(`^${layoutComponent}(?:/${layoutComponent})*$`)
const host =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/

/** Longest name that is accepted anywhere: beyond it clients disagree. */
const nameLimit = 255

export function isRepository(text: string): boolean {
  return text.length <= nameLimit && repository.test(text)
}

export function isTag(text: string): boolean {
  return tag.test(text)
}

/** A name in a layout's index.json: a tag, or a longer name such as "docker.io/library/nginx:1.26". */
export function isLayoutName(text: string): boolean {
  return text.length <= nameLimit && (tag.test(text) || layoutName.test(text))
}

/** Host with optional port: "registry.example", "127.0.0.1:5000", "[::1]:5000". */
export function isRegistryHost(text: string): boolean {
  return text.length <= nameLimit && host.test(text)
}

/** Whether the first part of a name is a registry and not a folder of one: it has a dot or port, or is "localhost". */
export function looksLikeHost(text: string): boolean {
  return text === 'localhost' || /[.:]/.test(text)
}
