import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { discoverBindings } from '../../agent/discover/discover-bindings.ts'
import { watchFolder } from '../../agent/discover/watch-folder.ts'
import { bindingXml } from '../support/lab-host.ts'
import { runTool } from '../support/run-tool.ts'

let top: string
const libvirt = () => join(top, 'libvirt')
const own = () => join(top, 'own')
const put = (folder: string, name: string, text: string | Buffer) => writeFileSync(join(folder, name), text)
/** As virNWFilterBindingObjFormat writes it. */
const status = (xml: string) =>
  `<!--\nWARNING: THIS IS AN AUTO-GENERATED FILE. <filterbinding/>\n-->\n\n<filterbindingstatus>\n  ${xml}\n</filterbindingstatus>\n`
const discover = () =>
  discoverBindings([
    { path: libvirt(), origin: 'libvirt' },
    { path: own(), origin: 'file' },
  ])
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'sluice-discover-'))
  mkdirSync(libvirt())
  mkdirSync(own())
})
afterEach(() => rmSync(top, { recursive: true, force: true }))

describe('discoverBindings', () => {
  test('finds those of libvirt without what is around them, and those of files', () => {
    put(libvirt(), 'vnet1.xml', status(bindingXml('clean-traffic', { IP: '192.0.2.11' }, 'vnet1')))
    put(libvirt(), 'vnet0.xml', status(bindingXml('no-mac-spoofing')))
    put(own(), 'my guest.xml', bindingXml('clean-traffic', {}, 'tap7'))
    put(own(), 'notes.txt', 'not a binding')
    put(own(), '.tap8.xml', 'half written')
    expect(discover()).toEqual({
      bindings: [
        {
          portDevice: 'vnet0',
          xml: bindingXml('no-mac-spoofing'),
          origin: 'libvirt',
          file: join(libvirt(), 'vnet0.xml'),
        },
        {
          portDevice: 'vnet1',
          xml: bindingXml('clean-traffic', { IP: '192.0.2.11' }, 'vnet1'),
          origin: 'libvirt',
          file: join(libvirt(), 'vnet1.xml'),
        },
        {
          portDevice: 'tap7',
          xml: bindingXml('clean-traffic', {}, 'tap7'),
          origin: 'file',
          file: join(own(), 'my guest.xml'),
        },
      ],
      problems: [],
    })
  })

  test('a folder that is not there has none, one that is no folder is a problem', () => {
    rmSync(libvirt(), { recursive: true })
    rmSync(own(), { recursive: true })
    writeFileSync(own(), '')
    const { bindings, problems } = discover()
    expect(bindings).toEqual([])
    expect(problems).toEqual([expect.stringContaining(`${own()}: ENOTDIR`)])
  })

  test('of two for one NIC the first counts', () => {
    put(libvirt(), 'vnet0.xml', status(bindingXml('no-mac-spoofing')))
    put(own(), 'vnet0.xml', bindingXml('allow-arp'))
    const { bindings, problems } = discover()
    expect(bindings.map(({ origin }) => origin)).toEqual(['libvirt'])
    expect(problems).toEqual([
      `${join(own(), 'vnet0.xml')}: vnet0 has its binding from ${join(libvirt(), 'vnet0.xml')} already`,
    ])
  })

  test.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /^:1:1: NWF111 /],
    ['half a file', status(bindingXml('x')).slice(0, 200), /^:\d+:\d+: NWF1\d\d /],
    ['an empty status', '<filterbindingstatus/>', /^: filter binding status missing content$/],
    [
      'a binding without MAC',
      status(bindingXml('x').replace(/<mac [^>]*>/, '')),
      /^:6:4: NWF140 filter binding has no MAC/,
    ],
    ['another document', '<filter name="x"/>', /^:1:2: NWF120 /],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "e">]>${status(bindingXml('x'))}`, /^:1:1: NWF1\d\d /],
    ['bytes that are no UTF-8', Buffer.from(bindingXml('\xe4'), 'latin1'), /^: it is no UTF-8$/],
    ['too much', bindingXml('x') + ' '.repeat(1_000_000), /^: it has more than 1000000 bytes$/],
    ['a name with a slash', bindingXml('x', {}, '../../etc'), /^: “\.\.\/\.\.\/etc” cannot be the name of a device$/],
    ['a name with a line end', bindingXml('x', {}, 'vnet0&#10;x'), /^: “vnet0\ufffdx” cannot be the name of a device$/],
    ['a name that is too long', bindingXml('x', {}, 'ä'.repeat(8)), /cannot be the name of a device$/],
  ])('%s is a problem, and the others are found', (_, text, problem) => {
    put(own(), 'bad.xml', text)
    put(own(), 'good.xml', bindingXml('allow-arp', {}, 'vnet9'))
    const { bindings, problems } = discover()
    expect(bindings.map(({ portDevice }) => portDevice)).toEqual(['vnet9'])
    expect(problems.map((line) => line.replace(join(own(), 'bad.xml'), ''))).toEqual([expect.stringMatching(problem)])
  })

  test('what is no regular file is not opened, or not waited for', () => {
    put(top, 'outside.xml', bindingXml('allow-arp'))
    symlinkSync(join(top, 'outside.xml'), join(own(), 'link.xml'))
    mkdirSync(join(own(), 'folder.xml'))
    expect(runTool(['mkfifo', join(own(), 'pipe.xml')]).status).toBe(0)
    const { bindings, problems } = discover()
    expect(bindings).toEqual([])
    expect(problems).toEqual([
      `${join(own(), 'folder.xml')}: it is no regular file`,
      `${join(own(), 'link.xml')}: a symbolic link is not followed`,
      `${join(own(), 'pipe.xml')}: it is no regular file`,
    ])
  })

  test('libvirt calls a file after its NIC', () => {
    put(libvirt(), 'vnet5.xml', status(bindingXml('allow-arp')))
    expect(discover()).toEqual({
      bindings: [],
      problems: [`${join(libvirt(), 'vnet5.xml')}: libvirt calls a binding of vnet0 vnet0.xml`],
    })
  })
})

describe('watchFolder', () => {
  /** How often it called back within a time after something was done. */
  const callsOf = async (folder: string, work: () => void | Promise<void>, waitMs = 400) => {
    let calls = 0
    const { close } = watchFolder(folder, () => {
      calls += 1
    })
    await work()
    await sleep(waitMs)
    close()
    return calls
  }

  test('many changes at a time are one call; without any there is none', async () => {
    const write = () => {
      for (let at = 0; at < 50; at += 1) put(own(), `vnet${at}.xml`, 'x')
    }
    expect(await callsOf(own(), write)).toBe(1)
    expect(await callsOf(own(), () => appendFileSync(join(own(), 'vnet0.xml'), 'y'))).toBe(1)
    expect(await callsOf(own(), () => rmSync(join(own(), 'vnet0.xml')))).toBe(1)
    expect(await callsOf(own(), () => undefined)).toBe(0)
  })

  test('a folder that comes later, goes, and comes again is seen', async () => {
    const late = join(top, 'run/late')
    let calls = 0
    const { close } = watchFolder(late, () => {
      calls += 1
    })
    const until = async (enough: number) => {
      for (let tries = 0; calls < enough && tries < 100; tries += 1) await sleep(50)
      expect(calls).toBeGreaterThanOrEqual(enough)
    }
    try {
      mkdirSync(late, { recursive: true })
      await until(1)
      put(late, 'vnet0.xml', 'x')
      await until(2)
      // Another folder of the same name, in one step.
      mkdirSync(join(top, 'other'))
      renameSync(late, join(top, 'run/old'))
      renameSync(join(top, 'other'), late)
      await until(3)
      await sleep(2500)
      const before = calls
      put(late, 'vnet1.xml', 'x')
      await until(before + 1)
    } finally {
      close()
    }
    const before = calls
    put(late, 'vnet2.xml', 'x')
    await sleep(400)
    expect(calls).toBe(before)
  })
})
