import { describe, expect, test } from 'vitest'
import { builtinFilters, compileBinding, explainRefused, openWorkspace, parseFilter, readText } from '#engine'

const builtins = new Map(
  builtinFilters.flatMap(({ name, xml }) => {
    const { value } = parseFilter(xml, `filter:${name}`)
    return value === undefined ? [] : [[name, value] as const]
  }),
)
const read = (...texts: readonly string[]) =>
  openWorkspace(
    texts.map((text, at) => readText(text, { dialect: 'libvirt', sourceOf: () => `${at}.xml` })),
    builtins,
  )
const found = (...texts: readonly string[]) =>
  read(...texts).diagnostics.map(
    ({ code, source, span }) => `${source} ${code} ${texts[Number.parseInt(source, 10)]?.slice(span.start, span.end)}`,
  )

const domain = (interfaces: string, head = '<name>web</name>') =>
  `<domain type='kvm'>${head}<devices>${interfaces}</devices></domain>`
const nic = (inside: string, type = 'bridge') =>
  `<interface type='${type}'><mac address='52:54:00:00:00:0a'/><source network='n'/>${inside}</interface>`
const FILTERED = `<filterref filter='clean-traffic'><parameter name='IP' value='192.0.2.1'/></filterref>`

describe('texts that belong together', () => {
  test('two filters of one name, of one UUID, two bindings of one device', () => {
    const uuid = '<uuid>2cb9a2ab-7b2c-4d0f-b5b7-7a5d2e0f1c11</uuid>'
    expect(found(`<filter name='a'/>`, `<filter name='a'/>`)).toEqual(['1.xml NWF205 a'])
    expect(found(`<filter name='a'>${uuid}</filter>`, `<filter name='b'>${uuid}</filter>`)).toEqual([
      `1.xml NWF207 ${uuid}`,
    ])
    const interfaces = nic(`${FILTERED}<target dev='vnet7'/>`)
    expect(found(domain(interfaces + interfaces))).toEqual(['0.xml NWF206 vnet7'])
  })

  test('a filter that was refused is not replaced by the built-in of its name, and not called missing', () => {
    const texts = [
      `<filter name='no-mac-spoofing' chain='nonsense'/>`,
      `<filter name='a'><filterref filter='no-mac-spoofing'/></filter>`,
      domain(nic(`<filterref filter='a'/>`)),
    ]
    const workspace = read(...texts)
    expect(workspace.diagnostics.map(({ code }) => code)).toEqual(['NWF130', 'NWF143'])
    const [binding] = workspace.bindings
    if (binding === undefined) throw new Error('no binding')
    const { diagnostics } = compileBinding({ filters: workspace.filters, binding, dialect: 'libvirt' })
    expect(explainRefused(diagnostics, workspace).map(({ code, source }) => `${source} ${code}`)).toEqual([
      '1.xml NWF203',
    ])
  })

  test('a text is read by its root element; an unknown one is told to be no filter', () => {
    const kinds = read(
      `<filter name='a'/>`,
      `<filterbinding/>`,
      domain(''),
      `<network><name>n</name></network>`,
      `<pool/>`,
    )
    expect(
      kinds.texts.map(({ filter, binding, domain, network }) => [filter, binding, domain, network].findIndex(Boolean)),
    ).toEqual([0, -1, 2, 3, -1])
    expect(kinds.diagnostics.at(-1)?.message).toBe('A filter begins with <filter>, not <pool>.')
  })
})

describe('a domain', () => {
  test('gives a binding for each interface with a filterref', () => {
    const text = domain(
      nic(`<target dev='vnet1'/>${FILTERED}`) + nic(FILTERED) + nic(''),
      '<name> web </name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid>',
    )
    const { bindings, diagnostics } = read(text)
    expect(bindings).toMatchObject([
      {
        portDevice: 'vnet1',
        mac: '52:54:00:00:00:0a',
        filter: 'clean-traffic',
        owner: { name: 'web', uuid: 'd54df46f-1ab5-4a22-8618-4560ef5fac2c' },
      },
      { portDevice: 'vnet0' },
    ])
    expect(bindings[0]?.parameters).toEqual(new Map([['IP', ['192.0.2.1']]]))
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'NWF143 The interface names no device: its rules are shown for vnet0.',
    ])
  })

  test.each([
    [
      domain(nic(FILTERED, 'user')),
      'NWF141',
      'filterref is not supported for network interfaces of type user: use bridge, network or ethernet.',
    ],
    [
      domain(`<interface>${FILTERED}</interface>`),
      'NWF141',
      'filterref is not supported for network interfaces of type (none): use bridge, network or ethernet.',
    ],
    [
      domain(nic(`${FILTERED}<virtualport type='openvswitch'/>`)),
      'NWF141',
      'filterref is not supported for network interfaces with virtualport type openvswitch.',
    ],
    [
      domain(nic(`${FILTERED}<virtualport/>`)),
      'NWF141',
      'filterref is not supported for network interfaces with virtualport type (none).',
    ],
    [domain('', ''), 'NWF142', 'The domain has no name: <name>…</name>.'],
    [domain('', '<name>a</name><uuid>12</uuid>'), 'NWF132', '“12” is no UUID.'],
    [
      domain(`<interface type='bridge'><mac address='nonsense'/>${FILTERED}</interface>`),
      'NWF135',
      "Unable to parse MAC 'nonsense': six pairs of hexadecimal digits are expected, such as 52:54:00:12:34:56.",
    ],
    [
      domain(nic('<filterref/>')),
      'NWF121',
      '<filterref> needs the attribute filter: the name of the filter to include.',
    ],
    ['<network/>', 'NWF142', 'The network has no name: <name>…</name>.'],
    [
      `<network><name>n</name><forward mode='bridg'/></network>`,
      'NWF135',
      '“bridg” is no forward mode: use one of nat, route, open, bridge, private, vepa, passthrough, hostdev. Did you mean bridge?',
    ],
    [
      `<network><name>n</name><forward mode='none'/></network>`,
      'NWF135',
      '“none” is no forward mode: use one of nat, route, open, bridge, private, vepa, passthrough, hostdev.',
    ],
  ])('%s is refused', (text, code, message) => {
    expect(read(text).diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.message])).toContainEqual([
      code,
      message,
    ])
  })

  test('an interface without a MAC address has no rules to show', () => {
    const { bindings, diagnostics } = read(domain(`<interface type='bridge'>${FILTERED}</interface>`))
    expect(bindings).toEqual([])
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['info NWF143'])
  })

  test.each([
    [`<forward mode='private'/>`, ['NWF141']],
    [`<forward mode='bridge'/>`, ['NWF141']],
    [`<forward mode='bridge'/><bridge name='br0'/>`, []],
    [`<forward/>`, []],
    ['', []],
  ])('on a network with %s', (forward, codes) => {
    const { diagnostics } = read(
      domain(nic(`${FILTERED}<target dev='vnet1'/>`, 'network')),
      `<network><name>n</name>${forward}</network>`,
    )
    expect(diagnostics.map(({ code }) => code)).toEqual(codes)
  })
})
