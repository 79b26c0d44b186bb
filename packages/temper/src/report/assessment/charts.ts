import {
  type AspectGrade,
  type AssessedAgainst,
  type AssessedLayer,
  type Assessment,
  aspectTitles,
  tiers,
} from '../../model/assess/assessment.ts'
import { html, type Markup } from '../markup.ts'
import { bytesText, measureRows } from './measures.ts'

/** Layers that have a bar of their own: the largest. */
const mostLayers = 12

/** Steps of a stair, filled as far as each aspect has come. */
export function tierChart(aspects: readonly AspectGrade[]): Markup {
  const rows = aspects.map(({ id, tier, judged }, index) => {
    const y = index * 34 + 26
    const reached = tiers.indexOf(tier)
    const steps = tiers.map((_, step) => {
      const kind = step <= reached ? 'bar' : 'empty'
      return html`<rect class="${kind}" x="${150 + step * 62}" y="${y}" width="58" height="22" rx="3"/>`
    })
    return html`<g class="${tier}"><text x="0" y="${y + 15}">${aspectTitles[id]}${judged ? '' : ' *'}</text>${steps}</g>`
  })
  const heads = tiers.map(
    (tier, step) => html`<text x="${150 + step * 62 + 29}" y="14" text-anchor="middle">${tier}</text>`,
  )
  const told = aspects.map(({ id, tier }) => `${aspectTitles[id]} ${tier}`).join('; ')
  const star = aspects.every(({ judged }) => judged)
    ? undefined
    : html`<p class="key">* Not all of it could be checked.</p>`
  return html`<svg viewBox="0 0 400 ${aspects.length * 34 + 26}" role="img" aria-label="${`Tier by aspect: ${told}`}">${heads}${rows}</svg>${star}`
}

/** Bars: what each layer brings, and how much of it later layers only hide. */
export function layerChart(layers: readonly AssessedLayer[]): Markup {
  const largest = layers
    .map((layer, position) => ({ ...layer, position }))
    .sort((a, b) => b.bytes - a.bytes || a.position - b.position)
    .slice(0, mostLayers)
    .sort((a, b) => a.position - b.position)
  const most = Math.max(1, ...largest.map(({ bytes }) => bytes))
  const bars = largest.map(({ bytes, hidden, position, createdBy }, index) => {
    const y = index * 34 + 4
    const width = barWidth(bytes, most)
    const lost = bytes === 0 ? 0 : Math.round((Math.min(hidden, bytes) / bytes) * width)
    return html`<g><title>${createdBy ?? `layer ${position + 1}`}</title><text x="0" y="${y + 16}">layer ${position + 1}</text><rect class="this" x="70" y="${y}" width="${width}" height="22" rx="3"/><rect class="lost" x="${70 + width - lost}" y="${y}" width="${lost}" height="22" rx="3"/><text class="value" x="${76 + width}" y="${y + 16}">${bytesText(bytes)}</text></g>`
  })
  const rest = layers.length - largest.length
  const told = largest.map(({ bytes, position }) => `layer ${position + 1} ${bytesText(bytes)}`).join('; ')
  const lost = layers.reduce((sum, { hidden }) => sum + hidden, 0)
  const key = [
    ...(lost === 0
      ? []
      : [
          `Red: ${bytesText(lost)} that later layers delete or replace, and that every pull still transfers.`,
        ]),
    ...(rest === 0 ? [] : [`${rest} smaller layers are not shown.`]),
  ]
  return html`<svg viewBox="0 0 400 ${largest.length * 34 + 4}" role="img" aria-label="${`Size by layer, unpacked: ${told}`}">${bars}</svg>${key.length === 0 ? undefined : html`<p class="key">${key.join(' ')}</p>`}`
}

/** Pairs of bars: each measure of this image and of the other, in proportion to the larger of the two. */
export function besideChart({ measures }: Pick<Assessment, 'measures'>, against: AssessedAgainst): Markup {
  const rows = measureRows(measures, against.measures).flatMap((row) =>
    row.numbers === undefined ? [] : [{ ...row, numbers: row.numbers }],
  )
  const bars = rows.map(({ title, one, other, numbers: [a, b] }, index) => {
    const y = index * 52 + 4
    const most = Math.max(a, b, 1)
    const bar = (kind: string, value: number, at: number, text: string) =>
      html`<rect class="${kind}" x="0" y="${at}" width="${barWidth(value, most)}" height="13" rx="2"/><text class="value" x="${barWidth(value, most) + 6}" y="${at + 11}">${text}</text>`
    return html`<g><text x="0" y="${y + 11}">${title}</text>${bar('this', a, y + 16, one)}${bar('other', b, y + 31, other)}</g>`
  })
  const told = rows.map(({ title, one, other }) => `${title} ${one} and ${other}`).join('; ')
  return html`<svg viewBox="0 0 400 ${rows.length * 52 + 4}" role="img" aria-label="${`This image and the other: ${told}`}">${bars}</svg><p class="key">Blue: this one. Grey: the other.</p>`
}

function barWidth(amount: number, most: number): number {
  return amount === 0 ? 0 : Math.max(3, Math.round((amount / most) * 250))
}
