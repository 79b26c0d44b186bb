/** A record that says nothing that can be used; the message is a clause that says why. */
export class UnusableRecord extends Error {}
