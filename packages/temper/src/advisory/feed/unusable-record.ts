/** The error for a record that says nothing usable; the message is a clause that says why. */
export class UnusableRecord extends Error {}
