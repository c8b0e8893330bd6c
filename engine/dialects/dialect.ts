/** `libvirt`: what libvirt 9.0.0 does, bug for bug. `strict`: a rule means what it says, and what cannot be expressed is an error. */
export type Dialect = 'libvirt' | 'strict'
