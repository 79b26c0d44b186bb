/** A script is too large or loops too long to be followed. */
export class OutOfFuel extends Error {}

/**
 * Bounds the work of following one script: each step and each character handled costs one unit, so that
 * the time is bounded whatever the script says.
 */
export class Fuel {
  #left: number

  constructor(units: number) {
    this.#left = units
  }

  spend(units: number): void {
    this.#left -= units
    if (this.#left < 0) throw new OutOfFuel('the script runs too long to be followed')
  }
}
