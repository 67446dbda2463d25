// What a PAC file may call, as Netscape named it and every browser has it. The app gives resolveName and ownAddress.
'use strict';
function isPlainHostName(host) {
  return !String(host).includes('.');
}
function dnsDomainIs(host, domain) {
  return String(host).endsWith(String(domain));
}
function localHostOrDomainIs(host, whole) {
  return host === whole || String(whole).startsWith(host + '.');
}
function dnsDomainLevels(host) {
  return String(host).split('.').length - 1;
}
function dnsResolve(host) {
  return resolveName(String(host)) || null;
}
function isResolvable(host) {
  return dnsResolve(host) !== null;
}
function myIpAddress() {
  return ownAddress;
}
function convert_addr(address) {
  const parts = String(address).split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || part > 255)) return NaN;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}
function isInNet(host, net, mask) {
  let address = convert_addr(host);
  if (Number.isNaN(address)) address = convert_addr(dnsResolve(host));
  const [base, bits] = [convert_addr(net), convert_addr(mask)];
  return ![address, base, bits].some(Number.isNaN) && (address & bits) === (base & bits);
}
function shExpMatch(text, pattern) {
  const made = String(pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^]*')
    .replace(/\?/g, '[^]');
  return new RegExp(`^${made}$`).test(String(text));
}
function alert() {}

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** The time in the zone that the last argument names, and the arguments before that. */
function zoned(given) {
  const gmt = given[given.length - 1] === 'GMT';
  const at = new Date();
  const read = (name) => at[(gmt ? 'getUTC' : 'get') + name]();
  return [read, gmt ? given.slice(0, -1) : given];
}
/** Whether now is in a range; one that ends before it begins goes over the end of the week, the day or the year. */
function inRange(now, from, to) {
  return from <= to ? from <= now && now <= to : now >= from || now <= to;
}
function weekdayRange(...given) {
  const [read, days] = zoned(given);
  const [from, to = from] = days.map((name) => dayNames.indexOf(name));
  return inRange(read('Day'), from, to);
}
function timeRange(...given) {
  const [read, parts] = zoned(given);
  const seconds = (hour, minute = 0, second = 0) => (hour * 60 + minute) * 60 + second;
  const now = seconds(read('Hours'), read('Minutes'), read('Seconds'));
  if (parts.length === 1) return read('Hours') === Number(parts[0]);
  const half = parts.length / 2;
  const [from, to] = [parts.slice(0, half), parts.slice(half)].map((list) => list.map(Number));
  const [hour, minute = 59, second = 59] = to; // browsers count the last hour or minute in, as a whole
  return inRange(now, seconds(...from), seconds(hour, minute, second));
}
function dateRange(...given) {
  const [read, parts] = zoned(given);
  const kindOf = (part) => (typeof part === 'string' ? 'Month' : part > 31 ? 'FullYear' : 'Date');
  const valueOf = (part) => (typeof part === 'string' ? monthNames.indexOf(part) : part);
  if (parts.length === 1) return read(kindOf(parts[0])) === valueOf(parts[0]);
  const half = parts.length / 2;
  const kinds = parts.slice(0, half).map(kindOf);
  const weight = { FullYear: 10000, Month: 100, Date: 1 };
  const sum = (values) => values.reduce((total, value, i) => total + value * weight[kinds[i]], 0);
  const [from, to] = [parts.slice(0, half), parts.slice(half)].map((list) => sum(list.map(valueOf)));
  return inRange(sum(kinds.map(read)), from, to);
}
