import { type Digest, hexOf } from '../base/digest.ts'

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
  return /^localhost$/i.test(text) || /[.:]/.test(text)
}

/**
 * Tags that stand for what is attached to a manifest and that nobody gave as a name: the referrers of a registry
 * without that API (distribution-spec 1.1, "Referrers Tag Schema"), and cosign's older signatures and attestations.
 */
const attachmentTag = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/

export function isAttachmentTag(text: string): boolean {
  return attachmentTag.test(text)
}

/** The tag under which a registry without the referrers API, or a layout, keeps the list of referrers of a manifest. */
export function referrersTag(subject: Digest): string {
  return `sha256-${hexOf(subject)}`
}

/** The tags of cosign's older scheme for what is attached to a manifest (cosign, SIGNATURE_SPEC.md, "Discovery"). */
export function olderTags(subject: Digest): { readonly signatures: string; readonly attestations: string } {
  const stem = referrersTag(subject)
  return { signatures: `${stem}.sig`, attestations: `${stem}.att` }
}
