import type { Filter } from '../nwfilter/filter.ts'

/** A filter that libvirt installs on every host, as Sluice writes it. */
export type BuiltinFilter = { readonly name: Filter['name']; readonly xml: string }

/** The 24 filters every libvirt host begins with; ordinary filters that an admin may change. Spec 9. */
export const builtinFilters: readonly BuiltinFilter[] = [
  {
    name: 'allow-arp',
    xml: `<!-- ARP passes both ways. -->
<filter name="allow-arp" chain="arp">
  <rule action="accept" direction="inout"/>
</filter>
`,
  },
  {
    name: 'allow-dhcp',
    xml: `<!-- The guest may ask any DHCP server, and hear its answer. -->
<filter name="allow-dhcp" chain="ipv4">
  <!-- requests go to the broadcast address -->
  <rule action="accept" direction="out" priority="100">
    <ip srcipaddr="0.0.0.0" dstipaddr="255.255.255.255" protocol="udp" srcportstart="68" dstportstart="67"/>
  </rule>
  <!-- answers of any server -->
  <rule action="accept" direction="in" priority="100">
    <ip protocol="udp" srcportstart="67" dstportstart="68"/>
  </rule>
</filter>
`,
  },
  {
    name: 'allow-dhcp-server',
    xml: `<!-- Like allow-dhcp, but only $DHCPSERVER may answer. -->
<filter name="allow-dhcp-server" chain="ipv4">
  <!-- requests go to the broadcast address -->
  <rule action="accept" direction="out" priority="100">
    <ip srcipaddr="0.0.0.0" dstipaddr="255.255.255.255" protocol="udp" srcportstart="68" dstportstart="67"/>
  </rule>
  <!-- answers of the trusted servers -->
  <rule action="accept" direction="in" priority="100">
    <ip srcipaddr="$DHCPSERVER" protocol="udp" srcportstart="67" dstportstart="68"/>
  </rule>
</filter>
`,
  },
  {
    name: 'allow-dhcpv6',
    xml: `<!-- The guest may ask any DHCPv6 server, and hear its answer. -->
<filter name="allow-dhcpv6" chain="ipv6">
  <rule action="accept" direction="out" priority="100">
    <ipv6 srcipaddr="fe80::" srcipmask="10" dstipaddr="ff02::1:2" protocol="udp" srcportstart="546" dstportstart="547"/>
  </rule>
  <rule action="accept" direction="in" priority="100">
    <ipv6 protocol="udp" srcportstart="547" dstportstart="546"/>
  </rule>
</filter>
`,
  },
  {
    name: 'allow-dhcpv6-server',
    xml: `<!-- Like allow-dhcpv6, but only $DHCPSERVER may answer. -->
<filter name="allow-dhcpv6-server" chain="ipv6">
  <rule action="accept" direction="out" priority="100">
    <ipv6 srcipaddr="fe80::" srcipmask="10" dstipaddr="ff02::1:2" protocol="udp" srcportstart="546" dstportstart="547"/>
  </rule>
  <rule action="accept" direction="in" priority="100">
    <ipv6 srcipaddr="$DHCPSERVER" protocol="udp" srcportstart="547" dstportstart="546"/>
  </rule>
</filter>
`,
  },
  {
    name: 'allow-incoming-ipv4',
    xml: `<!-- IPv4 may reach the guest. -->
<filter name="allow-incoming-ipv4" chain="ipv4">
  <rule action="accept" direction="in"/>
</filter>
`,
  },
  {
    name: 'allow-incoming-ipv6',
    xml: `<!-- IPv6 may reach the guest. -->
<filter name="allow-incoming-ipv6" chain="ipv6">
  <rule action="accept" direction="in"/>
</filter>
`,
  },
  {
    name: 'allow-ipv4',
    xml: `<!-- IPv4 passes both ways. -->
<filter name="allow-ipv4" chain="ipv4">
  <rule action="accept" direction="inout"/>
</filter>
`,
  },
  {
    name: 'allow-ipv6',
    xml: `<!-- IPv6 passes both ways. -->
<filter name="allow-ipv6" chain="ipv6">
  <rule action="accept" direction="inout"/>
</filter>
`,
  },
  {
    name: 'clean-traffic',
    xml: `<!-- The guest can speak only as itself: its own MAC and IPv4 address, ARP and IPv4, nothing else. -->
<filter name="clean-traffic" chain="root">
  <!-- no foreign MAC address -->
  <filterref filter="no-mac-spoofing"/>
  <!-- no foreign IPv4 address; what comes in is free -->
  <filterref filter="no-ip-spoofing"/>
  <rule action="accept" direction="out" priority="-650">
    <mac protocolid="ipv4"/>
  </rule>
  <filterref filter="allow-incoming-ipv4"/>
  <!-- no foreign address inside ARP -->
  <filterref filter="no-arp-spoofing"/>
  <rule action="accept" direction="inout" priority="-500">
    <mac protocolid="arp"/>
  </rule>
  <!-- nothing but IPv4 and ARP -->
  <filterref filter="no-other-l2-traffic"/>
  <!-- the announcement that QEMU sends after a migration -->
  <filterref filter="qemu-announce-self"/>
</filter>
`,
  },
  {
    name: 'clean-traffic-gateway',
    xml: `<!-- Like clean-traffic, and the guest exchanges frames with $GATEWAY_MAC only. -->
<filter name="clean-traffic-gateway" chain="root">
  <filterref filter="no-mac-spoofing"/>
  <filterref filter="no-ip-spoofing"/>
  <filterref filter="no-arp-spoofing"/>
  <!-- everybody may be asked for the address of the gateway -->
  <rule action="accept" direction="inout" priority="-500">
    <mac protocolid="arp"/>
  </rule>
  <!-- only the gateway is spoken to -->
  <rule action="accept" direction="in">
    <mac srcmacaddr="$GATEWAY_MAC"/>
  </rule>
  <rule action="accept" direction="out">
    <mac dstmacaddr="$GATEWAY_MAC"/>
  </rule>
  <filterref filter="no-other-l2-traffic"/>
  <filterref filter="qemu-announce-self"/>
</filter>
`,
  },
  {
    name: 'no-arp-ip-spoofing',
    xml: `<!-- ARP from the guest names only its own IPv4 addresses. -->
<filter name="no-arp-ip-spoofing" chain="arp-ip" priority="-510">
  <rule action="return" direction="out" priority="400">
    <arp arpsrcipaddr="$IP"/>
  </rule>
  <rule action="drop" direction="out" priority="1000"/>
</filter>
`,
  },
  {
    name: 'no-arp-mac-spoofing',
    xml: `<!-- ARP from the guest names only its own MAC address. -->
<filter name="no-arp-mac-spoofing" chain="arp-mac" priority="-520">
  <rule action="return" direction="out" priority="350">
    <arp arpsrcmacaddr="$MAC"/>
  </rule>
  <rule action="drop" direction="out" priority="1000"/>
</filter>
`,
  },
  {
    name: 'no-arp-spoofing',
    xml: `<!-- ARP from the guest names only its own addresses. -->
<filter name="no-arp-spoofing" chain="root">
  <filterref filter="no-arp-mac-spoofing"/>
  <filterref filter="no-arp-ip-spoofing"/>
</filter>
`,
  },
  {
    name: 'no-ip-multicast',
    xml: `<!-- No IPv4 multicast from the guest. -->
<filter name="no-ip-multicast" chain="ipv4">
  <rule action="drop" direction="out">
    <ip dstipaddr="224.0.0.0" dstipmask="4"/>
  </rule>
</filter>
`,
  },
  {
    name: 'no-ip-spoofing',
    xml: `<!-- IPv4 from the guest carries only its own addresses. -->
<filter name="no-ip-spoofing" chain="ipv4-ip" priority="-710">
  <!-- a guest that has no address yet asks DHCP from 0.0.0.0 -->
  <rule action="return" direction="out" priority="100">
    <ip srcipaddr="0.0.0.0" protocol="udp"/>
  </rule>
  <rule action="return" direction="out" priority="500">
    <ip srcipaddr="$IP"/>
  </rule>
  <rule action="drop" direction="out" priority="1000"/>
</filter>
`,
  },
  {
    name: 'no-ipv6-multicast',
    xml: `<!-- No IPv6 multicast from the guest. -->
<filter name="no-ipv6-multicast" chain="ipv6">
  <rule action="drop" direction="out">
    <ipv6 dstipaddr="ff00::" dstipmask="8"/>
  </rule>
</filter>
`,
  },
  {
    name: 'no-ipv6-spoofing',
    xml: `<!-- IPv6 from the guest carries only its own addresses. -->
<filter name="no-ipv6-spoofing" chain="ipv6-ip" priority="-610">
  <!-- a guest that has no address yet asks DHCPv6 from its link-local address -->
  <rule action="return" direction="out" priority="100">
    <ipv6 srcipaddr="fe80::" srcipmask="10" protocol="udp"/>
  </rule>
  <rule action="return" direction="out" priority="500">
    <ipv6 srcipaddr="$IPV6"/>
  </rule>
  <rule action="drop" direction="out" priority="1000"/>
</filter>
`,
  },
  {
    name: 'no-mac-broadcast',
    xml: `<!-- No IPv4 broadcast from the guest; ARP is not touched. -->
<filter name="no-mac-broadcast" chain="ipv4">
  <rule action="drop" direction="out">
    <mac dstmacaddr="ff:ff:ff:ff:ff:ff"/>
  </rule>
</filter>
`,
  },
  {
    name: 'no-mac-spoofing',
    xml: `<!-- Frames from the guest carry only its own MAC address. -->
<filter name="no-mac-spoofing" chain="mac" priority="-800">
  <rule action="return" direction="out">
    <mac srcmacaddr="$MAC"/>
  </rule>
  <rule action="drop" direction="out">
    <mac/>
  </rule>
</filter>
`,
  },
  {
    name: 'no-other-l2-traffic',
    xml: `<!-- What no rule before has accepted is dropped, both ways. -->
<filter name="no-other-l2-traffic" chain="root">
  <rule action="drop" direction="inout" priority="1000"/>
</filter>
`,
  },
  {
    name: 'no-other-rarp-traffic',
    xml: `<!-- RARP that no rule before has accepted is dropped, both ways. -->
<filter name="no-other-rarp-traffic" chain="rarp">
  <rule action="drop" direction="inout" priority="1000"/>
</filter>
`,
  },
  {
    name: 'qemu-announce-self',
    xml: `<!-- The frames by which QEMU tells switches where a migrated guest is. -->
<filter name="qemu-announce-self" chain="root">
  <rule action="accept" direction="out">
    <mac protocolid="0x835"/>
  </rule>
  <filterref filter="qemu-announce-self-rarp"/>
  <filterref filter="no-other-rarp-traffic"/>
</filter>
`,
  },
  {
    name: 'qemu-announce-self-rarp',
    xml: `<!-- The RARP request by which QEMU announces a guest. -->
<filter name="qemu-announce-self-rarp" chain="rarp">
  <rule action="accept" direction="out">
    <rarp opcode="Request_Reverse" srcmacaddr="$MAC" dstmacaddr="ff:ff:ff:ff:ff:ff" arpsrcmacaddr="$MAC" arpdstmacaddr="$MAC" arpsrcipaddr="0.0.0.0" arpdstipaddr="0.0.0.0"/>
  </rule>
  <rule action="accept" direction="in">
    <rarp opcode="Request_Reverse" dstmacaddr="ff:ff:ff:ff:ff:ff" arpsrcmacaddr="$MAC" arpdstmacaddr="$MAC" arpsrcipaddr="0.0.0.0" arpdstipaddr="0.0.0.0"/>
  </rule>
</filter>
`,
  },
]
