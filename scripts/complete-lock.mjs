// Adds to package-lock.json the optional packages of other platforms that a registry did not carry: npm install leaves them
// out without a word, and the next npm ci then refuses the lock. Runs on any Node: imports nothing but node:fs.
import { readFileSync, writeFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const systems = ['darwin', 'win32', 'freebsd', 'android', 'openharmony', 'linux']
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32']
let added = 0

for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(place, name)) continue
    if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) throw new Error(`${place}: ${name}@${version} is not pinned exactly`)
    lock.packages[`node_modules/${name}`] = foreignPackage(name, version, entry.dev === true)
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`complete-lock: ${added} added`)

function isLocked(place, name) {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true
    if (at === '') return false
  }
}

function foreignPackage(name, version, dev) {
  const words = name.split(/[-/]/)
  const libc = words.some((w) => w.startsWith('musl'))
    ? ['musl']
    : words.includes('linux') && words.some((w) => w.startsWith('gnu'))
      ? ['glibc']
      : undefined
  return {
    version,
    cpu: words.filter((w) => processors.includes(w)),
    ...(dev ? { dev: true } : {}),
    ...(libc ? { libc } : {}),
    optional: true,
    os: words.filter((w) => systems.includes(w)),
  }
}
