type Severity = 'error' | 'warning' | 'info'
/**
 * `example` is a text that is told about with this code; one that begins with a rule or filterref stands inside a filter. Prose
 * describes what no single text can show.
 */
type Entry = {
  readonly severity: Severity
  readonly title: string
  readonly why: string
  readonly example: string
  readonly fix: string
}

const entry =
  (severity: Severity) =>
  (title: string, why: string, example: string, fix: string): Entry => ({ severity, title, why, example, fix })
const error = entry('error')
const warning = entry('warning')
const info = entry('info')
/** A binding to built-in filters, complete but for what it is an example of. */
const binding = (reference: string) =>
  `<filterbinding><owner><name>web</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner><portdev name='vnet0'/><mac address='52:54:00:00:00:10'/>${reference}</filterbinding>`

/**
 * Every code Sluice can print: its sentence, why it matters, an example and what to do. Severities are those of the dialect
 * `libvirt`; what `strict` makes of a code stands in dialects/quirks.ts. Codes are stable and never reused (137 was one).
 */
export const registry = {
  NWF100: error(
    'The text is not well-formed XML',
    'Neither libvirt nor Sluice can tell what was meant.',
    `<!ELEMENT x><filter name='example'/>`,
    'Mend the markup at the place shown.',
  ),
  NWF101: error(
    'A tag is never closed',
    'Everything behind it would belong to it.',
    `<filter name='example'><rule action='drop' direction='in'></filter>`,
    'Write the end tag, or end the tag with />.',
  ),
  NWF102: error(
    'An end tag does not fit',
    'The nesting is ambiguous.',
    `<filter name='example'></rule></filter>`,
    'Close the innermost open element first.',
  ),
  NWF103: error(
    'An attribute is written wrongly',
    'Attributes need the form name="value".',
    `<filter name=example/>`,
    'Put the value in quotes.',
  ),
  NWF104: error(
    'An attribute stands twice',
    'Which of the two counts is undefined in XML.',
    `<filter name='example' name='other'/>`,
    'Remove one of them.',
  ),
  NWF105: error(
    'Document types are refused',
    'A DOCTYPE can read files and grow without bound; filters never need one.',
    `<!DOCTYPE filter><filter name='example'/>`,
    'Remove the <!DOCTYPE …>.',
  ),
  NWF106: error(
    'An entity is unknown',
    'Only &amp; &lt; &gt; &quot; &apos; and character references are allowed.',
    `<rule action='drop' direction='in'><tcp comment='no&nbsp;web'/></rule>`,
    'Write the character itself, or &amp; for an ampersand.',
  ),
  NWF107: error(
    'A character is not allowed here',
    'XML forbids it, and libvirt refuses the text.',
    `<rule action='drop' direction='in'><tcp comment='a<b'/></rule>`,
    'Remove it, or write &lt; for a less-than sign.',
  ),
  NWF108: error(
    'Processing instructions are refused',
    'No tool in the chain reads them; they only hide text.',
    `<filter name='example'><?php echo 1 ?></filter>`,
    'Remove the instruction.',
  ),
  NWF109: error(
    'The text is too large',
    'Sluice reads at most 5 MB a document.',
    `a document of more than 5,000,000 characters`,
    'Split the filter and include the parts with <filterref>.',
  ),
  NWF110: error(
    'The text is nested too deeply',
    'libvirt reads at most 256 levels.',
    `an element inside of 256 others`,
    'Remove levels; a filter needs three.',
  ),
  NWF111: error(
    'The document is empty',
    'A filter, a binding or another known root element is needed.',
    `<!-- nothing here -->`,
    'Write <filter name="…"> … </filter>.',
  ),
  NWF112: error(
    'Text stands outside the root element',
    'A document has exactly one root element.',
    `<filter name='example'/> and more`,
    'Remove it, or put it into a comment.',
  ),
  NWF113: error(
    'The encoding is not UTF-8',
    'Filters are exchanged as UTF-8.',
    `<?xml version='1.0' encoding='latin1'?><filter name='example'/>`,
    'Save the text as UTF-8.',
  ),
  NWF120: error(
    'The root element is not the expected one',
    'The root element says what the document is.',
    `<filtre name='example'/>`,
    'Use filter, filterbinding, domain or network.',
  ),
  NWF121: error(
    'A required attribute is missing',
    'libvirt refuses the definition without it.',
    `<rule direction='in'/>`,
    'Add the attribute.',
  ),
  NWF122: warning(
    'An element is unknown',
    'libvirt skips it without a word, with everything inside.',
    `<rules action='drop' direction='in'/>`,
    'Correct the name, or remove the element.',
  ),
  NWF123: warning(
    'An attribute is unknown',
    'libvirt skips it without a word, so the rule matches more than it says.',
    `<rule action='accept' direction='in'><tcp dstport='22'/></rule>`,
    'Correct the name, or remove the attribute.',
  ),
  NWF124: warning(
    'A protocol element is unknown',
    'libvirt skips it; a rule without a known one matches every frame.',
    `<rule action='accept' direction='out'><tpc dstportstart='22'/></rule>`,
    'Correct the name of the protocol.',
  ),
  NWF125: warning(
    'Text is ignored',
    'Only elements and attributes mean something here; a rule with nothing but text matches every frame.',
    `<rule action='accept' direction='out'>tcp</rule>`,
    'Write an element, or put the remark into a comment.',
  ),
  NWF130: error(
    'The chain name is not allowed',
    'The name decides which frames reach the chain.',
    `<filter name='example' chain='tcp'/>`,
    'Use root, or a name that begins with mac, vlan, stp, arp, rarp, ipv4 or ipv6.',
  ),
  NWF131: error(
    'The chain priority is not allowed',
    'libvirt takes whole numbers from −1000 to 1000.',
    `<filter name='example' chain='arp' priority='high'/>`,
    'Give a whole number from −1000 to 1000.',
  ),
  NWF132: error(
    'The UUID is malformed',
    'libvirt identifies a filter by it.',
    `<filter name='example'><uuid>12</uuid></filter>`,
    'Give 32 hexadecimal digits, or remove the element: libvirt makes one.',
  ),
  NWF133: error(
    'The action is unknown',
    'A rule must say what happens to a frame.',
    `<rule action='allow' direction='in'/>`,
    'Use accept, drop, reject, return or continue.',
  ),
  NWF134: error(
    'The direction is unknown',
    'A rule must say which way a frame goes.',
    `<rule action='drop' direction='both'/>`,
    'Use in (to the guest), out (from the guest) or inout.',
  ),
  NWF135: error(
    'An attribute has an illegal value',
    'libvirt refuses the whole filter.',
    `<rule action='drop' direction='in'><tcp dstportstart='70000'/></rule>`,
    'Give a value of the kind the message names.',
  ),
  NWF136: error(
    'Ports need a protocol with ports',
    'Only tcp, udp, dccp and sctp have ports, and libvirt wants the protocol written out in the same element or before it.',
    `<rule action='drop' direction='in'><ip dstportstart='22'/></rule>`,
    "Add protocol='tcp' (or udp, 33, sctp) in front.",
  ),
  NWF138: error(
    'The request cannot be answered',
    'This version of Sluice does not do that yet.',
    `a request for another backend`,
    'Ask for what the help of the command lists.',
  ),
  NWF139: error(
    'A file cannot be read',
    'What it says is not known.',
    `a file that cannot be read`,
    'Look at the path and its rights.',
  ),
  NWF140: error(
    'The binding lacks a part',
    'libvirt refuses a binding without it.',
    `<filterbinding/>`,
    'Add what the message names.',
  ),
  NWF141: error(
    'The interface cannot carry a filter',
    'libvirt filters bridged NICs only and refuses to start the domain.',
    `<domain><name>web</name><devices><interface type='user'><mac address='52:54:00:00:00:10'/><target dev='vnet0'/><filterref filter='clean-traffic'/></interface></devices></domain>`,
    'Use an interface of type bridge, network or ethernet, without <virtualport>.',
  ),
  NWF142: error(
    'The domain or network lacks a part',
    'Its bindings cannot be derived without it.',
    `<network/>`,
    'Add what the message names.',
  ),
  NWF143: info(
    'The domain does not tell everything',
    'libvirt fills in names and addresses when the domain is defined or started.',
    `<domain><name>web</name><devices><interface type='bridge'><mac address='52:54:00:00:00:10'/><filterref filter='no-mac-spoofing'/></interface></devices></domain>`,
    "Write <target dev='…'/> and <mac address='…'/> to see the rules of that very device.",
  ),
  NWF201: warning(
    'The referenced filter does not exist',
    'No NIC can be started with this filter until it does.',
    `<filterref filter='clean-trafic'/>`,
    'Correct the name, or define the filter.',
  ),
  NWF202: error(
    'The referenced filter is missing',
    'The NIC cannot be instantiated.',
    binding(`<filterref filter='web-server'/>`),
    'Define the filter first.',
  ),
  NWF203: error(
    'The referenced filter has errors',
    'What it means is unknown, so nothing that includes it can be installed.',
    `a binding to a filter that was refused`,
    'Mend the errors of that filter.',
  ),
  NWF204: error(
    'The reference closes a loop',
    'Instantiation would never end; libvirt refuses it.',
    `<filter name='example'><filterref filter='example'/></filter>`,
    'Remove one of the references on the loop.',
  ),
  NWF205: error(
    'Two filters have the same name',
    'Only one of them could be used.',
    `two files that define the same filter`,
    'Rename one of them.',
  ),
  NWF206: error(
    'A port device has two bindings',
    'libvirt refuses the second.',
    `two bindings for vnet0`,
    'Remove one of the bindings.',
  ),
  NWF207: error(
    'Two filters have the same UUID',
    'libvirt takes the second for a rename of the first and refuses it.',
    `two filters with one <uuid>`,
    'Give one of them another UUID, or none.',
  ),
  NWF301: warning(
    'The rule matches every frame',
    'A rule without a known protocol element has no condition.',
    `<rule action='accept' direction='out'><none/></rule>`,
    'Add the protocol element that was meant, or remove the one that is not known.',
  ),
  NWF302: warning(
    'A second protocol element is ignored',
    'libvirt reads one kind of protocol element a rule.',
    `<rule action='accept' direction='in'><tcp/><udp/></rule>`,
    'Write a rule of its own for the second protocol.',
  ),
  NWF303: warning(
    'A parameter is dropped',
    'libvirt drops it without a word; its variable is then missing.',
    `<filterref filter='clean-traffic'><parameter name='IP' value='10.0.0.0/8'/></filterref>`,
    'Names hold letters, digits and _, values letters, digits and _ . :',
  ),
  NWF304: info(
    'A parameter is used by no rule',
    'A misspelt name leaves the right variable without a value.',
    binding(`<filterref filter='no-mac-spoofing'><parameter name='MACC' value='52:54:00:00:00:11'/></filterref>`),
    'Correct the name, or remove the parameter.',
  ),
  NWF305: error(
    'A variable has no value',
    'The NIC cannot be started with this filter.',
    binding(`<filterref filter='clean-traffic-gateway'><parameter name='IP' value='192.0.2.10'/></filterref>`),
    'Give the parameter in the binding.',
  ),
  NWF306: error(
    'Lists that advance together differ in length',
    'Values of one iterator are taken in parallel.',
    `a rule with srcipaddr='$A' and dstipaddr='$B', and a binding with two values of A and three of B`,
    'Give both lists as many values, or let them advance on iterators of their own: $A[@1], $B[@2].',
  ),
  NWF307: error(
    'A value is too long for its place',
    'libvirt cannot print it into the command.',
    binding(`<filterref filter='no-mac-spoofing'><parameter name='MAC' value='52:54:00:00:00:100'/></filterref>`),
    'Give a value that fits.',
  ),
  NWF308: error(
    'The list is too short for this index',
    'There is no value to take.',
    `a rule with srcipaddr='$A[9]', and a binding with two values of A`,
    'Indexes begin at 0: give more values or a smaller index.',
  ),
  NWF309: warning(
    'The IP address is learned',
    'Until it is known, temporary rules stand.',
    binding(`<filterref filter='clean-traffic'/>`),
    'Give the parameter IP, or accept that the first address the guest uses becomes its own.',
  ),
  NWF310: error(
    'The learning mode is unknown',
    'CTRL_IP_LEARNING is any, dhcp or none.',
    binding(`<filterref filter='clean-traffic'><parameter name='CTRL_IP_LEARNING' value='always'/></filterref>`),
    'Use any, dhcp or none.',
  ),
  NWF312: warning(
    'The rule priority is replaced',
    'libvirt silently uses 500 for what it cannot read.',
    `<rule action='drop' direction='in' priority='2000'/>`,
    'Give a whole number from −1000 to 1000.',
  ),
  NWF313: warning(
    'statematch is not understood',
    'Only 0 and false switch state matching off; libvirt leaves it on.',
    `<rule action='drop' direction='in' statematch='no'/>`,
    'Write statematch="0", or remove the attribute.',
  ),
  NWF314: warning(
    'The chain priority has no effect',
    'Without a chain attribute libvirt throws it away.',
    `<filter name='example' priority='-100'/>`,
    'Add the chain, or remove the priority.',
  ),
  NWF315: warning(
    'The attribute has no effect',
    'It completes another attribute that is missing.',
    `<rule action='drop' direction='in'><ip srcipmask='24'/></rule>`,
    'Add the attribute it belongs to, or remove it.',
  ),
  NWF316: warning(
    'libvirt replaces the reject by a drop',
    'At the Ethernet layer nobody is answered.',
    `<rule action='reject' direction='in'><mac/></rule>`,
    'Write drop, or reject in a rule of the IP layer.',
  ),
  NWF317: warning(
    'A variable stands where libvirt does not substitute it',
    'The match is lost or the command is broken.',
    `<rule action='drop' direction='in'><tcp comment='$WHY'/></rule>`,
    'Write the text itself.',
  ),
  NWF318: warning(
    'One chain has two priorities',
    'A rule can be installed before its chain exists, which fails.',
    `two filters with the chain arp-6, of priority −900 and −100`,
    'Give the chain the same priority in both filters, or two names.',
  ),
  NWF319: warning(
    'A value is no valid text for its attribute',
    'libvirt passes the text on as it is. The tools know names such as ssh for a port, and refuse what they cannot read.',
    binding(`<filterref filter='no-mac-spoofing'><parameter name='MAC' value='web'/></filterref>`),
    'Give a value of the kind the message names.',
  ),
  NWF320: error(
    'The filter tree is too large',
    'References without sharing grow exponentially; no host could hold the rules.',
    `ten filters that refer to each next one ten times`,
    'Refer to each filter once.',
  ),
  NWF321: error(
    'The rule cannot be expressed',
    'In the filter it is a warning, because libvirt takes the definition; at a NIC it is an error: libvirt refuses to instantiate it.',
    `<rule action='drop' direction='inout'><stp srcmacaddr='1:2:3:4:5:6'/></rule>`,
    'Write one rule for in and one for out.',
  ),
  NWF322: warning(
    'libvirt drops this match: ipset',
    'Outside of all and all-ipv6 an ipset with ipsetflags is erased, and the rule matches everybody.',
    `<rule action='accept' direction='in'><tcp ipset='friends' ipsetflags='src'/></rule>`,
    'Use <all>, or the dialect strict.',
  ),
  NWF323: warning(
    'An ipset without ipsetflags cannot be instantiated',
    'libvirt takes the definition and refuses the NIC, where it is an error: “Unexpected enum value 0”.',
    `<rule action='accept' direction='in'><tcp ipset='friends'/></rule>`,
    'Use <all> with ipsetflags, or the dialect strict.',
  ),
  NWF324: warning(
    'libvirt drops this match: an ipset without ipsetflags',
    'Without flags the set is left out, and the rule matches everybody.',
    `<rule action='accept' direction='in'><all ipset='friends'/></rule>`,
    'Add ipsetflags="src" or "dst".',
  ),
  NWF325: warning(
    'The negation of the ipset is lost',
    'libvirt matches members of the set where the rule says non-members.',
    `<rule action='drop' direction='in'><all match='no' ipset='friends' ipsetflags='src'/></rule>`,
    'Turn the rule around: accept the members first.',
  ),
  NWF326: warning(
    'The negation of the port is lost',
    'libvirt gives dstportstart the negation of srcportstart.',
    `<rule action='drop' direction='in'><tcp match='no' dstportstart='22'/></rule>`,
    'Accept the port in a rule before, and drop the rest.',
  ),
  NWF327: warning(
    'The negation has no effect',
    'A mask or the end of a range follows the negation of the attribute it belongs to.',
    `<rule action='drop' direction='in'><ip srcipaddr='10.0.0.1'/><ip match='no' srcipmask='24'/></rule>`,
    'Put both attributes into one element.',
  ),
  NWF328: warning(
    'libvirt drops this rule: an ICMP type in both directions',
    'With a type and direction inout libvirt makes no command at all.',
    `<rule action='drop' direction='inout'><icmp type='8'/></rule>`,
    'Write one rule for in and one for out.',
  ),
  NWF329: warning(
    'The rule stands behind those of all root filters',
    'The IP layer has no sub-chains: whatever their priority, rules of other chains come last.',
    `<filter name='example' chain='ipv4'><rule action='drop' direction='in'><tcp/></rule></filter>`,
    'Put rules of the IP layer into a filter with the chain root.',
  ),
  NWF330: warning(
    'The states are dropped',
    "statematch='0' discards the state list: the rule matches every packet in both directions.",
    `<rule action='accept' direction='in' statematch='0'><tcp state='NEW'/></rule>`,
    'Remove statematch, or the state.',
  ),
  NWF331: warning(
    'The chain has not the documented priority',
    'An stp chain that gives no priority gets 0 instead of −810, and is asked after all others.',
    `<filter name='example' chain='stp'/>`,
    "Write priority='-810'.",
  ),
  NWF332: warning(
    'iptables has no CONTINUE',
    'The command fails when the NIC is started.',
    `<rule action='continue' direction='in'><tcp/></rule>`,
    'Remove the rule: without it the packet goes on as well.',
  ),
  NWF333: warning(
    'The encapsulated protocol is misread',
    'libvirt prints a decimal number, which ebtables reads as hexadecimal: the rule matches another protocol.',
    `<rule action='drop' direction='in'><vlan encap-protocol='arp'/></rule>`,
    'Use the dialect strict.',
  ),
  NWF334: warning(
    'The DSCP is compared with the whole TOS byte',
    'libvirt does not shift the value, so that the rule matches another DSCP.',
    `<rule action='drop' direction='in'><ip dscp='8'/></rule>`,
    'Match the DSCP in a rule of the IP layer, or use the dialect strict.',
  ),
  NWF335: warning(
    'The source mask is used for the destination too',
    'An ARP destination without mask takes the mask of the source.',
    `<rule action='drop' direction='in'><arp arpsrcipaddr='10.0.0.0' arpsrcipmask='8' arpdstipaddr='10.0.0.1'/></rule>`,
    "Write arpdstipmask='32'.",
  ),
  NWF336: warning(
    'connlimit switches state matching off',
    'An accept with connlimit-above lets packets of every state through.',
    `<rule action='accept' direction='in'><tcp connlimit-above='3'/></rule>`,
    'Drop above the limit in a rule before an accept without it.',
  ),
  NWF337: warning(
    'The limit counts one direction only',
    'With inout libvirt limits connections to the guest, and lets those from the guest alone.',
    `<rule action='drop' direction='inout'><tcp connlimit-above='3'/></rule>`,
    'Write one rule for in and one for out.',
  ),
  NWF338: warning(
    'libvirt drops this match: flags of tcp-ipv6',
    'The attribute is documented but not read, and the rule matches every segment.',
    `<rule action='drop' direction='in'><tcp-ipv6 flags='SYN/SYN'/></rule>`,
    'Use the dialect strict.',
  ),
  NWF339: error(
    'An IPv6 range of receivers cannot be written',
    'libvirt reads dstipto as an IPv4 address in every protocol and refuses the filter.',
    `<rule action='drop' direction='in'><tcp-ipv6 dstipfrom='2001:db8::1' dstipto='2001:db8::5'/></rule>`,
    'Use an address with a mask, or the dialect strict.',
  ),
  NWF341: warning(
    'The comment is damaged by dscp',
    'libvirt prints a random number in its place.',
    `<rule action='drop' direction='in'><tcp comment='why'/><tcp dscp='2'/></rule>`,
    'Put the comment into the element with dscp, or behind it.',
  ),
  NWF342: warning(
    'The name breaks the canonical text',
    'libvirt does not escape it: what dumpxml prints cannot be read back, and the saved file is lost at the next start.',
    `<filter name='a&amp;b'/>`,
    'Use letters, digits and _ . : - only.',
  ),
  NWF343: warning(
    'Other protocols stay open',
    'The filter has rules of the IP layer only: ARP, the other IP version and every other ethertype pass.',
    `a binding to a filter with nothing but tcp rules`,
    'Add rules of the Ethernet layer, or include clean-traffic.',
  ),
  NWF344: warning(
    'The MAC address is not matched from the guest',
    'iptables knows the MAC of the sender only: in the reversed commands of inout it is left out, and they match everybody.',
    `<rule action='accept' direction='inout'><tcp srcmacaddr='1:2:3:4:5:6' dstportstart='22'/></rule>`,
    'Write one rule for in and one for out.',
  ),
  NWF345: warning(
    'The reversed rule matches everybody',
    'libvirt installs the rule for the other direction too, there without the MAC address.',
    `<rule action='drop' direction='in'><tcp srcmacaddr='1:2:3:4:5:6' dstportstart='22'/></rule>`,
    'Match the MAC address in a rule of the Ethernet layer.',
  ),
  NWF346: warning(
    'An attribute is overridden',
    'A later element of the rule gives the same attribute again; the first value is lost.',
    `<rule action='drop' direction='in'><tcp dstportstart='1'/><tcp dstportstart='2'/></rule>`,
    'Write a rule for each value.',
  ),
  NWF347: warning(
    'match is not understood',
    'Only the exact text no negates; libvirt takes everything else for yes.',
    `<rule action='drop' direction='in'><mac match='NO' srcmacaddr='1:2:3:4:5:6'/></rule>`,
    "Write match='no'.",
  ),
  NWF348: warning(
    'The truth value is not understood',
    'Only true, yes and 1 are true; libvirt takes everything else for false, and the match is lost.',
    `<rule action='drop' direction='in'><arp gratuitous='TRUE'/></rule>`,
    'Write true or false.',
  ),
  NWF349: warning(
    'The comment is cut',
    'libvirt keeps the first 256 bytes.',
    `a comment of 300 characters`,
    'Shorten it.',
  ),
  NWF350: warning(
    'The address is written in an unusual form',
    'The C library reads one number as a whole address, and leading zeros as octal.',
    `<rule action='drop' direction='in'><ip srcipaddr='10.1'/></rule>`,
    'Write all four numbers in decimal.',
  ),
  NWF351: warning(
    'The number is negative',
    'libvirt wraps it around: −1 becomes 4294967295.',
    `<rule action='drop' direction='in'><stp root-cost='-1'/></rule>`,
    'Write the number that is meant.',
  ),
  NWF352: warning(
    'Text behind the value is ignored',
    'libvirt stops reading in the middle of the value.',
    `<rule action='drop' direction='in'><mac srcmacaddr='1:2:3:4:5:6 or so'/></rule>`,
    'Remove what stands behind.',
  ),
  NWF353: warning(
    'The range is empty',
    'Its start is greater than its end; the tool refuses it or nothing ever matches.',
    `<rule action='drop' direction='in'><tcp dstportstart='90' dstportend='80'/></rule>`,
    'Swap the two values.',
  ),
  NWF354: warning(
    'The range has no effect',
    'libvirt ignores a range of addresses beside a single one.',
    `<rule action='drop' direction='in'><all srcipaddr='10.0.0.0' srcipmask='8' srcipfrom='10.1.1.1' srcipto='10.1.1.9'/></rule>`,
    'Remove the address or the range.',
  ),
  NWF355: info(
    'No reply rule is made',
    'With a state list libvirt matches what is written and nothing else: replies need a rule of their own.',
    `<rule action='accept' direction='in'><tcp state='NEW'/></rule>`,
    'Add a rule for the replies, or remove the state.',
  ),
  NWF356: info(
    'No reply rule is made for an ICMP type',
    'The answer has another type, so libvirt lets only the named type through, one way.',
    `<rule action='accept' direction='in'><icmp type='8'/></rule>`,
    'Add a rule for the type of the answer.',
  ),
  NWF357: warning(
    'The flags of the set do not change sides',
    'In the reversed commands libvirt swaps src and dst, but not in a variable.',
    `<rule action='accept' direction='in'><all ipset='friends' ipsetflags='$F'/></rule>`,
    'Write the flags themselves.',
  ),
  NWF358: warning(
    'ICMPv6 attributes stand with another protocol',
    'libvirt takes the rule and ebtables refuses it, so that the NIC cannot be started.',
    `<rule action='drop' direction='in'><ipv6 protocol='tcp' type='1'/></rule>`,
    "Write protocol='icmpv6'.",
  ),
  NWF359: info(
    'The comment is not installed',
    'ebtables rules of libvirt carry no comment; it stays in the filter.',
    `<rule action='drop' direction='in'><mac comment='why'/></rule>`,
    'Nothing: it is there for those who read the filter.',
  ),
  NWF360: warning(
    'The variable is printed in another base',
    'libvirt puts the text of a variable where it prints numbers as hexadecimal, so that the tool reads another number.',
    `<rule action='drop' direction='in'><mac protocolid='$P'/></rule>`,
    'Write the number itself, or use the dialect strict.',
  ),
  NWF361: warning(
    'The chain priority 0 is forgotten',
    'libvirt does not write a 0 into the saved file, and reads the default of the chain when it starts again.',
    `<filter name='example' chain='arp' priority='0'/>`,
    'Use 1 or −1.',
  ),
  NWF362: warning(
    'The tool refuses this value',
    'libvirt takes the rule, and its command fails when the NIC is started.',
    `<rule action='drop' direction='in'><vlan vlanid='4095'/></rule>`,
    'Give a value that the tool takes; the message names it.',
  ),
  NWF371: error(
    'nftables does not know the set',
    'nftables cannot look into an ipset of the kernel: a rule of this backend matches sets of our own table, which must exist.',
    'a rule of all with ipset and ipsetflags, compiled for nftables',
    'Give the set to Sluice as `ipset save` writes it, use the backend ebiptables for this filter, or write the addresses themselves.',
  ),
  NWF372: error(
    'nftables cannot express the rule',
    'The rule asks for something that nftables has no words for here. Left out, it would let through or stop what it should not.',
    'a rule of ipv6 with a variable protocol and match="no", compiled for nftables',
    'Use the backend ebiptables for this filter, or say it in another way.',
  ),
  NWF373: error(
    'The name is no name of an interface for nftables',
    'Linux gives interfaces names of at most 15 bytes without blanks and slashes; quotes, backslashes and asterisks mean something to nft.',
    'a binding whose port device is called “vnet*”, compiled for nftables',
    'Give the name of the interface.',
  ),
  NWF374: error(
    'nftables cannot hold the set',
    'A set of nftables would match something else than this ipset: its type, an option or an entry has no counterpart.',
    'create friends hash:ip timeout 300',
    'Leave the option out, or use another type; the message names it.',
  ),
} as const satisfies Record<string, Entry>

/** A code of the registry, e.g. `NWF135`. */
export type DiagnosticCode = keyof typeof registry
